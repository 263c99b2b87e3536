"""The runner with steps of the test's own: what becomes of failures, of time, of shutdown and of people's decisions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anyio
import pytest

from app.core.container import Container
from app.core.errors import InvalidInput, ProviderUnavailable
from app.jobs.steps import Advance, Capacity, Postpone, ReportProgress
from app.models.base import utc_now
from app.models.interview import Interview, Status
from app.repositories.base import Expect
from app.services.storage.service import peaks_key
from tests.jobs.running import ORGANISATION, a_runner, begun, reached, working

Step = Callable[[Container, Interview, ReportProgress], object]


class TestFailures:
    async def test_what_may_work_later_is_tried_again_and_then_given_up_with_its_reason(
        self, tmp_path: Path, notifying: Callable[..., None]
    ) -> None:
        async def unavailable(*_: object) -> Advance:
            raise ProviderUnavailable("The provider is busy.")

        notifying(unavailable)
        async with working(tmp_path, worker_max_attempts=3) as container, a_runner(container):
            interview = await begun(container)
            failed = await reached(container, interview.id, Status.FAILED)
        assert failed.failure is not None
        assert (failed.failure.code, failed.failure.message) == (
            "provider_unavailable",
            "The provider is busy.",
        )
        assert (failed.failure.step, failed.failure.attempts) == (Status.NOTIFYING, 3)
        assert [record.outcome for record in failed.history] == ["retry", "retry", "dead"]

    async def test_what_can_never_work_is_given_up_at_once(
        self, tmp_path: Path, notifying: Callable[..., None]
    ) -> None:
        async def invalid(*_: object) -> Advance:
            raise InvalidInput("The recording is not usable.")

        notifying(invalid)
        async with working(tmp_path) as container, a_runner(container):
            interview = await begun(container)
            failed = await reached(container, interview.id, Status.FAILED)
        assert [record.outcome for record in failed.history] == ["dead"]

    async def test_a_bug_shows_no_text_of_its_own(
        self, tmp_path: Path, notifying: Callable[..., None]
    ) -> None:
        async def broken(*_: object) -> Advance:
            raise KeyError("Daniel said something private")

        notifying(broken)
        async with working(tmp_path, worker_max_attempts=1) as container, a_runner(container):
            interview = await begun(container)
            failed = await reached(container, interview.id, Status.FAILED)
        assert failed.failure is not None
        assert (failed.failure.code, failed.failure.message) == (
            "internal",
            "An unexpected error (KeyError).",
        )

    async def test_a_step_that_never_ends_is_stopped(
        self, tmp_path: Path, notifying: Callable[..., None]
    ) -> None:
        notifying(lambda *_: anyio.sleep_forever(), timeout=0.05)
        async with working(tmp_path, worker_max_attempts=2) as container, a_runner(container):
            interview = await begun(container)
            failed = await reached(container, interview.id, Status.FAILED)
        assert failed.failure is not None
        assert failed.failure.code == "step_timeout"

    async def test_a_step_that_kills_its_workers_is_given_up(self, tmp_path: Path) -> None:
        """The attempts are counted by the claims, so nobody has to live to count them."""
        async with working(tmp_path, worker_max_attempts=2) as container:
            interview = await begun(container)
            await container.repositories.jobs.compare_and_set(interview.id, Expect(), {"attempt": 2})
            async with a_runner(container):
                failed = await reached(container, interview.id, Status.FAILED)
        assert failed.failure is not None
        assert failed.failure.code == "worker_lost"

    async def test_a_person_goes_on_from_the_step_that_failed(
        self, tmp_path: Path, notifying: Callable[..., None]
    ) -> None:
        broken = True

        async def step(*_: object) -> Advance:
            if broken:
                raise InvalidInput("No.")
            return Advance(Status.DONE)

        notifying(step)
        async with working(tmp_path) as container, a_runner(container):
            interview = await begun(container)
            await reached(container, interview.id, Status.FAILED)
            broken = False
            retried = await container.interviews.retry(ORGANISATION, interview.id)
            assert (retried.status, retried.attempt, retried.failure) == (Status.NOTIFYING, 0, None)
            done = await reached(container, interview.id, Status.DONE)
        assert done.failure is None


class TestShutdown:
    async def test_leases_are_handed_back_and_no_attempt_is_counted(
        self, tmp_path: Path, notifying: Callable[..., None]
    ) -> None:
        notifying(lambda *_: anyio.sleep_forever())
        async with working(tmp_path) as container:
            interview = await begun(container)
            async with a_runner(container):
                await leased(container, interview.id)
            found = await container.repositories.jobs.get(interview.id)
        assert found is not None
        assert (found.status, found.lease_owner, found.attempt) == (Status.NOTIFYING, None, 0)
        assert found.due_at <= utc_now()

    async def test_a_step_that_ends_within_the_grace_time_is_committed(
        self, tmp_path: Path, notifying: Callable[..., None]
    ) -> None:
        async def short(*_: object) -> Advance:
            await anyio.sleep(0.1)
            return Advance(Status.DONE)

        notifying(short)
        async with working(tmp_path, worker_grace_seconds=5.0) as container:
            interview = await begun(container)
            async with a_runner(container):
                await leased(container, interview.id)
            found = await container.repositories.jobs.get(interview.id)
        assert found is not None
        assert found.status is Status.DONE


class TestPostponing:
    async def test_a_step_that_has_to_wait_uses_no_attempt_up(
        self, tmp_path: Path, notifying: Callable[..., None]
    ) -> None:
        seen: list[int] = []

        async def busy_three_times(_: Container, interview: Interview, __: ReportProgress) -> object:
            seen.append(interview.attempt)
            return Postpone(0.01) if len(seen) < 4 else Advance(Status.DONE)

        notifying(busy_three_times)
        async with working(tmp_path, worker_max_attempts=1) as container:
            interview = await begun(container)
            async with a_runner(container):
                done = await reached(container, interview.id, Status.DONE, Status.FAILED)
        assert (done.status, seen) == (Status.DONE, [1, 1, 1, 1])
        assert [record.code for record in done.history] == [None], "waiting for a place is no news"

    async def test_a_reason_is_in_the_history_and_changes_are_kept(
        self, tmp_path: Path, notifying: Callable[..., None]
    ) -> None:
        async def down_once(_: Container, interview: Interview, __: ReportProgress) -> object:
            if interview.history:
                return Advance(Status.DONE)
            return Postpone(0.01, "provider_unavailable", {"title": "waited"})

        notifying(down_once)
        async with working(tmp_path) as container:
            interview = await begun(container)
            async with a_runner(container):
                done = await reached(container, interview.id, Status.DONE)
        assert [(r.outcome, r.code) for r in done.history] == [
            ("retry", "provider_unavailable"),
            ("committed", None),
        ]
        assert done.title == "waited"


class TestConcurrency:
    @pytest.mark.parametrize(("uses", "most"), [(Capacity.CPU, 2), (Capacity.IO, 5), (Capacity.VENDOR, 3)])
    async def test_each_kind_of_step_has_its_bound(
        self, tmp_path: Path, notifying: Callable[..., None], uses: Capacity, most: int
    ) -> None:
        running = peak = 0
        full = anyio.Event()

        async def counted(*_: object) -> Advance:
            nonlocal running, peak
            running += 1
            peak = max(peak, running)
            if running == most:
                full.set()
            await full.wait()
            await anyio.sleep(0.02)  # time for one too many to come
            running -= 1
            return Advance(Status.DONE)

        notifying(counted, uses=uses)
        async with working(
            tmp_path,
            deepgram={"deepgram_intelligence_concurrency": 3},
            worker_cpu_concurrency=2,
            worker_io_concurrency=5,
        ) as container:
            interviews = [await begun(container) for _ in range(12)]
            async with a_runner(container):
                for interview in interviews:
                    await reached(container, interview.id, Status.DONE)
        assert peak == most


class TestFences:
    async def test_a_new_decision_of_a_person_fences_the_worker(
        self, tmp_path: Path, notifying: Callable[..., None]
    ) -> None:
        """Somebody imports a transcript while the old one is being finished: the old step commits nothing."""
        go_on = anyio.Event()

        async def slow(*_: object) -> Advance:
            await go_on.wait()
            return Advance(Status.DONE, {"title": "from the old step"})

        notifying(slow)
        async with working(tmp_path, worker_io_concurrency=1) as container, a_runner(container):
            interview = await begun(container)
            await leased(container, interview.id)
            await container.transcripts.import_file(
                ORGANISATION, interview.id, b"Ann: Hello there.\nBob: Hi.\n", filename="t.txt"
            )
            go_on.set()
            done = await reached(container, interview.id, Status.DONE)
        assert done.transcript_revision == 1
        steps = [(record.step, record.outcome) for record in done.history]
        assert steps[0] == (Status.INGESTING, "committed"), "the old step left no trace"

    async def test_what_is_deleted_while_a_step_runs_leaves_nothing(
        self, tmp_path: Path, notifying: Callable[..., None]
    ) -> None:
        go_on, wrote = anyio.Event(), anyio.Event()

        async def writes_late(c: Container, interview: Interview, _: ReportProgress) -> Advance:
            await go_on.wait()
            await c.store.put_bytes(
                peaks_key(ORGANISATION, interview.id), b"{}", content_type="application/json"
            )
            wrote.set()
            return Advance(Status.DONE)

        notifying(writes_late)
        async with working(tmp_path) as container, a_runner(container):
            interview = await begun(container)
            await leased(container, interview.id)
            receipt = await container.interviews.delete(ORGANISATION, interview.id)
            assert receipt.interview_id == interview.id
            go_on.set()
            await wrote.wait()
        # The runner has stopped: whatever the fenced step left would still be there.
        assert [p for p in (tmp_path / "objects").rglob("*") if p.is_file() and interview.id in str(p)] == []


async def leased(container: Container, interview_id: str) -> None:
    with anyio.fail_after(60):
        while True:
            found = await container.repositories.jobs.get(interview_id)
            if found is not None and found.lease_owner:
                return
            await anyio.sleep(0.01)
