"""Zoom's webhooks, as developers.zoom.us documents them (read in November 2026).

- Every call has `x-zm-request-timestamp` (seconds) and `x-zm-signature`: `v0=` and the hexadecimal HMAC-SHA256, with the
  app's secret token, of `v0:{timestamp}:{body}`, the body as it came.
- `endpoint.url_validation` is signed like the rest. It wants `plainToken` back with `encryptedToken`, its hexadecimal
  HMAC-SHA256. It comes when the address is entered and every 72 hours.
- A call that is not answered with 200 or 204 within three seconds comes again after 5, 20 and 60 minutes.
- `recording.completed` lists the files of a meeting, each with `recording_start` and `recording_end`; a recording that
  was paused or begun again has several stretches. `file_type`: MP4, M4A, TRANSCRIPT (WebVTT with names), CHAT, TIMELINE,
  CC, CSV, SUMMARY. `recording.transcript_completed` has the same shape and lists the transcripts.
- `download_token` stands beside `payload`, is good for 24 hours and is sent as `Authorization: Bearer`. Downloads may be
  redirected to a store that knows the request by its address. A token that is no longer good may get a 200 with a page
  that asks to sign in: what comes has to be looked at.

A `plainToken` is answered only if it has letters, digits and a few signs: whoever could have a text of their
choice signed would have signed `v0:…` too.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Final, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, ValidationError

from app.core.security.shared import same
from app.models.base import utc_now
from app.services.meetings.base import (
    TOLERANCE,
    CallRefused,
    EventUnreadable,
    FileKind,
    Happening,
    MeetingEvent,
    MeetingFile,
    MeetingRecording,
)

HOSTS: Final = ("zoom.us", "zoom.com", "zoomgov.com")
_VALIDATION: Final = "endpoint.url_validation"
_HAPPENINGS: Final = {
    "recording.completed": Happening.RECORDED,
    "recording.transcript_completed": Happening.TRANSCRIBED,
}
_KINDS: Final = {"M4A": FileKind.AUDIO, "MP4": FileKind.VIDEO, "TRANSCRIPT": FileKind.TRANSCRIPT}
_BEST_VIEWS: Final = (
    "active_speaker",
    "speaker_view",
    "shared_screen_with_speaker_view",
    "shared_screen_with_gallery_view",
    "gallery_view",
)
"""Of the pictures: those that show faces first."""
_PLAIN_TOKEN: Final = re.compile(r"[A-Za-z0-9+/=_-]{1,200}")
_TIMESTAMP: Final = re.compile(r"[0-9]{1,11}")

_Moment = Annotated[AwareDatetime | None, BeforeValidator(lambda value: value or None)]


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


W = TypeVar("W", bound=_Wire)


class _File(_Wire):
    id: str = ""
    file_type: str = ""
    file_extension: str = ""
    file_size: int | None = None
    download_url: str = ""
    recording_type: str = ""
    recording_start: _Moment = None
    status: str = "completed"


class _Meeting(_Wire):
    uuid: str
    topic: str = ""
    start_time: _Moment = None
    host_email: str = ""
    recording_files: tuple[_File, ...] = ()


class _Payload(_Wire):
    object: _Meeting


class _Event(_Wire):
    payload: _Payload
    download_token: str | None = None


class _Named(_Wire):
    event: str


class _PlainToken(_Wire):
    plainToken: str  # noqa: N815 - Zoom's name


class _Challenge(_Wire):
    payload: _PlainToken


class Zoom:
    """`token_hosts`: who may see a download's token, besides Zoom: hosts of the operator's own."""

    def __init__(self, token_hosts: Sequence[str] = (), clock: Callable[[], datetime] = utc_now) -> None:
        self._token_hosts = (*HOSTS, *token_hosts)
        self._clock = clock

    def verify(self, body: bytes, headers: Mapping[str, str], secrets: Sequence[str]) -> None:
        timestamp = headers.get("x-zm-request-timestamp", "")
        signature = headers.get("x-zm-signature", "")
        # All are computed, whichever fits: the time must not tell which secret it was.
        fits = [same(signature, sign(body, timestamp, secret)) for secret in secrets]
        if not (any(fits) and _is_fresh(timestamp, self._clock())):
            raise CallRefused

    def answer_challenge(self, body: bytes, secret: str) -> Mapping[str, str] | None:
        if _name(body) != _VALIDATION:
            return None
        token = _parse(_Challenge, body).payload.plainToken
        if not _PLAIN_TOKEN.fullmatch(token):
            raise EventUnreadable("plainToken may have letters, digits and +/=_- only.")
        return {"plainToken": token, "encryptedToken": _digest(token.encode(), secret)}

    def read(self, body: bytes) -> MeetingEvent:
        happening = _HAPPENINGS.get(_name(body), Happening.OTHER)
        if happening is Happening.OTHER:
            return MeetingEvent(happening)
        event = _parse(_Event, body)
        stretches = _stretches(event.payload.object)
        return MeetingEvent(
            happening,
            tuple(
                self._recording(event, start, files, part, len(stretches))
                for part, (start, files) in enumerate(stretches, 1)
            ),
        )

    def _recording(
        self, event: _Event, start: datetime | None, files: Sequence[_File], part: int, parts: int
    ) -> MeetingRecording:
        meeting = event.payload.object
        return MeetingRecording(
            key=f"zoom:{meeting.uuid}:{start.astimezone(UTC).isoformat() if start else '-'}",
            meeting_id=f"zoom:{meeting.uuid}",
            part=part,
            parts=parts,
            title=meeting.topic.strip() or "Zoom meeting",
            started_at=start or meeting.start_time,
            host_email=meeting.host_email.strip() or None,
            files=tuple(_file(f) for f in sorted(files, key=_rank)),
            token=event.download_token,
            token_hosts=self._token_hosts,
        )


def sign(body: bytes, timestamp: str, secret: str) -> str:
    """The signature that Zoom sends with this body at this time."""
    return f"v0={_digest(b'v0:' + timestamp.encode() + b':' + body, secret)}"


def _digest(text: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def _is_fresh(timestamp: str, now: datetime) -> bool:
    if not _TIMESTAMP.fullmatch(timestamp):
        return False
    return abs(now.timestamp() - int(timestamp)) <= TOLERANCE.total_seconds()


def _name(body: bytes) -> str:
    return _parse(_Named, body).event


def _parse(wire: type[W], body: bytes) -> W:
    try:
        return wire.model_validate_json(body)
    except ValidationError as error:
        where = ", ".join(
            sorted({".".join(str(part) for part in e["loc"]) or "body" for e in error.errors()})
        )
        raise EventUnreadable(f"The event is not as Zoom documents it ({where}).") from None


def _stretches(meeting: _Meeting) -> list[tuple[datetime | None, list[_File]]]:
    """The usable files by the time at which they begin, in order: files of one stretch begin at the same time."""
    found: defaultdict[datetime | None, list[_File]] = defaultdict(list)
    for file in meeting.recording_files:
        if file.file_type.upper() in _KINDS and file.download_url and file.status == "completed":
            found[file.recording_start].append(file)
    return sorted(found.items(), key=lambda item: item[0] or datetime.min.replace(tzinfo=UTC))


def _rank(file: _File) -> int:
    """Nothing but pictures comes in several views."""
    view = file.recording_type.removesuffix("(CC)")
    return _BEST_VIEWS.index(view) if view in _BEST_VIEWS else len(_BEST_VIEWS)


def _file(file: _File) -> MeetingFile:
    kind = _KINDS[file.file_type.upper()]
    extension = (file.file_extension or file.file_type).lower()
    return MeetingFile(
        id=file.id,
        kind=kind,
        url=file.download_url,
        extension="vtt" if kind is FileKind.TRANSCRIPT else extension,
        size=file.file_size,
    )
