"""The runner with steps of the test's own: what becomes of failures, of time, of shutdown and of people's decisions."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from app.core.container import Container, open_container
from app.core.errors import InvalidInput, ProviderUnavailable
from app.jobs import outbox
from app.jobs.pipeline import PIPELINE
from app.jobs.runner import Runner
from app.jobs.steps import Advance, Capacity, Postpone, ReportProgress
from app.models.base import utc_now
from app.models.interview import Interview, Status
from app.models.notification import Notice, Topic
from app.repositories.base import Expect
from app.services.interviews import InterviewDraft
from app.services.notification.service import message
from app.services.storage.service import peaks_key
from tests.fixtures.server import make_settings

ORGANISATION = "acme"
Step = Callable[[Container, Interview, ReportProgress], object]


@asynccontextmanager
async def working(
    folder: Path, deepgram: dict[str, object] | None = None, **worker: object
) -> AsyncIterator[Container]:
    settings = make_settings(
        folder,
        deepgram=deepgram or {},
        worker={
            "worker_poll_seconds": 0.02,
            "worker_backoff_seconds": 0.02,
            "worker_grace_seconds": 0.1,
            **worker,
        },
    )
    async with open_container(settings) as container:
        yield container


@asynccontextmanager
async def a_runner(container: Container) -> AsyncIterator[anyio.Event]:
    stop = anyio.Event()
    async with anyio.create_task_group() as group:
        group.start_soon(Runner(container).run, stop)
        yield stop
        stop.set()


async def begun(container: Container, status: Status = Status.NOTIFYING) -> Interview:
    """An interview that is due for a step."""
    created = await container.interviews.create(
        ORGANISATION, InterviewDraft(title="x"), created_by="ann", idempotency_key=None
    )
    moved = await container.repositories.jobs.compare_and_set(
        created.id, Expect(), {"status": status, "due_at": utc_now()}
    )
    assert moved is not None
    return moved


async def reached(container: Container, interview_id: str, *statuses: Status) -> Interview:
    with anyio.fail_after(60):
        while True:
            found = await container.repositories.jobs.get(interview_id)
            if found is not None and found.status in statuses:
                return found
            await anyio.sleep(0.01)


@pytest.fixture
def notifying(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Puts a step of the test in the place of `notify`."""

    def use(step: object, **spec: object) -> None:
        monkeypatch.setitem(PIPELINE, Status.NOTIFYING, replace(PIPELINE[Status.NOTIFYING], run=step, **spec))

    return use


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


class TestOutbox:
    async def test_what_could_not_be_delivered_stays_and_is_swept(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        delivered: list[str] = []
        broken = True

        class Flaky:
            async def tell(self, notice: Notice) -> None:
                if broken:
                    raise ProviderUnavailable("The database is away.")
                delivered.append(notice.id)

        async with working(tmp_path) as container:
            interview = await begun(container, Status.DONE)
            entry = message(Topic.DEBRIEF_READY, analysis_revision=1)
            waiting = await container.repositories.jobs.compare_and_set(
                interview.id, Expect(), {"outbox": (entry,), "outbox_at": utc_now()}
            )
            assert waiting is not None
            flaky = replace(container, notifications=Flaky())  # type: ignore[arg-type]
            await outbox.deliver(flaky, waiting)
            kept = await container.repositories.jobs.get(interview.id)
            assert kept is not None
            assert kept.outbox == (entry,)

            broken = False
            await outbox.sweep(flaky)
            assert delivered == [], "the worker that committed has some seconds to deliver itself"
            monkeypatch.setattr(outbox, "_PATIENCE", outbox._PATIENCE * 0)
            await outbox.sweep(flaky)
            assert delivered == [entry.id]
            swept = await container.repositories.jobs.get(interview.id)
            assert swept is not None
            assert swept.outbox == ()

    async def test_what_was_told_while_the_next_step_ran_does_not_come_back(
        self, tmp_path: Path, notifying: Callable[..., None]
    ) -> None:
        told, untold = (message(Topic.TRANSCRIPT_READY, transcript_revision=n) for n in (1, 2))

        async def step(c: Container, interview: Interview, _: ReportProgress) -> Advance:
            assert interview.outbox == (told, untold)
            await c.repositories.jobs.outbox_remove(interview.id, [told.id])
            return Advance(Status.DONE)

        class Broken:
            async def tell(self, _: Notice) -> None:
                raise ProviderUnavailable("The database is away.")

        notifying(step)
        async with working(tmp_path) as container:
            interview = await begun(container)
            await container.repositories.jobs.compare_and_set(
                interview.id, Expect(), {"outbox": (told, untold), "outbox_at": utc_now()}
            )
            async with a_runner(replace(container, notifications=Broken())):  # type: ignore[arg-type]
                done = await reached(container, interview.id, Status.DONE)
        assert done.outbox == (untold,)


async def leased(container: Container, interview_id: str) -> None:
    with anyio.fail_after(60):
        while True:
            found = await container.repositories.jobs.get(interview_id)
            if found is not None and found.lease_owner:
                return
            await anyio.sleep(0.01)
