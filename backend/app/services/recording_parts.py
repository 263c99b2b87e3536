"""A recording that was interrupted: further files of an interview that has one.

A part is stored and looked at like any recording; the pipeline then joins all parts in their order, and what follows,
follows as from one file.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

from app.core.errors import AppError, Conflict, InvalidInput, NotFound, Unavailable
from app.models.base import new_id
from app.models.interview import TRANSITIONS, Interview, Recording, RecordingPart, Status
from app.services.lifecycle import Lifecycle, WrongState
from app.services.media.errors import TooLong
from app.services.recordings import RecordingMissing, RecordingService
from app.services.storage.base import ObjectStore
from app.services.storage.service import recording_key

MAX_PARTS: Final = 50


class PartExists(Conflict):
    code = "part_exists"


class TooManyParts(Conflict):
    code = "too_many_parts"


class PartMissing(NotFound):
    code = "part_missing"


class PositionInvalid(InvalidInput):
    code = "position_invalid"


class RecordingParts:
    def __init__(
        self, lifecycle: Lifecycle, recordings: RecordingService, store: ObjectStore, *, max_seconds: float
    ) -> None:
        self._lifecycle = lifecycle
        self._recordings = recordings
        self._store = store
        self._max_seconds = max_seconds

    async def add(
        self,
        organisation_id: str,
        interview_id: str,
        chunks: AsyncIterator[bytes],
        *,
        filename: str,
        content_type: str,
        declared_size: int | None,
        position: int | None,
        gap: float,
    ) -> Interview:
        """Store a further part and have all of them joined. It comes last, or at `position`, counted from 1.

        What cannot become a part leaves no trace and the recording as it was.
        """
        _refuse_now(await self._lifecycle.get(organisation_id, interview_id))
        recording = await self._recordings.keep(
            recording_key(organisation_id, interview_id, new_id()),
            chunks,
            filename=filename,
            content_type=content_type,
            declared_size=declared_size,
        )
        added = RecordingPart(id=new_id(), recording=recording, gap=gap)

        def decide(interview: Interview) -> dict[str, Any]:
            parts = _with(_parts_of(interview), added, position)
            self._refuse_too_long(parts)
            return {"parts": parts, "transcription": None}

        try:
            return await self._lifecycle.move(organisation_id, interview_id, Status.JOINING, decide)
        except Unavailable:
            # What became of it is not known: if it is no part, it goes with its interview.
            raise
        except AppError:
            await self._store.delete(recording.key)
            raise

    async def remove(self, organisation_id: str, interview_id: str, part_id: str) -> Interview:
        """Take a part away and join what is left; a single one is the recording again."""
        interview = await self._lifecycle.get(organisation_id, interview_id)
        removed = next((part for part in interview.parts if part.id == part_id), None)
        if removed is None:
            raise PartMissing("This recording has no such part.")
        left = tuple(part for part in interview.parts if part is not removed)

        def decide(current: Interview) -> dict[str, Any]:
            if current.parts != interview.parts:
                raise Conflict("Parts were added or removed meanwhile; look at them and try again.")
            if len(left) > 1:
                return {"parts": left, "transcription": None}
            return {"parts": (), "recording": left[0].recording, "imported": None, "transcription": None}

        to = Status.JOINING if len(left) > 1 else Status.PREPARING
        changed = await self._lifecycle.move(organisation_id, interview_id, to, decide)
        await self._store.delete(removed.recording.key)
        return changed

    def _refuse_too_long(self, parts: tuple[RecordingPart, ...]) -> None:
        together = sum(part.gap + part.recording.duration for part in parts)
        if together > self._max_seconds:
            raise TooLong(
                f"Together the parts last {together:,.0f} seconds, and {self._max_seconds:,.0f} are the limit here.",
                max_seconds=self._max_seconds,
            )


def _refuse_now(interview: Interview) -> None:
    """Before the bytes are sent in vain."""
    _parts_of(interview)
    if Status.JOINING not in TRANSITIONS[interview.status]:
        raise WrongState(
            f"An interview that is {interview.status} cannot take a further part; try again when that is over.",
            status=interview.status.value,
        )


def _parts_of(interview: Interview) -> tuple[RecordingPart, ...]:
    """The parts, or the one file that there is as the first of them."""
    if interview.recording is None:
        raise RecordingMissing("This interview has no recording yet; upload the first part as its recording.")
    return interview.parts or (_first(interview.recording),)


def _first(recording: Recording) -> RecordingPart:
    # The waveform belongs to the whole, and is made anew.
    return RecordingPart(id=new_id(), recording=recording.model_copy(update={"peaks_key": None}), start=0.0)


def _with(
    parts: tuple[RecordingPart, ...], added: RecordingPart, position: int | None
) -> tuple[RecordingPart, ...]:
    if any(part.recording.etag == added.recording.etag for part in parts):
        raise PartExists("This very file is a part of the recording already.")
    if len(parts) >= MAX_PARTS:
        raise TooManyParts(f"A recording may have at most {MAX_PARTS} parts.")
    index = len(parts) if position is None else position - 1
    if index > len(parts):
        raise PositionInvalid(
            f"The recording has {len(parts)} parts; position {position} is not next to one."
        )
    return (*parts[:index], added, *parts[index:])
