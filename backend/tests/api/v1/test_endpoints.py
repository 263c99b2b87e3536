"""Webhook endpoints over the API, and the way from an interview to somebody's program."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.fixtures.server import SAMPLES, RunningServer, SettingsFactory, running, wait_until
from tests.fixtures.webhook_receiver import Receiver, status

PATH = "/organisation/endpoints"
PUBLIC = "https://93.184.216.34/hook"


@pytest.fixture
async def trusting(settings_with: SettingsFactory) -> AsyncIterator[RunningServer]:
    """A server whose operator lets people name this machine."""
    groups = {"outgoing": {"outgoing_private_hosts": ("127.0.0.1",)}, "worker": {"worker_in_process": False}}
    async with running(settings_with(**groups)) as shown:
        yield shown


async def created(api: httpx.AsyncClient, **body: object) -> dict[str, object]:
    answer = await api.post(PATH, json={"url": PUBLIC, **body})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


class TestKeeping:
    async def test_the_secret_is_shown_once(self, api: httpx.AsyncClient) -> None:
        made = await created(api, description="Our ATS", topics=["interview.failed", "debrief.ready"])
        secret = str(made["secret"])
        assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", secret)
        assert made["topics"] == ["debrief.ready", "interview.failed"]
        for path in (PATH, f"{PATH}/{made['id']}"):
            shown = await api.get(path)
            assert shown.status_code == 200
            assert secret not in shown.text
            assert "Our ATS" in shown.text

    async def test_list_in_pages(self, api: httpx.AsyncClient) -> None:
        made = [(await created(api))["id"] for _ in range(3)]
        first = (await api.get(PATH, params={"limit": 2})).json()
        rest = (await api.get(PATH, params={"limit": 2, "cursor": first["next_cursor"]})).json()
        assert [e["id"] for e in first["items"] + rest["items"]] == made[::-1]
        assert rest["next_cursor"] is None

    async def test_change_what_is_given_if_nobody_else_did(self, api: httpx.AsyncClient) -> None:
        made = await created(api, description="Our ATS")
        path = f"{PATH}/{made['id']}"
        changed = await api.patch(path, json={"topics": ["debrief.ready"]}, headers={"If-Match": '"1"'})
        assert changed.status_code == 200
        assert changed.headers["ETag"] == '"2"'
        assert changed.json()["description"] == "Our ATS"
        assert changed.json()["url"] == PUBLIC
        late = await api.patch(path, json={"description": "x"}, headers={"If-Match": '"1"'})
        assert (late.status_code, late.json()["code"]) == (412, "version_mismatch")

    async def test_switch_off_and_on_and_remove(self, api: httpx.AsyncClient) -> None:
        path = f"{PATH}/{(await created(api))['id']}"
        assert (await api.post(f"{path}/disable")).json()["enabled"] is False
        refused = await api.post(f"{path}/recover", json={"since": datetime.now(UTC).isoformat()})
        assert (refused.status_code, refused.json()["code"]) == (409, "endpoint_disabled")
        assert (await api.post(f"{path}/enable")).json()["enabled"] is True
        assert (await api.delete(path)).status_code == 204
        for gone in (await api.get(path), await api.delete(path), await api.post(f"{path}/test")):
            assert (gone.status_code, gone.json()["code"]) == (404, "endpoint_not_found")

    async def test_rotate_the_secret(self, api: httpx.AsyncClient) -> None:
        made = await created(api)
        rotated = (await api.post(f"{PATH}/{made['id']}/secret/rotate", json={"overlap_hours": 2})).json()
        assert rotated["secret"] != made["secret"]
        assert [s["expires_at"] is None for s in rotated["secrets"]] == [True, False]
        ends = datetime.fromisoformat(rotated["secrets"][1]["expires_at"])
        assert timedelta(hours=1) < ends - datetime.now(UTC) < timedelta(hours=3)
        day = (await api.post(f"{PATH}/{made['id']}/secret/rotate")).json()
        assert len(day["secrets"]) == 3

    async def test_another_organisations_endpoint_is_not_there(self, server: RunningServer) -> None:
        made = await created(server.client("ada"))
        stranger = server.client("eve")
        assert (await stranger.get(f"{PATH}/{made['id']}")).status_code == 404
        assert (await stranger.get(PATH)).json()["items"] == []

    async def test_there_are_not_endlessly_many(self, api: httpx.AsyncClient) -> None:
        for _ in range(20):
            await created(api)
        refused = await api.post(PATH, json={"url": PUBLIC})
        assert (refused.status_code, refused.json()["code"]) == (409, "too_many_endpoints")


class TestAddresses:
    @pytest.mark.parametrize(
        "url",
        [
            *(
                "http://127.0.0.1/",
                "http://localhost:8000/",
                "http://2130706433/",
                "http://[::ffff:127.0.0.1]/",
            ),
            *(
                "http://169.254.169.254/latest/meta-data/",
                "ftp://93.184.216.34/",
                "https://me:pw@93.184.216.34/",
            ),
        ],
    )
    async def test_that_must_not_be_called_are_refused_whenever_they_are_entered(
        self, api: httpx.AsyncClient, url: str
    ) -> None:
        made = await created(api)
        for refused in (
            await api.post(PATH, json={"url": url}),
            await api.patch(f"{PATH}/{made['id']}", json={"url": url}),
        ):
            assert (refused.status_code, refused.json()["code"]) == (422, "unsafe_address")
        assert (await api.get(f"{PATH}/{made['id']}")).json()["url"] == PUBLIC

    async def test_of_hosts_that_the_operator_names_are_taken(self, trusting: RunningServer) -> None:
        made = await created(trusting.client(), url="http://127.0.0.1:8443/x")
        assert made["url"] == "http://127.0.0.1:8443/x"

    @pytest.mark.parametrize("topic", ["mention", "endpoint.disabled"])
    async def test_machines_hear_nothing_of_what_concerns_a_person(
        self, api: httpx.AsyncClient, topic: str
    ) -> None:
        refused = await api.post(PATH, json={"url": PUBLIC, "topics": [topic]})
        assert (refused.status_code, refused.json()["code"]) == (422, "event_type_unknown")
        assert "debrief.ready" in refused.json()["detail"]


class TestTrying:
    async def test_a_test_message_is_sent_at_once_and_signed(
        self, trusting: RunningServer, receiver: Receiver
    ) -> None:
        api = trusting.client()
        made = await created(api, url=receiver.url)
        outcome = (await api.post(f"{PATH}/{made['id']}/test")).json()
        [call] = receiver.calls
        assert (outcome["delivered"], outcome["status"], outcome["code"]) == (True, 204, None)
        assert call.is_signed_with(str(made["secret"]))
        assert call.event["type"] == "endpoint.test"
        assert call.id in outcome["request"]

    async def test_what_went_wrong_is_told(self, trusting: RunningServer, receiver: Receiver) -> None:
        receiver.answers = [status(500)]
        api = trusting.client()
        made = await created(api, url=receiver.url)
        outcome = (await api.post(f"{PATH}/{made['id']}/test")).json()
        assert (outcome["delivered"], outcome["status"]) == (False, 500)
        assert outcome["code"] == "endpoint_refused"
        assert outcome["response"] == "answered 500"


class TestFromInterviewToProgram:
    async def test_a_debrief_is_told_to_those_who_want_to_hear_of_it(
        self, settings_with: SettingsFactory, receiver: Receiver
    ) -> None:
        outgoing = {"outgoing_private_hosts": ("127.0.0.1",), "delivery_backoff_seconds": (0.1,) * 5}
        async with running(settings_with(outgoing=outgoing)) as server:
            api = server.client()
            receiver.answers = [status(503), status(204)]
            made = await created(api, url=receiver.url, topics=["debrief.ready"])
            await created(api, url=f"{receiver.url}/failures", topics=["interview.failed"])
            body = {"title": "Backend engineer", "candidate": {"name": "Daniel Okafor"}}
            interview = (await api.post("/interviews", json=body)).json()["id"]
            script = (SAMPLES / "script.json").read_bytes()
            await api.put(f"/interviews/{interview}/transcript", content=script)
            await wait_until(api, interview, "done", "failed")

            first, again = (await receiver.wait_for(2))[:2]
            assert first.is_signed_with(str(made["secret"]))
            assert (first.id, first.body) == (again.id, again.body)
            assert first.event["type"] == "debrief.ready"
            assert first.event["data"]["interview_id"] == interview
            assert first.event["data"]["link"].endswith(f"/interviews/{interview}")
            assert b"Daniel" not in first.body
        assert len(receiver.calls) == 2

    async def test_admins_find_in_their_inbox_that_an_endpoint_was_switched_off(
        self, settings_with: SettingsFactory, receiver: Receiver
    ) -> None:
        async with running(settings_with(outgoing={"outgoing_private_hosts": ("127.0.0.1",)})) as server:
            api = server.client()
            receiver.answers = [status(410)]
            made = await created(api, url=receiver.url, topics=["debrief.ready"])
            interview = (await api.post("/interviews", json={"title": "Backend engineer"})).json()["id"]
            script = (SAMPLES / "script.json").read_bytes()
            await api.put(f"/interviews/{interview}/transcript", content=script)
            await receiver.wait_for(1)
            items: list[dict[str, object]] = []
            async with asyncio.timeout(60):
                while not items:
                    await asyncio.sleep(0.05)
                    inbox = (await api.get("/inbox")).json()["items"]
                    items = [item for item in inbox if item["topic"] == "endpoint.disabled"]
            assert items[0]["payload"] == {"endpoint_id": made["id"], "code": "gone"}
            shown = (await api.get(f"{PATH}/{made['id']}")).json()
            assert shown["enabled"] is False
            assert "410" in shown["disabled_reason"]
            params = {"carrier": "webhook", "target_id": made["id"]}
            async with asyncio.timeout(60):
                while (log := (await api.get("/deliveries", params=params)).json()["items"])[0][
                    "status"
                ] == "pending":
                    await asyncio.sleep(0.05)
            assert [d["status"] for d in log] == ["cancelled"]
            shown = (await api.get(f"/deliveries/{log[0]['id']}")).json()
            assert [(t["code"], t["status"]) for t in shown["tried"]] == [("endpoint_gone", 410)]
