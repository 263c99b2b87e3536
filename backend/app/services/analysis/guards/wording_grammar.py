"""Whom a word of a sentence describes, by rules about the words around it.

No parser: the rules know the common shapes (`the rollout was calm`, `a calm engineer`, `customers loved it`), and what
they do not know is nobody in particular.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from app.services.analysis.guards.folding import Folded
from app.services.analysis.guards.wording_languages import (
    ADVERBS,
    CANDIDATES,
    CONJUNCTIONS,
    COPULAS,
    DETERMINERS,
    OTHERS,
    PERSONS,
    PREPOSITIONS,
    PRONOUNS,
    SENIORITY,
    SUBORDINATORS,
    THINGS,
)

_TOKEN: Final = re.compile(
    r"\[\w+\]|(?<=\w)'(?:s|re|m)(?!\w)|[^\W_]+(?:-[^\W_]+|'(?!(?:s|re|m)(?!\w))[^\W_]+)*|[^\w\s]"
)
_END: Final = frozenset(".!?;:…")
_BREAKS: Final = frozenset(",()-/")
_PLACEHOLDER: Final = "["
_REACH: Final = 40
"""Tokens to either side that are looked at."""
_RUN: Final = 8
"""Tokens from an adjective to its noun at the most."""
_PLURAL: Final = frozenset(
    {"are", "were", "aren't", "weren't", "look", "seem", "remain", "stay", "sound", "have"}
)
_TAKING_OBJECTS: Final = frozenset(
    {"keep", "keeps", "kept", "get", "gets", "got", "grow", "grows", "grew", "grown"}
)
"""Verbs for states (`got old`) that also have a thing as their object (`got old tests to pass`)."""
_CONTRACTING: Final = frozenset({"he", "she", "it", "that", "there", "who", "what"})
_PARTS: Final = frozenset({"of", "among", "from", "by", "in", "von", "bei", "de", "des", "du", "del"})


class Whose(Enum):
    CANDIDATE = auto()
    """Or anybody else who is not told of as a customer: one of those present, a colleague."""
    OTHERS = auto()
    """Customers, users, patients, a team: told about in a story."""
    THING = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is folded; a placeholder such as `[candidate]` and a genitive `'s` are tokens of their own."""

    text: str
    start: int
    end: int
    capital: bool


