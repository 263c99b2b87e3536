"""Debriefs are made anew when somebody asks for it, one or many, and never twice at once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.core.errors import AppError
from app.models.interview import Analysed, Failure, Interview, Status, TemplateRef
from app.repositories.base import Repositories
from app.services.debriefs import DebriefService, NothingToAnalyse
from app.services.events.local import LocalEventBus
from app.services.lifecycle import Lifecycle, WrongState
from tests.fixtures.documents import NOON, an_analysis, an_interview, minutes

TEMPLATE = TemplateRef(id="t", version=2)
CURRENT = Analysed(transcript_revision=1, template=TEMPLATE)
AT_REST = {Status.DONE, Status.FAILED}
UNDER_WAY = sorted(set(Status) - AT_REST - {Status.DELETING, Status.DELETED})


@pytest.fixture
def debriefs(repositories: Repositories) -> DebriefService:
    return DebriefService(repositories, Lifecycle(repositories, LocalEventBus()))


async def store(repositories: Repositories, interview_id: str, **fields: Any) -> None:
    """An interview with a current debrief, unless the fields say otherwise."""
    defaults: dict[str, Any] = {
        "status": Status.DONE,
        "transcript_revision": 1,
        "analysis_revision": 1,
        "analysed": CURRENT,
        "template": TEMPLATE,
    }
    interview = an_interview(id=interview_id, **(defaults | fields))
    await repositories.interviews("acme").insert(interview)


async def stored(repositories: Repositories, interview_id: str) -> Interview:
    found = await repositories.interviews("acme").get(interview_id)
    assert found is not None
    return found


class TestRunAgain:
    async def test_says_who_asked_for_it_and_forgets_failures(
        self, debriefs: DebriefService, repositories: Repositories
    ) -> None:
        failure = Failure(step=Status.ANALYSING, code="x", message="x", attempts=3, failed_at=NOON)
        await store(repositories, "i", status=Status.FAILED, failure=failure, analysis_waits=7)
        await debriefs.run_again("acme", "i", by="ann")
        again = await stored(repositories, "i")
        assert (again.status, again.epoch, again.failure) == (Status.ANALYSING, 1, None)
        assert (again.analysis_requested_by, again.analysis_waits) == ("ann", 0)

    @pytest.mark.parametrize("status", UNDER_WAY)
    async def test_what_is_under_way_is_not_cut_off(
        self, debriefs: DebriefService, repositories: Repositories, status: Status
    ) -> None:
        await store(repositories, "i", status=status)
        with pytest.raises(WrongState, match=f"is {status}"):
            await debriefs.run_again("acme", "i", by="ann")
        assert (await stored(repositories, "i")).status is status

    async def test_without_a_transcript_there_is_nothing_to_analyse(
        self, debriefs: DebriefService, repositories: Repositories
    ) -> None:
        await store(repositories, "i", status=Status.FAILED, transcript_revision=0)
        with pytest.raises(NothingToAnalyse):
            await debriefs.run_again("acme", "i", by="ann")

    async def test_of_twelve_requests_at_once_one_is_accepted(
        self, debriefs: DebriefService, repositories: Repositories
    ) -> None:
        await store(repositories, "i")
        asked = [debriefs.run_again("acme", "i", by=f"p{n}") for n in range(12)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        (accepted,) = [answer for answer in answers if isinstance(answer, Interview)]
        assert all(isinstance(answer, AppError) for answer in answers if answer is not accepted)
        again = await stored(repositories, "i")
        assert (again.epoch, again.analysis_requested_by) == (1, accepted.analysis_requested_by)


class TestRunMany:
    async def test_runs_what_can_be_run_and_says_why_the_rest_cannot(
        self, debriefs: DebriefService, repositories: Repositories
    ) -> None:
        await store(repositories, "a")
        await store(repositories, "b", status=Status.NOTIFYING)
        await store(repositories, "c", transcript_revision=0)
        await repositories.interviews("other").insert(an_interview("other", id="d", status=Status.DONE))
        reruns = await debriefs.run_many("acme", ["a", "b", "c", "d", "gone", "a"], by="ann")
        assert reruns.accepted == ("a",)
        assert [(s.interview_id, s.code) for s in reruns.skipped] == [
            ("b", "wrong_state"),
            ("c", "nothing_to_analyse"),
            ("d", "interview_not_found"),
            ("gone", "interview_not_found"),
        ]
        assert reruns.next is None

    async def test_the_same_ones_twice_at_once_are_run_once(
        self, debriefs: DebriefService, repositories: Repositories
    ) -> None:
        ids = [f"i{n}" for n in range(8)]
        for interview_id in ids:
            await store(repositories, interview_id)
        both = await asyncio.gather(*(debriefs.run_many("acme", ids, by=by) for by in ("ann", "bo")))
        assert sorted([*both[0].accepted, *both[1].accepted]) == ids
        assert {(await stored(repositories, i)).epoch for i in ids} == {1}


class TestRunOutdated:
    async def run(self, debriefs: DebriefService, template_id: str | None = None) -> tuple[str, ...]:
        reruns = await debriefs.run_outdated("acme", template_id=template_id, after=None, limit=50, by="ann")
        assert reruns.next is None
        return tuple(sorted(reruns.accepted))

    async def test_takes_those_whose_transcript_or_template_changed(
        self, debriefs: DebriefService, repositories: Repositories
    ) -> None:
        await store(repositories, "current")
        await store(repositories, "transcript", transcript_revision=2)
        await store(repositories, "template", template=TemplateRef(id="t", version=3))
        await store(repositories, "without", template=None)
        await store(repositories, "never", analysis_revision=0, analysed=None)
        assert await self.run(debriefs) == ("template", "transcript", "without")
        assert (await stored(repositories, "template")).analysis_requested_by == "ann"

    async def test_of_one_template_alone(self, debriefs: DebriefService, repositories: Repositories) -> None:
        for number, template_id in enumerate(("t", "other", "t")):
            await store(repositories, f"i{number}", template=TemplateRef(id=template_id, version=5))
        await store(repositories, "without", template=None)
        assert await self.run(debriefs, "t") == ("i0", "i2")

    async def test_an_older_interview_is_judged_by_its_analysis(
        self, debriefs: DebriefService, repositories: Repositories
    ) -> None:
        for interview_id, transcript_revision in (("old", 1), ("changed", 2)):
            await store(repositories, interview_id, analysed=None, transcript_revision=transcript_revision)
            await repositories.analyses("acme").put(
                an_analysis(interview_id, template_id="t", template_version=2)
            )
        assert await self.run(debriefs) == ("changed",)

    async def test_what_is_under_way_already_is_skipped(
        self, debriefs: DebriefService, repositories: Repositories
    ) -> None:
        await store(repositories, "i", status=Status.ANALYSING, transcript_revision=2)
        reruns = await debriefs.run_outdated("acme", template_id=None, after=None, limit=9, by="ann")
        assert (reruns.accepted, reruns.skipped[0].code) == ((), "wrong_state")

    async def test_goes_on_where_it_ended_and_looks_at_each_once(
        self, debriefs: DebriefService, repositories: Repositories
    ) -> None:
        for n in range(7):
            await store(repositories, f"i{n}", transcript_revision=1 + n % 2, created_at=NOON + minutes(n))
        found, after, pages = [], None, 0
        while True:
            reruns = await debriefs.run_outdated("acme", template_id=None, after=after, limit=3, by="ann")
            found += reruns.accepted
            pages, after = pages + 1, reruns.next
            if after is None:
                break
        assert (found, pages) == (["i5", "i3", "i1"], 3)
