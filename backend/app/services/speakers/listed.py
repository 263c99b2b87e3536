"""What is known before anybody speaks: labels, the list of participants, the channels of the recording."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Final

from app.models.interview import Participant
from app.models.transcript import SAID_BY_A_PERSON, Speaker, SpeakerRole, Utterance
from app.services.speakers.evidence import WEIGHTS, Evidence, Kind, evidence
from app.services.transcription.importers.labels import UNNAMED, is_generic

NAME_BY_A_PERSON: Final = "name said by a person"
"""How the reason begins of a role that nobody gave, where a person gave the name."""
_OWN_CHANNEL: Final = 0.98
"""Part of what is said on a channel that has to be one speaker's for it to be theirs."""


@dataclass(frozen=True, slots=True)
class Match:
    """A speaker's label is the name, or the address, of this participant and nobody else's."""

    person: Participant
    kind: Kind
    label: str


def is_said(speaker: Speaker) -> bool:
    """A person was sure of it (also that it cannot be told), or the file is: neither is argued with."""
    sure = speaker.role is not SpeakerRole.UNKNOWN and speaker.role_confidence >= 1.0
    return sure or speaker.is_by_person


def matches(speakers: Sequence[Speaker], people: Sequence[Participant]) -> dict[str, Match]:
    """By speaker. A label that fits two participants, or a participant that two labels fit, is nobody's."""
    found: dict[str, Match] = {}
    fitting = {s.id: [(p, k) for p in people if (k := _kind(_label(s), p))] for s in speakers}
    labelled = Counter(person for fits in fitting.values() for person, _ in fits)
    for speaker in speakers:
        fits = fitting[speaker.id]
        if len(fits) == 1 and labelled[fits[0][0]] == 1:
            found[speaker.id] = Match(*fits[0], _label(speaker))
    return found


def listed_evidence(speakers: Sequence[Speaker], found: Mapping[str, Match]) -> Iterator[Evidence]:
    for speaker in speakers:
        if is_said(speaker) and speaker.role is SpeakerRole.UNKNOWN:
            continue
        if is_said(speaker):
            yield evidence(speaker.id, Kind.SAID, speaker.role, speaker.role_reason or SAID_BY_A_PERSON)
        elif speaker.role is not SpeakerRole.UNKNOWN:
            reason = speaker.role_reason or f"labelled “{speaker.label}”"
            weight = WEIGHTS[Kind.DECLARED].points
            points = min(weight, max(0.0, _log_odds(speaker.role_confidence)))
            yield evidence(speaker.id, Kind.DECLARED, speaker.role, reason, times=points / weight)
        match = found.get(speaker.id)
        if match is not None and match.person.role is not SpeakerRole.UNKNOWN:
            says = f"the label “{match.label}” matches the participant {match.person.name}"
            yield evidence(speaker.id, match.kind, match.person.role, says)


def channel_evidence(utterances: Sequence[Utterance], order: Sequence[SpeakerRole]) -> Iterator[Evidence]:
    """For a recording with one person on each channel, when the order of the channels is known."""
    said = Counter((u.channel, u.speaker) for u in utterances if u.channel is not None)
    of_channel, of_speaker = Counter[int](), Counter[str]()
    for (channel, speaker), count in said.items():
        of_channel[channel] += count
        of_speaker[speaker] += count
    for (channel, speaker), count in sorted(said.items()):
        alone = count >= _OWN_CHANNEL * max(of_channel[channel], of_speaker[speaker])
        if alone and channel < len(order) and order[channel] is not SpeakerRole.UNKNOWN:
            says = f"is alone on channel {channel + 1}, which is that of the {order[channel]}"
            yield evidence(speaker, Kind.CHANNEL, order[channel], says)


def _log_odds(confidence: float) -> float:
    bounded = min(max(confidence, 0.01), 0.99)
    return log(bounded / (1 - bounded))


def _label(speaker: Speaker) -> str:
    return speaker.name or speaker.label


def _kind(label: str, person: Participant) -> Kind | None:
    if label == UNNAMED or is_generic(label):
        return None
    own, name = words_of(label.partition("@")[0]), words_of(person.name)
    if own and set(own) == set(name):
        return Kind.PARTICIPANT
    local = words_of((person.email or "").partition("@")[0])
    if own and "".join(own) == "".join(local):
        return Kind.ADDRESS
    return Kind.PART_OF_NAME if own and set(own) <= set(name) else None


def words_of(name: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W\d_]+", name.casefold()))
