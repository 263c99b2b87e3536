"""Every revision of a transcript, also those that are no longer stored: an original and the log make them again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog
from anyio import to_thread

from app.core.errors import NotFound
from app.models.edit import TranscriptEdit
from app.models.interview import Interview
from app.models.transcript import Transcript
from app.repositories.base import Repositories, TranscriptJson
from app.services.transcript_editing.replay import replay

log = structlog.get_logger(__name__)

_READ_AT_ONCE: Final = 200


class TranscriptMissing(NotFound):
    code = "transcript_missing"


@dataclass(frozen=True, slots=True)
class History:
    """An original and all changes that were made to it, up to a revision; oldest first."""

    original: Transcript
    edits: Sequence[TranscriptEdit]


class Revisions:
    """Reads what was committed. What an editor left behind who never came to commit is not shown."""

    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    async def get(self, organisation_id: str, interview_id: str, revision: int) -> Transcript | None:
        """A committed revision; None when it is gone."""
        stored = await self._repositories.transcripts(organisation_id).get(interview_id, revision)
        if stored is not None and await self._is_committed(stored):
            return stored
        return await self._made_again(organisation_id, interview_id, revision)

    async def newest(self, interview: Interview) -> Transcript:
        """Raises `TranscriptMissing`."""
        transcripts = self._repositories.transcripts(interview.organisation_id)
        revision = interview.transcript_revision
        found = await transcripts.get(interview.id, revision) if revision else None
        # Somebody may have changed it since the interview was read, and the revision is forgotten.
        if found is None and revision:
            found = await self._made_again(interview.organisation_id, interview.id, revision)
        if found is None:
            raise missing(interview)
        return found

    async def get_json(
        self, interview: Interview, revision: int, *, after: int = 0, limit: int | None = None
    ) -> TranscriptJson | None:
        """As `get`, with the utterances behind the first `after` ones as JSON."""
        organisation_id = interview.organisation_id
        stored = await self._repositories.transcripts(organisation_id).get_json(
            interview.id, revision, after=after, limit=limit
        )
        is_newest = revision == interview.transcript_revision
        if stored is not None and (is_newest or await self._is_committed(stored.head)):
            return stored
        made = await self._made_again(organisation_id, interview.id, revision)
        return await to_thread.run_sync(_as_json, made, after, limit) if made else None

    async def history(self, organisation_id: str, interview_id: str, *, base: int, upto: int) -> History:
        """Raises `TranscriptMissing` when the original, or a change, is gone."""
        original = await self._repositories.transcripts(organisation_id).get(interview_id, base)
        edits: list[TranscriptEdit] = []
        before = upto + 1
        while before > base + 1:
            limit = min(_READ_AT_ONCE, before - base - 1)
            page = await self._repositories.edits(organisation_id).list_newest(
                interview_id, before=before, limit=limit
            )
            edits += page
            before -= limit
            if [edit.revision for edit in page] != list(range(before + limit - 1, before - 1, -1)):
                break
        if original is None or len(edits) != upto - base:
            raise TranscriptMissing("The original of this transcript, or a change to it, is gone.")
        return History(original, edits[::-1])

    async def is_in_log(self, edit: TranscriptEdit, above: TranscriptEdit | None) -> bool:
        """Whether a change made the revision that it says. Not so when an original came before it was committed.

        `above` is the change of the next revision, where it is known: whoever made it knew what this one was.
        """
        if above is not None and above.revision == edit.revision + 1 and above.base < edit.revision:
            return True
        stored = await self._repositories.transcripts(edit.organisation_id).get_json(
            edit.interview_id, edit.revision, limit=0
        )
        return stored is None or stored.head.base is not None or stored.head.epoch < edit.epoch

    async def _is_committed(self, stored: Transcript) -> bool:
        """Whether it is what the log says. One who lost may have written after the revision was forgotten."""
        edits = self._repositories.edits(stored.organisation_id)
        edit = await edits.get(stored.interview_id, stored.revision)
        if stored.base is None:
            return edit is None or edit.epoch <= stored.epoch
        return edit is not None and edit.epoch == stored.epoch

    async def _made_again(self, organisation_id: str, interview_id: str, revision: int) -> Transcript | None:
        edit = await self._repositories.edits(organisation_id).get(interview_id, revision)
        if edit is None:
            return None
        try:
            history = await self.history(organisation_id, interview_id, base=edit.base, upto=revision)
        except TranscriptMissing:
            log.warning("transcript.not_made_again", interview_id=interview_id, revision=revision)
            return None
        return await to_thread.run_sync(partial(replay, history.original, history.edits))


def missing(interview: Interview) -> TranscriptMissing:
    return TranscriptMissing(
        f"There is no such transcript; the interview is {interview.status}.", status=interview.status.value
    )


def _as_json(transcript: Transcript, after: int, limit: int | None) -> TranscriptJson:
    wanted = transcript.utterances[after : None if limit is None else after + limit]
    return TranscriptJson(
        head=transcript.model_copy(update={"utterances": ()}),
        total=len(transcript.utterances),
        utterances=",".join(utterance.model_dump_json() for utterance in wanted).encode(),
    )
