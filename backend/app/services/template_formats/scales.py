"""The scales of other systems in the four levels of ours, and the texts that they carry for a level."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from app.models.template import Level

_LEVELS: Final = tuple(Level)
_FEWEST: Final = 3
"""Yes and no alone are an answer, not a rating."""
_NAMES: Final = {
    "strong no": Level.STRONG_NO,
    "definitely not": Level.STRONG_NO,
    "strong no hire": Level.STRONG_NO,
    "no": Level.NO,
    "no hire": Level.NO,
    "yes": Level.YES,
    "hire": Level.YES,
    "strong yes": Level.STRONG_YES,
    "definitely yes": Level.STRONG_YES,
    "strong hire": Level.STRONG_YES,
}
_LONGEST_FIRST: Final = sorted(_NAMES, key=len, reverse=True)
_NUMBER: Final = re.compile(r"[ \t]*(\d{1,2})(?!\d|[.,]\d)[ \t]*[-–—:.)=]*[ \t]*")
_SEPARATOR: Final = re.compile(r"[ \t]*[-–—:.,(][ \t]*")


def anchors_of(options: Sequence[tuple[str, str]]) -> Mapping[Level, str] | None:
    """The text for each level, from the (label, value) pairs of a selection.

    None when the selection is no rating: the labels neither name our levels nor number four steps. A label that only
    names its level carries no text, so the mapping may be empty.
    """
    if not _FEWEST <= len(options) <= len(_LEVELS):
        return None
    named = [_named(_without_number(label)) for label, _ in options]
    levels = [found[0] for found in named if found]
    if len(levels) == len(options) == len(set(levels)):
        return {level: rest for level, rest in filter(None, named) if rest}
    return _numbered(options)


def _named(label: str) -> tuple[Level, str] | None:
    """The level that a label begins with, and what it says beyond that."""
    for name in _LONGEST_FIRST:
        if label[: len(name)].casefold() != name:
            continue
        rest = label[len(name) :]
        separator = _SEPARATOR.match(rest)
        if not rest or separator:
            return _NAMES[name], rest[separator.end() :].removesuffix(")").strip() if separator else ""
    return None


def _numbered(options: Sequence[tuple[str, str]]) -> Mapping[Level, str] | None:
    """Four steps that are numbered one after the other, in either order."""
    if len(options) != len(_LEVELS):
        return None
    numbers = [_number(value) if _number(value) is not None else _number(label) for label, value in options]
    steps = [n for n in numbers if n is not None]
    if len(steps) != len(options) or sorted(steps) != list(range(min(steps), min(steps) + len(options))):
        return None
    texts = {step: _without_number(label) for step, (label, _) in zip(steps, options, strict=True)}
    return {level: texts[step] for level, step in zip(_LEVELS, sorted(texts), strict=True) if texts[step]}


def _number(label: str) -> int | None:
    match = _NUMBER.match(label)
    return int(match[1]) if match else None


def _without_number(label: str) -> str:
    return _NUMBER.sub("", label, count=1).strip() if _NUMBER.match(label) else label.strip()
