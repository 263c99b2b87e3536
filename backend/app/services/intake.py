"""What comes in through connections: whose call it is, and the interviews that it makes.

A call is answered as soon as the interview is written down; the pipeline fetches. Every recording has a key of its own,
so a call that is repeated, whole or in part, makes nothing twice, whatever was changed here in between.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import structlog

from app.core.errors import Unavailable
from app.core.outgoing import OutgoingRules, check_url
from app.core.security.shared import new_webhook_secret
from app.models.base import utc_now
from app.models.connection import Connection, ConnectionKind, Preference
from app.models.interview import Interrupted, Interview, Participant, RemoteSource, Status
from app.models.transcript import SpeakerRole
from app.repositories.base import Repositories
from app.services.connections import ConnectionService
from app.services.interviews import IdempotencyKeyReused, InterviewDraft, InterviewService
from app.services.lifecycle import InterviewNotFound, Lifecycle, WrongState
from app.services.meetings.base import (
    CallRefused,
    FileKind,
    Happening,
    MeetingRecording,
    MeetingService,
    Verifier,
)
from app.services.recordings import refuse_second

log = structlog.get_logger(__name__)

MAX_CALL_BYTES: Final = 2**20
_NOBODYS_SECRET: Final = new_webhook_secret()
"""Calls to no connection are compared with it, so that they take as long as others."""
_ORDER: Final = {
    Preference.AUDIO: (FileKind.AUDIO, FileKind.VIDEO),
    Preference.VIDEO: (FileKind.VIDEO, FileKind.AUDIO),
}
_LONGEST_KEY: Final = 200
_NAME_LIKE: Final = re.compile(r"[^\W\d_]+([._-][^\W\d_]+)+")


class RecordingUnknown(Unavailable):
    """A transcript came before its recording. Services repeat what was refused, and the recording may be here then."""

    code = "recording_unknown"


class Outcome(StrEnum):
    """What became of a call."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"
    """It says nothing that concerns us, or of nothing that we have."""


@dataclass(frozen=True, slots=True)
class Received:
    outcome: Outcome
    interview_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordingCall:
    """A program's own call: a recording is at this address."""

    key: str
    """The same for every repeat of the call."""
    draft: InterviewDraft
    url: str
    filename: str
    transcript_url: str | None = None


