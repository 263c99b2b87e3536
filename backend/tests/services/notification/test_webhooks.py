"""Webhooks out: what is posted and how it is signed, what counts as taken, and when an endpoint is given up."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from app.core.outgoing import OutgoingRules
from app.models.delivery import DeliveryStatus
from app.models.interview import Status
from app.models.notification import Topic
from app.repositories.base import Repositories
from app.services.notification.base import NotDelivered, TargetGone
from tests.fixtures.documents import a_delivery, a_scorecard_request, an_interview
from tests.fixtures.endpoints import SECRET, Acme, for_
from tests.fixtures.tls import Authority
from tests.fixtures.webhook_receiver import Receiver, empty, endless, status, trickling


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

    async def test_an_endpoint_may_ask_for_a_day(self, acme: Acme, receiver: Receiver) -> None:
        later = format_datetime(datetime.now(UTC) + timedelta(days=9))
        receiver.answers = [status(429, retry_after="7200"), status(503, retry_after=later)]
        delivery, asked = for_(await acme.endpoint(receiver.url)), []
        for _ in range(2):
            with pytest.raises(NotDelivered) as failed:
                await acme.sender.send(delivery)
            asked.append(failed.value.retry_after)
        assert asked == [7200, 86_400]

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

    async def test_a_request_for_a_scorecard_that_does_not_stand_is_not_told_of(
        self, acme: Acme, receiver: Receiver
    ) -> None:
        requests = acme.repositories.scorecard_requests("acme")
        request = a_scorecard_request("i")
        await requests.save(request, expected_version=0)
        told = {"user_id": "ann", "requested_by": "bo", "due_at": request.due_at.isoformat()}
        standing = for_(
            await acme.endpoint(receiver.url), topic=Topic.SCORECARD_OVERDUE, interview_id="i", payload=told
        )
        await acme.sender.send(standing)
        before = {**told, "due_at": (request.due_at - timedelta(days=1)).isoformat()}
        with pytest.raises(TargetGone, match="asked for anew"):
            await acme.sender.send(standing.model_copy(update={"payload": before}))
        await requests.delete("i", "ann")
        with pytest.raises(TargetGone, match="not asked for any more"):
            await acme.sender.send(standing)
        assert len(receiver.calls) == 1

    @pytest.mark.parametrize("act", ["disable", "delete"])
    async def test_what_waits_is_cancelled_when_a_person_ends_it(self, acme: Acme, act: str) -> None:
        endpoint = await acme.endpoint("http://127.0.0.1/")
        waiting, other = for_(endpoint), a_delivery(target_id="another")
        for delivery in (waiting, other):
            await acme.repositories.deliveries("acme").put(delivery)
        await getattr(acme.endpoints, act)("acme", endpoint.id)
        states = [await acme.repositories.deliveries("acme").get(d.id) for d in (waiting, other)]
        assert [s.status for s in states if s] == [DeliveryStatus.CANCELLED, DeliveryStatus.PENDING]
