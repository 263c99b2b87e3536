"""A few of many, taken from the whole of the talk instead of its beginning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def spread(items: Sequence[T], most: int) -> Sequence[T]:
    """All of them, or `most` at equal distances, in their order."""
    if len(items) <= most:
        return items
    step = len(items) / most
    return [items[int(n * step)] for n in range(most)]
