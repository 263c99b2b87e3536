"""Transcripts: bring one along, read what there is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from anyio import to_thread

from app.models.base import new_id, utc_now
from app.models.interview import ImportedTranscript, Interview, Status
from app.models.transcript import Transcript
from app.repositories.base import Repositories, TranscriptJson
from app.services.lifecycle import Lifecycle
from app.services.storage.base import ObjectStore
from app.services.storage.service import fetched_import_key, import_key, remove_older
from app.services.transcript_editing.revisions import Revisions, missing
from app.services.transcript_memory import TranscriptMemory
from app.services.transcription.importers import parse_transcript


class TranscriptService:
    def __init__(
        self, repositories: Repositories, lifecycle: Lifecycle, store: ObjectStore, *, max_bytes: int
    ) -> None:
        self._revisions = Revisions(repositories)
        self._lifecycle = lifecycle
        self._store = store
        self._max_bytes = max_bytes
        self._memory = TranscriptMemory()

    async def import_file(
        self, organisation_id: str, interview_id: str, data: bytes, *, filename: str
    ) -> Interview:
        """Take a transcript file instead of, or next to, a recording.

        The file is read once here so that a bad one is refused at once, and kept; the pipeline reads it again. It
        becomes the newest revision; earlier ones stay. Raises the importers' errors and `WrongState`.
        """
        await self._lifecycle.get(organisation_id, interview_id)
        key = import_key(organisation_id, interview_id, new_id())
        imported = await self._keep(key, data, filename=filename)

        def decide(interview: Interview) -> dict[str, Any]:
            changes: dict[str, Any] = {"imported": imported, "transcription": None}
            if interview.source and interview.failure and interview.failure.step is Status.FETCHING:
                # It comes in the place of what could not be fetched, which is not tried once more.
                changes["source"] = interview.source.forgotten()
            return changes

        return await self._lifecycle.move(organisation_id, interview_id, Status.INGESTING, decide)

    async def receive(
        self, organisation_id: str, interview_id: str, data: bytes, *, epoch: int, filename: str
    ) -> ImportedTranscript:
        """Store a file that a worker fetched; the worker's commit makes it the interview's.

        What attempts before this one left behind when they were killed is gone after it. Raises the importers' errors.
        """
        key = fetched_import_key(organisation_id, interview_id, epoch)
        await remove_older(self._store, key, epoch)
        return await self._keep(key, data, filename=filename)

    async def _keep(self, key: str, data: bytes, *, filename: str) -> ImportedTranscript:
        """Read the file, so that a bad one is refused, and store it."""
        await to_thread.run_sync(
            partial(parse_transcript, data, filename=filename, max_bytes=self._max_bytes)
        )
        await self._store.put_bytes(key, data, content_type="application/octet-stream")
        return ImportedTranscript(key=key, filename=filename, size=len(data), uploaded_at=utc_now())

    async def get(
        self, organisation_id: str, interview_id: str, *, revision: int | None = None
    ) -> Transcript:
        """The given revision, or the newest. Raises `TranscriptMissing`."""
        interview, wanted = await self._find(organisation_id, interview_id, revision)
        if wanted == interview.transcript_revision:
            return await self._revisions.newest(interview)
        found = await self._revisions.get(organisation_id, interview_id, wanted)
        if found is None:
            raise missing(interview)
        return found

    async def get_json(
        self,
        organisation_id: str,
        interview_id: str,
        *,
        revision: int | None = None,
        after: int = 0,
        limit: int | None = None,
    ) -> TranscriptJson:
        """As `get`, with the utterances behind the first `after` ones as JSON."""
        interview, wanted = await self._find(organisation_id, interview_id, revision)
        is_whole, key = after == 0 and limit is None, (organisation_id, interview_id, wanted)
        if is_whole and (kept := self._memory.get(key)) is not None:
            return kept
        found = await self._revisions.get_json(interview, wanted, after=after, limit=limit)
        if found is None:
            raise missing(interview)
        if is_whole:
            self._memory.keep(key, found)
        return found

    def written(
        self, organisation_id: str, found: TranscriptJson, write: Callable[[TranscriptJson], bytes]
    ) -> bytes:
        """A whole transcript as `write` makes it of what was found, which may have been made for somebody before."""
        key = (organisation_id, found.head.interview_id, found.head.revision)
        return self._memory.written(key, found, write)

    async def _find(
        self, organisation_id: str, interview_id: str, revision: int | None
    ) -> tuple[Interview, int]:
        interview = await self._lifecycle.get(organisation_id, interview_id)
        wanted = revision or interview.transcript_revision
        # A revision above the committed one may be lying there: written by a worker that has not committed it.
        if not 0 < wanted <= interview.transcript_revision:
            raise missing(interview)
        return interview, wanted
