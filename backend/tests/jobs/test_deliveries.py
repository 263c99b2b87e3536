"""The worker of deliveries: claim, send, record, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest
from pydantic import SecretStr

from app.core.container import Container, open_container
from app.core.errors import Unavailable
from app.jobs import deliveries
from app.jobs.deliveries import LEASE, SEND_SECONDS, Deliverer
from app.models.base import utc_now
from app.models.delivery import Carrier, Delivery, DeliveryStatus
from app.models.event import Event, EventKind
from app.repositories.base import Repositories
from app.services.notification.base import NeverDeliverable, NotDelivered, TargetGone
from tests.fixtures.carrying import Script, an_email, finished, found_acme, reached, use
from tests.fixtures.server import make_settings

SHORT = (0.05, 0.05)


@asynccontextmanager
async def a_container(
    folder: Path, database: dict[str, Any] | None = None, **worker: float
) -> AsyncIterator[Container]:
    settings = make_settings(
        folder,
        database=database or {},
        worker={
            "worker_poll_seconds": 0.05,
            "worker_grace_seconds": 5.0,
            "worker_in_process": False,
            **worker,
        },
        outgoing={"delivery_backoff_seconds": SHORT, "delivery_concurrency": 3},
    )
    async with open_container(settings) as container:
        await found_acme(container.repositories)
        yield container


@pytest.fixture(params=["sqlite", "mongo"])
async def container(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Container]:
    database = {}
    if request.param == "mongo":
        database = {
            "database_url": SecretStr(request.getfixturevalue("mongodb_url")),
            "database_name": request.getfixturevalue("mongodb_name"),
        }
    async with a_container(tmp_path, database) as opened:
        yield opened


@pytest.fixture
async def embedded_container(tmp_path: Path) -> AsyncIterator[Container]:
    async with a_container(tmp_path) as opened:
        yield opened


@asynccontextmanager
async def carrying(container: Container) -> AsyncIterator[anyio.Event]:
    stop = anyio.Event()
    async with anyio.create_task_group() as group:
        group.start_soon(Deliverer(container).run, stop)
        try:
            yield stop
        finally:
            stop.set()


async def queued(container: Container, **fields: Any) -> Delivery:
    delivery = an_email(**fields)
    assert await container.repositories.deliveries("acme").put(delivery)
    return delivery


async def carried(container: Container, *outcomes: Exception | float | None, **fields: Any) -> Delivery:
    use(container, Script(*outcomes))
    delivery = await queued(container, **fields)
    async with carrying(container):
        return await finished(container.repositories, delivery)


class TestOutcomes:
    async def test_what_is_taken_is_delivered(self, container: Container) -> None:
        delivery = await carried(container, None)
        assert delivery.status is DeliveryStatus.DELIVERED
        [tried] = delivery.tried
        assert (tried.delivered, tried.status, tried.request, tried.response) == (
            True,
            200,
            "asked",
            "answered",
        )

    async def test_what_fails_is_tried_again_under_the_same_id(self, container: Container) -> None:
        script = Script(NotDelivered("Busy."), NotDelivered("Busy."), None)
        use(container, script)
        delivery = await queued(container)
        async with carrying(container):
            done = await finished(container.repositories, delivery)
        assert done.status is DeliveryStatus.DELIVERED
        assert [tried.delivered for tried in done.tried] == [False, False, True]
        assert {sent.notice_id for sent in script.sent} == {delivery.notice_id}

    async def test_after_the_last_attempt_it_is_dead(self, container: Container) -> None:
        delivery = await carried(container, *[NotDelivered("Busy.")] * 5)
        assert (delivery.status, delivery.attempt) == (DeliveryStatus.DEAD, 3)
        assert [tried.code for tried in delivery.tried] == ["not_delivered"] * 3

    async def test_what_cannot_be_delivered_is_dead_and_what_is_for_nobody_is_cancelled(
        self, container: Container
    ) -> None:
        assert (await carried(container, NeverDeliverable("No."))).status is DeliveryStatus.DEAD
        assert (await carried(container, TargetGone("Gone."))).status is DeliveryStatus.CANCELLED

    async def test_a_receiver_that_asks_for_time_gets_it(self, container: Container) -> None:
        use(container, Script(NotDelivered("Busy.", retry_after=3600.0)))
        delivery = await queued(container)
        async with carrying(container):
            waiting = await reached(container.repositories, delivery, lambda d: bool(d.tried))
        assert waiting.status is DeliveryStatus.PENDING
        assert waiting.due_at > utc_now() + timedelta(minutes=50)

    async def test_a_mistake_of_ours_is_a_failed_attempt_without_its_words(
        self, embedded_container: Container
    ) -> None:
        secret = "slack://token-of-acme"
        delivery = await carried(embedded_container, ValueError(secret), None)
        first, second = delivery.tried
        assert (first.code, second.delivered) == ("internal", True)
        assert secret not in first.model_dump_json()

    async def test_a_database_that_fails_meanwhile_is_a_failed_attempt(
        self, embedded_container: Container
    ) -> None:
        delivery = await carried(embedded_container, Unavailable("The database is busy."), None)
        assert [tried.delivered for tried in delivery.tried] == [False, True]

    async def test_a_send_that_hangs_is_given_up(
        self, embedded_container: Container, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(deliveries, "SEND_SECONDS", 0.1)
        delivery = await carried(embedded_container, 3600.0, None)
        assert [tried.code for tried in delivery.tried] == ["send_timeout", None]

    async def test_a_carrier_that_is_missing_fails_only_its_own(self, embedded_container: Container) -> None:
        senders = embedded_container.senders
        assert isinstance(senders, dict)
        senders.pop(Carrier.WEBHOOK, None)
        webhook = await queued(embedded_container, carrier=Carrier.WEBHOOK, target_id="e", user_id=None)
        done = await carried(embedded_container, None)
        assert done.status is DeliveryStatus.DELIVERED
        assert (await embedded_container.repositories.deliveries("acme").get(webhook.id)) is not None


class TestWork:
    async def test_no_more_are_sent_at_once_than_is_allowed(self, embedded_container: Container) -> None:
        running, most = 0, 0

        class Counting(Script):
            async def send(self, delivery: Delivery) -> Any:
                nonlocal running, most
                running += 1
                most = max(most, running)
                await anyio.sleep(0.02)
                running -= 1
                return await super().send(delivery)

        use(embedded_container, Counting())
        all_of_them = [await queued(embedded_container) for _ in range(12)]
        async with carrying(embedded_container):
            for delivery in all_of_them:
                await finished(embedded_container.repositories, delivery)
        assert most == 3

    async def test_two_workers_send_everything_once(self, container: Container) -> None:
        script = Script()
        use(container, script)
        all_of_them = [await queued(container) for _ in range(20)]
        async with carrying(container), carrying(container):
            for delivery in all_of_them:
                await finished(container.repositories, delivery)
        assert sorted(sent.id for sent in script.sent) == sorted(delivery.id for delivery in all_of_them)

    async def test_what_was_told_is_sent_without_waiting_for_the_next_look(self, tmp_path: Path) -> None:
        script = Script()
        told = Event(kind=EventKind.NOTIFICATION, organisation_id="acme", user_id="ann")
        async with a_container(tmp_path, worker_poll_seconds=3600.0) as container, carrying(container):
            use(container, script)
            delivery = await queued(container)
            with anyio.fail_after(30):
                while not script.sent:
                    container.bus.publish(told)
                    await anyio.sleep(0.05)
            await finished(container.repositories, delivery)


class TestLease:
    async def test_a_claim_whose_worker_died_is_taken_up_when_the_lease_is_over(
        self, container: Container
    ) -> None:
        delivery = await queued(container)
        past = utc_now() - timedelta(seconds=1)
        lost = await container.repositories.delivery_queue.claim_due(utc_now(), lease_until=past)
        assert lost is not None
        use(container, Script())
        async with carrying(container):
            done = await finished(container.repositories, delivery)
        assert (done.status, done.attempt, len(done.tried)) == (DeliveryStatus.DELIVERED, 2, 1)

    async def test_who_wakes_up_after_the_lease_changes_nothing(self, container: Container) -> None:
        queue = container.repositories.delivery_queue
        delivery = await queued(container)
        past = utc_now() - timedelta(seconds=1)
        late = await queue.claim_due(utc_now(), lease_until=past)
        assert late is not None
        use(container, Script())
        async with carrying(container):
            done = await finished(container.repositories, delivery)
        assert not await queue.record(late.id, epoch=late.epoch, changes={"status": DeliveryStatus.DEAD})
        assert await container.repositories.deliveries("acme").get(delivery.id) == done

    async def test_what_ends_every_worker_is_given_up(self, embedded_container: Container) -> None:
        delivery = await queued(embedded_container, attempt=len(SHORT) + 1)
        script = Script()
        use(embedded_container, script)
        async with carrying(embedded_container):
            done = await finished(embedded_container.repositories, delivery)
        assert (done.status, done.tried[-1].code) == (DeliveryStatus.DEAD, "worker_lost")
        assert script.sent == []

    def test_a_lease_is_longer_than_a_send(self) -> None:
        assert timedelta(seconds=SEND_SECONDS) < LEASE / 2


class TestResend:
    async def test_a_dead_one_is_sent_again_with_all_its_attempts_and_the_same_id(
        self, container: Container
    ) -> None:
        dead = await carried(container, *[NotDelivered("Busy.")] * 3)
        assert dead.status is DeliveryStatus.DEAD
        await container.deliveries.resend("acme", dead.id)
        script = Script(NotDelivered("Busy."), None)
        use(container, script)
        async with carrying(container):
            done = await finished(container.repositories, dead)
        assert (done.status, done.attempt) == (DeliveryStatus.DELIVERED, 2)
        assert len(done.tried) == 5
        assert {sent.notice_id for sent in script.sent} == {dead.notice_id}


class TestShutdown:
    async def test_what_is_being_sent_may_finish(self, embedded_container: Container) -> None:
        script = Script(0.3)
        use(embedded_container, script)
        delivery = await queued(embedded_container)
        async with carrying(embedded_container) as stop:
            while not script.sent:
                await anyio.sleep(0.01)
            stop.set()
        done = await finished(embedded_container.repositories, delivery, seconds=1)
        assert done.status is DeliveryStatus.DELIVERED

    async def test_what_takes_longer_is_handed_back_and_not_counted(self, tmp_path: Path) -> None:
        async with a_container(tmp_path, worker_grace_seconds=0.1) as container:
            script = Script(3600.0)
            use(container, script)
            delivery = await queued(container)
            async with carrying(container) as stop:
                while not script.sent:
                    await anyio.sleep(0.01)
                stop.set()
            back = await container.repositories.deliveries("acme").get(delivery.id)
        assert back is not None
        assert (back.status, back.attempt, back.tried) == (DeliveryStatus.PENDING, 0, ())
        assert back.due_at <= utc_now()

    async def test_what_came_of_it_is_written_down_however_late(self, tmp_path: Path) -> None:
        async with a_container(tmp_path, worker_grace_seconds=0.1) as container:
            use(container, Script(None))
            delivery = await queued(container)
            queue = container.repositories.delivery_queue
            writing, may_write = anyio.Event(), anyio.Event()

            class SlowQueue:
                def __getattr__(self, verb: str) -> Any:
                    return getattr(queue, verb)

                async def record(self, *args: Any, **kwargs: Any) -> bool:
                    writing.set()
                    await may_write.wait()
                    return await queue.record(*args, **kwargs)

            class SlowRepositories:
                delivery_queue = SlowQueue()

                def __getattr__(self, name: str) -> Any:
                    return getattr(container.repositories, name)

            deliverer = Deliverer(replace(container, repositories=SlowRepositories()))
            async with anyio.create_task_group() as work:
                work.start_soon(deliverer.run, anyio.Event())
                await writing.wait()
                work.cancel_scope.cancel()
                may_write.set()
            done = await container.repositories.deliveries("acme").get(delivery.id)
        assert done is not None
        assert (done.status, done.attempt, len(done.tried)) == (DeliveryStatus.DELIVERED, 1, 1)


class TestTidying:
    async def test_old_finished_ones_are_forgotten_and_others_kept(self, container: Container) -> None:
        old = utc_now() - timedelta(days=31)
        repositories: Repositories = container.repositories
        gone = await queued(container, status=DeliveryStatus.DELIVERED, finished_at=old)
        fresh = await queued(container, status=DeliveryStatus.DEAD, finished_at=utc_now())
        waiting = await queued(container, created_at=old, due_at=old)
        assert await Deliverer(container).tidy() == 1
        assert await repositories.deliveries("acme").get(gone.id) is None
        for kept in (fresh, waiting):
            assert await repositories.deliveries("acme").get(kept.id) is not None
