"""One upload, followed through two processes and two vendors: by its logs, its traces and what was counted.

An API here and a worker in a process of its own; the transcript comes to the API's webhook, in a request that the
vendor makes.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import structlog
from pydantic import SecretStr

from app.core.config import DeepgramDelivery
from app.core.logging import configure_logging
from tests.fixtures.deepgram import RunningDeepgram, running_deepgram
from tests.fixtures.openai import RunningOpenAI, running_openai
from tests.fixtures.otlp import Collector, Seen, running_collector
from tests.fixtures.scraping import Scrape, scrape
from tests.fixtures.server import PATIENCE, SAMPLES, SECRET, RunningServer, make_settings, running, wait_until
from tests.integration.test_start import environment, free_port

BACKEND: Final = Path(__file__).resolve().parents[2]
WEBHOOK_SECRET: Final = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"
METRICS_TOKEN: Final = "metrics-1d2c3b4a5f6e7d8c9b0a1f2e3d4c5b6a"
UPLOAD: Final = "upload-7f3a9c"
TRACE: Final = "4bf92f3577b34da6a3ce929d0e0e4736"
STEPS: Final = ("preparing", "submitting", "ingesting", "analysing", "notifying")


@dataclass(frozen=True)
class Story:
    interview: str
    api_log: list[dict[str, Any]]
    worker_log: list[str]
    spans: Collector
    worker_metrics: Scrape
    worker_ready: dict[str, Any]
    refused: int
    """Status of the worker's metrics without the token."""

    def spans_of(self, service: str) -> list[Seen]:
        return [span for span in self.spans.spans if span.service == service]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    root, written = logging.getLogger(), StringIO()
    before = root.handlers[:], root.level
    with pytest.MonkeyPatch.context() as patch:
        configure_logging(level="DEBUG", json_lines=True)
        [handler] = root.handlers
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(written)
        try:
            yield asyncio.run(_tell(tmp_path_factory.mktemp("story"), patch, written))
        finally:
            structlog.reset_defaults()
            root.handlers[:], level = before
            root.setLevel(level)


async def _tell(folder: Path, patch: pytest.MonkeyPatch, api_log: StringIO) -> Story:
    async with running_collector() as collector, running_deepgram() as deepgram, running_openai() as openai:
        patch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        patch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
        settings = make_settings(
            folder / "data",
            server={"log_level": "DEBUG"},
            deepgram={
                "deepgram_api_key": SecretStr(deepgram.key),
                "deepgram_base_url": deepgram.url,
                "deepgram_webhook_secret": SecretStr(WEBHOOK_SECRET),
                "deepgram_delivery": DeepgramDelivery.CALLBACK,
            },
            worker={"worker_in_process": False},
        )
        async with running(settings) as server:
            port, log = free_port(), folder / "worker.log"
            async with _worker(server, deepgram, openai, port, log):
                interview = await _upload(server)
                metrics = await scrape(f"http://127.0.0.1:{port}", token=METRICS_TOKEN)
                async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as anybody:
                    refused = (await anybody.get("/metrics")).status_code
                    ready = (await anybody.get("/api/v1/health/ready")).json()
        assert deepgram.violations == openai.violations == []
    lines = [json.loads(line) for line in api_log.getvalue().splitlines() if line.startswith("{")]
    return Story(interview, lines, log.read_text().splitlines(), collector, metrics, ready, refused)


async def _upload(server: RunningServer) -> str:
    """Send a recording, and wait for the debrief."""
    api = server.client()
    made = (await api.post("/interviews", json={"title": "Followed", "language": "en"})).json()["id"]
    sent = await api.put(
        f"/interviews/{made}/recording",
        content=(SAMPLES / "interview-30s.wav").read_bytes(),
        headers={"X-Request-Id": UPLOAD, "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"},
    )
    assert (sent.status_code, sent.headers["X-Request-Id"]) == (202, UPLOAD)
    done = await wait_until(api, made, "done", "failed")
    assert done["status"] == "done", done["failure"]
    return str(made)


@asynccontextmanager
async def _worker(
    server: RunningServer, deepgram: RunningDeepgram, openai: RunningOpenAI, port: int, log: Path
) -> AsyncIterator[None]:
    """A worker that talks to the vendors and serves its metrics, until the block ends."""
    given = environment(
        server.settings.server.data_dir,
        AUTH_SECRET=SECRET,
        PUBLIC_URL=server.url,
        LOG_LEVEL="DEBUG",
        WORKER_POLL_SECONDS="0.1",
        DEEPGRAM_API_KEY=deepgram.key,
        DEEPGRAM_BASE_URL=deepgram.url,
        DEEPGRAM_WEBHOOK_SECRET=WEBHOOK_SECRET,
        DEEPGRAM_DELIVERY="callback",
        OPENAI_API_KEY=openai.key,
        OPENAI_BASE_URL=openai.url,
        METRICS_TOKEN=METRICS_TOKEN,
        WORKER_METRICS_PORT=str(port),
        # Spans of a worker that was not told its name.
        **{name: value for name, value in os.environ.items() if name.startswith("OTEL_")},
    )
    with log.open("wb") as out:
        command = [sys.executable, "-m", "app.worker"]
        worker = subprocess.Popen(command, cwd=BACKEND, env=given, stdout=out, stderr=subprocess.STDOUT)  # noqa: ASYNC220
        try:
            yield
            worker.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(worker.wait, PATIENCE) == 0
        finally:
            if worker.poll() is None:
                worker.kill()
                worker.wait()


