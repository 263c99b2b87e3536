"""Names that are said against the labels: somebody introduces themselves, or greets somebody.

A name that fits its label says nothing: the label may have been made of it. Only what does not fit is a sign.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from app.models.transcript import Speaker, SpeakerRole
from app.services.analysis.base import AnalysisInput
from app.services.analysis.guards.name_words import PARTICLES, TITLES, is_generic
from app.services.analysis.guards.speaker_cues import plain
from app.services.analysis.guards.speaker_signs import Sign, clock
from app.services.analysis.guards.spoken_names import GREETING, SELF, first_part, written
from app.services.analysis.text.turns import Sentence

_INTRODUCED: Final = 4.0
_UNKNOWN_NAME: Final = 1.0
"""An unknown name may be a nickname."""
_GREETED: Final = 1.5
_INTRODUCTIONS_READ: Final = 5
"""In one sentence: nobody says their name more often, and each costs a look through it."""
_GREETINGS_MOST: Final = 3

_OPPOSITE: Final = {
    SpeakerRole.CANDIDATE: SpeakerRole.INTERVIEWER,
    SpeakerRole.INTERVIEWER: SpeakerRole.CANDIDATE,
}
_TOWARDS: Final = {SpeakerRole.INTERVIEWER: 1.0, SpeakerRole.CANDIDATE: -1.0}
_CALLED: Final = {SpeakerRole.INTERVIEWER: "an interviewer", SpeakerRole.CANDIDATE: "the candidate"}


@dataclass(frozen=True, slots=True)
class _Person:
    words: frozenset[str]
    role: SpeakerRole


def name_signs(request: AnalysisInput, sentences: Sequence[Sentence]) -> Iterator[Sign]:
    """Signs from names that are said; none where nobody's name is known."""
    speaking = {s.utterance.speaker for s in sentences}
    speakers = {s.id: s for s in request.transcript.speakers if s.id in speaking}
    people = _people(request, speakers.values())
    by_word = _by_word(people)
    own = {i: _words(s.name or s.label) for i, s in speakers.items()}
    yield from _introductions(sentences, speakers, by_word, own)
    yield from _greetings(sentences, speakers, by_word, own)


def _people(request: AnalysisInput, speakers: Iterable[Speaker]) -> list[_Person]:
    """Who is known, participants first: their roles were given by people who know them."""
    people = [_Person(_words(p.name), p.role) for p in request.people]
    for speaker in speakers:
        words = _words(speaker.name or speaker.label)
        if words and not any(words <= p.words or (p.words and p.words <= words) for p in people):
            people.append(_Person(words, speaker.role))
    return [p for p in people if p.words]


def _by_word(people: Sequence[_Person]) -> dict[str, _Person]:
    """By each word of a name that is one person's only."""
    count = Counter(word for p in people for word in p.words)
    return {word: p for p in people for word in p.words if count[word] == 1}


def _words(name: str | None) -> frozenset[str]:
    if not name or is_generic(name):
        return frozenset()
    return frozenset(re.findall(r"[^\W\d_]{2,}", plain(name))) - PARTICLES - TITLES


def _introductions(
    sentences: Iterable[Sentence],
    speakers: Mapping[str, Speaker],
    by_word: Mapping[str, _Person],
    own: Mapping[str, frozenset[str]],
) -> Iterator[Sign]:
    """Everybody's first introduction of themselves."""
    done: set[str] = set()
    for sentence in sentences:
        speaker = speakers.get(sentence.utterance.speaker)
        if speaker is None or speaker.id in done:
            continue
        for match in islice(SELF.finditer(plain(sentence.text)), _INTRODUCTIONS_READ):
            word, at = first_part(match["name"]), sentence.utterance.start
            person = by_word.get(word)
            if person is None and not (match["sure"] and own[speaker.id]):
                continue
            name = written(word, sentence.text)
            if name is None:
                continue
            done.add(speaker.id)
            if person is not None:
                yield from _introduced(name, person, at, speaker)
            elif word not in own[speaker.id] and (towards := _OPPOSITE.get(speaker.role)):
                says = f"gives another name at {clock(at)}: {name}"
                yield Sign(speaker.id, "other name", _UNKNOWN_NAME * _TOWARDS[towards], at, says)
            break


def _introduced(name: str, person: _Person, at: float, speaker: Speaker) -> Iterator[Sign]:
    if person.role in _TOWARDS and person.role is not speaker.role:
        known = f"and {name} is known as {_CALLED[person.role]}"
        says = f"introduces themselves as {name} at {clock(at)}, {known}"
        yield Sign(speaker.id, "introduction", _INTRODUCED * _TOWARDS[person.role], at, says)


def _greetings(
    sentences: Iterable[Sentence],
    speakers: Mapping[str, Speaker],
    by_word: Mapping[str, _Person],
    own: Mapping[str, frozenset[str]],
) -> Iterator[Sign]:
    """Nobody greets themselves; in a talk of two, the other one is greeted."""
    counted: Counter[str] = Counter()
    for sentence in sentences:
        speaker = speakers.get(sentence.utterance.speaker)
        if speaker is None or counted[speaker.id] >= _GREETINGS_MOST:
            continue
        match = GREETING.search(plain(sentence.text))
        word = first_part(match["name"] or match["first"]) if match else ""
        person = by_word.get(word)
        if person is None or person.role not in _TOWARDS:
            continue
        name = written(word, sentence.text)
        if name is None:
            continue
        counted[speaker.id] += 1
        at, to_self = sentence.utterance.start, word in own[speaker.id]
        yield from _greeted(name, person, at, speaker, speakers, to_self=to_self)


def _greeted(
    name: str,
    person: _Person,
    at: float,
    speaker: Speaker,
    speakers: Mapping[str, Speaker],
    *,
    to_self: bool,
) -> Iterator[Sign]:
    others = [s for s in speakers.values() if s.id != speaker.id]
    known = f"at {clock(at)}, and {name} is known as {_CALLED[person.role]}"
    away = _OPPOSITE[person.role]
    if len(others) == 1:
        if away is not speaker.role:
            yield Sign(speaker.id, "greets", _GREETED * _TOWARDS[away], at, f"speaks to {name} {known}")
        if person.role is not others[0].role:
            points = _GREETED * _TOWARDS[person.role]
            yield Sign(others[0].id, "is greeted", points, at, f"is spoken to as {name} {known}")
    elif to_self and person.role is SpeakerRole.CANDIDATE is speaker.role:
        # Of several interviewers each may greet another one, and who speaks next need not be the one greeted.
        yield Sign(speaker.id, "greets", _GREETED * _TOWARDS[away], at, f"speaks to {name} {known}")
