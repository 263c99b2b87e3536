"""Options of a command line for the switches of a stand-in."""

from __future__ import annotations

import argparse
import types
import typing
from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

Switches = TypeVar("Switches")


def add_switches(parser: argparse.ArgumentParser, defaults: Any) -> None:
    """Every switch is an option of its own: `--hang 1`, `--fail-with 429 503`, `--no-lenient`.

    `defaults` is a dataclass of switches, with the values that hold where an option is not given.
    """
    hints = typing.get_type_hints(type(defaults))
    group = parser.add_argument_group("switches", "numbers count requests, unless switches.py says otherwise")
    for switch in fields(defaults):
        _add(group, switch.name, hints[switch.name], getattr(defaults, switch.name))


def switches_of(kind: Callable[..., Switches], options: argparse.Namespace) -> Switches:
    """What the command line says of each switch of this dataclass."""
    return kind(**{name: getattr(options, name) for name in typing.get_type_hints(kind)})


def _add(group: Any, name: str, kind: Any, default: Any) -> None:
    option = f"--{name.replace('_', '-')}"
    if kind is bool:
        group.add_argument(option, action=argparse.BooleanOptionalAction, default=default, help=" ")
        return
    many: dict[str, Any] = {"nargs": "+"} if typing.get_origin(kind) is list else {}
    one = _simple(kind)
    group.add_argument(option, type=one, default=default, metavar=one.__name__, help=" ", **many)


def _simple(kind: Any) -> Any:
    """The type of one value: of `list[int]` and `int | None` it is `int`, of `int | str` it is `str`."""
    inner = [part for part in typing.get_args(kind) if part is not types.NoneType]
    if not inner:
        return kind
    return _simple(inner[0]) if len(inner) == 1 else str
