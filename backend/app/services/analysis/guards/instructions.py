"""Sentences that address software instead of the people in the room, for a person to look at and no model to read.

Rules find the attempts that are made in earnest; they are one of several walls, and nothing that a model answers
depends on them alone. What people tell of (`we ignore the previous migration`) is left where it is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.models.transcript import Utterance
from app.services.analysis.guards.disguises import encoded, is_spaced, readings, squeezed
from app.services.analysis.guards.folding import Folded, fold
from app.services.analysis.guards.lexicon.instructions_elsewhere import ELSEWHERE
from app.services.analysis.guards.lexicon.instructions_english import COMMANDS, CONTINUES, MARKUP, SIGNS
from app.services.analysis.guards.sentences import clause_ranges, joined
from app.services.analysis.redaction import Span

_LOOKED_AHEAD: Final = 160
"""Characters of what the same speaker says next in which an order may end."""
_MOST_AFTER: Final = 8
_MOST_BEFORE: Final = 3
_TOLD: Final = re.compile(
    r"\b(?:i|we|they|he|she|it|one|who|which|that|people|users?|clients?|attackers?|developers?|engineers?|managers?|"
    r"not|never|don't|didn't|doesn't|cannot|can't|can|could|would|might|to|let's|usually|often|just|simply|i'd|we'd|"
    r"they'd|you'd|how|and then|customers?|workers?|services?|if you|"
    r"avons|avez|ont|ai|habe|haben|wir|ich|nous|je|hemos|he|yo|abbiamo|ho)\s+(?:\w+ly\s+)?$"
)
"""What stands before a verb in a report."""
_ORDERED: Final = re.compile(
    r"\b(?:you|please|model|ai|assistant|system|software|grader|evaluator|must|required|instructed|want)\s+"
    r"(?:\w+\s+)?(?:to|can|could|would|will|must|should|shall|not|never|just|simply|that)\s+(?:\w+ly\s+)?$"
)
"""What makes an order of it all the same."""
_SQUEEZED: Final = re.compile(
    r"(?:ignore|disregard|forget|override)(?:all|any|the|your|my|of|these|those){0,3}(?:previous|prior|above|earlier|system|"
    r"original)?(?:instruction|prompt|rules|directive)|(?:rate|score|mark|grade|give)(?:me|thiscandidate|thecandidate)"
    r"(?:as|a|an|the){0,2}(?:strongyes|five|ten|top|highest|best|maximum|5|10)|systemprompt|strongyes"
)


@dataclass(frozen=True, slots=True)
class _Clause:
    utterance: int
    start: int
    end: int
    plain: str


def find_instructions(utterances: Sequence[Utterance]) -> tuple[Span, ...]:
    """In the order of the talk, neighbouring sentences as one."""
    spans: list[Span] = []
    for speaker in dict.fromkeys(u.speaker for u in utterances):
        own = [u for u in utterances if u.speaker == speaker]
        spans.extend(_of_one_speaker(own))
    return joined(spans, {u.id: u.text for u in utterances})


def _of_one_speaker(own: Sequence[Utterance]) -> Iterator[Span]:
    clauses = [
        _Clause(number, start, end, fold(utterance.text[start:end]))
        for number, utterance in enumerate(own)
        for start, end in clause_ranges(utterance.text)
    ]
    marked: set[int] = set()
    for number in range(len(own)):
        for first, last in _attempts(own, number):
            marked.update(_touched(clauses, own, number, first, last))
    for at in _with_neighbours(clauses, marked):
        clause = clauses[at]
        yield Span(own[clause.utterance].id, clause.start, clause.end)


def _attempts(own: Sequence[Utterance], number: int) -> Iterator[tuple[int, int]]:
    """By positions in the text of the utterance and, where they run over its end, of those after it."""
    text = own[number].text
    ahead = " ".join(u.text for u in own[number + 1 : number + 4])[:_LOOKED_AHEAD]
    whole = f"{text} {ahead}" if ahead else text
    for start, end in (*_found(whole), *encoded(text)):
        if start < len(text):
            yield start, end


def _found(text: str) -> Iterator[tuple[int, int]]:
    for reading in readings(text):
        for pattern in (SIGNS, MARKUP):
            for match in pattern.finditer(reading.text):
                yield reading.origin(*match.span())
        for pattern in (COMMANDS, ELSEWHERE):
            for match in pattern.finditer(reading.text):
                if not _is_told(reading.text, match.start()):
                    yield reading.origin(*match.span())
        if is_spaced(text.casefold()):
            yield from _spelled(squeezed(reading))


def _spelled(reading: Folded) -> Iterator[tuple[int, int]]:
    for match in _SQUEEZED.finditer(reading.text):
        yield reading.origin(*match.span())


def _is_told(text: str, start: int) -> bool:
    before = text[max(0, start - 40) : start]
    return _TOLD.search(before) is not None and _ORDERED.search(before) is None


def _touched(
    clauses: Sequence[_Clause], own: Sequence[Utterance], number: int, first: int, last: int
) -> Iterator[int]:
    """Which clauses a stretch that begins in one utterance covers, also of those after it."""
    offset = 0
    for utterance in range(number, len(own)):
        if offset >= last:
            return
        at = bisect_right(clauses, (utterance, first - offset), key=lambda c: (c.utterance, c.end))
        while at < len(clauses) and (clauses[at].utterance, clauses[at].start) < (utterance, last - offset):
            yield at
            at += 1
        offset += len(own[utterance].text) + 1


def _with_neighbours(clauses: Sequence[_Clause], marked: set[int]) -> list[int]:
    """Also what goes on ordering after an attempt, what announces it, and what stands between two of them."""
    found = set(marked)
    for at in sorted(marked):
        for step, most in ((1, _MOST_AFTER), (-1, _MOST_BEFORE)):
            neighbour = at + step
            while 0 <= neighbour < len(clauses) and abs(neighbour - at) <= most:
                if neighbour not in found and not CONTINUES.match(clauses[neighbour].plain):
                    break
                found.add(neighbour)
                neighbour += step
    between = {at for at in range(len(clauses)) if at - 1 in found and at + 1 in found}
    return sorted(found | between)
