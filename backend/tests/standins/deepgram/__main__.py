"""`python -m tests.standins.deepgram`: a Deepgram on this machine, for developers."""

from __future__ import annotations

import argparse
import json

import uvicorn

from tests.standins.deepgram.server import KEY, Deepgram
from tests.standins.deepgram.switches import Switches


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.standins.deepgram", description=__doc__)
    parser.add_argument("--port", type=int, default=9900)
    parser.add_argument("--key", default=KEY, help=f"the API key that it accepts (default: {KEY})")
    parser.add_argument(
        "--switches",
        type=json.loads,
        default={},
        metavar="JSON",
        help="failures on demand, such as '{\"lose_callbacks\": 1}'; also POST /standin/switches",
    )
    options = parser.parse_args()
    defaults = {"any_callback_port": True, "retry_interval": 5.0}
    deepgram = Deepgram(key=options.key, switches=Switches(**{**defaults, **options.switches}))
    uvicorn.run(deepgram.app(), port=options.port, log_level="info")


if __name__ == "__main__":
    main()
