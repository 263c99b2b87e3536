"""Interviews as the API shows and takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AliasPath, EmailStr, Field

from app.api.v1.schemas.common import In, Key, Language, Line, Moment, Name, Out, Tag
from app.models.audio import RecordingProblem
from app.models.interview import Interview, Participant, Status, StepOutcome
from app.models.transcript import LanguageMode, SpeakerRole
from app.repositories.base import InterviewFilter


class ParticipantIn(In):
    name: Name
    email: EmailStr | None = None
    role: SpeakerRole = SpeakerRole.UNKNOWN

    def to_model(self) -> Participant:
        return Participant(name=self.name, email=self.email, role=self.role)


class PersonIn(In):
    name: Name
    email: EmailStr | None = None

    def to_model(self) -> Participant:
        return Participant(name=self.name, email=self.email, role=SpeakerRole.CANDIDATE)


class TemplateChoice(In):
    id: Key
    version: int | None = Field(default=None, ge=1, description="The current version when left out.")


class InterviewCreate(In):
    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "title": "Backend engineer, first round",
                    "candidate": {"name": "Daniel Reyes", "email": "daniel@example.com"},
                    "position": "Backend Engineer",
                    "participants": [{"name": "Sarah Lind", "role": "interviewer"}],
                    "language": "en",
                    "tags": ["engineering", "round-1"],
                }
            ]
        }
    }

    title: Line
    candidate: PersonIn | None = None
    position: Name | None = None
    participants: list[ParticipantIn] = Field(default=[], max_length=30)
    language: Language | None = Field(
        default=None, description="BCP 47 tag, `multi` where several are spoken; left out = detect"
    )
    speakers_expected: int = Field(default=2, ge=1, le=6, description="How many people speak")
    template: TemplateChoice | None = None
    scheduled_at: Moment | None = None
    tags: list[Tag] = Field(default=[], max_length=30)
    external_id: Name | None = Field(default=None, description="The id in your own system")


class InterviewPatch(In):
    """Fields that are left out stay as they are; null clears one that may be empty."""

    title: Line = ""
    candidate: PersonIn | None = None
    position: Name | None = None
    participants: list[ParticipantIn] = Field(default=[], max_length=30)
    language: Language | None = None
    speakers_expected: int = Field(default=2, ge=1, le=6)
    template: TemplateChoice | None = None
    scheduled_at: Moment | None = None
    tags: list[Tag] = Field(default=[], max_length=30)
    external_id: Name | None = None


Filter = Annotated[str | None, Field(max_length=300)]


class InterviewQuery(In):
    """Filters are combined with AND. An unknown one is refused: ignored, it would show more than was asked for."""

    cursor: str | None = Field(default=None, max_length=200, description="`next_cursor` of the last page")
    limit: int = Field(default=25, ge=1, le=100)
    status: Status | None = None
    candidate: Filter = Field(
        default=None, description="Beginning of the name; case and accents do not matter"
    )
    position: Filter = Field(default=None, description="Beginning of the position, likewise")
    tag: Filter = None
    external_id: Filter = None
    needs_speakers: bool | None = Field(
        default=None, description="Whether the newest debrief waits for somebody to say who is who"
    )
    created_from: Moment | None = Field(default=None, description="Inclusive")
    created_to: Moment | None = Field(default=None, description="Exclusive")

    def to_filter(self) -> InterviewFilter:
        return InterviewFilter(
            status=self.status,
            candidate=self.candidate,
            position=self.position,
            tag=self.tag,
            external_id=self.external_id,
            needs_speakers=self.needs_speakers,
            created_from=self.created_from,
            created_to=self.created_to,
        )


class ParticipantOut(Out):
    name: str
    email: str | None
    role: SpeakerRole


class TemplateRefOut(Out):
    id: str
    version: int


class RecordingOut(Out):
    filename: str
    content_type: str
    size: int
    duration: float = Field(description="Seconds")
    channels: int
    sample_rate: int
    has_video: bool
    problems: list[RecordingProblem]
    uploaded_at: datetime


class PartOut(Out):
    """One of the files that the recording is joined of."""

    id: str
    filename: str = Field(validation_alias=AliasPath("recording", "filename"))
    size: int = Field(validation_alias=AliasPath("recording", "size"))
    duration: float = Field(description="Seconds", validation_alias=AliasPath("recording", "duration"))
    problems: list[RecordingProblem] = Field(validation_alias=AliasPath("recording", "problems"))
    uploaded_at: datetime = Field(validation_alias=AliasPath("recording", "uploaded_at"))
    gap: float = Field(description="Seconds of silence ahead of it")
    start: float | None = Field(
        description="Second of the whole recording at which it begins; null as long as it is not joined"
    )


class SourceOut(Out):
    """Where the recording comes or came from by itself. The address is not shown: it may hold a secret."""

    filename: str
    connection_id: str | None
    received_at: datetime
    transcript_problem: str | None = Field(description="Why the transcript file of the source was not used")


class ImportedOut(Out):
    filename: str
    size: int
    uploaded_at: datetime


class FailureOut(Out):
    step: Status
    code: str
    message: str
    attempts: int
    failed_at: datetime


class StepRecordOut(Out):
    step: Status
    attempt: int
    outcome: StepOutcome
    finished_at: datetime
    code: str | None


class PendingUploadOut(Out):
    id: str
    filename: str
    part_size: int
    created_at: datetime


class InterviewSummary(Out):
    """One row of the list."""

    id: str
    title: str
    status: Status = Field(
        description="`joining`: the parts of the recording become one; `measuring`: the debrief is finished and "
        "readable, and is repeated to see what can be relied on"
    )
    version: int
    candidate: ParticipantOut | None
    position: str | None
    tags: list[str]
    external_id: str | None
    language: str | None
    scheduled_at: datetime | None
    created_at: datetime
    updated_at: datetime
    progress: float | None
    failure: FailureOut | None
    transcript_revision: int
    analysis_revision: int


class InterviewOut(InterviewSummary):
    participants: list[ParticipantOut]
    language_mode: LanguageMode = Field(
        description="What `language` asks for: `fixed`, `detected` or `mixed`"
    )
    speakers_expected: int
    template: TemplateRefOut | None
    created_by: str
    source: SourceOut | None
    recording: RecordingOut | None
    parts: list[PartOut] = Field(description="What the recording is joined of; empty for one file")
    imported: ImportedOut | None
    pending_upload: PendingUploadOut | None
    needs_speakers: bool = Field(
        description="The newest debrief assesses nobody until somebody says who is who: see `/speakers`"
    )
    speaker_reasons: list[str] = Field(description="Why, in sentences")
    outdated: list[str] = Field(description="What changed since the debrief: `transcript`, `template`")
    analysis_requested_by: str | None = Field(
        description="Id of who asked for the debrief that is under way or newest; null: it followed from the recording"
    )
    stability_revision: int = Field(description="Number of the newest stability report, 0 for none")
    stability_failure: FailureOut | None = Field(
        description="Why the report that was asked for last was not made; the interview is done all the same"
    )
    history: list[StepRecordOut] = Field(description="Finished attempts at the steps, oldest first")


class DeletionReceipt(Out):
    """Proof of a deletion, without personal data."""

    interview_id: str
    objects: int = Field(description="Stored files that were removed")
    documents: int = Field(description="Transcripts and analyses that were removed")
    erased_at: datetime


def changes_of(patch: InterviewPatch) -> dict[str, Any]:
    """The given fields of a patch as model values, but for `template`, which has to be looked up."""
    changes: dict[str, Any] = {name: getattr(patch, name) for name in patch.model_fields_set - {"template"}}
    if "candidate" in changes and patch.candidate:
        changes["candidate"] = patch.candidate.to_model()
    if "participants" in changes:
        changes["participants"] = tuple(p.to_model() for p in patch.participants)
    if "tags" in changes:
        changes["tags"] = tuple(dict.fromkeys(patch.tags))
    return changes


def etag_of(interview: Interview) -> str:
    return f'"{interview.version}"'


IdempotencyKey = Annotated[str | None, Field(min_length=8, max_length=200)]
