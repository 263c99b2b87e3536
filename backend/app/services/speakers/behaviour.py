"""What people do in a talk that tells their part in it: who asks, who answers, who says what, and how much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from app.models.template import TemplateVersion
from app.models.transcript import SpeakerRole, Utterance
from app.services.analysis.guards.speaker_signs import (
    Sign,
    phrase_signs,
    question_signs,
    questions_among,
    template_signs,
)
from app.services.analysis.text.turns import Sentence, is_english, sentences_of, turns_of
from app.services.speakers.evidence import Evidence, Kind, evidence

_ENOUGH_QUESTIONS: Final = 12
_ENOUGH_WORDS: Final = 400
"""From which shares have their full weight."""
_NEXT_TO_NOTHING: Final = 0.02
_LONG_ENOUGH: Final = 1500
"""Words of a talk from which silence is a part of its own: in ten minutes, an interviewer's turn may not have come."""
_KINDS: Final = {
    "share of questions": Kind.ANSWERS,
    "questions about deeds": Kind.DEEDS,
    "the template's questions": Kind.TEMPLATE,
}
"""Of the signs; all others are phrases."""


def behaviour_evidence(
    utterances: Sequence[Utterance], *, language: str | None, template: TemplateVersion | None
) -> Iterator[Evidence]:
    english = is_english(language)
    turns, sentences = turns_of(utterances), list(sentences_of(utterances))
    asked = questions_among(sentences, english=english)
    words = Counter[str]()
    for turn in turns:
        words[turn.speaker] += turn.words
    signs = [
        *phrase_signs(sentences),
        *question_signs(turns, asked, english=english),
        *template_signs(asked, template),
    ]
    yield from (_of(sign) for sign in signs if sign.points)
    yield from _questions(asked, words)
    yield from _talk(words)
    yield from _silent(words, {s.speaker for s in signs if s.points > 0}, asked)


def _of(sign: Sign) -> Evidence:
    kind = _KINDS.get(sign.kind, Kind.PHRASES)
    role = SpeakerRole.INTERVIEWER if sign.points > 0 else SpeakerRole.CANDIDATE
    return evidence(sign.speaker, kind, role, sign.says, times=abs(sign.points))


def _questions(asked: Sequence[Sentence], words: Counter[str]) -> Iterator[Evidence]:
    """Whoever asks more than an even part of the questions, and whoever talks and asks fewer."""
    if not asked or len(words) < 2:
        return
    even, everything = 1 / len(words), words.total()
    count = Counter(s.utterance.speaker for s in asked)
    weight = min(1.0, len(asked) / _ENOUGH_QUESTIONS)
    for speaker in words:
        share = count[speaker] / len(asked)
        says = f"asks {count[speaker]} of {len(asked)} questions"
        if share > even:
            times = weight * (share - even) / (1 - even)
            yield evidence(speaker, Kind.QUESTIONS, SpeakerRole.INTERVIEWER, says, times=times)
        elif share < even:
            talks = min(1.0, words[speaker] / everything / even)
            times = weight * talks * (even - share) / even
            yield evidence(speaker, Kind.QUESTIONS, SpeakerRole.CANDIDATE, says, times=times)


def _talk(words: Counter[str]) -> Iterator[Evidence]:
    """Candidates talk more; of three or more people, talking little says nothing about one's part."""
    everything = words.total()
    if not everything or len(words) < 2:
        return
    even, weight = 1 / len(words), min(1.0, everything / _ENOUGH_WORDS)
    for speaker, count in words.items():
        share = count / everything
        says = f"says {round(100 * share)} % of the words"
        if share > even:
            times = weight * (share - even) / (1 - even)
            yield evidence(speaker, Kind.TALK, SpeakerRole.CANDIDATE, says, times=times)
        elif len(words) == 2 and share < even:
            times = weight * (even - share) / even
            yield evidence(speaker, Kind.TALK, SpeakerRole.INTERVIEWER, says, times=times)


def _silent(words: Counter[str], leading: set[str], asked: Sequence[Sentence]) -> Iterator[Evidence]:
    """In a talk of three or more, who is hardly heard and does nothing that interviewers do."""
    everything = words.total()
    if len(words) < 3 or everything < _LONG_ENOUGH:
        return
    asking = Counter(s.utterance.speaker for s in asked)
    for speaker, count in words.items():
        if count < _NEXT_TO_NOTHING * everything and speaker not in leading and asking[speaker] <= 1:
            says = f"says {count} of {everything} words"
            yield evidence(speaker, Kind.SILENT, SpeakerRole.OBSERVER, says)
