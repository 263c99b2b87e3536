"""Who was in the room: participants and speakers brought together, each with one placeholder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.models.interview import Participant
from app.models.transcript import Speaker, SpeakerRole
from app.services.analysis.base import AnalysisInput
from app.services.analysis.guards.folding import fold
from app.services.analysis.guards.introductions import introduced
from app.services.analysis.guards.name_words import PARTICLES, bare, is_generic

_EMAIL: Final = re.compile(r"[^\s<>()]+@[^\s<>()]+")
_PREFIX: Final = {
    SpeakerRole.CANDIDATE: "CANDIDATE",
    SpeakerRole.INTERVIEWER: "INTERVIEWER",
    SpeakerRole.OBSERVER: "PERSON",
    SpeakerRole.UNKNOWN: "PERSON",
}


@dataclass(slots=True)
class Identity:
    """One person; the first of the names is shown when the placeholder is put back."""

    names: list[str]
    role: SpeakerRole
    emails: list[str] = field(default_factory=list)
    placeholder: str = ""

    @property
    def words(self) -> frozenset[str]:
        return frozenset(w for name in self.names for w in _words(name))


def identities(request: AnalysisInput) -> list[Identity]:
    """Participants, then speakers that are none of them, then people who are only introduced in the talk."""
    known = [_participant(p) for p in request.people]
    for speaker in request.transcript.speakers:
        _add_speaker(known, speaker)
    for utterance in request.transcript.utterances:
        for name in introduced(utterance.text):
            if not any(_words(name) <= person.words for person in known):
                _add_introduced(known, name)
    _number(known)
    return known


def _participant(person: Participant) -> Identity:
    """A name may be missing (`Interviewer`), or be an e-mail address."""
    name = bare(person.name)
    emails = [*_EMAIL.findall(person.name), *([person.email] if person.email else [])]
    return Identity([] if is_generic(name) else [name], person.role, emails)


def _add_speaker(known: list[Identity], speaker: Speaker) -> None:
    names = [
        bare(n) for n in (speaker.name, speaker.label) if n and not is_generic(n) and not is_generic(bare(n))
    ]
    if not names:
        return
    same = [p for p in known if any(_same(_words(name), p.words) for name in names)]
    if len(same) != 1:
        same = _the_only_one(known, speaker) if not same else []
    if same:
        same[0].names.extend(n for n in names if n not in same[0].names)
        if same[0].role is SpeakerRole.UNKNOWN:
            same[0].role = speaker.role
    else:
        known.append(Identity(list(dict.fromkeys(names)), speaker.role))


def _the_only_one(known: Sequence[Identity], speaker: Speaker) -> list[Identity]:
    """A talk has one candidate: the speaker with that role is the participant, under another name."""
    if speaker.role is not SpeakerRole.CANDIDATE:
        return []
    candidates = [p for p in known if p.role is SpeakerRole.CANDIDATE]
    return candidates if len(candidates) == 1 else []


def _add_introduced(known: list[Identity], name: str) -> None:
    """A longer form of a name that was introduced before belongs to the same person."""
    for person in known:
        if person.role is SpeakerRole.UNKNOWN and person.words and person.words <= _words(name):
            person.names.insert(0, name)
            return
    known.append(Identity([name], SpeakerRole.UNKNOWN))


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one) and bool(other) and (one <= other or other <= one)


def _words(name: str) -> frozenset[str]:
    words = fold(bare(name)).replace("-", " ").split()
    return frozenset(w for w in words if w not in PARTICLES or len(words) == 1)


def _number(people: Iterable[Identity]) -> None:
    counts: dict[str, int] = {}
    for person in people:
        prefix = _PREFIX[person.role]
        counts[prefix] = number = counts.get(prefix, 0) + 1
        person.placeholder = (
            f"[{prefix}]" if prefix == "CANDIDATE" and number == 1 else f"[{prefix}_{number}]"
        )
