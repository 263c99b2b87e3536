"""What an interview is found by: the terms of every utterance of its transcript."""

from __future__ import annotations

from anyio import to_thread

from app.models.interview import Interview
from app.models.transcript import Speaker, SpeakerRole, Transcript, Utterance
from app.repositories.base import IndexedTranscript, Passage, Repositories
from app.services.search.analyzer import terms


async def index_transcript(repositories: Repositories, interview: Interview, transcript: Transcript) -> None:
    """Make the words of a revision findable; to be called after it was stored and before its number is committed.

    Should the commit never come, nothing of it is shown, because hits count for the current revision alone.
    """
    indexed = await to_thread.run_sync(indexed_transcript, interview, transcript)
    await repositories.search(interview.organisation_id).put(indexed)


def indexed_transcript(interview: Interview, transcript: Transcript) -> IndexedTranscript:
    speakers = {speaker.id: speaker for speaker in transcript.speakers}
    return IndexedTranscript(
        interview_id=interview.id,
        revision=transcript.revision,
        epoch=transcript.epoch,
        created_at=interview.created_at,
        passages=tuple(
            _passage(utterance, number, speakers.get(utterance.speaker), transcript.language)
            for number, utterance in enumerate(transcript.utterances)
        ),
    )


def _passage(utterance: Utterance, number: int, speaker: Speaker | None, language: str | None) -> Passage:
    spoken = utterance.language or language
    return Passage(
        utterance_id=utterance.id,
        number=number,
        start=utterance.start,
        end=utterance.end,
        speaker=(speaker.name or speaker.label) if speaker else utterance.speaker,
        role=speaker.role if speaker else SpeakerRole.UNKNOWN,
        text=utterance.text,
        language=spoken,
        terms=terms(utterance.text, spoken),
    )
