"""What a message may say: gathered when it is sent, from what is there then."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import pytest

from app.models.delivery import Carrier, Delivery
from app.models.interview import Failure, Interview, Participant, Status
from app.models.notification import InboxItem, Preferences, ScorecardRequest, Topic, inbox_id, request_id
from app.models.organisation import NotificationRule
from app.repositories.base import Repositories
from app.services.notification.base import TargetGone
from app.services.notification.rendering import loading
from app.services.notification.rendering.facts import Form
from app.services.notification.rendering.links import Links
from app.services.notification.rendering.loading import FactsLoader
from app.services.notification.rendering.render import render
from tests.fixtures.carrying import an_email, found_acme
from tests.fixtures.documents import NOON, an_interview, minutes

LINKS = Links("https://hr.example.com/")
MARK = "Zqxjk"
"""In every word that must not leave."""
HOSTILE = (
    f"{MARK} <script>{MARK}</script>",
    f"{MARK}\r\nBcc: {MARK}@example.com",
    f"\u202e{MARK} محمد 🙂",
    f'{MARK}" onmouseover="{MARK}',
    f"{{{{ {MARK} }}}}",
)


@pytest.fixture
def loader(embedded: Repositories) -> FactsLoader:
    return FactsLoader(embedded, LINKS)


@pytest.fixture
async def acme(embedded: Repositories) -> Repositories:
    await found_acme(embedded)
    return embedded


async def allow_content(repositories: Repositories) -> None:
    await repositories.people.update_organisation("acme", NOON, notifications=NotificationRule(content=True))


async def stored(repositories: Repositories, **fields: Any) -> Interview:
    interview = an_interview("acme", **fields)
    await repositories.interviews("acme").insert(interview)
    return interview


def about(interview: Interview, **fields: Any) -> Delivery:
    return an_email(**{"interview_id": interview.id, **fields})


def a_failure(sentence: str) -> Failure:
    return Failure(
        step=Status.PREPARING, code="recording_silent", message=sentence, attempts=1, failed_at=NOON
    )


async def ask(repositories: Repositories, interview: Interview, user_id: str) -> ScorecardRequest:
    request = ScorecardRequest(
        id=request_id(interview.id, user_id),
        organisation_id="acme",
        interview_id=interview.id,
        user_id=user_id,
        requested_by="bo",
        created_at=NOON,
        due_at=NOON,
        notify_at=NOON,
    )
    await repositories.scorecard_requests("acme").save(request, expected_version=0)
    return request


class TestContent:
    @pytest.mark.parametrize("hostile", HOSTILE)
    async def test_without_the_organisations_leave_no_word_of_an_interview_leaves(
        self, acme: Repositories, loader: FactsLoader, hostile: str
    ) -> None:
        interview = await stored(
            acme,
            title=hostile,
            candidate=Participant(name=hostile),
            position=hostile,
            failure=a_failure(hostile),
            status=Status.FAILED,
        )
        await ask(acme, interview, "ann")
        for topic in Topic:
            payload = {"code": "recording_silent"} if topic is Topic.INTERVIEW_FAILED else {}
            message = render(await loader.load(about(interview, topic=topic, payload=payload)))
            for said in (message.subject, message.text, message.html):
                assert MARK not in said
                assert (
                    "recording_silent" in said
                    or topic is not Topic.INTERVIEW_FAILED
                    or said == message.subject
                )

    async def test_with_it_title_candidate_position_and_reason_do(
        self, acme: Repositories, loader: FactsLoader
    ) -> None:
        await allow_content(acme)
        interview = await stored(
            acme,
            title="First round",
            candidate=Participant(name="Daniel"),
            position="Engineer",
            failure=a_failure("No sound."),
            status=Status.FAILED,
        )
        payload = {"code": "recording_silent"}
        facts = await loader.load(about(interview, topic=Topic.INTERVIEW_FAILED, payload=payload))
        assert (facts.title, facts.candidate, facts.position) == ("First round", "Daniel", "Engineer")
        assert (facts.code, facts.reason) == ("recording_silent", "No sound.")
        assert facts.link == f"https://hr.example.com/interviews/{interview.id}"

    async def test_the_reason_of_another_failure_is_not_told(
        self, acme: Repositories, loader: FactsLoader
    ) -> None:
        await allow_content(acme)
        interview = await stored(acme, failure=a_failure("No sound."), status=Status.FAILED)
        delivery = about(interview, topic=Topic.INTERVIEW_FAILED, payload={"code": "step_timeout"})
        assert (await loader.load(delivery)).reason is None


class TestNothingToTell:
    @pytest.mark.usefixtures("acme")
    async def test_an_interview_that_is_gone(self, loader: FactsLoader) -> None:
        with pytest.raises(TargetGone, match="interview"):
            await loader.load(an_email(interview_id="gone"))

    async def test_an_interview_that_is_being_deleted(self, acme: Repositories, loader: FactsLoader) -> None:
        interview = await stored(acme, status=Status.DELETING)
        with pytest.raises(TargetGone, match="interview"):
            await loader.load(about(interview))

    async def test_somebody_who_left(self, acme: Repositories, loader: FactsLoader) -> None:
        interview = await stored(acme)
        await acme.people.delete_membership("acme", "ann")
        with pytest.raises(TargetGone, match="no member"):
            await loader.load(about(interview))

    async def test_a_scorecard_that_was_handed_in_meanwhile(
        self, acme: Repositories, loader: FactsLoader
    ) -> None:
        interview = await stored(acme)
        with pytest.raises(TargetGone, match="not asked for any more"):
            await loader.load(about(interview, topic=Topic.SCORECARD_OVERDUE))

    @pytest.mark.parametrize("topic", [Topic.SCORECARD_REQUESTED, Topic.SCORECARD_OVERDUE])
    async def test_a_scorecard_that_was_asked_for_anew_with_another_time(
        self, acme: Repositories, loader: FactsLoader, topic: Topic
    ) -> None:
        interview = await stored(acme)
        request = await ask(acme, interview, "ann")
        told = {"user_id": "ann", "due_at": request.due_at.replace(microsecond=123_987).isoformat()}
        facts = await loader.load(about(interview, topic=topic, payload=told))
        assert facts.due_at == request.due_at
        before = {**told, "due_at": (request.due_at - minutes(60)).isoformat()}
        with pytest.raises(TargetGone, match="asked for anew"):
            await loader.load(about(interview, topic=topic, payload=before))

    @pytest.mark.usefixtures("acme")
    async def test_an_endpoint_needs_no_interview(self, loader: FactsLoader) -> None:
        payload = {"endpoint_id": "e", "code": "gone"}
        facts = await loader.load(an_email(topic=Topic.ENDPOINT_DISABLED, payload=payload))
        assert (facts.link, facts.code) == (LINKS.endpoints, "gone")


class TestPeople:
    async def test_times_are_the_readers(self, acme: Repositories, loader: FactsLoader) -> None:
        tokyo = Preferences(organisation_id="acme", user_id="ann", time_zone="Asia/Tokyo", version=1)
        await acme.preferences("acme").save(tokyo, expected_version=0)
        interview = await stored(acme)
        await ask(acme, interview, "ann")
        payload = {"user_id": "ann", "requested_by": "bo"}
        facts = await loader.load(about(interview, topic=Topic.SCORECARD_REQUESTED, payload=payload))
        assert facts.due_at is not None and facts.due_at.time().replace(microsecond=0) == time(21, 0)
        assert (facts.yours, facts.by) == (True, "Bo")

    async def test_whoever_asked_hears_of_the_other(self, acme: Repositories, loader: FactsLoader) -> None:
        interview = await stored(acme)
        await ask(acme, interview, "bo")
        delivery = about(interview, topic=Topic.SCORECARD_OVERDUE, payload={"user_id": "bo"})
        facts = await loader.load(delivery)
        assert (facts.yours, facts.whose) == (False, "Bo")

    async def test_a_room_is_nobodys(self, acme: Repositories, loader: FactsLoader) -> None:
        interview = await stored(acme)
        facts = await loader.load(about(interview, carrier=Carrier.CHANNEL, target_id="room", user_id=None))
        assert (facts.personal, facts.settings_link) == (False, LINKS.channels)


class TestDigest:
    async def put(
        self,
        repositories: Repositories,
        number: int,
        at: datetime,
        *digests: str,
        topic: Topic = Topic.MENTION,
    ) -> None:
        item = InboxItem(
            id=inbox_id(f"n{number}", "ann"),
            organisation_id="acme",
            user_id="ann",
            topic=topic,
            interview_id=f"i{number}",
            subject=f"Interview {number}",
            digests=digests,
            created_at=at,
        )
        await repositories.inbox("acme").put(item)

    def digest(self, **fields: Any) -> Delivery:
        window = {"digest_since": NOON, "digest_until": NOON + minutes(60)}
        return an_email(**(window | fields))

    async def test_it_tells_what_came_in_its_time_and_was_meant_for_it(
        self, acme: Repositories, loader: FactsLoader
    ) -> None:
        await self.put(acme, 1, NOON - minutes(1), "email")
        await self.put(acme, 2, NOON, "email", "channel")
        await self.put(acme, 3, NOON + minutes(1), "channel")
        await self.put(acme, 4, NOON + minutes(2))
        await self.put(acme, 5, NOON + minutes(60), "email")
        facts = await loader.load(self.digest())
        assert facts.form is Form.DIGEST
        assert [entry.link for entry in facts.entries] == [LINKS.interview("i2")]
        assert [entry.title for entry in facts.entries] == [None]

    async def test_titles_when_they_may_leave(self, acme: Repositories, loader: FactsLoader) -> None:
        await allow_content(acme)
        await self.put(acme, 1, NOON, "email")
        assert [e.title for e in (await loader.load(self.digest())).entries] == ["Interview 1"]

    async def test_a_long_one_says_how_much_more_there_is(
        self, acme: Repositories, loader: FactsLoader
    ) -> None:
        for number in range(53):
            await self.put(acme, number, NOON + minutes(number / 10), "email")
        facts = await loader.load(self.digest())
        assert (len(facts.entries), facts.more) == (50, 3)

    async def test_what_comes_by_other_ways_takes_no_room_from_it(
        self, acme: Repositories, loader: FactsLoader, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(loading, "_PAGE", 2)
        monkeypatch.setattr(loading, "_ENTRIES", 3)
        for number in range(4):
            await self.put(acme, number, NOON, "channel")
        for number in range(4, 9):
            await self.put(acme, number, NOON + minutes(number), "email")
        facts = await loader.load(self.digest())
        assert [entry.link for entry in facts.entries] == [LINKS.interview(f"i{n}") for n in (6, 7, 8)]
        assert facts.more == 2

    @pytest.mark.usefixtures("acme")
    async def test_nothing_came(self, loader: FactsLoader) -> None:
        with pytest.raises(TargetGone, match="nothing"):
            await loader.load(self.digest())
