"""`python -m tests.standins.zoom`: a Zoom on this machine that has one interview recorded, for developers."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence

import uvicorn
from rich.console import Console

from tests.standins.options import add_switches, switches_of
from tests.standins.zoom.meetings import sample_meeting
from tests.standins.zoom.server import SECRET, Zoom
from tests.standins.zoom.switches import Switches


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.standins.zoom",
        description=__doc__,
        epilog="Start the API with OUTGOING_PRIVATE_HOSTS=127.0.0.1, make a connection of kind `zoom` with the "
        "secret above, and give its webhook_url here.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("webhook", help="webhook_url of the connection")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9902)
    parser.add_argument("--secret", default=SECRET, help="secret token of the app")
    parser.add_argument(
        "--late-transcript", type=float, default=None, metavar="SECONDS", help="tell of the transcript later"
    )
    add_switches(parser, Switches())
    return parser.parse_args(arguments)


async def run(options: argparse.Namespace) -> None:
    zoom = Zoom(
        switches=switches_of(Switches, options),
        secret=options.secret,
        address=f"http://{options.host}:{options.port}",
    )
    console = Console()
    config = uvicorn.Config(zoom.app(), host=options.host, port=options.port, log_level="info")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not (server.started or serving.done()):
        await asyncio.sleep(0.05)
    meeting = sample_meeting()
    console.print("validation:", "passed" if await zoom.validate(options.webhook) else "FAILED")
    late = options.late_transcript is not None
    answer = await zoom.tell(options.webhook, meeting, without=["TRANSCRIPT"] if late else [])
    console.print("recording.completed:", answer.status_code, answer.text)
    if late:
        await asyncio.sleep(options.late_transcript)
        answer = await zoom.tell_transcript(options.webhook, meeting)
        console.print("recording.transcript_completed:", answer.status_code, answer.text)
    await serving


def main() -> None:
    asyncio.run(run(parse()))


if __name__ == "__main__":
    main()
