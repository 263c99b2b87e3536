"""What people said about speakers outlives the transcript: a new one of the same recording has the same voices.

Speakers are matched by when they speak, and only where that is beyond doubt: both speak at the same times for most of
what either says, and nobody else comes near. Otherwise nothing is carried over, and the person is asked again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.models.transcript import (
    SAID_BY_A_PERSON,
    Speaker,
    SpeakerRole,
    Transcript,
    TranscriptDraft,
    Utterance,
)
from app.services.speakers.listed import NAME_BY_A_PERSON

_SAME_VOICE: Final = 0.7
"""Part of each one's speech that has to be at the same time."""
_LEAST_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Told:
    """What a person said about one speaker of an older transcript; None where they said nothing."""

    speaker: str
    revision: int
    name: str | None
    role: SpeakerRole | None


def told_by_people(transcript: Transcript, original: Transcript | None) -> tuple[Told, ...]:
    """`original` is the transcript that changes led away from; a name that is not there was given by a person."""
    before = {s.id: s for s in original.speakers} if original else {}
    found = []
    for speaker in transcript.speakers:
        role = speaker.role if speaker.is_by_person else None
        given = original is not None and _is_other_name(speaker, before.get(speaker.id))
        given = given or (speaker.role_reason or "").startswith(NAME_BY_A_PERSON)
        name = speaker.name if given or role is not None else None
        if name is not None or role is not None:
            found.append(Told(speaker.id, transcript.revision, name, role))
    return tuple(found)


def carried_over(draft: TranscriptDraft, older: Transcript, told: Sequence[Told]) -> TranscriptDraft:
    """The draft with what people said, for the speakers who are surely the same."""
    if not told:
        return draft
    same = _same_voices(older.utterances, draft.utterances)
    by_speaker = {t.speaker: t for t in told}
    speakers = tuple(
        _with(speaker, by_speaker[match.older], match.share)
        if (match := same.get(speaker.id)) and match.older in by_speaker
        else speaker
        for speaker in draft.speakers
    )
    return draft.model_copy(update={"speakers": speakers})


def _is_other_name(speaker: Speaker, before: Speaker | None) -> bool:
    return before is None or before.name != speaker.name


def _with(speaker: Speaker, told: Told, share: float) -> Speaker:
    where = f"of transcript {told.revision}, in which the same voice speaks at the same times ({round(100 * share)} %)"
    name = told.name or speaker.name
    if told.role is None:
        return speaker.model_copy(update={"name": name, "role_reason": f"{NAME_BY_A_PERSON} {where}"})
    known = told.role is not SpeakerRole.UNKNOWN
    return speaker.model_copy(
        update={
            "name": name,
            "role": told.role,
            "role_confidence": 1.0 if known else 0.0,
            "role_reason": f"{SAID_BY_A_PERSON} {where}",
        }
    )


@dataclass(frozen=True, slots=True)
class _Match:
    older: str
    share: float


def _same_voices(older: Sequence[Utterance], newer: Sequence[Utterance]) -> Mapping[str, _Match]:
    """For speakers of the newer transcript, the speaker of the older one who is surely the same."""
    spoken_before, spoken_now = _seconds(older), _seconds(newer)
    found: dict[str, _Match] = {}
    for (before, now), together in _overlaps(older, newer).items():
        share = together / max(spoken_before[before], spoken_now[now])
        # Above one half it can be no other pair, unless somebody speaks over themselves.
        if (
            together >= _LEAST_SECONDS
            and share >= _SAME_VOICE
            and share > found.get(now, _Match("", 0)).share
        ):
            found[now] = _Match(before, min(share, 1.0))
    taken = [match.older for match in found.values()]
    return {now: match for now, match in found.items() if taken.count(match.older) == 1}


def _seconds(utterances: Sequence[Utterance]) -> Mapping[str, float]:
    seconds: defaultdict[str, float] = defaultdict(float)
    for utterance in utterances:
        seconds[utterance.speaker] += max(0.0, utterance.end - utterance.start)
    return seconds


def _overlaps(older: Sequence[Utterance], newer: Sequence[Utterance]) -> Mapping[tuple[str, str], float]:
    """Seconds in which both speak, by pair of speakers; one sweep over both in the order of time."""
    together: defaultdict[tuple[str, str], float] = defaultdict(float)
    before = sorted(older, key=lambda u: u.start)
    open_ones: list[Utterance] = []
    at = 0
    for now in sorted(newer, key=lambda u: u.start):
        while at < len(before) and before[at].start < now.end:
            open_ones.append(before[at])
            at += 1
        open_ones = [u for u in open_ones if u.end > now.start]
        for then in open_ones:
            seconds = min(then.end, now.end) - max(then.start, now.start)
            if seconds > 0:
                together[then.speaker, now.speaker] += seconds
    return together
