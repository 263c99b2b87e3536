"""What the steps that make a transcript share."""

from __future__ import annotations

from dataclasses import asdict

from app.core.container import Container
from app.core.errors import InvalidInput
from app.jobs.steps import Advance
from app.models.base import new_id, utc_now
from app.models.interview import Interview, Status
from app.models.notification import Topic
from app.models.transcript import Transcript, TranscriptDraft
from app.services.notification.service import message
from app.services.transcription.languages import languages_of


class RecordingLost(InvalidInput):
    code = "recording_missing"


async def keep_transcript(
    c: Container, interview: Interview, draft: TranscriptDraft, *, then: Status = Status.ANALYSING
) -> Advance:
    """Store the draft as the interview's next revision; it counts once that number is committed."""
    draft = await c.speakers.named(interview, draft)
    languages = languages_of(
        draft, interview.language, wants_findings=bool(c.settings.deepgram.deepgram_intelligence)
    )
    revision = interview.transcript_revision + 1
    transcript = Transcript(
        id=new_id(),
        organisation_id=interview.organisation_id,
        interview_id=interview.id,
        revision=revision,
        epoch=interview.epoch,
        created_at=utc_now(),
        **({name: getattr(draft, name) for name in TranscriptDraft.model_fields} | asdict(languages)),
    )
    await c.repositories.transcripts(interview.organisation_id).put(transcript)
    await c.search.index(interview, transcript)
    changes = {"transcript_revision": revision, "analysis_requested_by": None}
    return Advance(then, changes, (message(Topic.TRANSCRIPT_READY, transcript_revision=revision),))
