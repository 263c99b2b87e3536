"""`make run`: a server, a sample workspace that went through the real pipeline, and one debrief to read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from app.command_line.api import Api, file_chunks
from app.command_line.debrief.page import print_debrief
from app.command_line.errors import ApiFailed
from app.command_line.following import STEPS, follow, reason, stage

SAMPLES: Final = Path(__file__).resolve().parents[3] / "samples"
_START_SECONDS: Final = 30.0
_STOP_SECONDS: Final = 20.0
_PIPELINE_SECONDS: Final = 900.0


@dataclass(frozen=True, slots=True)
class Sample:
    """One interview of the sample workspace. `key` makes loading it again a no-op."""

    key: str
    title: str
    recording: str
    transcript: str | None = None
    tags: list[str] = field(default_factory=list)

    def body(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "candidate": {"name": "Daniel"},
            "position": "Backend Engineer",
            "participants": [{"name": "Sarah", "role": "interviewer"}],
            "language": "en",
            "speakers_expected": 2,
            "template": {"id": "builtin-software-engineer"},
            "tags": ["sample", *self.tags],
            "external_id": self.key,
        }


WORKSPACE: Final = (
    Sample(
        "sample-interview-imported",
        "Backend engineer: recording with an imported transcript",
        "interview.webm",
        transcript="script.json",
    ),
    Sample("sample-interview-short", "Backend engineer: the first thirty seconds", "interview-30s.wav"),
    Sample(
        "sample-interview-stereo",
        "Backend engineer: stereo recording, offline draft transcript",
        "interview-stereo.m4a",
        tags=["draft"],
    ),
)


def run_demo(console: Console, token: str, *, host: str, port: int, exit_when_done: bool) -> int:
    """Returns the exit code: 0 after a clean stop, 1 when the server or a sample failed."""
    server = f"http://{host}:{port}"
    try:
        with serve(host, port) as process, Api(server, token) as api:
            wait_until_up(api, process)
            interviews = _load(console, api)
            first = interviews[0]
            print_debrief(console, first, api.transcript(first["id"]), api.analysis(first["id"]))
            _say_where(console, server, token, first["id"])
            if not exit_when_done:
                process.wait()
    except ApiFailed as error:
        console.print(str(error), style="red", markup=False)
        return 1
    except KeyboardInterrupt:
        # Ctrl-C reaches the server as well: it may have ended before we heard of it.
        pass
    if not exit_when_done:
        console.print("\nStopped. Your data is kept.")
    return 0


@contextmanager
def serve(host: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server of this installation in a process of its own, stopped at the end of the block."""
    command = [sys.executable, "-m", "uvicorn", "app.main:app", "--host", host, "--port", str(port)]
    # The terminal belongs to the progress display; the server speaks up only when something is wrong.
    environment = {"LOG_LEVEL": "WARNING", **os.environ}
    process = subprocess.Popen(command, env=environment)  # noqa: S603 - our own server with our own arguments
    try:
        yield process
    finally:
        # Ctrl-C in a terminal reaches the server as well; a second SIGINT would cut its shutdown short.
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_up(api: Api, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_SECONDS
    while True:
        if process.poll() is not None:
            raise ApiFailed("The server did not start; its last lines say why. Is the port in use?")
        try:
            api.health()
        except ApiFailed:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def _load(console: Console, api: Api) -> list[dict[str, Any]]:
    """Send the samples that are not there yet and follow all of them to their end."""
    interviews = [api.create_interview(s.body(), idempotency_key=s.key) for s in WORKSPACE]
    if all(i["status"] == "done" for i in interviews):
        return interviews
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[step]}"),
        TimeElapsedColumn(),
        console=console,
    ) as progress:
        for sample, interview in zip(WORKSPACE, interviews, strict=True):
            _send(api, sample, interview)
        tasks = {
            interview["id"]: progress.add_task(sample.title, total=len(STEPS) - 1, step="")
            for sample, interview in zip(WORKSPACE, interviews, strict=True)
        }

        def show(interview: dict[str, Any]) -> None:
            completed, step = stage(interview)
            progress.update(tasks[interview["id"]], completed=completed, step=step)

        ended = follow(api, interviews, show, seconds=_PIPELINE_SECONDS)
    for interview in ended.values():
        if interview["status"] != "done":
            why = reason(interview, "it took too long")
            raise ApiFailed(f"The sample {interview['title']!r} did not finish: {why}")
    return list(ended.values())


def _send(api: Api, sample: Sample, interview: dict[str, Any]) -> None:
    if interview["status"] != "created":
        return
    recording = SAMPLES / sample.recording
    api.upload(interview["id"], recording.name, file_chunks(recording), recording.stat().st_size)
    if sample.transcript:
        api.import_transcript(interview["id"], sample.transcript, (SAMPLES / sample.transcript).read_bytes())


def _say_where(console: Console, server: str, token: str, interview_id: str) -> None:
    console.print()
    console.print("[bold]Debrief is running.[/]  Ctrl-C stops it; your data stays in ./data.")
    console.print(f"API docs:   {server}/docs")
    console.print("Authorise:  press [bold]Authorize[/] there and paste this token (valid for 12 hours):\n")
    console.print(token, soft_wrap=True)
    console.print("\nOr in a terminal:\n")
    console.print(
        f"curl -H 'Authorization: Bearer {token}' {server}/api/v1/interviews/{interview_id}/analysis",
        soft_wrap=True,
    )
    console.print()
