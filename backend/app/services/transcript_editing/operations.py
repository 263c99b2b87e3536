"""What a change makes of a transcript. Pure: the same change to the same transcript always gives the same one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.models.edit import (
    DescribeSpeaker,
    EditText,
    JoinUtterances,
    MergeSpeakers,
    Operation,
    Reassign,
    ReplaceText,
    SplitOffSpeaker,
    SplitUtterance,
    SwapSpeakers,
    Undo,
)
from app.models.transcript import Finding, Intelligence, Transcript, Utterance
from app.services.transcript_editing import cutting, speakers
from app.services.transcript_editing.alignment import realigned
from app.services.transcript_editing.characters import checked
from app.services.transcript_editing.errors import (
    IdTaken,
    NotInForce,
    NotNeighbours,
    SpeakersDiffer,
    UtteranceUnknown,
)

FEWEST_TO_JOIN: Final = 2


def apply(transcript: Transcript, operation: Operation) -> Transcript:
    """The transcript after the change; an equal one when nothing changes.

    Raises the errors of `transcript_editing.errors`. An `Undo` needs the log of changes: see `replay`.
    """
    if isinstance(operation, EditText | ReplaceText | SplitUtterance | JoinUtterances):
        return _of_words(transcript, operation)
    return _of_speakers(transcript, operation)


def _of_words(
    transcript: Transcript, operation: EditText | ReplaceText | SplitUtterance | JoinUtterances
) -> Transcript:
    match operation:
        case EditText():
            return _with_texts(transcript, {operation.utterance_id: operation.text})
        case ReplaceText():
            return _with_texts(transcript, {c.utterance_id: c.text for c in operation.changes})
        case SplitUtterance():
            return _split(transcript, operation)
        case JoinUtterances():
            return _join(transcript, operation)


def _of_speakers(
    transcript: Transcript,
    operation: DescribeSpeaker | SwapSpeakers | MergeSpeakers | SplitOffSpeaker | Reassign | Undo,
) -> Transcript:
    match operation:
        case DescribeSpeaker():
            return speakers.describe(transcript, operation)
        case SwapSpeakers():
            return speakers.swap(transcript, operation)
        case MergeSpeakers():
            return speakers.merge(transcript, operation)
        case SplitOffSpeaker():
            return speakers.split_off(transcript, operation)
        case Reassign():
            return speakers.reassign(transcript, operation)
        case Undo():
            raise NotInForce("A change is taken back by making the others again.")


def retold(utterance: Utterance, text: str) -> Utterance:
    """The utterance with other words. Raises `TextEmpty` and `TextInvalid`."""
    text = checked(text)
    if text == utterance.text:
        return utterance
    words = realigned(utterance.words, text, utterance.start, utterance.end) if utterance.words else ()
    return utterance.model_copy(update={"text": text, "words": words, "edited": True})


def _with_texts(transcript: Transcript, texts: dict[str, str]) -> Transcript:
    for utterance_id in texts:
        _position(transcript, utterance_id)
    changed = tuple(retold(u, texts[u.id]) if u.id in texts else u for u in transcript.utterances)
    return transcript.model_copy(update={"utterances": changed})


def _split(transcript: Transcript, operation: SplitUtterance) -> Transcript:
    at = _position(transcript, operation.utterance_id)
    if any(utterance.id == operation.new_id for utterance in transcript.utterances):
        raise IdTaken("There is an utterance with this id.")
    before, after = cutting.split(transcript.utterances[at], operation.at, operation.new_id)
    if operation.speaker is not None:
        speaker = speakers.speaker_of(transcript, operation.speaker)
        after = after.model_copy(update={"speaker": speaker.id})
    utterances = [*transcript.utterances[:at], before, *transcript.utterances[at + 1 :]]
    # Somebody may have spoken between, in the middle of what was one utterance.
    place = at + 1
    while place < len(utterances) and utterances[place].start < after.start:
        place += 1
    utterances.insert(place, after)
    return transcript.model_copy(update={"utterances": tuple(utterances)})


def _join(transcript: Transcript, operation: JoinUtterances) -> Transcript:
    positions = [_position(transcript, utterance_id) for utterance_id in operation.utterance_ids]
    first, last = positions[0], positions[-1]
    if len(positions) < FEWEST_TO_JOIN or positions != list(range(first, last + 1)):
        raise NotNeighbours("Name two utterances or more, in the order in which they follow one another.")
    parts = transcript.utterances[first : last + 1]
    if len({part.speaker for part in parts}) > 1:
        raise SpeakersDiffer("Several people said this; give the utterances one speaker, then join them.")
    utterances = (*transcript.utterances[:first], cutting.joined(parts), *transcript.utterances[last + 1 :])
    return transcript.model_copy(
        update={
            "utterances": utterances,
            "intelligence": _pointing_at(transcript.intelligence, parts),
        }
    )


def _pointing_at(found: Intelligence | None, parts: Sequence[Utterance]) -> Intelligence | None:
    """What the vendor found in a part is found in the whole. A polarity of a part is none of the whole."""
    if found is None:
        return None
    gone = {part.id for part in parts[1:]}
    first = parts[0].id

    def moved(findings: Sequence[Finding]) -> tuple[Finding, ...]:
        return tuple(
            finding.model_copy(
                update={
                    "utterance_ids": tuple(
                        dict.fromkeys(first if name in gone else name for name in finding.utterance_ids)
                    )
                }
            )
            for finding in findings
        )

    kept = tuple(s for s in found.sentiments if s.utterance_id not in {first, *gone})
    return found.model_copy(
        update={"topics": moved(found.topics), "intents": moved(found.intents), "sentiments": kept}
    )


def _position(transcript: Transcript, utterance_id: str) -> int:
    for position, utterance in enumerate(transcript.utterances):
        if utterance.id == utterance_id:
            return position
    raise UtteranceUnknown(utterance_id)
