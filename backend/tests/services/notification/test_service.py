"""One notice becomes what each of its readers gets: on both databases, and through any crash."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from app.models.delivery import Carrier
from app.models.event import EventKind
from app.models.interview import Status
from app.models.notification import Scope, Topic, TopicWish, Wish
from app.models.organisation import Role
from app.repositories.base import Expect, Repositories
from app.services.notification.service import NotificationService, message, notice_of
from tests.fixtures.documents import an_endpoint, an_outbox_entry
from tests.fixtures.telling import Acme, an_acme, channel_of, join, news, the_interview


@pytest.fixture
async def acme(repositories: Repositories) -> Acme:
    return await an_acme(repositories)


class TestInbox:
    async def test_each_reader_gets_an_item(self, acme: Acme) -> None:
        await acme.notifications.tell(news(id="n1", payload={"analysis_revision": 1}))
        assert await acme.readers() == {"ada", "ivo"}
        [item] = await acme.items_of("ivo")
        assert (item.id, item.topic, item.interview_id) == ("n1.ivo", Topic.DEBRIEF_READY, "i")
        assert (item.subject, item.payload) == (the_interview().title, {"analysis_revision": 1})
        assert item.read_at is None

    async def test_and_an_event_of_their_own_with_the_number_of_unread(self, acme: Acme) -> None:
        await acme.notifications.tell(news(id="n1"))
        await acme.notifications.tell(news(Topic.MENTION, id="n2", payload={"user_id": "ivo", "by": "ada"}))
        events = [event for event in acme.published if event.user_id == "ivo"]
        assert {event.kind for event in events} == {EventKind.NOTIFICATION}
        assert [event.data for event in events] == [
            {"id": "n1.ivo", "topic": "debrief.ready", "interview_id": "i", "unread": 1},
            {"id": "n2.ivo", "topic": "mention", "interview_id": "i", "unread": 2},
        ]
        assert {event.user_id for event in acme.published} == {"ada", "ivo"}

    async def test_who_wants_none_gets_none(self, acme: Acme) -> None:
        await acme.wish("ivo", topics={Topic.DEBRIEF_READY: TopicWish(in_app=False)})
        await acme.notifications.tell(news())
        assert await acme.readers() == {"ada"}

    async def test_what_is_only_for_the_digest_is_kept_and_is_nothing_new(self, acme: Acme) -> None:
        await acme.wish("ivo", topics={Topic.DEBRIEF_READY: TopicWish(in_app=False, email=Wish.DIGEST)})
        await acme.notifications.tell(news())
        [item] = await acme.items_of("ivo")
        assert (item.read_at is None, item.digests) == (False, (Carrier.EMAIL,))
        assert {event.user_id for event in acme.published} == {"ada"}

    async def test_nobody_hears_of_an_interview_that_is_gone(self, acme: Acme) -> None:
        await acme.repositories.endpoints("acme").insert(an_endpoint())
        await acme.repositories.interviews("acme").compare_and_set("i", Expect(), {"status": Status.DELETING})
        await acme.notifications.tell(news())
        await acme.notifications.tell(news(interview_id="never"))
        assert (await acme.readers(), await acme.deliveries()) == (set(), [])

    async def test_nor_does_another_organisation(self, acme: Acme) -> None:
        await acme.notifications.tell(news(organisation_id="other"))
        assert await acme.readers() == set()


class TestPeople:
    async def test_an_address_has_to_be_proved(self, acme: Acme, repositories: Repositories) -> None:
        await join(repositories, "max", Role.INTERVIEWER, email="ivo@example.com", email_verified=False)
        await acme.notifications.tell(news())
        assert await acme.readers() == {"ada", "ivo"}

    async def test_and_be_the_one_that_the_person_has_now(
        self, acme: Acme, repositories: Repositories
    ) -> None:
        ivo = await repositories.people.get_user("ivo")
        assert ivo is not None
        await repositories.people.update_user(ivo.model_copy(update={"email": "ivo@elsewhere.example"}))
        await acme.notifications.tell(news())
        assert await acme.readers() == {"ada"}

    async def test_who_left_hears_nothing(self, acme: Acme, repositories: Repositories) -> None:
        await repositories.people.delete_membership("acme", "ivo")
        mention = news(Topic.MENTION, payload={"user_id": "ivo", "by": "ada"})
        for notice in (news(), mention):
            await acme.notifications.tell(notice)
        assert await acme.readers() == {"ada"}

    async def test_whoever_follows_all_interviews_is_told(self, acme: Acme) -> None:
        await acme.wish("vic", scope=Scope.ALL)
        await acme.notifications.tell(news())
        assert await acme.readers() == {"ada", "ivo", "vic"}
        [digest] = [d for d in await acme.deliveries() if d.user_id == "vic"]
        assert digest.notice_id.startswith("digest.vic.")

    async def test_a_large_organisation_is_read_page_by_page(
        self, acme: Acme, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("app.services.notification.recipients._PAGE", 1)
        await acme.wish("rex", scope=Scope.ALL)
        await acme.notifications.tell(news())
        assert await acme.readers() == {"ada", "ivo", "rex"}

    async def test_an_admin_hears_of_a_dead_endpoint(self, acme: Acme) -> None:
        await acme.notifications.tell(news(Topic.ENDPOINT_DISABLED, payload={"endpoint_id": "e"}))
        assert await acme.topics_of("ada") == [Topic.ENDPOINT_DISABLED]
        assert await acme.readers() == {"ada"}


class TestDeliveries:
    async def test_what_leaves_is_queued(self, acme: Acme, repositories: Repositories) -> None:
        await repositories.channels("acme").insert(channel_of(None, id="room", topics=(Topic.DEBRIEF_READY,)))
        await repositories.channels("acme").insert(channel_of("ivo", id="slack"))
        await repositories.channels("acme").insert(channel_of("ivo", id="off", enabled=False))
        await repositories.channels("acme").insert(channel_of("rex", id="rex"))
        await repositories.endpoints("acme").insert(an_endpoint(id="hook"))
        await repositories.endpoints("acme").insert(an_endpoint(id="dead", enabled=False))
        await acme.notifications.tell(news(id="n1"))
        assert {d.id for d in await acme.deliveries()} == {
            "n1.email.ada",
            "n1.email.ivo",
            "n1.channel.slack",
            "n1.channel.room",
            "n1.webhook.hook",
        }

    async def test_the_organisation_decides_for_who_says_nothing(self, acme: Acme) -> None:
        await acme.rule(topics={Topic.DEBRIEF_READY: TopicWish(email=Wish.NEVER)})
        await acme.wish("ivo", topics={Topic.DEBRIEF_READY: TopicWish(email=Wish.NOW)})
        await acme.notifications.tell(news(id="n1"))
        assert [d.id for d in await acme.deliveries()] == ["n1.email.ivo"]

    async def test_without_a_mail_server_no_mail_waits(self, acme: Acme, repositories: Repositories) -> None:
        await NotificationService(repositories, acme.published.append, mails=False).tell(news())
        assert (await acme.deliveries(), await acme.readers()) == ([], {"ada", "ivo"})


class Crash(Exception):
    """The process is gone."""


class Mortal:
    """Repositories whose process dies at the n-th write of a telling, before it or after it."""

    def __init__(self, repositories: Repositories, dies_at: int, *, after: bool) -> None:
        self._repositories = repositories
        self._writes = count(1)
        self._dies_at = dies_at
        self._after = after

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._repositories, name)
        if name not in ("inbox", "deliveries"):
            return found
        return lambda organisation_id: _Writing(found(organisation_id), self)

    async def write(self, put: Callable[[Any], Any], document: Any) -> bool:
        strikes = next(self._writes) == self._dies_at
        if strikes and not self._after:
            raise Crash
        written: bool = await put(document)
        if strikes:
            raise Crash
        return written


class _Writing:
    def __init__(self, repository: Any, mortal: Mortal) -> None:
        self._repository = repository
        self._mortal = mortal

    def __getattr__(self, name: str) -> Any:
        return getattr(self._repository, name)

    async def put(self, document: Any) -> bool:
        return await self._mortal.write(self._repository.put, document)


class TestCrash:
    @pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
    async def test_wherever_it_dies_telling_again_tells_all_and_nothing_twice(
        self, acme: Acme, repositories: Repositories, after: bool
    ) -> None:
        await repositories.channels("acme").insert(channel_of(None, id="room", topics=(Topic.DEBRIEF_READY,)))
        await repositories.endpoints("acme").insert(an_endpoint(id="hook"))
        await acme.wish("vic", scope=Scope.ALL)
        for dies_at in count(1):
            notice = news(id=f"n{dies_at}")
            dying = Mortal(repositories, dies_at, after=after)
            try:
                # The double has what the service asks of repositories.
                await NotificationService(dying, acme.published.append, mails=True).tell(notice)  # type: ignore[arg-type]
            except Crash:
                await acme.notifications.tell(notice)
                await acme.notifications.tell(notice)
            else:
                break
        rounds = dies_at
        assert rounds > 8, "two messages out, three people with a mail each, three items"
        deliveries, items = await acme.deliveries(), []
        for user_id in ("ada", "ivo", "vic"):
            items += await acme.items_of(user_id)
        ids = [d.id for d in deliveries] + [item.id for item in items]
        assert len(ids) == len(set(ids))
        for number in range(1, rounds + 1):
            mine = {i.removeprefix(f"n{number}.") for i in ids if i.startswith(f"n{number}.")}
            assert mine == {
                "webhook.hook",
                "channel.room",
                "email.ada",
                "email.ivo",
                "ada",
                "ivo",
                "vic",
            }
        announced = [event.data["id"] for event in acme.published]
        assert len(announced) == len(set(announced)), "nobody is told of the same item twice"
        digests = {d.id for d in deliveries if d.id.startswith("digest.vic.")}
        assert 1 <= len(digests) <= 2, "one, or two if a window closes just now"


def test_an_outbox_entry_is_news() -> None:
    interview = the_interview()
    entry = message(Topic.INTERVIEW_FAILED, code="x")
    notice = notice_of(interview, entry)
    assert notice is not None
    assert (notice.id, notice.topic, notice.interview_id, notice.payload) == (
        entry.id,
        Topic.INTERVIEW_FAILED,
        "i",
        {"code": "x"},
    )
    assert notice_of(interview, an_outbox_entry(kind="from.the.future")) is None
