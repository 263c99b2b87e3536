"""A transcript as a file: which revision, under which name."""

from __future__ import annotations

from dataclasses import dataclass

from app.models.base import utc_now
from app.models.transcript import Transcript
from app.repositories.base import Repositories
from app.services.export.filenames import named
from app.services.export.transcript.render import (
    TRANSCRIPT_MEDIA_TYPES,
    TranscriptFacts,
    TranscriptFormat,
    rendered_transcript,
)
from app.services.lifecycle import Lifecycle
from app.services.transcript_reading import is_about_sentiment
from app.services.transcripts import TranscriptService


@dataclass(frozen=True, slots=True)
class TranscriptFile:
    content: bytes
    media_type: str
    filename: str


class TranscriptFiles:
    def __init__(
        self, repositories: Repositories, lifecycle: Lifecycle, transcripts: TranscriptService
    ) -> None:
        self._repositories = repositories
        self._lifecycle = lifecycle
        self._transcripts = transcripts

    async def export(
        self,
        organisation_id: str,
        interview_id: str,
        *,
        format: TranscriptFormat,
        revision: int | None = None,
    ) -> TranscriptFile:
        """The words alone: what a vendor read out of them is in no file, so that everybody may have it.

        Raises `InterviewNotFound`, `TranscriptMissing` and `ExportFailed`.
        """
        transcript = await self._transcripts.get(organisation_id, interview_id, revision=revision)
        interview = await self._lifecycle.get(organisation_id, interview_id)
        organisation = await self._repositories.people.get_organisation(organisation_id)
        facts = TranscriptFacts(
            transcript=transcript.model_copy(
                update={"intelligence": None, "warnings": _about_words(transcript)}
            ),
            title=interview.title,
            organisation=organisation.name if organisation else "",
            exported_at=utc_now(),
        )
        candidate = interview.candidate.name if interview.candidate else None
        return TranscriptFile(
            content=await rendered_transcript(format, facts),
            media_type=TRANSCRIPT_MEDIA_TYPES[format],
            filename=named("Transcript", format, interview.title, candidate),
        )


def _about_words(transcript: Transcript) -> tuple[str, ...]:
    """Warnings about sentiment are for those alone who are shown any."""
    return tuple(warning for warning in transcript.warnings if not is_about_sentiment(warning))
