"""Spans are sent when the standard variables ask for it, and otherwise cost nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from app.core import tracing as module
from app.core.errors import NotFound, ProviderUnavailable
from app.core.tracing import adopt_env_files, current_traceparent, is_tracing, link_to, span, tracing
from tests.fixtures.otlp import Collector, running_collector

BACKEND: Final = Path(__file__).resolve().parents[2]
SOMEWHERE: Final = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("OTEL_"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"OTEL_SERVICE_NAME": "debrief"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": ""},
        {"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": SOMEWHERE},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": SOMEWHERE, "OTEL_SDK_DISABLED": "True"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": SOMEWHERE, "OTEL_TRACES_EXPORTER": "none"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": SOMEWHERE, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
    ],
)
async def test_nothing_is_sent_unless_asked_for(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    async with tracing("debrief-test"):
        assert not is_tracing()
        with span("nothing") as recorded:
            link_to("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
            assert recorded is None
            assert current_traceparent() is None


def test_without_the_variables_nothing_of_the_sdk_is_loaded(tmp_path: Path) -> None:
    code = (
        "import sys, app.main, app.worker; app.main.app; "
        "assert not [name for name in sys.modules if name.startswith(('opentelemetry.sdk', 'opentelemetry.exporter'))]"
    )
    env = {n: v for n, v in os.environ.items() if not n.startswith("OTEL_")} | {"DATA_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], cwd=BACKEND, env=env, check=True)


class TestSending:
    @pytest.fixture
    async def collector(self, monkeypatch: pytest.MonkeyPatch) -> Collector:
        """What was sent by the time that `tracing` has closed."""
        async with running_collector() as collector:
            monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
            monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test")
            async with tracing("debrief-test"):
                with span("outer", "server", attributes={"a": 1, "b": None}):
                    with span("inner", "client"):
                        pass
                    with pytest.raises(ProviderUnavailable), span("failed"):
                        raise ProviderUnavailable("She said something private.")
                    with pytest.raises(NotFound), span("missing"):
                        raise NotFound("No such thing.")
                with span("elsewhere", parent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"):
                    assert (current_traceparent() or "").startswith("00-4bf92f3577b34da6a3ce929d0e0e4736-")
                with span("linked", parent="what is this"):
                    link_to("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                    link_to("nonsense")
            assert not is_tracing()
            return collector

    async def test_spans_lie_below_one_another_or_below_what_is_named(self, collector: Collector) -> None:
        by_name = {one.name: one for one in collector.spans}
        assert set(by_name) == {"outer", "inner", "failed", "missing", "elsewhere", "linked"}
        assert {one.service for one in collector.spans} == {"debrief-test"}
        assert by_name["outer"].attributes == {"a": 1}
        assert by_name["inner"].parent_id == by_name["failed"].parent_id == by_name["outer"].id
        assert by_name["elsewhere"].trace_id == "4bf92f3577b34da6a3ce929d0e0e4736"
        assert by_name["linked"].trace_id not in (by_name["outer"].trace_id, by_name["elsewhere"].trace_id)
        assert by_name["linked"].links == ("4bf92f3577b34da6a3ce929d0e0e4736",)

    async def test_an_error_is_told_by_its_code_alone(self, collector: Collector) -> None:
        [failed], [missing] = collector.named("failed"), collector.named("missing")
        assert failed.has_failed
        assert failed.attributes == {"error.type": "provider_unavailable"}
        assert not missing.has_failed, "that something is not there is an answer like any other"
        assert "private" not in failed.raw

    async def test_the_name_of_the_variables_comes_first(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async with running_collector() as collector:
            monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", f"{collector.url}/v1/traces")
            monkeypatch.setenv("OTEL_SERVICE_NAME", "interviews")
            async with tracing("debrief-test"):
                with span("one"):
                    pass
        assert [one.service for one in collector.spans] == ["interviews"]

    async def test_a_sampler_that_wants_nothing_is_obeyed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async with running_collector() as collector:
            monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
            monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
            async with tracing("debrief-test"):
                with span("one"):
                    pass
        assert collector.spans == []


def test_env_files_speak_too_and_the_environment_comes_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    checkout, here = tmp_path / "checkout.env", tmp_path / "here.env"
    checkout.write_text("OTEL_SERVICE_NAME=checkout\nOTEL_TRACES_SAMPLER=always_off\nAUTH_SECRET=hunter2\n")
    here.write_text("OTEL_SERVICE_NAME=here\nOTEL_RESOURCE_ATTRIBUTES=\nOTEL_EXPORTER_OTLP_ENDPOINT=file\n")
    monkeypatch.setattr(module, "ENV_FILES", (checkout, here))
    monkeypatch.setattr(os, "environ", {"OTEL_EXPORTER_OTLP_ENDPOINT": "environment"})
    adopt_env_files()
    assert dict(os.environ) == {
        "OTEL_EXPORTER_OTLP_ENDPOINT": "environment",
        "OTEL_SERVICE_NAME": "here",
        "OTEL_TRACES_SAMPLER": "always_off",
    }
