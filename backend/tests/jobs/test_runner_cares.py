"""What the runner does beside the steps, and what becomes of the outbox when that fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest

from app.core.container import Container
from app.core.errors import ProviderUnavailable, Unavailable
from app.jobs import outbox
from app.jobs.steps import Advance, ReportProgress
from app.models.base import utc_now
from app.models.delivery import DeliveryStatus
from app.models.interview import Interview, Status
from app.models.notification import Notice, Topic
from app.repositories.base import Expect
from app.services.notification.service import message
from tests.fixtures.documents import a_delivery
from tests.jobs.running import ORGANISATION, a_runner, begun, reached, working


class TestCares:
    """What the worker does beside the steps ends neither the worker nor the rest of it."""

    @pytest.mark.parametrize("failure", [OSError("The disk is full."), Unavailable("The store is away.")])
    async def test_uploads_that_cannot_be_given_up_do_not_keep_the_log_of_deliveries(
        self, tmp_path: Path, failure: Exception
    ) -> None:
        async with working(tmp_path) as container:
            old = utc_now() - timedelta(days=400)
            forgotten = a_delivery(status=DeliveryStatus.DELIVERED, finished_at=old)
            await container.repositories.deliveries(ORGANISATION).put(forgotten)

            class Broken:
                async def abort_stale(self, _: timedelta) -> int:
                    raise failure

            broken = replace(container, store=Broken())  # type: ignore[arg-type]
            async with a_runner(broken):
                with anyio.fail_after(10):
                    while await container.repositories.deliveries(ORGANISATION).get(forgotten.id):
                        await anyio.sleep(0.01)
                interview = await begun(container)
                assert await reached(container, interview.id, Status.DONE)

    async def test_a_claim_that_fails_in_an_unknown_way_is_tried_again(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with working(tmp_path) as container:
            jobs, tries = container.repositories.jobs, 0
            claim_due = jobs.claim_due

            async def unreadable_once(*args: Any, **kwargs: Any) -> Interview | None:
                nonlocal tries
                tries += 1
                if tries == 1:
                    raise ValueError
                return await claim_due(*args, **kwargs)

            monkeypatch.setattr(jobs, "claim_due", unreadable_once)
            interview = await begun(container)
            async with a_runner(container):
                assert await reached(container, interview.id, Status.DONE)


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
