"""`/metrics` as Prometheus reads it: who may, what is in it, and what never is."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics_families
from pydantic import SecretStr

from app.core.config import Environment, Settings
from tests.fixtures.loopback import UNUSED_TLS
from tests.fixtures.scraping import parsed, scrape
from tests.fixtures.server import SAMPLES, RunningServer, SettingsFactory, running, token_for, wait_until

TOKEN = "metrics-0f1e2d3c4b5a69788796a5b4c3d2e1f0"


async def get(url: str, path: str = "/metrics", **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False, verify=UNUSED_TLS) as anybody:
        return await anybody.get(f"{url}{path}", headers=headers)


class TestAccess:
    async def test_without_a_token_it_is_open_outside_production(self, server: RunningServer) -> None:
        answer = await get(server.url)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")

    async def test_in_production_it_is_not_there_without_a_token(
        self, settings_with: SettingsFactory
    ) -> None:
        settings = settings_with(
            server={"environment": Environment.PRODUCTION}, worker={"worker_in_process": False}
        )
        async with running(settings) as server:
            answer = await get(server.url, Authorization=f"Bearer {TOKEN}")
            nowhere = await get(server.url, "/nothing")
        assert answer.status_code == nowhere.status_code == 404
        assert answer.json() | {"request_id": None} == nowhere.json() | {"request_id": None}

    @pytest.mark.parametrize(
        "authorization", [None, TOKEN, "Bearer", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer ÿ"]
    )
    async def test_with_a_token_only_the_token_opens_it(
        self, settings_with: SettingsFactory, authorization: str | None
    ) -> None:
        settings = settings_with(
            server={"environment": Environment.PRODUCTION},
            telemetry={"metrics_token": SecretStr(TOKEN)},
            worker={"worker_in_process": False},
        )
        headers: Any = {} if authorization is None else {"Authorization": authorization.encode("latin-1")}
        async with running(settings) as server:
            refused = await get(server.url, **headers)
            allowed = await get(server.url, Authorization=f"bearer {TOKEN}")
        assert (refused.status_code, refused.json()["code"]) == (401, "metrics_token_invalid")
        assert allowed.status_code == 200

    async def test_it_is_no_part_of_the_described_api(self, server: RunningServer) -> None:
        described = (await get(server.url, "/openapi.json")).json()
        assert "/metrics" not in described["paths"]


class TestForm:
    async def test_openmetrics_for_who_asks_for_it(self, server: RunningServer) -> None:
        answer = await get(server.url, Accept="application/openmetrics-text; version=1.0.0, text/plain;q=0.5")
        assert answer.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
        names = {family.name for family in openmetrics_families(answer.text)}
        assert {"debrief_http_requests", "debrief_interviews", "process_cpu_seconds"} <= names

    async def test_names_keep_to_the_conventions(self, server: RunningServer) -> None:
        found = await scrape(server.url)
        ours = {name: kind for name, kind in found.families.items() if name.startswith("debrief_")}
        assert all(re.fullmatch(r"[a-z][a-z0-9_]*[a-z0-9]", name) for name in ours)
        assert all(name.endswith("_seconds") for name, kind in ours.items() if kind == "histogram")
        assert {"gauge", "counter", "histogram"} == set(ours.values())


class TestRequests:
    async def test_they_are_counted_by_route_method_and_class(self, server: RunningServer) -> None:
        api, name = server.client(), "debrief_http_requests_total"
        one = {"method": "GET", "route": "/api/v1/interviews/{interview_id}"}
        before = await scrape(server.url)
        created = (await api.post("/interviews", json={"title": "Counted"})).json()
        for interview in (created["id"], created["id"], "nobody"):
            await api.get(f"/interviews/{interview}")
        await api.get("/no/such/route")
        await api.request("PROPFIND", "/interviews")
        after = await scrape(server.url)

        def more(**labels: str) -> float:
            return after.value(name, **labels) - before.value(name, **labels)

        assert more(status="2xx", **one) == 2
        assert more(status="4xx", **one) == 1
        assert more(method="POST", route="/api/v1/interviews", status="2xx") == 1
        assert more(method="GET", route="none", status="4xx") == 1
        assert more(method="other", route="/api/v1/interviews", status="4xx") == 1
        seconds = "debrief_http_request_duration_seconds_count"
        assert after.value(seconds, **one) - before.value(seconds, **one) == 3

    async def test_every_websocket_is_counted_while_it_is_open(self, server: RunningServer) -> None:
        async def clients() -> float:
            return (await scrape(server.url)).value("debrief_websocket_clients", route="/api/v1/ws")

        before = await clients()
        headers = {"Authorization": f"Bearer {token_for('ada')}"}
        async with websockets.connect(
            server.websocket("/ws"), additional_headers=headers, proxy=None
        ) as socket:
            await socket.recv()
            assert await clients() == before + 1
        async with asyncio.timeout(60):
            while await clients() != before:
                await asyncio.sleep(0.02)


class TestWork:
    async def test_steps_events_and_states_of_an_interview(self, settings_with: SettingsFactory) -> None:
        async with running(settings_with()) as server:
            before, api = await scrape(server.url), server.client()
            made = (await api.post("/interviews", json={"title": "Counted"})).json()["id"]
            script = (SAMPLES / "script.json").read_bytes()
            await api.put(f"/interviews/{made}/transcript", content=script)
            await wait_until(api, made, "done", "failed")
            async with asyncio.timeout(60):
                # What the database says is kept for some seconds.
                while (after := await scrape(server.url)).value("debrief_interviews", status="done") != 1:
                    await asyncio.sleep(0.1)
        for step in ("ingesting", "analysing", "notifying"):
            labels = {"step": step, "outcome": "committed"}
            name = "debrief_step_attempts_total"
            assert after.value(name, **labels) - before.value(name, **labels) == 1
            name = "debrief_step_duration_seconds_count"
            assert after.value(name, step=step) - before.value(name, step=step) == 1
            assert after.value("debrief_steps_running", step=step) == 0
        name = "debrief_events_published_total"
        assert after.total(name, kind="interview.changed") > before.total(name, kind="interview.changed")
        assert after.value("debrief_scrape_ok") == 1
        assert after.value("debrief_steps_stuck") == 0

    async def test_no_label_holds_an_id_an_organisation_or_a_path(
        self, settings_with: SettingsFactory
    ) -> None:
        async with running(settings_with(worker={"worker_in_process": False})) as server:
            api = server.client()
            made = (await api.post("/interviews", json={"title": "Secretive"})).json()
            me = (await api.get("/me")).json()
            await api.get(f"/interviews/{made['id']}?ticket=hunter2")
            await server.client(None).post("/webhooks/deepgram/hunter2.hunter2.1.hunter2", json={})
            text = (await get(server.url)).text
        for secret in (made["id"], me["organisations"][0]["id"], "hunter2", "ada@example.com", "Secretive"):
            assert secret not in text


def spoil(data_dir: Path) -> None:
    for file in data_dir.glob("*.db*"):
        file.write_bytes(b"this is no database")


async def test_a_page_comes_without_the_database_too(settings: Settings, tmp_path: Path) -> None:
    async with running(settings) as server:
        spoil(tmp_path)
        found = await scrape(server.url)
    assert found.value("debrief_scrape_ok") == 0
    assert "debrief_interviews" not in found.families, "no figure is better than an old one"
    assert found.value("process_start_time_seconds") > 0


def test_what_is_parsed_is_what_a_page_says() -> None:
    found = parsed('# TYPE a counter\na_total 1\n# TYPE b histogram\nb_bucket{le="1"} 1\n')
    assert found.names >= {"a_total", "b_bucket", "b_sum", "b_count"}
