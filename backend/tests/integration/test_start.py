"""Starting as people start it: the customer's command, its lines, and clear ends when something is missing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

BACKEND = Path(__file__).resolve().parents[2]
PATIENCE = 60
"""Seconds that a start or an end may take on a busy machine."""
NEVER_INHERITED = (
    "ENVIRONMENT",
    "DATABASE_URL",
    "AUTH_SECRET",
    "NEXTAUTH_SECRET",
    "PUBLIC_URL",
    "ALLOWED_ORIGINS",
)


def free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


def environment(data_dir: Path, **extra: str) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if k not in NEVER_INHERITED}
    return {**inherited, "DATA_DIR": str(data_dir), **extra}


@contextmanager
def started(command: list[str], env: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=BACKEND, env=env, stdout=out, stderr=subprocess.STDOUT)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()


def uvicorn(port: int, *extra: str) -> list[str]:
    return [sys.executable, "-m", "uvicorn", "app.main:app", "--port", str(port), *extra]


def wait_for_health(port: int, process: subprocess.Popen[bytes]) -> httpx.Response:
    for _ in range(20 * PATIENCE):
        assert process.poll() is None, "the server ended"
        try:
            return httpx.get(f"http://127.0.0.1:{port}/api/v1/health", trust_env=False)
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the server did not answer")


class TestUvicorn:
    def test_it_prints_the_lines_of_the_brief_and_stops_cleanly(self, tmp_path: Path) -> None:
        port, log = free_port(), tmp_path / "log"
        with started(uvicorn(port), environment(tmp_path), log) as process:
            assert wait_for_health(port, process).json() == {"status": "ok", "environment": "development"}
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE)
        lines = [line for line in log.read_text().splitlines() if not line.startswith("INFO | worker.")]
        assert lines[:4] == [
            "INFO | Starting up — environment: development",
            "INFO | Opening the embedded database (SQLite)...",
            "INFO | SQLite connected — database: hr_interviews",
            f"INFO | Uvicorn running on http://127.0.0.1:{port}",
        ]
        assert "Traceback" not in log.read_text()

    def test_configured_vendors_are_named_after_the_lines_of_the_brief(self, tmp_path: Path) -> None:
        port, log = free_port(), tmp_path / "log"
        keys = {"OPENAI_API_KEY": "sk-hunter2", "DEEPGRAM_API_KEY": "hunter2", "DEEPGRAM_DELIVERY": "wait"}
        env = environment(tmp_path, OPENAI_MODEL="gpt-4o-mini", **keys)
        with started(uvicorn(port), env, log) as process:
            wait_for_health(port, process)
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE)
        text = log.read_text()
        lines = [line for line in text.splitlines() if not line.startswith("INFO | worker.")]
        assert lines[:4] == [
            "INFO | Starting up — environment: development",
            "INFO | Opening the embedded database (SQLite)...",
            "INFO | SQLite connected — database: hr_interviews",
            "INFO | Analysis by OpenAI (gpt-4o-mini), then Deepgram, then the offline baseline",
        ]
        assert lines[4].startswith("WARNING | OpenAI retire")
        assert "set OPENAI_MODEL=gpt-6-luna" in lines[4]
        assert lines[5] == f"INFO | Uvicorn running on http://127.0.0.1:{port}"
        assert "hunter2" not in text

    def test_a_server_of_ones_own_is_named_and_has_no_end_that_openai_announces(self, tmp_path: Path) -> None:
        port, log = free_port(), tmp_path / "log"
        env = environment(
            tmp_path,
            OPENAI_BASE_URL=f"http://me:hunter2@127.0.0.1:{free_port()}/v1",
            OPENAI_MODEL="gpt-4o-mini",
        )
        with started(uvicorn(port), env, log) as process:
            wait_for_health(port, process)
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE)
        text = log.read_text()
        assert "INFO | Analysis by gpt-4o-mini at 127.0.0.1:" in text
        assert "WARNING" not in text
        assert "hunter2" not in text

    def test_a_mongodb_that_does_not_answer_is_said_and_ends_it_with_1(self, tmp_path: Path) -> None:
        port, log = free_port(), tmp_path / "log"
        url = f"mongodb://someone:hunter2@127.0.0.1:{free_port()}"
        with started(uvicorn(port), environment(tmp_path, DATABASE_URL=url), log) as process:
            assert process.wait(PATIENCE) == 1
        text = log.read_text()
        assert "INFO | Connecting to MongoDB..." in text
        assert "CRITICAL | " in text
        assert "hunter2" not in text
        assert "Traceback" not in text

    def test_production_without_secrets_names_them_all(self, tmp_path: Path) -> None:
        log = tmp_path / "log"
        env = environment(tmp_path, ENVIRONMENT="production")
        with started(uvicorn(free_port()), env, log) as process:
            assert process.wait(PATIENCE) == 1
        for name in ("AUTH_SECRET", "PUBLIC_URL", "ALLOWED_ORIGINS"):
            assert name in log.read_text()

    def test_production_writes_json_lines(self, tmp_path: Path) -> None:
        port, log = free_port(), tmp_path / "log"
        env = environment(
            tmp_path,
            ENVIRONMENT="production",
            AUTH_SECRET="a-secret-that-is-long-enough-0123456789",
            PUBLIC_URL="https://api.example.com",
            ALLOWED_ORIGINS="https://app.example.com",
        )
        with started(uvicorn(port), env, log) as process:
            wait_for_health(port, process)
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)
        lines = log.read_text().splitlines()
        assert lines
        assert all(line.startswith("{") and '"level"' in line for line in lines), lines


class TestWorker:
    def test_it_stops_cleanly_at_sigterm(self, tmp_path: Path) -> None:
        log = tmp_path / "log"
        command = [sys.executable, "-m", "app.worker"]
        with started(command, environment(tmp_path), log) as process:
            until = time.monotonic() + PATIENCE
            while "worker.started" not in log.read_text() and time.monotonic() < until:
                time.sleep(0.05)
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0
        assert "worker.stopped" in log.read_text()

    def test_a_mongodb_that_does_not_answer_ends_it_with_1(self, tmp_path: Path) -> None:
        log = tmp_path / "log"
        env = environment(tmp_path, DATABASE_URL=f"mongodb://127.0.0.1:{free_port()}")
        with started([sys.executable, "-m", "app.worker"], env, log) as process:
            assert process.wait(PATIENCE) == 1
        assert "Traceback" not in log.read_text()
