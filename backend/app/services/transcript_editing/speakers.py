"""Who said what, put right by a person. Every utterance's speaker stays one of the list."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

from app.models.edit import DescribeSpeaker, MergeSpeakers, Reassign, SplitOffSpeaker, SwapSpeakers
from app.models.transcript import SAID_BY_A_PERSON, Speaker, SpeakerRole, Transcript, Utterance
from app.services.transcript_editing.errors import (
    IdTaken,
    SpeakersTheSame,
    SpeakerUnknown,
    UtteranceUnknown,
)


def describe(transcript: Transcript, operation: DescribeSpeaker) -> Transcript:
    speaker = speaker_of(transcript, operation.speaker)
    if operation.name is not None:
        speaker = speaker.model_copy(update={"name": operation.name.strip() or None})
    if operation.role is not None:
        speaker = speaker.model_copy(update=_role(operation.role))
    return _with_speakers(transcript, {speaker.id: speaker})


def swap(transcript: Transcript, operation: SwapSpeakers) -> Transcript:
    first, second = speaker_of(transcript, operation.first), speaker_of(transcript, operation.second)
    if first.id == second.id:
        raise SpeakersTheSame("Name two speakers to swap them.")
    return _with_speakers(
        transcript, {first.id: _taken_for(first, second), second.id: _taken_for(second, first)}
    )


def merge(transcript: Transcript, operation: MergeSpeakers) -> Transcript:
    speaker_of(transcript, operation.into)
    gone = {speaker_of(transcript, other).id for other in operation.others}
    if operation.into in gone:
        raise SpeakersTheSame("A speaker cannot be merged into itself.")
    moved = _moved(transcript.utterances, operation.into, lambda utterance: utterance.speaker in gone)
    kept = tuple(speaker for speaker in transcript.speakers if speaker.id not in gone)
    return transcript.model_copy(update={"speakers": kept, "utterances": moved})


def split_off(transcript: Transcript, operation: SplitOffSpeaker) -> Transcript:
    if any(speaker.id == operation.new_speaker for speaker in transcript.speakers):
        raise IdTaken("There is a speaker with this id.")
    added = Speaker(
        id=operation.new_speaker,
        label=_free_label(speaker.label for speaker in transcript.speakers),
        name=(operation.name or "").strip() or None,
    )
    if operation.role is not SpeakerRole.UNKNOWN:
        added = added.model_copy(update=_role(operation.role))
    extended = transcript.model_copy(update={"speakers": (*transcript.speakers, added)})
    return _reassigned(extended, operation.utterance_ids, added.id)


def reassign(transcript: Transcript, operation: Reassign) -> Transcript:
    speaker_of(transcript, operation.speaker)
    return _reassigned(transcript, operation.utterance_ids, operation.speaker)


def speaker_of(transcript: Transcript, speaker_id: str) -> Speaker:
    """Raises `SpeakerUnknown`."""
    for speaker in transcript.speakers:
        if speaker.id == speaker_id:
            return speaker
    raise SpeakerUnknown(speaker_id)


def _role(role: SpeakerRole) -> dict[str, object]:
    """A person's word is certain, also that a role cannot be told; then there is nothing to be confident of."""
    confidence = 0.0 if role is SpeakerRole.UNKNOWN else 1.0
    return {"role": role, "role_confidence": confidence, "role_reason": SAID_BY_A_PERSON}


def _taken_for(speaker: Speaker, other: Speaker) -> Speaker:
    """What was believed of `other`, for `speaker`; a role that was known is now a person's word."""
    role = {} if other.role is SpeakerRole.UNKNOWN else _role(other.role)
    return other.model_copy(update={"id": speaker.id, **role})


def _with_speakers(transcript: Transcript, changed: dict[str, Speaker]) -> Transcript:
    speakers = tuple(changed.get(speaker.id, speaker) for speaker in transcript.speakers)
    return transcript.model_copy(update={"speakers": speakers})


def _reassigned(transcript: Transcript, utterance_ids: Collection[str], speaker: str) -> Transcript:
    wanted = set(utterance_ids)
    missing = wanted - {utterance.id for utterance in transcript.utterances}
    if missing:
        raise UtteranceUnknown(min(missing))
    moved = _moved(transcript.utterances, speaker, lambda utterance: utterance.id in wanted)
    return transcript.model_copy(update={"utterances": moved})


def _moved(
    utterances: Iterable[Utterance], speaker: str, is_meant: Callable[[Utterance], bool]
) -> tuple[Utterance, ...]:
    return tuple(
        utterance.model_copy(update={"speaker": speaker, "edited": True})
        if utterance.speaker != speaker and is_meant(utterance)
        else utterance
        for utterance in utterances
    )


def _free_label(labels: Iterable[str]) -> str:
    """`Speaker 3` behind `Speaker 1` and `Speaker 2`: a number that nobody in the list has."""
    taken = set(labels)
    numbers = [int(found[1]) for label in taken if (found := re.fullmatch(r"Speaker ([0-9]{1,6})", label))]
    return f"Speaker {max([len(taken), *numbers]) + 1}"
