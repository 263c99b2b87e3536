"""Endpoints over time: secrets that are changed, failures that add up, and what is sent again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from app.models.base import utc_now
from app.models.delivery import Carrier, DeliveryStatus
from app.models.endpoint import Endpoint
from app.models.notification import Topic
from app.repositories.base import Repositories
from app.services.endpoints import EndpointDraft
from app.services.notification.base import NotDelivered, TargetGone
from app.services.notification.endpoint_health import EndpointHealth
from tests.fixtures.documents import a_delivery
from tests.fixtures.endpoints import HOUR, SECRET, Acme, for_
from tests.fixtures.webhook_receiver import Receiver, empty, status


class Interrupted:
    """A database in which somebody else does something right before the first write to an endpoint."""

    def __init__(self, repositories: Repositories, act: Callable[[], Awaitable[None]]) -> None:
        self._repositories = repositories
        self.notices = repositories.notices
        self._acts = [act]

    def endpoints(self, organisation_id: str) -> Interrupted:
        self._inner = self._repositories.endpoints(organisation_id)
        return self

    async def get(self, endpoint_id: str) -> Endpoint | None:
        return await self._inner.get(endpoint_id)

    async def replace(self, endpoint: Endpoint, *, expected_version: int) -> bool:
        while self._acts:
            await self._acts.pop()()
        return await self._inner.replace(endpoint, expected_version=expected_version)


async def failure_of(sending: Awaitable[object]) -> NotDelivered:
    with pytest.raises(NotDelivered) as failed:
        await sending
    return failed.value


class TestRotation:
    async def test_old_and_new_receivers_verify_until_the_old_secret_ends(
        self, acme: Acme, receiver: Receiver
    ) -> None:
        endpoint = await acme.endpoints.create("acme", EndpointDraft(receiver.url), by="ann")
        old = endpoint.secrets[0].value
        rotated = await acme.endpoints.rotate_secret("acme", endpoint.id, 24 * HOUR)
        new = rotated.secrets[0].value
        assert new != old

        await acme.sender.send(for_(endpoint))
        assert receiver.calls[-1].is_signed_with(old)
        assert receiver.calls[-1].is_signed_with(new)
        assert len(receiver.calls[-1].signatures) == 2

        ended = rotated.secrets[1].model_copy(update={"expires_at": utc_now() - timedelta(seconds=1)})
        later = rotated.model_copy(update={"secrets": (rotated.secrets[0], ended)})
        assert await acme.repositories.endpoints("acme").replace(later, expected_version=rotated.version)
        await acme.sender.send(for_(endpoint))
        assert receiver.calls[-1].is_signed_with(new)
        assert not receiver.calls[-1].is_signed_with(old)
        assert len(receiver.calls[-1].signatures) == 1

    async def test_a_secret_that_leaked_ends_at_once(self, acme: Acme, receiver: Receiver) -> None:
        endpoint = await acme.endpoint(receiver.url)
        await acme.endpoints.rotate_secret("acme", endpoint.id, 24 * HOUR)
        rotated = await acme.endpoints.rotate_secret("acme", endpoint.id, timedelta(0))
        assert len(rotated.secrets) == 1

    async def test_rotating_again_and_again_never_prolongs_an_old_secret_nor_piles_them_up(
        self, acme: Acme
    ) -> None:
        endpoint = await acme.endpoint("http://127.0.0.1/")
        rotated = await acme.endpoints.rotate_secret("acme", endpoint.id, HOUR)
        ends = rotated.secrets[1].expires_at
        for _ in range(5):
            rotated = await acme.endpoints.rotate_secret("acme", endpoint.id, 100 * HOUR)
            kept = {s.value: s.expires_at for s in rotated.secrets}
            assert kept.get(SECRET, ends) == ends
        assert len(rotated.secrets) == 4


class TestHealth:
    async def test_the_first_failure_is_remembered_until_a_success(
        self, acme: Acme, receiver: Receiver
    ) -> None:
        receiver.answers = [status(500), status(500), empty]
        endpoint = await acme.endpoint(receiver.url)
        since = []
        for _ in range(2):
            with pytest.raises(NotDelivered):
                await acme.sender.send(for_(endpoint))
            since.append((await acme.reload(endpoint)).failing_since)
        assert since[0] is not None
        assert since[0] == since[1]
        await acme.sender.send(for_(endpoint))
        assert (await acme.reload(endpoint)).failing_since is None

    async def test_keeping_the_books_is_in_nobodys_way(self, acme: Acme, receiver: Receiver) -> None:
        """Whoever has the endpoint open in a form can still save it."""
        receiver.answers = [status(500), empty]
        endpoint = await acme.endpoint(receiver.url)
        with pytest.raises(NotDelivered):
            await acme.sender.send(for_(endpoint))
        assert (await acme.reload(endpoint)).version == endpoint.version

    async def test_one_that_failed_for_long_is_switched_off_and_admins_are_told_once(
        self, acme: Acme, receiver: Receiver
    ) -> None:
        receiver.answers = [status(500)]
        endpoint = await acme.endpoint(receiver.url, failing_since=utc_now() - 121 * HOUR)
        waiting = for_(endpoint)
        await acme.repositories.deliveries("acme").put(waiting)
        with pytest.raises(TargetGone) as failed:
            await acme.sender.send(for_(endpoint))
        assert failed.value.exchange.status == 500

        now = await acme.reload(endpoint)
        assert not now.enabled
        assert now.disabled_reason is not None
        assert now.version == endpoint.version + 1
        found = await acme.repositories.deliveries("acme").get(waiting.id)
        assert found is not None
        assert found.status is DeliveryStatus.CANCELLED
        with pytest.raises(TargetGone):
            await acme.sender.send(for_(endpoint))
        [notice] = await acme.repositories.notices.list_due(utc_now(), limit=10)
        assert notice.topic is Topic.ENDPOINT_DISABLED
        assert notice.id == f"{endpoint.id}.v2"
        assert notice.payload == {"endpoint_id": endpoint.id, "code": "failing"}

    async def test_one_that_failed_for_less_is_not(self, acme: Acme, receiver: Receiver) -> None:
        receiver.answers = [status(500)]
        endpoint = await acme.endpoint(receiver.url, failing_since=utc_now() - 119 * HOUR)
        with pytest.raises(NotDelivered):
            await acme.sender.send(for_(endpoint))
        assert (await acme.reload(endpoint)).enabled

    async def test_a_failure_of_long_ago_and_one_of_now_are_no_series(
        self, acme: Acme, receiver: Receiver
    ) -> None:
        """A message that was given up in between was no success, either."""
        receiver.answers = [status(500)]
        endpoint = await acme.endpoint(
            receiver.url, failing_since=utc_now() - 300 * HOUR, last_failed_at=utc_now() - 200 * HOUR
        )
        with pytest.raises(NotDelivered):
            await acme.sender.send(for_(endpoint))
        now = await acme.reload(endpoint)
        assert now.enabled
        assert now.failing_since is not None
        assert utc_now() - now.failing_since < HOUR

    async def test_failures_a_day_apart_are_a_series(self, acme: Acme, receiver: Receiver) -> None:
        receiver.answers = [status(500)]
        endpoint = await acme.endpoint(
            receiver.url, failing_since=utc_now() - 121 * HOUR, last_failed_at=utc_now() - 25 * HOUR
        )
        with pytest.raises(TargetGone):
            await acme.sender.send(for_(endpoint))
        assert not (await acme.reload(endpoint)).enabled

    @pytest.mark.parametrize("code", [410, 500])
    async def test_what_the_address_before_answered_is_not_held_against_the_new_one(
        self, acme: Acme, receiver: Receiver, code: int
    ) -> None:
        receiver.answers, receiver.release = [status(code)], asyncio.Event()
        endpoint = await acme.endpoint(receiver.url, failing_since=utc_now() - 121 * HOUR)
        async with asyncio.TaskGroup() as group:
            sending = group.create_task(failure_of(acme.sender.send(for_(endpoint))))
            await receiver.wait_for(1)
            new = {"url": f"{receiver.url}/new"}
            await acme.endpoints.update("acme", endpoint.id, new, expected_version=None)
            receiver.release.set()
        now = await acme.reload(endpoint)
        assert (now.enabled, now.failing_since) == (True, None)
        # It is still wanted, at the new address.
        assert not isinstance(sending.result(), TargetGone)
        assert sending.result().code == "endpoint_refused"

    async def test_one_that_says_it_is_gone_is_switched_off_at_once(
        self, acme: Acme, receiver: Receiver
    ) -> None:
        receiver.answers = [status(410)]
        endpoint = await acme.endpoint(receiver.url)
        with pytest.raises(TargetGone) as failed:
            await acme.sender.send(for_(endpoint))
        assert failed.value.exchange.status == 410
        assert not (await acme.reload(endpoint)).enabled
        [notice] = await acme.repositories.notices.list_due(utc_now(), limit=10)
        assert notice.payload["code"] == "gone"

    async def test_an_edit_at_the_same_moment_is_kept(self, acme: Acme) -> None:
        endpoint = await acme.endpoint("http://127.0.0.1/")

        async def edit() -> None:
            await acme.endpoints.update("acme", endpoint.id, {"description": "edited"}, expected_version=None)

        health = EndpointHealth(Interrupted(acme.repositories, edit), 120 * HOUR)
        assert not await health.failed(endpoint)
        now = await acme.reload(endpoint)
        assert now.failing_since is not None
        assert now.description == "edited"

    @pytest.mark.parametrize("act", ["edit", "disable", "delete"])
    async def test_admins_are_not_told_of_a_switching_off_that_a_person_forestalled(
        self, acme: Acme, act: str
    ) -> None:
        endpoint = await acme.endpoint("http://127.0.0.1/", failing_since=utc_now() - 121 * HOUR)

        async def forestall() -> None:
            if act == "edit":
                moved = {"url": "http://127.0.0.1/new"}
                await acme.endpoints.update("acme", endpoint.id, moved, expected_version=None)
            else:
                await getattr(acme.endpoints, act)("acme", endpoint.id)

        health = EndpointHealth(Interrupted(acme.repositories, forestall), 120 * HOUR)
        await health.failed(endpoint)
        assert await acme.repositories.notices.list_due(utc_now(), limit=10) == []

    async def test_another_workers_notice_stays(self, acme: Acme) -> None:
        endpoint = await acme.endpoint("http://127.0.0.1/", failing_since=utc_now() - 121 * HOUR)

        async def forestall() -> None:
            assert await EndpointHealth(acme.repositories, 120 * HOUR).failed(endpoint)

        assert await EndpointHealth(Interrupted(acme.repositories, forestall), 120 * HOUR).failed(endpoint)
        [notice] = await acme.repositories.notices.list_due(utc_now(), limit=10)
        assert notice.id == f"{endpoint.id}.v2"

    async def test_a_test_message_clears_a_failure_and_is_never_one(
        self, acme: Acme, receiver: Receiver
    ) -> None:
        receiver.answers = [status(500), empty]
        endpoint = await acme.endpoint(receiver.url, failing_since=utc_now() - 200 * HOUR)
        assert not (await acme.endpoints.test("acme", endpoint.id)).delivered
        assert (await acme.reload(endpoint)).enabled
        assert (await acme.endpoints.test("acme", endpoint.id)).delivered
        assert (await acme.reload(endpoint)).failing_since is None


class TestRecovery:
    async def test_what_never_arrived_since_then_is_sent_again(self, acme: Acme) -> None:
        endpoint = await acme.endpoint("http://127.0.0.1/")
        deliveries = acme.repositories.deliveries("acme")
        began = utc_now() - 10 * HOUR
        rows = {
            "old": (began - HOUR, DeliveryStatus.DEAD),
            "dead": (began + HOUR, DeliveryStatus.DEAD),
            "cancelled": (began + HOUR, DeliveryStatus.CANCELLED),
            "delivered": (began + HOUR, DeliveryStatus.DELIVERED),
        }
        ids = {}
        for name, (at, state) in rows.items():
            row = for_(endpoint, notice_id=name, created_at=at, status=state, finished_at=at)
            await deliveries.put(row)
            ids[row.id] = name
        other = a_delivery(
            notice_id="other", created_at=began + HOUR, status=DeliveryStatus.DEAD, finished_at=began
        )
        await deliveries.put(other)

        assert await acme.endpoints.recover("acme", endpoint.id, began) == 2
        now = {ids[i]: (await deliveries.get(i)) for i in ids}
        pending = {name for name, row in now.items() if row and row.status is DeliveryStatus.PENDING}
        assert pending == {"dead", "cancelled"}
        assert await acme.endpoints.recover("acme", endpoint.id, began) == 0
        assert Carrier.WEBHOOK.value in other.id
