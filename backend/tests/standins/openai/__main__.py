"""`python -m tests.standins.openai`: an OpenAI on this machine, for developers."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Final

import uvicorn

from tests.standins.openai.analyst import Brain
from tests.standins.openai.brains import diligent
from tests.standins.openai.liars import hostile
from tests.standins.openai.server import KEY, OpenAI
from tests.standins.openai.switches import Switches
from tests.standins.options import add_switches, switches_of

_MINDS: Final[dict[str, Callable[[], dict[str, Brain]]]] = {
    "diligent": diligent,
    "hostile": lambda: hostile(1),
    "silent": dict,
}


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.standins.openai",
        description=__doc__,
        epilog="POST /standin/switches changes switches while it runs; GET /standin/journal shows what happened.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9901)
    parser.add_argument("--key", default=KEY, help="the API key that it accepts; '' = it asks for none")
    parser.add_argument(
        "--mind",
        choices=sorted(_MINDS),
        default="diligent",
        help="diligent: works by simple rules; hostile: lies throughout; silent: finds nothing",
    )
    add_switches(parser, Switches())
    return parser.parse_args(arguments)


def main() -> None:
    options = parse()
    brains = _MINDS[options.mind]()
    openai = OpenAI(brains=brains, key=options.key, switches=switches_of(Switches, options))
    uvicorn.run(openai.app(), host=options.host, port=options.port, log_level="info")


if __name__ == "__main__":
    main()
