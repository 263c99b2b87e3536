"""`make cloud`: the whole way through the cloud on one machine, with stand-ins for R2, Deepgram and OpenAI.

A recording goes to the bucket in parts, as a browser sends it; the stand-in for Deepgram fetches it there by its signed
address and calls the webhook of a real server; the stand-in for OpenAI reads the transcript and rates by the template;
the debrief is shown. Nothing leaves this machine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

import httpx
import uvicorn
from rich.console import Console
from starlette.applications import Starlette

from app.command_line.api import Api, ApiFailed
from app.command_line.debrief.page import print_debrief
from app.command_line.demo import SAMPLES, serve, wait_until_up
from app.core.security import mint_session
from tests.fixtures.s3 import S3Bucket, running_s3
from tests.standins.deepgram.server import Deepgram
from tests.standins.deepgram.switches import Switches
from tests.standins.openai.brains import diligent
from tests.standins.openai.server import OpenAI

_BUCKET: Final = "debrief-cloud"
_SECONDS: Final = 120.0
_BODY: Final = {
    "title": "Backend engineer: through the cloud",
    "candidate": {"name": "Daniel"},
    "position": "Backend Engineer",
    "participants": [{"name": "Sarah", "role": "interviewer"}],
    "language": "en",
    "template": {"id": "builtin-software-engineer"},
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.standins.cloud", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="of the API")
    parser.add_argument("--deepgram-port", type=int, default=9900)
    parser.add_argument("--openai-port", type=int, default=9901)
    parser.add_argument("--keep", action="store_true", help="keep serving after the debrief is shown")
    options = parser.parse_args()
    console = Console(highlight=False)
    # Calls any port and is quick about repetitions.
    deepgram = Deepgram(switches=Switches(any_callback_port=True, retry_interval=2.0, delay=0.5))
    openai = OpenAI(brains=diligent())
    with (
        tempfile.TemporaryDirectory(prefix="debrief-cloud-") as folder,
        running_s3() as s3,
        _served("Deepgram", deepgram.app(), options.deepgram_port) as hears,
        _served("OpenAI", openai.app(), options.openai_port) as reads,
    ):
        secret = token_hex(32)
        vendors = {
            "DEEPGRAM_API_KEY": deepgram.key,
            "DEEPGRAM_BASE_URL": hears,
            "OPENAI_API_KEY": openai.key,
            "OPENAI_BASE_URL": f"{reads}/v1",
        }
        os.environ.update(_environment(s3.bucket(_BUCKET), secret, folder, options.port) | vendors)
        server = f"http://127.0.0.1:{options.port}"
        token = mint_session(
            {"sub": "cloud", "email": "cloud@example.com"},
            secret,
            salt="backend-api",
            max_age=timedelta(hours=1),
        )
        try:
            with serve("127.0.0.1", options.port) as process, Api(server, token) as api:
                wait_until_up(api, process)
                interview = _send(console, api, server, token)
                _follow(console, api, interview)
                transcript = api.transcript(interview)
                print_debrief(console, api.interview(interview), transcript, api.analysis(interview))
                _tell(console, s3.bucket(_BUCKET), deepgram, openai, transcript)
                if options.keep:
                    console.print(f"API docs: {server}/docs   token: {token}", soft_wrap=True)
                    process.wait()
        except ApiFailed as error:
            console.print(str(error), style="red", markup=False)
            return 1
        except KeyboardInterrupt:
            console.print("\nStopped.")
        return 1 if deepgram.violations or openai.violations else 0


def _environment(bucket: S3Bucket, secret: str, folder: str, port: int) -> dict[str, str]:
    """Engines are named: what this machine is set up for does not change the way."""
    return bucket.environment() | {
        "DATA_DIR": folder,
        "DATABASE_URL": "",
        "AUTH_SECRET": secret,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "UPLOAD_PART_BYTES": str(5 * 2**20),
        "TRANSCRIPTION_ENGINE": "deepgram",
        "DEEPGRAM_DELIVERY": "callback",
        "DEEPGRAM_WEBHOOK_SECRET": token_hex(32),
        "ANALYSIS_ENGINE": "openai",
        "OPENAI_MODEL": "gpt-4o-mini",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
    }


@contextmanager
def _served(vendor: str, app: Starlette, port: int) -> Iterator[str]:
    """A stand-in in a thread of its own; gives its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    until = time.monotonic() + 10
    while not server.started:
        if not thread.is_alive() or time.monotonic() > until:
            sys.exit(f"The stand-in for {vendor} did not start. Is port {port} in use?")
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


