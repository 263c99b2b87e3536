"""The text that leaves: utterances without personal data, in parts that the vendor takes at once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.models.transcript import Utterance
from app.services.analysis.redaction import Redacted, Replacement

_CHARACTERS_IN_A_TOKEN: Final = 4

Replace = Callable[[str], list[Replacement]]
"""What of a text must not leave, and what stands in its place."""


@dataclass(frozen=True, slots=True)
class Line:
    """One utterance as it leaves."""

    utterance: Utterance
    redacted: Redacted


@dataclass(frozen=True, slots=True)
class Part:
    """Some utterances in a row, a line for each."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return "\n".join(line.redacted.text for line in self.lines)

    def halves(self) -> tuple[Part, Part]:
        middle = len(self.lines) // 2
        return Part(self.lines[:middle]), Part(self.lines[middle:])


@dataclass(frozen=True, slots=True)
class Departure:
    """Everything that is to be read, and the way back from its placeholders."""

    parts: tuple[Part, ...]
    originals: dict[str, str]
    """By placeholder in lower case. One that stands for different things is not in it: which is meant, nobody knows."""

    def restored(self, text: str) -> str:
        if not self.originals:
            return text
        longest_first = sorted(self.originals, key=lambda placeholder: (-len(placeholder), placeholder))
        pattern = "|".join(re.escape(placeholder) for placeholder in longest_first)
        # `Person 1` is no part of `Person 12`.
        return re.sub(
            rf"(?<!\w)(?:{pattern})(?!\w)",
            lambda match: self.originals[match.group().lower()],
            text,
            flags=re.IGNORECASE,
        )


def depart(utterances: Iterable[Utterance], replace: Replace, *, most_tokens: int) -> Departure:
    """Parts of at most so many tokens, by estimate; an utterance that alone is longer is a part of its own."""
    lines: list[Line] = []
    stood_for: dict[str, set[str]] = defaultdict(set)
    for utterance in utterances:
        replacements = replace(utterance.text)
        redacted = Redacted(utterance.text, replacements)
        if redacted.text.strip():
            lines.append(Line(utterance, redacted))
        for hidden in replacements:
            stood_for[hidden.text.lower()].add(utterance.text[hidden.start : hidden.end])
    originals = {p: one for p, texts in stood_for.items() if p.strip() and (one := _whole(texts)) is not None}
    return Departure(tuple(_split(lines, most_tokens * _CHARACTERS_IN_A_TOKEN)), originals)


def _whole(texts: set[str]) -> str | None:
    """The longest, if the others are parts of it: `Ada Okafor` and `Ada` are the same person."""
    longest = max(texts, key=lambda text: (len(text), text))
    return longest if all(text.casefold() in longest.casefold() for text in texts) else None


def _split(lines: Sequence[Line], most_characters: int) -> Iterable[Part]:
    part: list[Line] = []
    length = 0
    for line in lines:
        needed = len(line.redacted.text) + 1
        if part and length + needed > most_characters:
            yield Part(tuple(part))
            part, length = [], 0
        part.append(line)
        length += needed
    if part:
        yield Part(tuple(part))
