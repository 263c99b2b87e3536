"""The interview: a state machine held in its own document.

`TRANSITIONS` is the whole machine. Every change of `status` is one compare-and-set made through a repository; nothing
else may write it. The fields from `status` to `outbox_at` belong to the machine; the rest belongs to people.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from app.models.audio import RecordingProblem
from app.models.base import FAR_FUTURE, Stored
from app.models.transcript import LanguageMode, SpeakerRole


class Status(StrEnum):
    """Where an interview stands. The middle group are steps: a worker is on them or will be."""

    CREATED = "created"

    FETCHING = "fetching"
    JOINING = "joining"
    PREPARING = "preparing"
    SUBMITTING = "submitting"
    AWAITING = "awaiting"
    TRANSCRIBING = "transcribing"
    INGESTING = "ingesting"
    ANALYSING = "analysing"
    NOTIFYING = "notifying"
    MEASURING = "measuring"

    DONE = "done"
    FAILED = "failed"

    DELETING = "deleting"
    DELETED = "deleted"


STEPS: Final = (
    Status.FETCHING,
    Status.JOINING,
    Status.PREPARING,
    Status.SUBMITTING,
    Status.AWAITING,
    Status.TRANSCRIBING,
    Status.INGESTING,
    Status.ANALYSING,
    Status.NOTIFYING,
    Status.MEASURING,
    Status.DELETING,
    Status.DELETED,
)
"""What a worker can claim. `awaiting` is due when a vendor's answer is overdue. `deleting` removes the content;
`deleted` is a tombstone that is purged after a while, so that what a fenced worker wrote after the deletion goes too.
"""

_ENDS: Final = frozenset({Status.FAILED, Status.DELETING})
_BROUGHT: Final = frozenset({Status.INGESTING, Status.FETCHING})
"""A transcript file may come at any time, from a person or from where the recording came from."""
_JOINED: Final = frozenset({Status.JOINING})
"""So may the next part of a recording that was interrupted, where the one that is there has been looked at."""
_RESTART: Final = frozenset(
    {Status.PREPARING, Status.SUBMITTING, Status.TRANSCRIBING, Status.INGESTING, Status.ANALYSING}
)

TRANSITIONS: Final[dict[Status, frozenset[Status]]] = {
    Status.CREATED: _BROUGHT | {Status.PREPARING, Status.DELETING},
    # A late transcript that turns out to be of no use leaves everything as it was.
    Status.FETCHING: _ENDS
    | _BROUGHT
    | {Status.PREPARING, Status.ANALYSING, Status.NOTIFYING, Status.MEASURING, Status.DONE},
    # No transcript may come meanwhile: it would leave a recording in which a part is missing. Another part may.
    Status.JOINING: _ENDS | {Status.JOINING, Status.PREPARING},
    Status.PREPARING: _ENDS | _BROUGHT | _JOINED | {Status.SUBMITTING, Status.TRANSCRIBING, Status.ANALYSING},
    # From the vendor's states another engine may take over. The answer may come before the submission is written.
    Status.SUBMITTING: _ENDS | _BROUGHT | _JOINED | {Status.AWAITING, Status.TRANSCRIBING},
    Status.AWAITING: _ENDS | _BROUGHT | _JOINED | {Status.SUBMITTING, Status.TRANSCRIBING},
    Status.TRANSCRIBING: _ENDS | _BROUGHT | _JOINED | {Status.ANALYSING},
    Status.INGESTING: _ENDS | _BROUGHT | _RESTART,
    Status.ANALYSING: _ENDS | _BROUGHT | _JOINED | {Status.NOTIFYING},
    Status.NOTIFYING: _ENDS | _BROUGHT | _JOINED | {Status.DONE},
    Status.MEASURING: _ENDS | _BROUGHT | {Status.DONE},
    Status.DONE: _RESTART | _BROUGHT | _JOINED | {Status.MEASURING, Status.DELETING},
    Status.FAILED: _RESTART | _BROUGHT | _JOINED | {Status.NOTIFYING, Status.MEASURING, Status.DELETING},
    Status.DELETING: frozenset({Status.DELETED}),
    Status.DELETED: frozenset(),
}


def origins(to: Status) -> frozenset[Status]:
    """The states from which `to` may be reached."""
    return frozenset(state for state, targets in TRANSITIONS.items() if to in targets)


class Participant(Stored):
    name: str
    email: str | None = None
    role: SpeakerRole = SpeakerRole.UNKNOWN


class TemplateRef(Stored):
    """The pinned edition of a template."""

    id: str
    version: int


class PendingUpload(Stored):
    """A multipart upload that was begun and not completed; an interview has at most one."""

    id: str
    key: str
    filename: str
    content_type: str
    size: int | None
    part_size: int
    created_at: datetime
    created_by: str


class Recording(Stored):
    """The stored audio or video and what probing found in it."""

    key: str
    """Object key in the store."""
    upload_id: str | None
    filename: str
    content_type: str
    """Found by probing, never the uploader's claim."""
    size: int
    etag: str
    container: str
    duration: float
    channels: int
    sample_rate: int
    has_video: bool
    problems: tuple[RecordingProblem, ...] = ()
    peaks_key: str | None = None
    uploaded_at: datetime


