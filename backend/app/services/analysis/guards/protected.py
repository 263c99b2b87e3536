"""Protected topics are cut from what is assessed, and an interviewer's question about one is shown to the recruiter.

A sentence is cut when it discloses, or asks for, such a topic about a person in the room; so is the answer to a
protected question, even where it names nothing (`Yes, two.`). What only sounds like a topic (`child process`,
`union types`) and the right to work somewhere stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from app.models.analysis import ProtectedTopic
from app.models.transcript import SpeakerRole, Utterance
from app.services.analysis.guards.folding import Folded, fold
from app.services.analysis.guards.lexicon.protected_english import ENGLISH
from app.services.analysis.guards.lexicon.protected_french import FRENCH
from app.services.analysis.guards.lexicon.protected_german import GERMAN
from app.services.analysis.guards.lexicon.protected_spanish import SPANISH
from app.services.analysis.guards.lexicon.shape import ProtectedLexicon
from app.services.analysis.guards.sentences import clause_ranges, sentence_ranges, words_in
from app.services.analysis.redaction import Span

_LEXICA: Final[Mapping[str, ProtectedLexicon]] = {
    "en": ENGLISH,
    "de": GERMAN,
    "fr": FRENCH,
    "es": SPANISH,
}
_SHORT_ANSWER: Final = 60
"""Words up to which the whole turn after a protected question is its answer."""
_ANSWERING_SENTENCES: Final = 2
_ASKING_BACK: Final = 4
"""Words up to which a turn (`Sorry?`) only asks to have the question repeated."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch that touches a protected topic."""

    span: Span
    topic: ProtectedTopic


@dataclass(frozen=True, slots=True)
class Protected:
    """In the order of the talk. Cuts of several topics may cover the same stretch."""

    cuts: tuple[Cut, ...] = ()
    questions: tuple[Cut, ...] = ()
    """Of the cuts: what an interviewer asked."""


@dataclass(frozen=True, slots=True)
class _Question:
    topic: ProtectedTopic
    cut: Cut


def find_protected(
    utterances: Sequence[Utterance], roles: Mapping[str, SpeakerRole], *, language: str | None = None
) -> Protected:
    """`language` is a BCP 47 tag for utterances that have none of their own; without any, all lexica apply."""
    turns = [
        list(said) for _, said in groupby((u for u in utterances if u.text.strip()), lambda u: u.speaker)
    ]
    cuts: dict[Cut, None] = {}
    questions: dict[Cut, None] = {}
    for number, turn in enumerate(turns):
        asked: ProtectedTopic | None = None
        for utterance in turn:
            for cut, is_question in _touched(utterance, language):
                cuts[cut] = None
                if is_question:
                    asked = cut.topic
                    if roles.get(utterance.speaker) is SpeakerRole.INTERVIEWER:
                        questions[cut] = None
        if asked is not None:
            cuts.update(dict.fromkeys(_answers(turns, number, asked)))
    order = {u.id: number for number, u in enumerate(utterances)}
    return Protected(_sorted(cuts, order), _sorted(questions, order))


def _sorted(cuts: Mapping[Cut, None], order: Mapping[str, int]) -> tuple[Cut, ...]:
    return tuple(sorted(cuts, key=lambda c: (order[c.span.utterance_id], c.span.start, c.span.end, c.topic)))


def _touched(utterance: Utterance, language: str | None) -> Iterator[tuple[Cut, bool]]:
    """The cuts of one utterance, and whether each stands in a question."""
    lexica = _lexica(utterance.language or language)
    clauses = clause_ranges(utterance.text)
    for start, end in sentence_ranges(utterance.text):
        folded = Folded.of(utterance.text[start:end])
        for lexicon in lexica:
            plain = lexicon.harmless.sub(lambda m: "#" * len(m.group()), folded.text)
            is_question = _asks(utterance.text[start:end], lexicon)
            for topic, pattern in lexicon.topics.items():
                for match in pattern.finditer(plain):
                    first, last = folded.origin(*match.span())
                    span = _covering(clauses, start + first, start + last)
                    yield Cut(Span(utterance.id, *span), topic), is_question


def _covering(clauses: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    touched = [c for c in clauses if c[0] < end and c[1] > start]
    return min(start, *(c[0] for c in touched)), max(end, *(c[1] for c in touched))


def _lexica(language: str | None) -> Sequence[ProtectedLexicon]:
    own = _LEXICA.get(language.lower().split("-")[0]) if language else None
    return [own] if own is not None else list(_LEXICA.values())


def _asks(sentence: str, lexicon: ProtectedLexicon) -> bool:
    if sentence.rstrip("\"'”’)] »").endswith(("?", "？", "؟")):
        return True
    return lexicon.question.match(fold(sentence.lstrip('¿"“ '))) is not None


def _answers(turns: Sequence[list[Utterance]], asking: int, topic: ProtectedTopic) -> Iterator[Cut]:
    """Cuts of the turn that answers; when it only asks back, of the one after the repeated question."""
    answering = asking + 1
    if answering >= len(turns):
        return
    if _asks_back(turns[answering]) and answering + 2 < len(turns):
        answering += 2
    turn = turns[answering]
    left = _ANSWERING_SENTENCES
    is_short = sum(words_in(u.text) for u in turn) <= _SHORT_ANSWER
    for utterance in turn:
        for start, end in clause_ranges(utterance.text):
            if is_short or left > 0:
                yield Cut(Span(utterance.id, start, end), topic)
            left -= 1


def _asks_back(turn: Sequence[Utterance]) -> bool:
    text = " ".join(u.text for u in turn).strip()
    return text.endswith("?") and words_in(text) <= _ASKING_BACK
