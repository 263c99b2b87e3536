"""A server on which a model has analysed one interview, and the command line as a person runs it against it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
import pytest
from anyio import fail_after, run_process

from tests.command_line.process import forked
from tests.fixtures.openai import RunningOpenAI, running_openai
from tests.fixtures.server import SAMPLES, RunningServer, SettingsFactory, running, token_for, wait_until
from tests.standins.openai.brains import diligent

BACKEND: Final = Path(__file__).resolve().parents[2]
TEMPLATE: Final = "builtin-software-engineer"


@dataclass(frozen=True)
class Ended:
    exit_code: int
    output: str
    """Of both streams, so that a traceback would be seen."""


async def command(server: RunningServer, *arguments: str, seconds: float = 60) -> Ended:
    """As Ada runs it: in a process of its own, eighty columns wide, its output in a pipe."""
    call = [sys.executable, "-m", "app.cli", *arguments, "--server", server.url, "--token", token_for("ada")]
    with fail_after(seconds):
        ended = await run_process(
            call,
            cwd=BACKEND,
            env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1"},
            stderr=subprocess.STDOUT,
            check=False,
        )
    return Ended(ended.returncode, ended.stdout.decode())


@dataclass(frozen=True)
class Analysed:
    server: RunningServer
    openai: RunningOpenAI
    interview: str


@pytest.fixture
async def analysed(settings_with: SettingsFactory) -> AsyncIterator[Analysed]:
    """A server with one interview that a model has analysed, of which Ada is to rate the candidate."""
    async with (
        running_openai(brains=diligent()) as openai,
        running(settings_with(openai=openai.settings().model_dump())) as server,
    ):
        yield Analysed(server, openai, await an_interview(server.client("ada")))
        assert openai.violations == []


async def an_interview(api: httpx.AsyncClient) -> str:
    body = {
        "title": "Backend engineer [first round]",
        "candidate": {"name": "Daniel"},
        "participants": [
            {"name": "Sarah", "role": "interviewer"},
            {"name": "Ada", "role": "interviewer", "email": "ada@example.com"},
        ],
        "template": {"id": TEMPLATE},
        "language": "en",
    }
    interview = str((await api.post("/interviews", json=body)).json()["id"])
    script = (SAMPLES / "script.json").read_bytes()
    await api.put(
        f"/interviews/{interview}/transcript", content=script, headers={"X-Filename": "script.json"}
    )
    await wait_until(api, interview, "done")
    return interview


async def invoked(
    server: RunningServer,
    *arguments: str,
    person: str = "ada",
    folder: Path = BACKEND,
    environment: Mapping[str, str] | None = None,
) -> Ended:
    """As `command`, in a process that is there at once."""
    call = [*arguments, "--server", server.url, "--token", token_for(person)]
    return Ended(*await forked(call, environment=environment or {}, folder=folder))
