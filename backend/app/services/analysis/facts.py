"""Practical facts that candidates state about themselves: notice period, start date, place, salary expectation.

English rules. A fact is taken from the words of the candidate alone: in a sentence that says by itself what it is
about (`My notice period is …`), or in the answer to a question about it (`Three months.`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from app.models.analysis import FactKind, PracticalFact
from app.models.transcript import Speaker, SpeakerRole, Utterance
from app.services.analysis.text.fact_rules import (
    ANY_DATE,
    ANY_DURATION,
    ANY_SUM,
    ASKED,
    DATE_OR_DURATION,
    EARNING_NOW,
    IN_A_PLACE,
    LIVES_LOWER,
    NOT_BEFORE,
    NOW_STARTING,
    ONLY_A_PLACE,
    OTHER_MONEY,
    PAST,
    RELOCATING,
    SAYS,
)
from app.services.analysis.text.figures import straightened
from app.services.analysis.text.questions import is_question
from app.services.analysis.text.turns import Sentence, sentences_of, turns_of
from app.services.analysis.text.words import STOP_WORDS

_ANSWERING: Final = 4
"""Sentences of a turn that answer the question before it; later ones have gone on to something else."""
_SHORT: Final = 6
"""Words of an answer that may be nothing but a place, or a span of time."""
_LONGEST: Final = 4000
"""Characters of a sentence that are looked at: nobody says more in one, and rules take their time."""
_NO_PLACE: Final = STOP_WORDS | {"hello", "remote", "remotely", "yeah", "hm", "hmm", "um", "uh"}


def practical_facts(
    utterances: Sequence[Utterance], speakers: Iterable[Speaker], *, english: bool
) -> tuple[PracticalFact, ...]:
    """In the order of the talk, the same fact once. Empty while nobody is known to be the candidate."""
    candidates = frozenset(s.id for s in speakers if s.role is SpeakerRole.CANDIDATE)
    if not english or not candidates:
        return ()
    found: dict[tuple[FactKind, str], Sentence] = {}
    for sentence, kind, text in _stated(utterances, candidates):
        found.setdefault((kind, text), sentence)
    return tuple(
        PracticalFact(id=f"fact{number}", kind=kind, text=text, evidence=(sentence.evidence(),))
        for number, ((kind, text), sentence) in enumerate(found.items(), start=1)
    )


def _stated(
    utterances: Sequence[Utterance], candidates: Collection[str]
) -> Iterator[tuple[Sentence, FactKind, str]]:
    asked: set[FactKind] = set()
    for turn in turns_of(utterances):
        sentences = list(sentences_of(turn.utterances))
        if turn.speaker not in candidates:
            questions = [s.text for s in sentences if is_question(s.text, english=True)]
            # Without a new question (`Take your time.`) the old one still stands.
            asked = {kind for text in questions for kind in _asked_for(text)} if questions else asked
            continue
        for number, sentence in enumerate(sentences):
            facts = list(_said(sentence.text))
            told = {kind for kind, _ in facts}
            if number < _ANSWERING:
                facts += _answered(sentence.text, asked - told, asked)
            asked -= {kind for kind, _ in facts}
            yield from ((sentence, kind, text) for kind, text in facts)


def _asked_for(question: str) -> Iterator[FactKind]:
    return (kind for kind, rule in ASKED.items() if rule.search(_readable(question)))


def _said(sentence: str) -> Iterator[tuple[FactKind, str]]:
    """What the sentence states by itself: one fact of each kind, and whether the candidate would move."""
    text = _readable(sentence)
    if _is_asked_back(text):
        return
    told: set[FactKind] = set()
    for kind, rule, form in SAYS:
        match = rule.search(text)
        if kind in told or not match or (kind is FactKind.SALARY_EXPECTATION and OTHER_MONEY.search(text)):
            continue
        told.add(kind)
        yield kind, form.format(_cleaned(match["fact"] or ""))
    if text == text.lower():
        yield from _first(FactKind.LOCATION, LIVES_LOWER.search(text))
    if "start" in text.lower() and (match := NOT_BEFORE.search(text)):
        yield FactKind.START_DATE, f"not before {_cleaned(match['fact'])}"
    yield from _first(FactKind.LOCATION, RELOCATING.search(text))


def _answered(
    sentence: str, missing: Collection[FactKind], asked: Collection[FactKind]
) -> Iterator[tuple[FactKind, str]]:
    """What the sentence states as an answer."""
    text = _readable(sentence)
    if _is_asked_back(text):
        return
    is_short = len(text.split()) <= _SHORT
    if FactKind.NOTICE_PERIOD in missing and not PAST.search(text) and not NOW_STARTING.search(text):
        yield from _first(FactKind.NOTICE_PERIOD, ANY_DURATION.search(text))
    if FactKind.START_DATE in missing and not PAST.search(text):
        if match := NOT_BEFORE.search(text):
            yield FactKind.START_DATE, f"not before {_cleaned(match['fact'])}"
        else:
            # In a longer sentence a duration may be that of a holiday; asked for both, it is the notice.
            rule = DATE_OR_DURATION if is_short and FactKind.NOTICE_PERIOD not in asked else ANY_DATE
            yield from _first(FactKind.START_DATE, rule.search(text))
    if FactKind.LOCATION in missing and not PAST.search(text):
        yield from _first(FactKind.LOCATION, _place_in(text, is_short=is_short))
    is_salary = FactKind.SALARY_EXPECTATION in missing and not OTHER_MONEY.search(text)
    if is_salary and (match := ANY_SUM.search(text)) and not EARNING_NOW.search(text, 0, match.start()):
        yield FactKind.SALARY_EXPECTATION, _cleaned(match["fact"])


def _place_in(text: str, *, is_short: bool) -> re.Match[str] | None:
    match = IN_A_PLACE.search(text)
    if match is None and is_short:
        match = ONLY_A_PLACE.search(text)
        # A sentence begins with a capital letter, whatever its first word is.
        if match and match["fact"].split()[0].lower().strip(",.") in _NO_PLACE:
            return None
    return match


def _first(kind: FactKind, match: re.Match[str] | None) -> Iterator[tuple[FactKind, str]]:
    if match:
        yield kind, _cleaned(match["fact"])


def _readable(sentence: str) -> str:
    return straightened(sentence[:_LONGEST])


def _is_asked_back(text: str) -> bool:
    """A question by its words; the mark alone may only be modesty (`Around 70k?`)."""
    return is_question(text.rstrip("? "), english=True)


def _cleaned(fact: str) -> str:
    return " ".join(fact.split()).strip(" ,.;:").removesuffix("'s").rstrip("'")
