"""`python -m tests.standins.deepgram`: a Deepgram on this machine, for developers."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, Final

import uvicorn

from tests.standins.deepgram.server import KEY, Deepgram
from tests.standins.deepgram.switches import Switches
from tests.standins.options import add_switches, switches_of

_LOCAL: Final[dict[str, Any]] = {"any_callback_port": True, "retry_interval": 5.0}
"""What suits one machine better than the documented behaviour."""


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Every switch is an option of its own: `--lose-callbacks 1`, `--fail-with 429 503`, `--no-any-callback-port`."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.standins.deepgram",
        description=__doc__,
        epilog="POST /standin/switches changes switches while it runs; GET /standin/journal shows what happened.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9900)
    parser.add_argument("--key", default=KEY, help="the API key that it accepts")
    add_switches(parser, Switches(**_LOCAL))
    return parser.parse_args(arguments)


def main() -> None:
    options = parse()
    deepgram = Deepgram(key=options.key, switches=switches_of(Switches, options))
    uvicorn.run(deepgram.app(), host=options.host, port=options.port, log_level="info")


if __name__ == "__main__":
    main()