class RecordingPart(Stored):
    """One of the files that an interview's recording is joined of, as it was uploaded."""

    id: str
    recording: Recording
    gap: float = 0.0
    """Seconds of silence ahead of it."""
    start: float | None = None
    """Second of the joined recording at which it begins; None as long as it is not joined."""


class ImportedTranscript(Stored):
    """A transcript file that came instead of, or next to, a recording."""

    key: str
    filename: str
    size: int
    uploaded_at: datetime


class Failure(Stored):
    """Why the interview stopped, in a code for machines and a sentence for people."""

    step: Status
    code: str
    message: str
    attempts: int
    failed_at: datetime


class Interrupted(Stored):
    """What a transcript that came late interrupted, to go on with if it turns out to be of no use."""

    status: Status
    failure: Failure | None = None


class RemoteSource(Stored):
    """Where a recording that somebody told us of is to be fetched from."""

    url: str
    """Empty once it was forgotten, because what it leads to came by another way."""
    filename: str
    transcript_url: str | None = None
    """Of a transcript file that is to be used instead of a transcript of our own."""
    token: str | None = None
    """Bearer token of the download, forgotten once everything is here."""
    token_hosts: tuple[str, ...] = ()
    """The token goes to these hosts, and those below them, alone."""
    connection_id: str | None = None
    received_at: datetime
    transcript_problem: str | None = None
    """Why that file was not used after all, a sentence for people."""
    interrupted: Interrupted | None = None
    """Set while that file is fetched after everything else."""

    def forgotten(self) -> RemoteSource:
        """The same without addresses and token: only that it was, and through which connection it came."""
        nothing = {"url": "", "transcript_url": None, "token": None, "token_hosts": (), "interrupted": None}
        return self.model_copy(update=nothing)


class TranscriptionJob(Stored):
    """A recording that was given to a transcription vendor.

    The job's id, not the vendor's, is in the address of the callback: the answer may come before ours is written.
    """

    id: str
    recording_key: str
    generation: int = 1
    """Rises when the recording is sent again because no answer came, or a failure that may pass."""
    created_at: datetime
    request_id: str | None = None
    """The vendor's name for the newest generation, for questions to its support."""
    waits: int = 0
    """How often the submission was put off because the vendor was down."""
    delivery_key: str | None = None
    """Object key of the answer, as it came."""
    given_up: str | None = None
    """Why another engine took over, a sentence for people."""


class Analysed(Stored):
    """What the newest analysis was made of: enough to tell, without reading it, whether it is outdated."""

    transcript_revision: int
    template: TemplateRef | None = None


class StepOutcome(StrEnum):
    COMMITTED = "committed"
    RETRY = "retry"
    DEAD = "dead"


class StepRecord(Stored):
    """One finished attempt at a step; the last fifty are kept as the interview's timeline."""

    step: Status
    epoch: int
    attempt: int
    outcome: StepOutcome
    finished_at: datetime
    code: str | None = None


class OutboxEntry(Stored):
    """A message that was decided in the same update as the change it tells about, and is delivered after it."""

    id: str
    kind: str
    payload: dict[str, Any] = {}
    created_at: datetime


