"""Webhooks out: what is posted and how it is signed, what counts as taken, and when an endpoint is given up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.core.outgoing import OutgoingRules
from app.models.base import utc_now
from app.models.delivery import Carrier, Delivery, DeliveryStatus
from app.models.endpoint import Endpoint
from app.models.interview import Participant, Status
from app.models.notification import Topic
from app.models.organisation import NotificationRule
from app.repositories.base import Repositories
from app.services.endpoints import EndpointDraft, EndpointService
from app.services.notification.base import NotDelivered, TargetGone
from app.services.notification.endpoint_health import EndpointHealth
from app.services.notification.rendering.links import Links
from app.services.notification.webhooks import WebhookSender
from tests.fixtures.documents import a_delivery, an_endpoint, an_interview, an_organisation
from tests.fixtures.tls import Authority
from tests.fixtures.webhook_receiver import Receiver, empty, endless, receiving, status, trickling

HOUR = timedelta(hours=1)
LOOPBACK = OutgoingRules.of(["127.0.0.1"], https_only=False)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as opened:
        yield opened


class Acme:
    """An organisation with one interview and one endpoint."""

    def __init__(self, repositories: Repositories, **sender: Any) -> None:
        self.repositories = repositories
        self.sender = WebhookSender(
            repositories,
            Links("https://app.example"),
            sender.pop("rules", LOOPBACK),
            disable_after=120 * HOUR,
            **sender,
        )
        self.endpoints = EndpointService(repositories, self.sender, LOOPBACK)

    async def founded(self, *, content: bool = False) -> Acme:
        rule = NotificationRule(content=content)
        await self.repositories.people.insert_organisation(an_organisation(id="acme", notifications=rule))
        await self.repositories.interviews("acme").insert(
            an_interview(
                id="i",
                title="Staff engineer",
                candidate=Participant(name="Daniel Okafor"),
                position="Platform",
                external_id="ats-7",
            )
        )
        return self

    async def endpoint(self, url: str, **fields: Any) -> Endpoint:
        endpoint = an_endpoint(url=url, **fields)
        await self.repositories.endpoints("acme").insert(endpoint)
        return endpoint

    async def reload(self, endpoint: Endpoint) -> Endpoint:
        found = await self.repositories.endpoints("acme").get(endpoint.id)
        assert found is not None
        return found


class Interrupted:
    """A database in which somebody else does something right before the first write to an endpoint."""

    def __init__(self, repositories: Repositories, act: Callable[[], Awaitable[None]]) -> None:
        self._repositories = repositories
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


def for_(endpoint: Endpoint, **fields: Any) -> Delivery:
    return a_delivery(**({"target_id": endpoint.id, "payload": {"analysis_revision": 2}} | fields))


@pytest.fixture
async def acme(embedded: Repositories) -> Acme:
    return await Acme(embedded).founded()


SECRET = an_endpoint().secrets[0].value


class TestMessage:
    async def test_is_signed_by_the_specification_and_names_no_candidate(
        self, acme: Acme, receiver: Receiver
    ) -> None:
        endpoint = await acme.endpoint(receiver.url)
        exchange = await acme.sender.send(for_(endpoint, notice_id="n1"))
        [call] = receiver.calls
        assert exchange.status == 204
        assert call.is_signed_with(SECRET)
        assert call.id == "msg_n1"
        assert call.headers["content-type"] == "application/json"
        assert call.event == {
            "type": "debrief.ready",
            "timestamp": "2026-03-01T12:00:00.123Z",
            "data": {
                "analysis_revision": 2,
                "organisation_id": "acme",
                "interview_id": "i",
                "link": "https://app.example/interviews/i",
            },
        }
        for word in (b"Daniel", b"Okafor", b"Staff", b"Platform", b"ats-7"):
            assert word not in call.body

    async def test_names_them_where_the_organisation_allows_it(
        self, embedded: Repositories, receiver: Receiver
    ) -> None:
        acme = await Acme(embedded).founded(content=True)
        await acme.sender.send(for_(await acme.endpoint(receiver.url)))
        assert receiver.calls[0].event["data"]["interview"] == {
            "title": "Staff engineer",
            "candidate": "Daniel Okafor",
            "position": "Platform",
            "external_id": "ats-7",
        }

    async def test_has_the_same_id_and_the_same_bytes_in_every_attempt_and_a_fresh_time(
        self, acme: Acme, receiver: Receiver
    ) -> None:
        receiver.answers = [status(500), empty]
        delivery = for_(await acme.endpoint(receiver.url))
        with pytest.raises(NotDelivered):
            await acme.sender.send(delivery)
        await acme.sender.send(delivery)
        first, second = receiver.calls
        assert (first.id, first.body) == (second.id, second.body)
        assert second.is_signed_with(SECRET)
        assert abs(int(second.headers["webhook-timestamp"]) - datetime.now(UTC).timestamp()) < 60

    async def test_the_log_has_what_was_sent_and_no_signature(self, acme: Acme, receiver: Receiver) -> None:
        receiver.answers = [status(200)]
        exchange = await acme.sender.send(for_(await acme.endpoint(receiver.url), notice_id="n1"))
        assert "webhook-id: msg_n1" in exchange.request
        assert '"type":"debrief.ready"' in exchange.request
        assert exchange.response == "answered 200"
        assert "signature" not in exchange.request
        assert receiver.calls[0].signatures[0].split(",")[1] not in exchange.request


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


class TestWhatIsNotTaken:
    @pytest.mark.parametrize("code", [200, 201, 202, 204, 299])
    async def test_any_success_is_one(self, acme: Acme, receiver: Receiver, code: int) -> None:
        receiver.answers = [status(code)]
        assert (await acme.sender.send(for_(await acme.endpoint(receiver.url)))).status == code

    @pytest.mark.parametrize("code", [301, 302, 307, 308])
    async def test_a_redirect_is_explained_and_not_followed(
        self, acme: Acme, receiver: Receiver, code: int
    ) -> None:
        receiver.answers = [status(code, location=receiver.url), empty]
        with pytest.raises(NotDelivered, match="Redirects are not followed") as failed:
            await acme.sender.send(for_(await acme.endpoint(receiver.url)))
        assert failed.value.code == "endpoint_redirects"
        assert len(receiver.calls) == 1

    @pytest.mark.parametrize("code", [400, 404, 429, 500, 503])
    async def test_a_refusal_has_the_answer_with_it(self, acme: Acme, receiver: Receiver, code: int) -> None:
        receiver.answers = [status(code, retry_after="17")]
        with pytest.raises(NotDelivered) as failed:
            await acme.sender.send(for_(await acme.endpoint(receiver.url)))
        assert failed.value.code == "endpoint_refused"
        assert failed.value.exchange.status == code
        assert failed.value.exchange.response == f"answered {code}"
        assert failed.value.retry_after == (17 if code in (429, 503) else None)

    async def test_nobody_there(self, acme: Acme) -> None:
        with pytest.raises(NotDelivered) as failed:
            await acme.sender.send(for_(await acme.endpoint("http://127.0.0.1:9/")))
        assert failed.value.code == "endpoint_unreachable"
        assert "webhook-id" in failed.value.exchange.request

    async def test_an_endpoint_that_never_answers(self, embedded: Repositories, receiver: Receiver) -> None:
        acme = await Acme(embedded, seconds=0.2).founded()
        receiver.release = asyncio.Event()
        with pytest.raises(NotDelivered) as failed:
            await acme.sender.send(for_(await acme.endpoint(receiver.url)))
        receiver.release.set()
        assert failed.value.code == "endpoint_timeout"

    async def test_an_answer_without_end_is_an_answer(self, acme: Acme, receiver: Receiver) -> None:
        receiver.answers = [endless]
        exchange = await acme.sender.send(for_(await acme.endpoint(receiver.url)))
        assert exchange.status == 200
        assert exchange.response == "x" * 2000

    async def test_an_answer_that_stops_in_the_middle_is_one_too(
        self, acme: Acme, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("app.services.notification.providers.webhook._ANSWER_SECONDS", 0.2)
        receiver.answers = [trickling]
        exchange = await acme.sender.send(for_(await acme.endpoint(receiver.url)))
        assert exchange.status == 200

    async def test_an_address_that_became_private(self, embedded: Repositories, receiver: Receiver) -> None:
        async def rebound(_host: str, _port: int) -> list[str]:
            return ["127.0.0.1"]

        rules = OutgoingRules.of((), https_only=False, resolver=rebound)
        acme = await Acme(embedded, rules=rules).founded()
        port = receiver.url.rpartition(":")[2]
        with pytest.raises(NotDelivered) as failed:
            await acme.sender.send(for_(await acme.endpoint(f"http://hooks.example:{port}")))
        assert failed.value.code == "unsafe_address"
        assert receiver.calls == []

    async def test_a_certificate_of_somebody_else(self, embedded: Repositories, tmp_path: Path) -> None:
        async def loopback(_host: str, _port: int) -> list[str]:
            return ["127.0.0.1"]

        authority = Authority(tmp_path)
        rules = OutgoingRules.of(["hooks.test"], https_only=True, resolver=loopback)
        acme = await Acme(embedded, rules=rules, certificates=authority.client_context()).founded()
        server = await asyncio.start_server(
            lambda _reader, writer: writer.close(), "127.0.0.1", 0, ssl=authority.server_context("other.test")
        )
        async with server:
            port = server.sockets[0].getsockname()[1]
            with pytest.raises(NotDelivered) as failed:
                await acme.sender.send(for_(await acme.endpoint(f"https://hooks.test:{port}/")))
        assert failed.value.code == "endpoint_certificate"


class TestWhatIsGone:
    async def test_is_told_apart_from_failure(self, acme: Acme, receiver: Receiver) -> None:
        endpoint = await acme.endpoint(receiver.url)
        off = await acme.endpoint(receiver.url, enabled=False)
        for delivery in (
            a_delivery(target_id="none"),
            for_(off),
            for_(endpoint, interview_id="none"),
            for_(endpoint, organisation_id="other"),
        ):
            with pytest.raises(TargetGone):
                await acme.sender.send(delivery)
        assert receiver.calls == []

    async def test_an_interview_that_is_being_deleted_is_not_told_of(
        self, acme: Acme, receiver: Receiver
    ) -> None:
        await acme.repositories.interviews("acme").insert(an_interview(id="d", status=Status.DELETING))
        with pytest.raises(TargetGone):
            await acme.sender.send(for_(await acme.endpoint(receiver.url), interview_id="d"))
        assert receiver.calls == []


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
