"""Finding the names of known people in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.services.analysis.guards.folding import Folded
from app.services.analysis.guards.identities import Identity
from app.services.analysis.guards.name_forms import name_forms
from app.services.analysis.guards.name_words import PARTICLES
from app.services.analysis.guards.phrases import any_of

_GREETED: Final = re.compile(
    r"(?:\b(?:hi|hello|hey|dear|thanks|thank you|(?:good )?(?:morning|afternoon|evening)|welcome|goodbye|bye|cheers|"
    r"i'm|i am|name is|name's|this is|call me|called|meet|it's|hallo|danke|guten (?:tag|morgen|abend)|ich bin|heisse|"
    r"name ist|bonjour|merci|m'appelle|je suis|hola|gracias|me llamo|soy|ciao|mi chiamo|olá)[\s,.!-]*)$"
)
_GREETED_LATER: Final = re.compile(r"\s+(?:here|speaking)\b")
_NO_NAME_AFTER: Final = re.compile(
    r"\s+(?:you|we|i|it|the|there|be|he|she|they|that|this|a|an|not|to|of|by|for|with|sure|as|able|going)\b"
)
_SENTENCE_START: Final = re.compile(r"(?:^|[.!?…:;。！？\n\"“»>]|\s-)[\s\"“'(]*$")
_GAP: Final = re.compile(rf"[\s,.\-]{{0,3}}(?:(?:{any_of(PARTICLES)}|[a-z]\.?)[\s\-']{{1,2}}){{0,3}}")
_BEFORE: Final = 40
"""Characters before a word in which a greeting is looked for."""


@dataclass(frozen=True, slots=True)
class FoundName:
    """A name by its positions in the source."""

    start: int
    end: int
    placeholder: str


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    people: frozenset[int]
    is_name: bool


class NameFinder:
    """All forms of all names as one expression, the longest first."""

    def __init__(self, people: Sequence[Identity]) -> None:
        owners: dict[str, set[int]] = {}
        ordinary: dict[str, bool] = {}
        for number, person in enumerate(people):
            for name in person.names:
                for form in name_forms(name):
                    owners.setdefault(form.pattern, set()).add(number)
                    ordinary[form.pattern] = form.ordinary
        forms = sorted(owners, key=lambda pattern: (-len(pattern), pattern))
        self._owners = [frozenset(owners[pattern]) for pattern in forms]
        self._ordinary = [ordinary[pattern] for pattern in forms]
        self._pattern = re.compile("|".join(f"({pattern})" for pattern in forms)) if forms else None
        self._placeholders = {frozenset({n}): p.placeholder for n, p in enumerate(people)}
        self.shown = {p.placeholder: p.names[0] for p in people if p.names}
        self._share_ambiguous(people)

    def find(self, folded: Folded) -> Iterator[FoundName]:
        """Names in the order of the text. What may be one of several people gets a placeholder of its own."""
        for hit in _grouped(list(self._hits(folded)), folded.text):
            if hit.is_name:
                start, end = folded.origin(hit.start, hit.end)
                yield FoundName(start, end, self._placeholders[hit.people])

    def _hits(self, folded: Folded) -> Iterator[_Hit]:
        if self._pattern is None:
            return
        for match in self._pattern.finditer(folded.text):
            form = (match.lastindex or 1) - 1
            is_name = not self._ordinary[form] or _written_as_name(folded, *match.span())
            yield _Hit(*match.span(), self._owners[form], is_name)

    def _share_ambiguous(self, people: Sequence[Identity]) -> None:
        """`Daniel`, when two of that name are in the room, must not be put into the mouth of either."""
        number = sum(p.placeholder.startswith("[PERSON_") for p in people)
        for owners in self._owners:
            if owners not in self._placeholders:
                number += 1
                self._placeholders[owners] = placeholder = f"[PERSON_{number}]"
                self.shown[placeholder] = _common(people[n].names[0] for n in sorted(owners))


def _common(names: Iterator[str]) -> str:
    first, *others = list(names)
    shared = [w for w in first.split() if all(w.casefold() in o.casefold().split() for o in others)]
    return " ".join(shared) or "the person"


def _grouped(hits: list[_Hit], text: str) -> Iterator[_Hit]:
    """Neighbouring parts of one name as one hit: beside another part, an ordinary word is a name."""
    current: _Hit | None = None
    for hit in hits:
        if current is not None:
            shared = current.people & hit.people
            same_word = text[current.start : current.end] == text[hit.start : hit.end]
            if shared and not same_word and _GAP.fullmatch(text, current.end, hit.start):
                current = _Hit(current.start, hit.end, shared, current.is_name or hit.is_name)
                continue
            yield current
        current = hit
    if current is not None:
        yield current


def _written_as_name(folded: Folded, start: int, end: int) -> bool:
    text = folded.text
    if _NO_NAME_AFTER.match(text, end):
        greeted = False
    else:
        greeted = bool(_GREETED.search(text[max(0, start - _BEFORE) : start])) or bool(
            _GREETED_LATER.match(text, end)
        )
    if greeted:
        return True
    first, _ = folded.origin(start, start + 1)
    if not folded.source[first].isupper():
        return False
    if _SENTENCE_START.search(folded.source[max(0, first - _BEFORE) : first]):
        return text[end : end + 1] == "," and end - start > 2
    return not _shouted(folded.source, first)


def _shouted(source: str, first: int) -> bool:
    """In a line of capitals a capital tells nothing."""
    around = source[max(0, first - _BEFORE) : first + _BEFORE]
    letters = [c for c in around if c.isalpha()]
    return len(letters) > 12 and all(not c.islower() for c in letters)