def _send(console: Console, api: Api, server: str, token: str) -> str:
    """Upload as Uppy does: begin, ask where each part goes, send it there, complete."""
    recording = SAMPLES / "interview.mp3"
    interview = str(api.create_interview(_BODY, idempotency_key=token_hex(16))["id"])
    with httpx.Client(
        base_url=f"{server}/api/v1/interviews/{interview}",
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
    ) as client:
        facts = {"filename": recording.name, "type": "audio/mpeg", "size": recording.stat().st_size}
        upload = _json(client.post("/uploads", json=facts))
        parts = [
            {"PartNumber": number, "ETag": _part(client, upload["uploadId"], number, chunk)}
            for number, chunk in enumerate(_chunks(recording, upload["partSize"]), start=1)
        ]
        _json(client.post(f"/uploads/{upload['uploadId']}/complete", json={"parts": parts}))
    console.print(f"{recording.name} went to the bucket in {len(parts)} part(s).")
    return interview


def _part(client: httpx.Client, upload_id: str, number: int, chunk: bytes) -> str:
    signed = _json(client.get(f"/uploads/{upload_id}/{number}"))
    sent = httpx.request(
        signed["method"], signed["url"], headers=signed["headers"], content=chunk, trust_env=False
    )
    if sent.is_error:
        raise ApiFailed(f"The bucket refused part {number} ({sent.status_code}).")
    return sent.headers["ETag"]


def _chunks(path: Path, size: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(size):
            yield chunk


def _json(answer: httpx.Response) -> dict[str, Any]:
    if answer.is_error:
        raise ApiFailed(f"The server answered {answer.status_code}: {answer.text[:300]}")
    found: dict[str, Any] = answer.json()
    return found


def _follow(console: Console, api: Api, interview: str) -> None:
    until, before = time.monotonic() + _SECONDS, ""
    while time.monotonic() < until:
        shown = api.interview(interview)
        if shown["status"] != before:
            before = shown["status"]
            console.print(f"  {before}")
        if before == "failed":
            raise ApiFailed(shown["failure"]["message"])
        if before == "done":
            return
        time.sleep(0.05)
    raise ApiFailed("It took too long.")


def _tell(
    console: Console, bucket: S3Bucket, deepgram: Deepgram, openai: OpenAI, transcript: dict[str, Any]
) -> None:
    """What the stand-ins saw."""
    calls = [delivery.status for delivery in deepgram.deliveries]
    asked = Counter(request.schema or request.path for request in openai.requests)
    console.print()
    console.print(f"Transcript by {transcript['engine']['name']} ({transcript['engine']['model']}).")
    console.print(f"Requests to Deepgram: {len(deepgram.requests)}; calls of the webhook: {calls}")
    console.print(f"Violations of Deepgram's specification: {deepgram.violations or 'none'}")
    by_form = ", ".join(f"{number} {form}" for form, number in asked.items())
    console.print(f"Requests to OpenAI: {len(openai.requests)} ({by_form})")
    console.print(f"Violations of OpenAI's contract: {openai.violations or 'none'}")
    console.print(f"Objects in the bucket: {len(bucket.objects())}")


if __name__ == "__main__":
    sys.exit(main())
