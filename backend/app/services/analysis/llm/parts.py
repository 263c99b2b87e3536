"""A long transcript in parts that a model can take at once, cut where a question begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.models.transcript import SpeakerRole
from app.services.analysis.llm.sheet import Line
from app.services.analysis.model import ModelFacts
from app.services.analysis.tokens import estimate_tokens

PART_TOKENS: Final = 12_000
"""About three quarters of an hour of talk: what a model reads with attention, and whose answer fits its output."""
_OVERHEAD: Final = 3_000
"""Tokens of instructions, schema and template."""
_LINE_OVERHEAD: Final = 6
_SAFETY: Final = 0.8
"""Estimates may be wrong by so much."""
_LOOK_BACK: Final = 0.25
"""How much of a part may be given to the next one for the sake of a better border."""


def part_tokens(facts: ModelFacts) -> int:
    """How many tokens of transcript a part may have for this model."""
    room = (facts.context_tokens - facts.max_output_tokens - _OVERHEAD) * _SAFETY
    return max(500, min(PART_TOKENS, int(room)))


def split(lines: Sequence[Line], limit: int) -> list[Sequence[Line]]:
    """Parts of at most `limit` estimated tokens; a single line may be longer."""
    sizes = [estimate_tokens(line.text) + _LINE_OVERHEAD for line in lines]
    total = sum(sizes)
    if total <= limit:
        return [lines] if lines else []
    # Parts of about the same length: a last one of a few lines would be read without its context.
    wanted = total / -(-total // limit)
    parts: list[Sequence[Line]] = []
    start = 0
    while start < len(lines):
        end = _end(sizes, start, wanted, limit)
        if end < len(lines):
            end = _border(lines, start, end)
        parts.append(lines[start:end])
        start = end
    return parts


def halves(lines: Sequence[Line]) -> tuple[Sequence[Line], Sequence[Line]] | None:
    """Two parts, cut as near to the middle as there is a border; None for a single line."""
    if len(lines) < 2:
        return None
    middle = _border(lines, 0, (len(lines) + 1) // 2)
    return lines[:middle], lines[middle:]


def _end(sizes: Sequence[int], start: int, wanted: float, limit: int) -> int:
    taken, end = 0, start
    while end < len(sizes) and (end == start or (taken < wanted and taken + sizes[end] <= limit)):
        taken += sizes[end]
        end += 1
    return end


def _border(lines: Sequence[Line], start: int, end: int) -> int:
    """The last line before `end` with which an interviewer takes the word, if one is near."""
    earliest = max(start + 1, end - int((end - start) * _LOOK_BACK) - 1)
    for at in range(min(end, len(lines) - 1), earliest - 1, -1):
        asks = lines[at].role is SpeakerRole.INTERVIEWER
        if asks and lines[at - 1].role is not SpeakerRole.INTERVIEWER:
            return at
    return end