class TestLogs:
    def test_the_upload_and_everything_after_it_have_one_correlation_id(self, story: Story) -> None:
        of_work = [line for line in story.worker_log if story.interview in line]
        committed = [line for line in of_work if "step.committed" in line]
        assert [re.search(r"step=(\w+)", line)[1] for line in committed] == list(STEPS)  # type: ignore[index]
        assert all(f"correlation_id={UPLOAD}" in line for line in of_work), of_work

    def test_the_vendors_call_has_an_id_of_its_own_and_the_interviews_correlation_id(
        self, story: Story
    ) -> None:
        [received] = [line for line in story.api_log if line["event"] == "callback.received"]
        assert received["correlation_id"] == UPLOAD
        assert received["request_id"] != UPLOAD
        [done] = [line for line in story.api_log if line.get("path", "").startswith("/api/v1/webhooks/")]
        assert done["request_id"] == done["correlation_id"] == received["request_id"]

    def test_other_requests_have_their_own(self, story: Story) -> None:
        requests = [line for line in story.api_log if line["event"] == "request.done"]
        assert all(line["correlation_id"] == line["request_id"] for line in requests)
        assert len({line["request_id"] for line in requests}) == len(requests)

    def test_lines_say_in_which_trace_they_are(self, story: Story) -> None:
        [upload] = [line for line in story.api_log if line.get("request_id") == UPLOAD]
        assert upload["path"].endswith("/recording")
        assert all(f"trace_id={TRACE}" in line for line in story.worker_log if "step.committed" in line)


class TestTraces:
    def test_one_trace_from_the_request_over_the_steps_to_the_vendors(self, story: Story) -> None:
        traced = [span for span in story.spans.spans if span.trace_id == TRACE]
        by_id = {span.id: span for span in traced}
        [request] = story.spans.named("PUT /api/v1/interviews/{interview_id}/recording")
        assert (request.parent_id, request.service) == ("00f067aa0ba902b7", "debrief-api")
        for step in STEPS:
            [attempt] = story.spans.named(f"step {step}")
            assert (attempt.trace_id, attempt.parent_id) == (TRACE, request.id)
            assert attempt.service == "debrief-worker"
            assert attempt.attributes["debrief.outcome"] == "committed"
            assert attempt.attributes["debrief.correlation_id"] == UPLOAD
        [submission] = story.spans.named("deepgram submit")
        assert by_id[submission.parent_id].name == "step submitting"
        asked = [span for span in traced if span.name.startswith("openai ")]
        assert {"openai extract"} <= {span.name for span in asked}
        assert {by_id[span.parent_id].name for span in asked} == {"step analysing"}

    def test_the_vendors_call_is_a_trace_of_its_own_that_points_to_the_first(self, story: Story) -> None:
        [called] = story.spans.named("POST /api/v1/webhooks/deepgram/{token}")
        assert called.trace_id != TRACE
        assert called.links == (TRACE,)

    def test_probes_are_no_spans(self, story: Story) -> None:
        assert [span for span in story.spans.spans if "health" in span.name or "metrics" in span.name] == []

    def test_no_span_holds_what_was_said_or_an_address_with_a_secret(self, story: Story) -> None:
        raw = "\n".join(span.raw for span in story.spans.spans)
        said = [u["text"] for u in json.loads((SAMPLES / "script.json").read_text())["utterances"]]
        for secret in (*said, WEBHOOK_SECRET, SECRET, METRICS_TOKEN, "signature=", "http://", "Followed"):
            assert secret not in raw
        assert all(len(str(v)) < 100 for span in story.spans.spans for v in span.attributes.values())


class TestWorkersMetrics:
    def test_steps_and_calls_of_vendors(self, story: Story) -> None:
        found = story.worker_metrics
        for step in STEPS:
            assert found.value("debrief_step_attempts_total", step=step, outcome="committed") == 1
        call = {"provider": "deepgram", "operation": "submit"}
        assert found.value("debrief_provider_calls_total", outcome="ok", **call) == 1
        assert found.value("debrief_provider_call_duration_seconds_count", **call) == 1
        asked = found.total("debrief_provider_calls_total", provider="openai", outcome="ok")
        assert asked == len([s for s in story.spans_of("debrief-worker") if s.name.startswith("openai ")])

    def test_tokens_and_cost_by_the_model_of_the_settings(self, story: Story) -> None:
        found = story.worker_metrics
        assert found.value("debrief_model_tokens_total", model="gpt-4o-mini", kind="input") > 0
        assert found.value("debrief_model_tokens_total", model="gpt-4o-mini", kind="output") > 0
        assert 0 < found.value("debrief_model_cost_usd_total", model="gpt-4o-mini") < 1

    def test_the_token_is_asked_for_and_health_is_open(self, story: Story) -> None:
        assert story.refused == 401
        assert story.worker_ready["status"] == "ok"
