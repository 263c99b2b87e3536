"""People's changes to transcripts: worked out, reserved, written, committed. The machine's original always stays.

Everything that can go wrong with a change is found before the interview is touched. Two editors of the same words: one
commits, the other learns the revision that there is now.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import anyio
import structlog
from anyio import to_thread

from app.core.errors import Conflict, Unavailable
from app.models.base import new_id, utc_now
from app.models.edit import Operation, ReplaceText, TranscriptEdit, Undo
from app.models.interview import Interview, Status
from app.models.transcript import Transcript, Utterance
from app.repositories.base import Fenced, Repositories
from app.services.accounts import Actor
from app.services.lifecycle import Lifecycle, Reservation, VersionMismatch, require_words
from app.services.search.service import SearchService
from app.services.speakers_needed import SpeakersNeeded
from app.services.transcript_editing.finding import Found, Wanted, found_in
from app.services.transcript_editing.lineage import original_of
from app.services.transcript_editing.operations import apply
from app.services.transcript_editing.replay import made_by, redo_of, replay, undo_of
from app.services.transcript_editing.revisions import History, Revisions, missing

log = structlog.get_logger(__name__)

_TRIES: Final = 8
_LONGER: Final = 3.0
"""Whoever was hindered waits at least as long as the try took, and at most so many times as long: in that time whoever
was the last to reserve is done, on a slow machine as on a quick one."""
_AT_REST: Final = frozenset({Status.DONE, Status.FAILED})


@dataclass(frozen=True, slots=True)
class Edited:
    """What a change came to."""

    interview: Interview
    transcript: Transcript
    edit: TranscriptEdit | None
    """None when nothing had to be changed."""
    changed: tuple[Utterance, ...] = ()
    """New ones and those that are not what they were, in the order of speaking."""
    removed: tuple[str, ...] = ()

    def changed_json(self) -> bytes:
        """`changed` as the inside of a JSON array. For a thread: a merge may change every utterance of a long day."""
        return ",".join(utterance.model_dump_json() for utterance in self.changed).encode()


class EditingService:
    """Every change takes the revision that the caller has seen, and raises `VersionMismatch` when there is another by
    now, `TranscriptMissing`, `WrongState`, and the errors of `transcript_editing.errors`."""

    def __init__(
        self,
        repositories: Repositories,
        lifecycle: Lifecycle,
        search: SearchService,
        speakers_needed: SpeakersNeeded,
    ) -> None:
        self._repositories = repositories
        self._lifecycle = lifecycle
        self._search = search
        self._speakers_needed = speakers_needed
        self._revisions = Revisions(repositories)

    async def change(
        self,
        actor: Actor,
        interview_id: str,
        operation: Operation,
        *,
        expected_revision: int,
        analyse: bool = False,
    ) -> Edited:
        """With `analyse` the debrief is made anew at once, if nothing else is under way."""
        before = await self._current(actor, interview_id, expected_revision)
        after = await to_thread.run_sync(apply, before, operation)
        return await self._keep(actor, before, operation, after, analyse=analyse)

    async def replace(
        self, actor: Actor, interview_id: str, wanted: Wanted, *, expected_revision: int
    ) -> Edited:
        """What `preview` has shown at the same revision."""
        before = await self._current(actor, interview_id, expected_revision)
        found = await to_thread.run_sync(found_in, before, wanted)
        operation = ReplaceText(find=wanted.find, replace=wanted.replace, changes=found.replaced)
        after = await to_thread.run_sync(apply, before, operation)
        return await self._keep(actor, before, operation, after)

    async def preview(
        self, organisation_id: str, interview_id: str, wanted: Wanted
    ) -> tuple[Transcript, Found]:
        """The transcript, and what would be replaced in it. Writes nothing."""
        interview = await self._lifecycle.get(organisation_id, interview_id)
        transcript = await self._revisions.newest(interview)
        return transcript, await to_thread.run_sync(found_in, transcript, wanted)

    async def undo(self, actor: Actor, interview_id: str, *, expected_revision: int) -> Edited:
        """Take back the newest change in force. Raises `NothingToUndo`."""
        return await self._by_log(actor, interview_id, expected_revision, undo_of)

    async def redo(self, actor: Actor, interview_id: str, *, expected_revision: int) -> Edited:
        """Bring back what was taken back last. Raises `NothingToRedo`."""
        return await self._by_log(actor, interview_id, expected_revision, redo_of)

    async def list_newest(
        self, organisation_id: str, interview_id: str, *, before: int | None, limit: int
    ) -> Sequence[TranscriptEdit]:
        """By falling revision, those below `before`; fewer than `limit` only at the end."""
        interview = await self._lifecycle.get(organisation_id, interview_id)
        below = min(before or interview.transcript_revision + 1, interview.transcript_revision + 1)
        shown: list[TranscriptEdit] = []
        while len(shown) < limit:
            page = await self._repositories.edits(organisation_id).list_newest(
                interview_id, before=below, limit=limit
            )
            shown += [
                edit
                for above, edit in zip([None, *page], page, strict=False)
                if await self._revisions.is_in_log(edit, above)
            ]
            if len(page) < limit:
                break
            below = page[-1].revision
        return shown[:limit]

    async def original(
        self, organisation_id: str, interview_id: str, utterance_id: str
    ) -> tuple[int, tuple[Utterance, ...]]:
        """The machine's utterances of which this one was made, and their revision. Raises `UtteranceUnknown`."""
        interview = await self._lifecycle.get(organisation_id, interview_id)
        history = await self._history(await self._revisions.newest(interview))
        came_of = await to_thread.run_sync(original_of, history, utterance_id)
        return history.original.revision, came_of

    async def _current(self, actor: Actor, interview_id: str, expected_revision: int) -> Transcript:
        interview = await self._lifecycle.get(actor.organisation_id, interview_id)
        if interview.transcript_revision == 0:
            raise missing(interview)
        require_words(interview, expected_revision)
        return await self._revisions.newest(interview)

    async def _history(self, newest: Transcript) -> History:
        if newest.base is None:
            return History(newest, ())
        return await self._revisions.history(
            newest.organisation_id, newest.interview_id, base=newest.base, upto=newest.revision
        )

    async def _by_log(
        self,
        actor: Actor,
        interview_id: str,
        expected_revision: int,
        decide: Callable[[Sequence[TranscriptEdit]], Undo],
    ) -> Edited:
        before = await self._current(actor, interview_id, expected_revision)
        history = await self._history(before)
        operation = decide(history.edits)
        edit = _edit(actor, before, operation)
        after = await to_thread.run_sync(partial(replay, history.original, [*history.edits, edit]))
        return await self._keep(actor, before, operation, after)

    async def _keep(
        self,
        actor: Actor,
        before: Transcript,
        operation: Operation,
        after: Transcript,
        *,
        analyse: bool = False,
    ) -> Edited:
        changed, removed = await to_thread.run_sync(_difference, before, after)
        if not (changed or removed or before.speakers != after.speakers or isinstance(operation, Undo)):
            interview = await self._lifecycle.get(before.organisation_id, before.interview_id)
            return Edited(interview, before, None)
        edit = _edit(actor, before, operation)
        interview, edit = await self._commit(edit, before, after, analyse=analyse)
        await self._forget(before)
        return Edited(interview, made_by(after, edit), edit, changed, removed)

    async def _commit(
        self, edit: TranscriptEdit, before: Transcript, after: Transcript, *, analyse: bool
    ) -> tuple[Interview, TranscriptEdit]:
        for attempt in range(_TRIES):
            began = anyio.current_time()
            try:
                reservation = await self._lifecycle.reserve(
                    edit.organisation_id, edit.interview_id, transcript_revision=edit.revision - 1
                )
            except VersionMismatch:
                if attempt:
                    await self._index_what_won(edit)
                raise
            edit = edit.model_copy(update={"epoch": reservation.interview.epoch})
            try:
                await self._write(reservation, edit, made_by(after, edit))
            except Fenced:
                committed = None
            else:
                needed = await self._speakers_needed.changes(reservation.interview, before, after)
                committed = await self._say_so(reservation, edit, needed, analyse=analyse)
            if committed is not None:
                return committed, edit
            took = anyio.current_time() - began
            await anyio.sleep(took * random.uniform(1, _LONGER + attempt))  # noqa: S311 - jitter, not a secret
        raise Conflict("Too many changes at once; try again.")

    async def _write(self, reservation: Reservation, edit: TranscriptEdit, made: Transcript) -> None:
        """The log first: what is stored under a number counts only if the log says so."""
        await self._repositories.edits(edit.organisation_id).put(edit)
        await self._repositories.transcripts(edit.organisation_id).put(made)
        await self._search.index(reservation.interview, made)

    async def _index_what_won(self, edit: TranscriptEdit) -> None:
        """Ours may have been the last words to be indexed under a number that is somebody else's."""
        interview = await self._lifecycle.get(edit.organisation_id, edit.interview_id)
        await self._search.index(interview, await self._revisions.newest(interview))

    async def _say_so(
        self, reservation: Reservation, edit: TranscriptEdit, also: dict[str, Any], *, analyse: bool
    ) -> Interview | None:
        changes: dict[str, Any] = {"transcript_revision": edit.revision, **also}
        to = None
        if analyse and reservation.interview.status in _AT_REST:
            to = Status.ANALYSING
            changes |= {"analysis_requested_by": edit.by, "analysis_waits": 0}
        return await self._lifecycle.commit(reservation, changes, to=to)

    async def _forget(self, before: Transcript) -> None:
        """The change is made whether this works or not: a revision too many harms nobody."""
        if before.base is None:
            return
        try:
            transcripts = self._repositories.transcripts(before.organisation_id)
            await transcripts.forget(before.interview_id, before.revision)
        except Unavailable:
            log.warning("transcript.not_forgotten", interview_id=before.interview_id)


def _edit(actor: Actor, before: Transcript, operation: Operation) -> TranscriptEdit:
    """Its epoch is known once the interview is reserved."""
    return TranscriptEdit(
        id=new_id(),
        organisation_id=before.organisation_id,
        interview_id=before.interview_id,
        revision=before.revision + 1,
        epoch=0,
        base=before.revision if before.base is None else before.base,
        operation=operation,
        by=actor.user.id,
        by_name=actor.name,
        created_at=utc_now(),
    )


def _difference(before: Transcript, after: Transcript) -> tuple[tuple[Utterance, ...], tuple[str, ...]]:
    old = {utterance.id: utterance for utterance in before.utterances}
    changed = []
    for utterance in after.utterances:
        known = old.pop(utterance.id, None)
        # Most are the same object: nothing is compared that was not touched.
        if known is not utterance and known != utterance:
            changed.append(utterance)
    return tuple(changed), tuple(old)