class Interview(Stored):
    id: str
    organisation_id: str

    title: str
    candidate: Participant | None = None
    position: str | None = None
    participants: tuple[Participant, ...] = ()
    language: str | None = None
    """BCP 47 tag, `multi` where several are spoken, or None to detect."""
    speakers_expected: int = 2
    template: TemplateRef | None = None
    scheduled_at: datetime | None = None
    tags: tuple[str, ...] = ()
    external_id: str | None = None
    created_by: str
    created_at: datetime
    updated_at: datetime

    idempotency_key: str
    """The caller's key, or the interview's own id: always present, so that a plain unique index serves."""
    request_hash: str = ""

    version: int = 1
    """Rises by one with every change; the order of events on the websocket and the value of the ETag."""
    status: Status = Status.CREATED
    epoch: int = 0
    """Rises with every claim; a commit carries the epoch of its claim and fails when a newer one exists."""
    attempt: int = 0
    due_at: datetime = FAR_FUTURE
    """When a worker may take it: now, after a backoff, or, while leased, when the lease ends."""
    lease_owner: str | None = None
    failure: Failure | None = None
    progress: float | None = None
    """Part of the current step that is done, 0 to 1, when the step can tell."""
    history: tuple[StepRecord, ...] = ()
    outbox: tuple[OutboxEntry, ...] = ()
    outbox_at: datetime = FAR_FUTURE
    """When the outbox should have been delivered by; far in the future while it is empty."""
    kept_until: datetime | None = None
    """Of a tombstone: until then it knows a repeat of the call that had made the interview."""

    correlation_id: str | None = None
    """Of the request that set the interview in motion last: in the logs of everything that follows from it."""
    traceparent: str | None = None
    """The same for traces (W3C Trace Context)."""

    source: RemoteSource | None = None
    pending_upload: PendingUpload | None = None
    recording: Recording | None = None
    parts: tuple[RecordingPart, ...] = ()
    """What the recording is joined of, in order; empty for one that came as one file."""
    imported: ImportedTranscript | None = None
    transcription: TranscriptionJob | None = None
    transcript_revision: int = 0
    """Number of the newest transcript, 0 for none."""
    analysis_revision: int = 0
    analysed: Analysed | None = None
    analysis_requested_by: str | None = None
    """Who asked for the analysis that is under way or was made last; None when it followed from the recording."""
    needs_speakers: bool = False
    """Whether the newest analysis assesses nobody until a person says who is who."""
    speaker_reasons: tuple[str, ...] = ()
    """Why, in sentences for people."""
    analysis_waits: int = 0
    """How often it was put off because its engine was down."""
    stability_revision: int = 0
    """Number of the newest stability report, 0 for none."""
    stability_runs: int = 0
    """How many runs the report that was asked for last is to have."""
    stability_failure: Failure | None = None
    """Why that report was not made. The interview is done all the same: its debrief is none the worse."""

    @property
    def language_mode(self) -> LanguageMode:
        return LanguageMode.of(self.language)

    @property
    def outdated(self) -> tuple[str, ...]:
        """What changed since the newest analysis was made: `transcript`, `template`. Empty while it is current."""
        if self.analysed is None:
            return ()
        changed = {
            "transcript": self.analysed.transcript_revision != self.transcript_revision,
            "template": self.analysed.template != self.template,
        }
        return tuple(name for name, has_changed in changed.items() if has_changed)

    @property
    def retry_step(self) -> Status | None:
        """The step that a person's retry begins with; None when nothing failed."""
        if self.failure is None:
            return None
        # Waiting again for what did not come, or reading a refusal once more, would only fail again.
        refused = self.failure.code == ANSWER_REFUSED
        return Status.SUBMITTING if refused or self.failure.step is Status.AWAITING else self.failure.step

    @property
    def people(self) -> tuple[Participant, ...]:
        """Everybody who is known to have been there, the candidate first."""
        if self.candidate is None:
            return self.participants
        return (self.candidate.model_copy(update={"role": SpeakerRole.CANDIDATE}), *self.participants)


HISTORY_KEPT: Final = 50
ANSWER_REFUSED: Final = "transcription_refused"
"""Code of the failure in which a vendor answered that it cannot transcribe the recording."""


def entering(status: Status, now: datetime) -> dict[str, Any]:
    """The fields that change with every change of state: due at once if it is a step, and no trace of the last one."""
    return {
        "status": status,
        "due_at": now if status in STEPS else FAR_FUTURE,
        "attempt": 0,
        "lease_owner": None,
        "progress": None,
    }
