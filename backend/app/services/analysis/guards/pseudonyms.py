"""Names, e-mail addresses, phone numbers and profiles leave the house as placeholders; the map stays here.

The same input makes the same placeholders. A literal placeholder in what was said or written by people loses its
brackets, so that nobody can pass words off as those of somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Self

from app.services.analysis.base import AnalysisInput
from app.services.analysis.guards.contacts import Contact, ContactKind, find_contacts
from app.services.analysis.guards.folding import Folded, fold
from app.services.analysis.guards.identities import Identity, identities
from app.services.analysis.guards.name_finder import NameFinder
from app.services.analysis.guards.name_words import is_ordinary
from app.services.analysis.redaction import Redacted, Replacement

_KINDS: Final = r"(?:candidate|interviewer|person|email|phone|link)"
_LITERAL: Final = re.compile(
    rf"[\[［【]\s*(?P<inside>{_KINDS}[^\[\]]{{0,12}}?)\s*[\]］】]|\b{_KINDS}_\s?\d+\b"
)
_WRITTEN: Final = re.compile(
    r"\[\s*(?P<name>(?:CANDIDATE|INTERVIEWER|PERSON|EMAIL|PHONE|LINK)(?:[\s_\-]*\d+)?)(?P<inner>['’]s)?\s*\](?P<s>s\b)?",
    re.IGNORECASE,
)
"""As models write them back: with other case, inner spaces, the possessive inside or after."""
_BARE: Final = re.compile(r"\b(?P<name>(?:CANDIDATE|INTERVIEWER|PERSON|EMAIL|PHONE|LINK)_\d+)\b")
_NEUTRAL: Final = {
    "CANDIDATE": "the candidate",
    "INTERVIEWER": "the interviewer",
    "PERSON": "the person",
    "EMAIL": "an e-mail address",
    "PHONE": "a phone number",
    "LINK": "a link",
}


@dataclass(frozen=True, slots=True)
class _Known:
    """A contact that came up: its placeholder and how it was written first."""

    placeholder: str
    written: str


class Pseudonyms:
    """The map between people and placeholders for one analysis."""

    def __init__(self, people: list[Identity], texts: Iterable[str]) -> None:
        self._names = NameFinder(people)
        words = {w for p in people for name in p.names for w in re.split(r"[^\w]+", fold(name))}
        self._words = frozenset(w for w in words if len(w) >= 3)
        self._emails = frozenset(fold(e.strip()) for p in people for e in p.emails if e.strip())
        self._contacts: dict[tuple[ContactKind, str], _Known] = {}
        for person in people:
            for email in person.emails:
                self._remember(ContactKind.EMAIL, fold(email.strip()), email.strip())
        for text in texts:
            folded = Folded.of(text)
            for contact in sorted(self._contacts_in(folded), key=lambda c: (c.start, -c.end)):
                start, end = folded.origin(contact.start, contact.end)
                self._remember(contact.kind, contact.key, text[start:end])
        self._values = self._names.shown | {k.placeholder: k.written for k in self._contacts.values()}

    @classmethod
    def of(cls, request: AnalysisInput) -> Self:
        return cls(identities(request), (u.text for u in request.transcript.utterances))

    def replacements(self, text: str) -> list[Replacement]:
        """What to hide in one text; the stretches may overlap, which `Redacted` resolves."""
        folded = Folded.of(text)
        return sorted(self._replacements(folded), key=lambda r: (r.start, -r.end))

    def hide(self, text: str) -> str:
        return Redacted(text, self.replacements(text)).text

    def reveal(self, text: str) -> str:
        """A text that a model wrote, with the names again. What nobody knows becomes a neutral phrase."""
        text = _WRITTEN.sub(self._revealed, text)
        return _BARE.sub(lambda m: self._value(m["name"]), text)

    def _replacements(self, folded: Folded) -> Iterator[Replacement]:
        for match in _LITERAL.finditer(folded.text):
            start, end = folded.origin(*match.span())
            inside = folded.source[start:end].strip("[]［］【】 ").replace("_", " ")
            yield Replacement(start, end, f"({inside})")
        for contact in self._contacts_in(folded):
            known = self._contacts.get((contact.kind, contact.key))
            start, end = folded.origin(contact.start, contact.end)
            yield Replacement(start, end, known.placeholder if known else f"[{contact.kind}]")
        for found in self._names.find(folded):
            yield Replacement(found.start, found.end, found.placeholder)

    def _contacts_in(self, folded: Folded) -> Iterator[Contact]:
        for email in self._emails:
            for match in re.finditer(re.escape(email), folded.text):
                yield Contact(ContactKind.EMAIL, *match.span(), email)
        yield from find_contacts(folded.text, is_name=self._is_name)

    def _is_name(self, word: str) -> bool:
        """In an address a name may stand without spaces, too."""
        return word in self._words or any(
            len(known) >= 4 and known in word and not is_ordinary(known) for known in self._words
        )

    def _remember(self, kind: ContactKind, key: str, written: str) -> None:
        if (kind, key) not in self._contacts:
            number = sum(1 for k, _ in self._contacts if k is kind) + 1
            self._contacts[kind, key] = _Known(f"[{kind}_{number}]", written)

    def _revealed(self, match: re.Match[str]) -> str:
        value = self._value(match["name"])
        if match["inner"]:
            return f"{value}'s"
        if match["s"]:
            return f"{value}'" if value.endswith("s") else f"{value}s"
        return value

    def _value(self, name: str) -> str:
        kind = name.upper().rstrip(" _-0123456789")
        number = "".join(c for c in name if c.isdecimal())
        exact = self._values.get(f"[{kind}_{number}]" if number else f"[{kind}]")
        if exact is not None:
            return exact
        if kind == "CANDIDATE" and number in {"", "1"}:
            return self._values.get("[CANDIDATE]", _NEUTRAL[kind])
        if kind == "INTERVIEWER" and not number and "[INTERVIEWER_2]" not in self._values:
            return self._values.get("[INTERVIEWER_1]", _NEUTRAL[kind])
        return _NEUTRAL[kind]