def tokens_of(folded: Folded) -> list[Token]:
    return [
        Token(m.group(), m.start(), m.end(), folded.source[folded.origin(*m.span())[0]].isupper())
        for m in _TOKEN.finditer(folded.text)
    ]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The tokens around one of them. `is_describing` knows words that stand among others before a noun."""

    tokens: Sequence[Token]
    at: int
    is_describing: Callable[[str], bool]

    def of_adjective(self, *, after_noun: bool = False) -> Whose:
        """`after_noun`: the word may also stand behind what it describes, as in French."""
        verb = self._verb_before()
        found = self._noun_after()
        if verb is not None and not self._is_genitive(verb):
            takes_object = self._text(verb) in _TAKING_OBJECTS and found is not Whose.UNKNOWN
            return found if takes_object else self._subject(verb)
        if found is Whose.UNKNOWN:
            found = self._owner()
        if found is Whose.UNKNOWN and after_noun and self._is_noun(self._text(self.at - 1)):
            return Whose.THING
        return found

    def of_adverb(self) -> Whose:
        return self._leading(self.at)

    def of_verb(self) -> Whose:
        return self._subject(self.at)

    def _text(self, position: int) -> str:
        return self.tokens[position].text if 0 <= position < len(self.tokens) else "."

    def _verb_before(self) -> int | None:
        """The `was` of `was not very calm` and of `was fast and calm`."""
        at = self._before_adverbs(self.at)
        for _ in range(3):
            if self._text(at) in COPULAS:
                return at
            if self._text(at) not in CONJUNCTIONS and self._text(at) != ",":
                return None
            while self._text(at) in CONJUNCTIONS or self._text(at) == ",":
                at -= 1
            if self._text(at) not in COPULAS:
                at = self._before_adverbs(at)
        return None

    def _before_adverbs(self, at: int) -> int:
        at -= 1
        while self._is_adverb(at):
            at -= 2 if self._text(at) in {"bit", "little"} and self._text(at - 1) == "a" else 1
        return at

    def _is_adverb(self, at: int) -> bool:
        word = self._text(at)
        return word not in COPULAS and (word in ADVERBS or (word.endswith("ly") and len(word) > 4))

    def _is_genitive(self, at: int) -> bool:
        """`'s` behind anything but a pronoun."""
        return self._text(at) == "'s" and self._text(at - 1) not in _CONTRACTING

    def _noun_after(self) -> Whose:
        """What an adjective before a noun describes."""
        at = self.at + 1
        while at - self.at < _RUN and (self._stands_between(at) or self._text(at) in {",", "and"}):
            if not self._stands_between(at) and not self._stands_between(at + 1):
                return Whose.UNKNOWN
            at += 1
        if self._text(self.at - 1) == "how" and self._text(at) in DETERMINERS:
            at += 1
        word = self._text(at)
        if word in PRONOUNS:
            return Whose.UNKNOWN
        if self._is_person(word):
            return Whose.CANDIDATE
        if word in OTHERS:
            # A member of a team is a person; the mood of a team is told about.
            return Whose.CANDIDATE if self._is_person(self._text(at + 1)) else Whose.OTHERS
        if not self._is_noun(word):
            return Whose.UNKNOWN
        following = self._text(at + 1)
        return Whose.OTHERS if following in OTHERS else Whose.THING

    def _stands_between(self, at: int) -> bool:
        """Another adjective before the noun."""
        return self.is_describing(self._text(at)) or self._text(at) in SENIORITY

    def _owner(self) -> Whose:
        """`customer frustration`, `frustration among our users`, `made the customers happy`, `his calm`."""
        before = self.at - 1
        if self._text(before) == "'s" or self._text(before) == "'":
            before -= 1
        if self._text(before) in OTHERS:
            return Whose.OTHERS
        if self._is_person(self._text(before)) or self._text(before) in {"his", "her", "their", "your", "my"}:
            return Whose.CANDIDATE
        if self._text(self.at + 1) in _PARTS:
            at = self.at + 2
            while at - self.at < _RUN and (self._text(at) in DETERMINERS or self._stands_between(at)):
                at += 1
            if self._text(at) in OTHERS:
                return Whose.OTHERS
        return Whose.UNKNOWN

    def _subject(self, verb: int) -> Whose:
        """The subject of a verb: the noun before it that hangs on no preposition."""
        at = verb - 1
        for _ in range(_REACH):
            while self._is_adverb(at) or (self._text(at) in COPULAS and self._text(at) != "'s"):
                at -= 1
            word = self._text(at)
            if self._ends(word) or word in SUBORDINATORS:
                return Whose.CANDIDATE
            if word in CONJUNCTIONS or word in _BREAKS:
                return self._leading(verb)
            if word in {"who", "that", "which", "que", "qui", "die", "der"}:
                return self._antecedent(at)
            start = self._phrase_start(at)
            if self._text(start - 1) not in PREPOSITIONS or self._text(start - 2) in COPULAS:
                return self._named(at, verb, start)
            at = start - 2
        return Whose.UNKNOWN

    def _phrase_start(self, at: int) -> int:
        """Where the words that belong to the noun at `at` begin."""
        for start in range(at, max(at - 5, -1), -1):
            word = self._text(start)
            if word in DETERMINERS and not self._is_genitive(start):
                return start
            if start < at and (
                word in PREPOSITIONS
                or self._ends(word)
                or word in _BREAKS
                or word in CONJUNCTIONS
                or word in COPULAS
            ):
                return start + 1
        return at

    def _named(self, at: int, verb: int, start: int) -> Whose:
        word = self._text(at)
        if self._is_person(word):
            return Whose.CANDIDATE
        if word in OTHERS:
            return Whose.OTHERS
        if word in THINGS or self._text(start) in DETERMINERS:
            return Whose.THING
        if word.endswith("s") and self._text(verb) in _PLURAL:
            return Whose.THING
        return Whose.UNKNOWN

    def _antecedent(self, at: int) -> Whose:
        before = self._text(at - 1)
        if before in OTHERS:
            return Whose.OTHERS
        return Whose.CANDIDATE if self._text(at) == "who" or self._is_person(before) else Whose.THING

    def _leading(self, end: int) -> Whose:
        """Who a sentence is about by its first words, for a predicate without a subject beside it."""
        start = end
        while start > 0 and end - start < _REACH and not self._ends(self._text(start - 1)):
            start -= 1
        if self._text(start) in PREPOSITIONS or self._text(start) in SUBORDINATORS:
            while start < end and self._text(start) != ",":
                start += 1
            start += 1
        is_named = False
        for at in range(start, min(start + 5, end)):
            word = self._text(at)
            if self._is_person(word):
                return Whose.CANDIDATE
            if word in OTHERS:
                return Whose.OTHERS
            if word in THINGS:
                return Whose.THING
            if is_named and (word in COPULAS or word in PREPOSITIONS or at == min(start + 5, end) - 1):
                return Whose.THING
            is_named = is_named or (word in DETERMINERS and at == start)
        return Whose.THING if is_named and end > start + 1 else Whose.CANDIDATE

    def _is_person(self, word: str) -> bool:
        return word in CANDIDATES or word in PERSONS or (word.startswith(_PLACEHOLDER) and len(word) > 1)

    def _ends(self, word: str) -> bool:
        return word in _END

    def _is_noun(self, word: str) -> bool:
        """Any word that is no function word: grammar enough for what stands behind an adjective."""
        return word[:1].isalpha() and not (
            word in PREPOSITIONS
            or word in CONJUNCTIONS
            or word in SUBORDINATORS
            or word in DETERMINERS
            or word in COPULAS
            or word in ADVERBS
            or word in THINGS
            or word in {"who", "as"}
            or word.endswith("ly")
        )
