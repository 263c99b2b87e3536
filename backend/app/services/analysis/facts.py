"""Practical facts that candidates state about themselves: notice period, start date, place, salary expectation.

English rules. A fact is taken from the words of the candidate alone: in a sentence that says by itself what it is
about (`My notice period is …`), or in the answer to a question about it (`Three months.`). What the same person
corrects, or states otherwise later, is no fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.models.analysis import FactKind, PracticalFact
from app.models.transcript import Speaker, SpeakerRole, Utterance
from app.services.analysis.text.corrections import Correction, corrected_parts, correction, is_aside
from app.services.analysis.text.fact_answers import answered, begins_with_figure, place_in
from app.services.analysis.text.fact_questions import Asked, asked_in
from app.services.analysis.text.fact_rules import Told, left_open, named, said
from app.services.analysis.text.figures import straightened
from app.services.analysis.text.questions import is_question
from app.services.analysis.text.turns import Sentence, Turn, sentences_of, turns_of

_ANSWERING: Final = 4
"""Sentences of a turn that answer the question before it; later ones have gone on to something else."""
_LOOKING_BACK: Final = 3
"""Sentences after a fact in which a correction may be one of it."""
_LONGEST: Final = 4000
"""Characters of a sentence that are looked at: nobody says more in one, and rules take their time."""

_QUOTED: Final = re.compile(r"[\"“][^\"”]*(?:[\"”]|$)")
"""Words that the candidate repeats: whose they are, nobody can tell."""


@dataclass(frozen=True, slots=True)
class _Stated:
    told: Told
    sentences: tuple[Sentence, ...]
    position: int
    """Of its sentence among all that the candidate says."""


@dataclass(frozen=True, slots=True)
class _Reopened:
    """Kinds of facts that the next sentences may state anew, up to a position."""

    kinds: frozenset[FactKind] = frozenset()
    until: int = -1
    opening: Sentence | None = None
    """The sentence that was left without its end, when that is why."""


def practical_facts(
    utterances: Sequence[Utterance], speakers: Iterable[Speaker], *, english: bool
) -> tuple[PracticalFact, ...]:
    """In the order of the talk, the same fact once. Empty while nobody is known to be the candidate."""
    candidates = {s.id: _Statements() for s in speakers if s.role is SpeakerRole.CANDIDATE}
    if not english or not candidates:
        return ()
    for turn in turns_of(utterances):
        if turn.speaker in candidates:
            candidates[turn.speaker].listen(turn)
        else:
            asked = asked_in([s.text for s in sentences_of(turn.utterances)])
            for statements in candidates.values():
                statements.hear(asked)
    return _numbered(candidates.values(), utterances)


class _Statements:
    """What one candidate has stated so far."""

    def __init__(self) -> None:
        self._held: dict[tuple[FactKind, bool], _Stated] = {}
        self._question: frozenset[FactKind] = frozenset()
        self._unanswered: set[FactKind] = set()
        self._context = Asked()
        self._origin_asked = False
        self._reopened = _Reopened()
        self._position = 0
        self._correctable = False

    def __iter__(self) -> Iterator[_Stated]:
        return iter(self._held.values())

    def hear(self, asked: Asked) -> None:
        """What somebody else says. Without a new question (`Take your time.`) the old one still stands."""
        self._context = asked
        self._origin_asked = asked.about_origin or (self._origin_asked and not asked.anything)
        if not asked.anything:
            return
        if self._reopened.opening:
            self._reopened = _Reopened()
        self._question = asked.kinds
        self._unanswered = set(asked.kinds)
        if not asked.clarifies and asked.kinds.isdisjoint(kind for kind, _ in self._held):
            self._correctable = False

    def listen(self, turn: Turn) -> None:
        for number, sentence in enumerate(sentences_of(turn.utterances)):
            self._position += 1
            text = _readable(sentence.text)
            # A question by its words; the mark alone may only be modesty (`Around 70k?`).
            if is_question(text.rstrip("? "), english=True):
                continue
            before = ""
            for part in corrected_parts(text):
                self._take(part, sentence, is_answer=number < _ANSWERING, is_aside=is_aside(before))
                before += f"{part} "
            if kinds := left_open(text):
                self._reopened = _Reopened(kinds, self._position + 1, sentence)

    def _take(self, part: str, sentence: Sentence, *, is_answer: bool, is_aside: bool) -> None:
        before = self._correct(part, within_sentence=is_aside)
        reopened = self._reopened.kinds if self._position <= self._reopened.until else frozenset()
        missing = (self._unanswered if is_answer else set()) | reopened
        facts = list(said(part))
        told = {fact.kind for fact in facts}
        facts += answered(part, missing - told, self._question | reopened)
        if is_answer and self._context.about_place and (FactKind.LOCATION, False) not in self._held:
            lives = any(fact.kind is FactKind.LOCATION and not fact.moving for fact in facts)
            facts += () if lives else place_in(part)
        for fact in facts:
            if not (fact.kind is FactKind.LOCATION and self._origin_asked and not fact.moving):
                self._hold(fact, sentence)
        if not facts and begins_with_figure(part):
            self._withdraw(before)

    def _correct(self, part: str, *, within_sentence: bool) -> frozenset[tuple[FactKind, bool]]:
        """Takes back what the words take back; what they may be about, when they may be a correction at all."""
        about = named(part)
        what = correction(part, names_it=bool(about))
        if what is Correction.NONE:
            return frozenset()
        slots = frozenset(slot for slot in self._held if slot[0] in about) or self._latest(
            within_sentence=within_sentence
        )
        kinds = frozenset(kind for kind, _ in slots)
        if what is Correction.TAKEN_BACK:
            self._withdraw(slots)
            kinds |= about
        if kinds:
            self._reopened = _Reopened(kinds | self._reopened.kinds, self._position + _LOOKING_BACK)
        return slots

    def _latest(self, *, within_sentence: bool) -> frozenset[tuple[FactKind, bool]]:
        last = max((stated.position for stated in self), default=0)
        if not self._correctable or self._position - last > (0 if within_sentence else _LOOKING_BACK):
            return frozenset()
        return frozenset(slot for slot, stated in self._held.items() if stated.position == last)

    def _withdraw(self, slots: Iterable[tuple[FactKind, bool]]) -> None:
        for slot in slots:
            self._held.pop(slot, None)

    def _hold(self, fact: Told, sentence: Sentence) -> None:
        """The last word counts; who says the same again has said it before."""
        slot = (fact.kind, fact.moving)
        held = self._held.pop(slot, None)
        is_end = self._position <= self._reopened.until and fact.kind in self._reopened.kinds
        opening = self._reopened.opening if is_end else None
        sentences: tuple[Sentence, ...] = (opening, sentence) if opening else (sentence,)
        if held and held.told.text.casefold() == fact.text.casefold():
            sentences = held.sentences
        self._held[slot] = _Stated(fact, sentences, self._position)
        self._unanswered.discard(fact.kind)
        self._correctable = True


def _numbered(
    candidates: Iterable[_Statements], utterances: Sequence[Utterance]
) -> tuple[PracticalFact, ...]:
    order = {utterance.id: number for number, utterance in enumerate(utterances)}
    stated = sorted(
        (one for statements in candidates for one in statements),
        key=lambda one: order[one.sentences[-1].utterance.id],
    )
    return tuple(
        PracticalFact(
            id=f"fact{number}",
            kind=one.told.kind,
            text=one.told.text,
            evidence=tuple(sentence.evidence() for sentence in one.sentences),
        )
        for number, one in enumerate(stated, start=1)
    )


def _readable(sentence: str) -> str:
    return _QUOTED.sub(lambda match: " " * len(match.group()), straightened(sentence[:_LONGEST]))