class Intake:
    def __init__(
        self,
        repositories: Repositories,
        connections: ConnectionService,
        interviews: InterviewService,
        lifecycle: Lifecycle,
        rules: OutgoingRules,
        *,
        meetings: Mapping[ConnectionKind, MeetingService],
        verifiers: Mapping[ConnectionKind, Verifier],
    ) -> None:
        self._repositories = repositories
        self._connections = connections
        self._interviews = interviews
        self._lifecycle = lifecycle
        self._rules = rules
        self._meetings = meetings
        self._verifiers = {**verifiers, **meetings}

    async def authenticate(
        self, kind: ConnectionKind, connection_id: str, body: bytes, headers: Mapping[str, str]
    ) -> Connection:
        """The connection whose secret the call is signed with. Raises `CallRefused`, whatever is wrong."""
        found = await self._connections.find(connection_id)
        usable = found if found is not None and found.enabled and found.kind is kind else None
        secrets = usable.secrets(utc_now()) if usable else (_NOBODYS_SECRET,)
        self._verifiers[kind].verify(body, headers, secrets)
        if usable is None:
            raise CallRefused
        return usable

    def answer_challenge(self, connection: Connection, body: bytes) -> Mapping[str, str] | None:
        """The answer that proves that this address is ours, if the service asks for that."""
        return self._meetings[connection.kind].answer_challenge(body, connection.secret)

    async def receive_event(self, connection: Connection, body: bytes) -> Received:
        """Act on what a meeting service tells. Raises `EventUnreadable` and `RecordingUnknown`."""
        event = self._meetings[connection.kind].read(body)
        match event.happening:
            case Happening.RECORDED:
                each = [await self._recorded(connection, r) for r in event.recordings]
            case Happening.TRANSCRIBED:
                each = await self._all_transcribed(connection, event.recordings)
            case Happening.OTHER:
                each = []
        return _told(connection, each)

    async def repeated(self, connection: Connection, key: str) -> Received | None:
        """The answer to a program's call that was taken before, whatever of it may no longer be valid today."""
        before = await self._find(connection, _call_key(connection, key))
        return None if before is None else _told(connection, [Received(Outcome.DUPLICATE, (before.id,))])

    async def receive_recording(self, connection: Connection, call: RecordingCall) -> Received:
        """Take a recording that a program tells of. Raises `UnsafeAddress` and `UnknownHost`."""
        for url in (call.url, call.transcript_url):
            if url is not None:
                await check_url(url, self._rules)
        source = RemoteSource(
            url=call.url,
            filename=call.filename,
            transcript_url=call.transcript_url,
            connection_id=connection.id,
            received_at=utc_now(),
        )
        created = await self._create(connection, call.draft, source, _call_key(connection, call.key))
        return _told(connection, [created])

    async def fetch(self, organisation_id: str, interview_id: str, *, url: str, filename: str) -> Interview:
        """Fetch the recording of an interview that a person made. Raises as an upload, and `UnsafeAddress`."""
        before = await self._lifecycle.get(organisation_id, interview_id)
        refuse_second(before)
        await check_url(url, self._rules)
        # The call that made the interview stays known by its connection.
        came_by = before.source and before.source.connection_id
        source = RemoteSource(url=url, filename=filename, connection_id=came_by, received_at=utc_now())

        def decide(interview: Interview) -> dict[str, Any]:
            refuse_second(interview)
            if interview.status not in (Status.CREATED, Status.FAILED):
                raise WrongState(
                    f"A recording can be fetched for an interview that is new or failed; this one is "
                    f"{interview.status}.",
                    status=interview.status.value,
                )
            return {"source": source, "recording": None}

        return await self._lifecycle.move(organisation_id, interview_id, Status.FETCHING, decide)

    async def _recorded(self, connection: Connection, recording: MeetingRecording) -> Received:
        chosen = recording.best(*_ORDER[connection.prefer])
        if chosen is None:
            return Received(Outcome.IGNORED)
        transcript = recording.best(FileKind.TRANSCRIPT)
        title = _title(recording)
        source = RemoteSource(
            url=chosen.url,
            filename=f"{_file_stem(title)}.{chosen.extension}",
            transcript_url=transcript.url if transcript else None,
            token=recording.token,
            token_hosts=recording.token_hosts,
            connection_id=connection.id,
            received_at=utc_now(),
        )
        draft = InterviewDraft(
            title=title,
            position=connection.defaults.position,
            participants=_host(recording.host_email),
            language=connection.defaults.language,
            template=connection.defaults.template,
            scheduled_at=recording.started_at,
            tags=connection.defaults.tags,
            external_id=_external_id(recording),
        )
        return await self._create(connection, draft, source, recording.key)

    async def _all_transcribed(
        self, connection: Connection, recordings: Sequence[MeetingRecording]
    ) -> list[Received]:
        """Use what belongs to recordings that are here before the call is refused for the others."""
        each = [await self._transcribed(connection, r) for r in recordings]
        known = [received for received in each if received is not None]
        if len(known) < len(each):
            raise RecordingUnknown(
                "No recording is known here that this transcript is of; send it again later."
            )
        return known

    async def _transcribed(self, connection: Connection, recording: MeetingRecording) -> Received | None:
        """Use the service's transcript, unless the interview has one that was brought along already. None when its
        recording is not here."""
        transcript = recording.best(FileKind.TRANSCRIPT)
        if transcript is None:
            return Received(Outcome.IGNORED)
        found = await self._find(connection, recording.key)
        if found is None:
            return None
        if found.source is None:
            return Received(Outcome.IGNORED)

        def decide(interview: Interview) -> dict[str, Any]:
            if (
                interview.source is None
                or interview.imported
                or interview.parts
                or interview.source.transcript_url
            ):
                raise _HasTranscript
            late = {
                "transcript_url": transcript.url,
                "token": recording.token,
                "token_hosts": recording.token_hosts,
                "received_at": utc_now(),
                "interrupted": _interrupted(interview),
            }
            return {"source": interview.source.model_copy(update=late)}

        try:
            await self._lifecycle.move(connection.organisation_id, found.id, Status.FETCHING, decide)
        except _HasTranscript:
            return Received(Outcome.DUPLICATE, (found.id,))
        except (InterviewNotFound, WrongState):
            return Received(Outcome.IGNORED)
        return Received(Outcome.ACCEPTED, (found.id,))

    async def _create(
        self, connection: Connection, draft: InterviewDraft, source: RemoteSource, key: str
    ) -> Received:
        before = await self._find(connection, key)
        if before is not None:
            return Received(Outcome.DUPLICATE, (before.id,))
        try:
            interview = await self._interviews.create(
                connection.organisation_id,
                draft,
                created_by=connection.created_by,
                idempotency_key=key[:_LONGEST_KEY],
                source=source,
            )
        except IdempotencyKeyReused:
            # The same call at the same moment, or an interview that was deleted a moment ago.
            return Received(Outcome.DUPLICATE)
        return Received(Outcome.ACCEPTED, (interview.id,))

    async def _find(self, connection: Connection, key: str) -> Interview | None:
        interviews = self._repositories.interviews(connection.organisation_id)
        return await interviews.find_by_idempotency_key(key[:_LONGEST_KEY])


