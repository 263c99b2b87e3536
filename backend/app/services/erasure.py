"""Removing an interview so that nothing of the candidate stays behind.

Objects go first, then documents: as long as the interview's document stands, whoever finds it can finish the work.
What is left is a tombstone without content. After a while everything under the interview's prefix is removed once more,
because a worker that was cut off in the middle of a step may have written after the first time. The tombstone goes with
it, unless the interview came by a call: services and programs repeat calls for hours, and as long as the tombstone has
the call's key, a repeat does not bring the interview back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from anyio import to_thread

from app.models.base import FAR_FUTURE, utc_now
from app.models.interview import Interview, Status, entering
from app.repositories.base import Expect, Repositories
from app.services.live.spool import Spool
from app.services.storage.base import ObjectStore
from app.services.storage.service import interview_prefix

TOMBSTONE_KEPT: Final = timedelta(minutes=15)
CALL_KNOWN: Final = timedelta(days=1)
"""For so long a repeat of a call is known as one after its interview was deleted."""

_BLANK: Final[dict[str, Any]] = {
    "title": "",
    "candidate": None,
    "position": None,
    "participants": (),
    "tags": (),
    "external_id": None,
    "scheduled_at": None,
    "source": None,
    "pending_upload": None,
    "recording": None,
    "parts": (),
    "imported": None,
    "transcription": None,
    "history": (),
    "outbox": (),
    "outbox_at": FAR_FUTURE,
    "request_hash": "",
    "failure": None,
    "stability_failure": None,
    "speaker_reasons": (),
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a deletion removed; holds no personal data."""

    interview_id: str
    objects: int
    documents: int
    erased_at: datetime


class Eraser:
    def __init__(self, repositories: Repositories, store: ObjectStore, spool: Spool) -> None:
        self._jobs = repositories.jobs
        self._store = store
        self._spool = spool

    async def erase(self, interview: Interview) -> Receipt:
        """Remove all content of an interview in state `deleting` and leave the tombstone."""
        now = utc_now()
        if interview.pending_upload:
            await self._store.abort_multipart(interview.pending_upload.key, interview.pending_upload.id)
        objects = await self._remove_content(interview)
        documents = await self._jobs.erase_results(interview.id)
        came_by_call = interview.source is not None and interview.source.connection_id is not None
        tombstone = {
            **_BLANK,
            **entering(Status.DELETED, now),
            "due_at": now + TOMBSTONE_KEPT,
            "kept_until": now + CALL_KNOWN if came_by_call else None,
        }
        await self._jobs.compare_and_set(interview.id, Expect(statuses=(Status.DELETING,)), tombstone)
        return Receipt(interview.id, objects, documents, now)

    async def erase_remains(self, interview: Interview) -> None:
        """Remove what was written for an interview that no longer exists."""
        await self._remove_content(interview)
        await self._jobs.erase_results(interview.id)

    async def purge(self, interview: Interview) -> timedelta | None:
        """Remove whatever was written after the erasure, and the tombstone; says for how long that still has to stay."""
        await self._remove_content(interview)
        left = interview.kept_until - utc_now() if interview.kept_until else timedelta()
        if left > timedelta():
            await self._jobs.erase_results(interview.id)
            return left
        await self._jobs.purge(interview.id, epoch=interview.epoch)
        return None

    async def _remove_content(self, interview: Interview) -> int:
        """Objects, and a live recording that was on its way; gives the number of objects."""
        await to_thread.run_sync(self._spool.remove, interview.id)
        return await self._store.delete_prefix(interview_prefix(interview.organisation_id, interview.id))
