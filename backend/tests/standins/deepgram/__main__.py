"""`python -m tests.standins.deepgram`: a Deepgram on this machine, for developers."""

from __future__ import annotations

import argparse
import types
import typing
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Final

import uvicorn

from tests.standins.deepgram.server import KEY, Deepgram
from tests.standins.deepgram.switches import Switches

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
    defaults, hints = Switches(**_LOCAL), typing.get_type_hints(Switches)
    group = parser.add_argument_group("switches", "numbers count requests, unless switches.py says otherwise")
    for switch in fields(Switches):
        _add(group, switch.name, hints[switch.name], getattr(defaults, switch.name))
    return parser.parse_args(arguments)


def switches_of(options: argparse.Namespace) -> Switches:
    return Switches(**{switch.name: getattr(options, switch.name) for switch in fields(Switches)})


def _add(group: Any, name: str, kind: Any, default: Any) -> None:
    option = f"--{name.replace('_', '-')}"
    if kind is bool:
        group.add_argument(option, action=argparse.BooleanOptionalAction, default=default, help=" ")
        return
    inner = [part for part in typing.get_args(kind) if part is not types.NoneType]
    takes_many = typing.get_origin(kind) is list
    many: dict[str, Any] = {"nargs": "+"} if takes_many else {}
    label = (inner[0] if inner else kind).__name__
    group.add_argument(
        option, type=inner[0] if inner else kind, default=default, metavar=label, help=" ", **many
    )


def main() -> None:
    options = parse()
    deepgram = Deepgram(key=options.key, switches=switches_of(options))
    uvicorn.run(deepgram.app(), host=options.host, port=options.port, log_level="info")


if __name__ == "__main__":
    main()
