"""Requests for scorecards: asked, reminded, withdrawn, done."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.core.errors import Conflict
from app.models.base import FAR_FUTURE, utc_now
from app.models.interview import Status
from app.models.notification import ScorecardRequest, Topic
from app.models.organisation import Role
from app.models.scorecard import CardStatus
from app.repositories.base import Expect, Repositories
from app.services.events.local import LocalEventBus
from app.services.lifecycle import InterviewNotFound, Lifecycle
from app.services.scorecard_requests import (
    Asked,
    CannotBeAsked,
    DueTimeInvalid,
    RequestNotFound,
    ScorecardRequestService,
)
from app.services.scorecards import CardContent, ScorecardService
from app.services.templates import TemplateService
from app.services.visibility import VisibilityService
from tests.fixtures.documents import a_scorecard
from tests.fixtures.people import an_actor
from tests.fixtures.telling import Acme, an_acme

REX, IVO = an_actor("rex", Role.RECRUITER), an_actor("ivo")
REQUESTED, OVERDUE = Topic.SCORECARD_REQUESTED, Topic.SCORECARD_OVERDUE


@pytest.fixture
async def acme(repositories: Repositories) -> Acme:
    return await an_acme(repositories)


@pytest.fixture
def requests(acme: Acme, repositories: Repositories) -> ScorecardRequestService:
    return ScorecardRequestService(repositories, Lifecycle(repositories, LocalEventBus()), acme.notifications)


async def ask(requests: ScorecardRequestService, *user_ids: str, due_at: datetime | None = None) -> Asked:
    return await requests.ask(REX, "i", user_ids or ("ivo",), due_at=due_at)


async def at(acme: Acme, requests: ScorecardRequestService, moment: datetime) -> None:
    """What a sweep at that moment does."""
    for request in await acme.repositories.reminders.list_due(moment, limit=100):
        await requests.tell_due(request)


def changed_meanwhile(repositories: Repositories, monkeypatch: pytest.MonkeyPatch, *, times: int) -> None:
    """So many times, a request has another version by the time that it is written."""
    repository = type(repositories.scorecard_requests("acme"))
    save, left = repository.save, times

    async def late(self: Any, request: ScorecardRequest, *, expected_version: int) -> bool:
        nonlocal left
        left -= 1
        return left < 0 and await save(self, request, expected_version=expected_version)

    monkeypatch.setattr(repository, "save", late)


async def submit(acme: Acme, user_id: str = "ivo") -> None:
    card = a_scorecard("i", user_id, status=CardStatus.SUBMITTED, notes="Fine.", submitted_at=utc_now())
    assert await acme.repositories.scorecards("acme").save(card, expected_version=0)


async def stored(acme: Acme) -> ScorecardRequest | None:
    return await acme.repositories.scorecard_requests("acme").get("i", "ivo")


LATER = timedelta(hours=49)


class TestAsking:
    async def test_the_person_is_told_at_once(self, acme: Acme, requests: ScorecardRequestService) -> None:
        [shown] = (await ask(requests)).requests
        [item] = await acme.items_of("ivo")
        assert item.topic is REQUESTED
        assert (item.payload["user_id"], item.payload["requested_by"]) == ("ivo", "rex")
        assert await acme.readers() == {"ivo"}
        assert (shown.name, shown.is_overdue) == ("Ivo", False)

    async def test_there_are_two_days_unless_the_organisation_or_the_asker_says_otherwise(
        self, acme: Acme, requests: ScorecardRequestService
    ) -> None:
        async def hours(due_at: datetime | None = None) -> int:
            [shown] = (await ask(requests, due_at=due_at)).requests
            return round((shown.request.due_at - shown.request.created_at) / timedelta(hours=1))

        assert await hours() == 48
        await acme.rule(scorecard_hours=5)
        assert await hours() == 5
        assert await hours(utc_now() + timedelta(hours=9)) == 9

    @pytest.mark.parametrize("away", [timedelta(), -timedelta(hours=1), timedelta(days=400)])
    async def test_the_time_lies_ahead(self, requests: ScorecardRequestService, away: timedelta) -> None:
        with pytest.raises(DueTimeInvalid):
            await ask(requests, due_at=utc_now() + away)

    @pytest.mark.parametrize("user_id", ["vic", "eve"])
    async def test_viewers_and_strangers_cannot_be_asked_and_then_nobody_is(
        self, acme: Acme, requests: ScorecardRequestService, user_id: str
    ) -> None:
        with pytest.raises(CannotBeAsked) as raised:
            await ask(requests, "ivo", user_id)
        assert raised.value.extra == {"user_id": user_id}
        assert (await acme.readers(), await stored(acme)) == (set(), None)

    async def test_whose_card_is_there_is_left_in_peace(
        self, acme: Acme, requests: ScorecardRequestService
    ) -> None:
        await submit(acme)
        asked = await ask(requests, "ivo", "rex", "ada", "ada")
        assert asked.already_submitted == ("ivo",)
        assert [r.request.user_id for r in asked.requests] == ["rex", "ada"]
        assert await acme.readers() == {"ada"}, "nobody is told that they asked themselves"

    async def test_another_organisations_interview_is_not_found(
        self, requests: ScorecardRequestService
    ) -> None:
        with pytest.raises(InterviewNotFound):
            await requests.ask(an_actor("eve", Role.ADMIN, "other"), "i", ["ivo"], due_at=None)

    async def test_asking_again_tells_again_and_gives_new_time(
        self, acme: Acme, requests: ScorecardRequestService
    ) -> None:
        await ask(requests)
        await at(acme, requests, utc_now() + LATER)
        await ask(requests)
        assert await acme.topics_of("ivo") == [REQUESTED, OVERDUE, REQUESTED]
        await at(acme, requests, utc_now() + LATER)
        assert await acme.topics_of("ivo") == [REQUESTED, OVERDUE, REQUESTED, OVERDUE]

    async def test_who_is_asked_while_the_request_changes_is_asked_all_the_same(
        self, requests: ScorecardRequestService, repositories: Repositories, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await ask(requests)
        changed_meanwhile(repositories, monkeypatch, times=1)
        assert len((await ask(requests)).requests) == 1

    async def test_a_request_that_never_stands_still_is_a_conflict(
        self, requests: ScorecardRequestService, repositories: Repositories, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        changed_meanwhile(repositories, monkeypatch, times=99)
        with pytest.raises(Conflict):
            await ask(requests)


class TestReminding:
    async def test_the_person_and_who_asked_are_reminded_once(
        self, acme: Acme, requests: ScorecardRequestService
    ) -> None:
        await ask(requests)
        await at(acme, requests, utc_now() + timedelta(hours=47))
        assert await acme.topics_of("ivo") == [REQUESTED]
        for _ in range(3):
            await at(acme, requests, utc_now() + LATER)
        assert await acme.topics_of("ivo") == [REQUESTED, OVERDUE]
        assert await acme.topics_of("rex") == [OVERDUE]
        request = await stored(acme)
        assert request is not None
        assert (request.told, request.notify_at) == ((REQUESTED, OVERDUE), FAR_FUTURE)

    async def test_what_was_not_told_at_once_is_told_by_the_sweep(
        self, acme: Acme, requests: ScorecardRequestService, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def die(_: ScorecardRequest) -> None:
            return

        with monkeypatch.context() as patched:
            patched.setattr(requests, "_tell_now", die)
            await ask(requests)
        assert await acme.readers() == set()
        await at(acme, requests, utc_now())
        assert await acme.readers() == set(), "whoever asked has some seconds to tell"
        await at(acme, requests, utc_now() + timedelta(minutes=1))
        assert await acme.topics_of("ivo") == [REQUESTED]

    async def test_dying_between_telling_and_moving_on_tells_the_same_once_more(
        self, acme: Acme, requests: ScorecardRequestService
    ) -> None:
        [shown] = (await ask(requests)).requests
        await requests.tell_due(shown.request)
        assert await acme.topics_of("ivo") == [REQUESTED]

    async def test_a_submitted_card_ends_it(self, acme: Acme, requests: ScorecardRequestService) -> None:
        await ask(requests)
        await submit(acme)
        assert await requests.list_open(REX, "i") == []
        assert await requests.list_own(IVO) == []
        await at(acme, requests, utc_now() + LATER)
        assert await acme.topics_of("ivo") == [REQUESTED]
        assert await stored(acme) is None

    async def test_submitting_takes_the_request_away(
        self, acme: Acme, requests: ScorecardRequestService, repositories: Repositories
    ) -> None:
        cards = ScorecardService(
            repositories,
            Lifecycle(repositories, LocalEventBus()),
            TemplateService(repositories),
            VisibilityService(repositories),
            acme.mentions,
        )
        await ask(requests)
        await cards.save(IVO, "i", CardContent(notes="Fine."), submit=False, expected_version=None)
        assert await stored(acme) is not None
        await cards.submit(IVO, "i", expected_version=None)
        assert await stored(acme) is None

    async def test_withdrawn_it_is_over(self, acme: Acme, requests: ScorecardRequestService) -> None:
        await ask(requests)
        await requests.withdraw(REX, "i", "ivo")
        await at(acme, requests, utc_now() + LATER)
        assert await acme.topics_of("ivo") == [REQUESTED]
        with pytest.raises(RequestNotFound):
            await requests.withdraw(REX, "i", "ivo")

    async def test_withdrawn_and_asked_again_is_a_new_request(
        self, acme: Acme, requests: ScorecardRequestService
    ) -> None:
        await ask(requests)
        await requests.withdraw(REX, "i", "ivo")
        await ask(requests)
        assert await acme.topics_of("ivo") == [REQUESTED, REQUESTED]

    async def test_who_left_is_not_waited_for(
        self, acme: Acme, requests: ScorecardRequestService, repositories: Repositories
    ) -> None:
        await ask(requests)
        await repositories.people.delete_membership("acme", "ivo")
        [shown] = await requests.list_open(REX, "i")
        assert shown.name is None
        await at(acme, requests, utc_now() + LATER)
        assert await acme.topics_of("rex") == []
        assert await stored(acme) is None

    async def test_nor_for_an_interview_that_is_gone(
        self, acme: Acme, requests: ScorecardRequestService, repositories: Repositories
    ) -> None:
        await ask(requests)
        await repositories.interviews("acme").compare_and_set("i", Expect(), {"status": Status.DELETING})
        await at(acme, requests, utc_now() + LATER)
        assert (await acme.topics_of("rex"), await stored(acme)) == ([], None)


class TestLists:
    async def test_of_an_interview_and_of_a_person(self, requests: ScorecardRequestService) -> None:
        await ask(requests, "ivo", "ada")
        assert {r.request.user_id for r in await requests.list_open(REX, "i")} == {"ivo", "ada"}
        [mine] = await requests.list_own(IVO)
        assert (mine.request.interview_id, mine.request.requested_by) == ("i", "rex")
        assert await requests.list_own(REX) == []
