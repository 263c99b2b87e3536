"""How much there is to guess of a secret."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise
from typing import Final

from app.core.config import is_weak

LEAST_BITS: Final = 96.0
_COMMON: Final = (
    "passphrase placeholder development production password changeme change-me nextauth "
    "default example letmein welcome replace company debrief secret qwerty admin "
    "super local token test your auth that this with long key the our of"
)
"""The longest first, so that none is left in halves."""
_WORDS: Final = tuple(_COMMON.split())


def can_be_guessed(secret: str) -> bool:
    return is_weak(secret) or estimated_bits(secret) < LEAST_BITS


def estimated_bits(secret: str) -> float:
    """Counted by how often each character comes; common words, repetitions and runs (`1234`, `cba`) count nothing."""
    rest = secret
    for word in _WORDS:
        while (at := rest.lower().find(word)) >= 0:
            rest = rest[:at] + rest[at + len(word) :]
    rest = _without_runs(rest[: _period(rest)])
    return sum(count * -math.log2(count / len(rest)) for count in Counter(rest).values())


def _period(text: str) -> int:
    """The length of the part that the text repeats; its own when it repeats none."""
    # A text that is found in itself, doubled, before its own end, is made of equal parts.
    return (text + text).find(text, 1) if text else 0


def _without_runs(text: str) -> str:
    codes = [ord(character) for character in text]
    steps = [0, *(after - before for before, after in pairwise(codes))]
    return "".join(
        character
        for at, character in enumerate(text)
        if at < 2 or steps[at] != steps[at - 1] or abs(steps[at]) > 1
    )