class _HasTranscript(Exception):
    pass


def _interrupted(interview: Interview) -> Interrupted | None:
    """None while the recording itself is to be fetched, or could not be: there the fetch simply goes on."""
    step = interview.failure.step if interview.failure else interview.status
    if step is Status.FETCHING:
        return None
    return Interrupted(status=interview.status, failure=interview.failure)


def _call_key(connection: Connection, key: str) -> str:
    return "call:" + hashlib.sha256(f"{connection.id}\n{key}".encode()).hexdigest()


def _told(connection: Connection, each: Sequence[Received]) -> Received:
    """One answer for all parts of a call."""
    outcomes = {r.outcome for r in each}
    first = next((o for o in (Outcome.ACCEPTED, Outcome.DUPLICATE) if o in outcomes), Outcome.IGNORED)
    ids = tuple(dict.fromkeys(i for r in each for i in r.interview_ids))
    log.info("call.received", connection_id=connection.id, kind=connection.kind.value, outcome=first.value)
    return Received(first, ids)


def _title(recording: MeetingRecording) -> str:
    part = f" (part {recording.part} of {recording.parts})" if recording.parts > 1 else ""
    return recording.title[: 300 - len(part)] + part


def _external_id(recording: MeetingRecording) -> str:
    """The same beginning for all parts of a meeting."""
    part = f":{recording.part}" if recording.parts > 1 else ""
    return recording.meeting_id[: 200 - len(part)] + part


def _file_stem(title: str) -> str:
    """A file name that people recognise; only ever shown, never a path."""
    return "".join(c if c.isprintable() and c not in '/\\:*?"<>|' else "_" for c in title)[:150]


def _host(email: str | None) -> tuple[Participant, ...]:
    """Who invited is an interviewer. `sarah.lind@…` reads as a name; of anything else the address stands for it."""
    if email is None:
        return ()
    local = email.partition("@")[0]
    is_name = _NAME_LIKE.fullmatch(local) is not None
    name = re.sub(r"[._-]", " ", local).title() if is_name else email
    return (Participant(name=name[:200], email=email, role=SpeakerRole.INTERVIEWER),)
