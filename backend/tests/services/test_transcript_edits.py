"""Corrections in the database: several editors at once, editors who die, workers who are in the middle of it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.core.security import Signer
from app.models.base import utc_now
from app.models.edit import (
    DescribeSpeaker,
    EditText,
    JoinUtterances,
    Operation,
    SplitUtterance,
    TranscriptEdit,
    Undo,
)
from app.models.event import EventKind
from app.models.interview import Interview, Status
from app.models.transcript import SpeakerRole, Transcript
from app.repositories.base import Expect, Repositories, SearchOrder, SearchQuery
from app.services.events.local import LocalEventBus
from app.services.lifecycle import Lifecycle, VersionMismatch, WrongState
from app.services.search.service import SearchService
from app.services.speakers_needed import SpeakersNeeded
from app.services.storage.providers.local import LocalObjectStore
from app.services.templates import TemplateService
from app.services.transcript_editing.errors import NothingToUndo, UtteranceUnknown
from app.services.transcript_editing.finding import Wanted
from app.services.transcript_editing.revisions import TranscriptMissing
from app.services.transcript_edits import Edited, EditingService
from app.services.transcripts import TranscriptService
from tests.fixtures.documents import NOON, a_transcript, an_interview
from tests.fixtures.people import an_actor
from tests.fixtures.words import a_talk, an_edit

ANN, BO = an_actor("ann"), an_actor("bo")


@dataclass
class Desk:
    """Interview `i` of organisation `acme`, and what people change it with."""

    repositories: Repositories
    lifecycle: Lifecycle
    editing: EditingService
    transcripts: TranscriptService

    async def interview(self) -> Interview:
        return await self.lifecycle.get("acme", "i")

    async def set(self, **changes: Any) -> None:
        assert await self.repositories.interviews("acme").compare_and_set("i", Expect(), changes)

    async def change(self, operation: Operation, at: int, *, actor: Any = ANN, **how: Any) -> Edited:
        return await self.editing.change(actor, "i", operation, expected_revision=at, **how)

    async def say(self, text: str, at: int, *, actor: Any = ANN) -> Edited:
        return await self.change(EditText(utterance_id="u3", text=text), at, actor=actor)

    async def third(self, revision: int | None = None) -> str:
        return (await self.transcripts.get("acme", "i", revision=revision)).utterances[2].text

    async def found(self, text: str) -> list[tuple[int, int]]:
        """Revision and place of what a search finds."""
        page = await SearchService(self.repositories).search(
            "acme", text, SearchQuery(), order=SearchOrder.NEWEST, cursor=None, limit=10
        )
        return [(hit.revision, hit.number) for hit in page.hits]

    async def log(self, **page: Any) -> list[TranscriptEdit]:
        wanted = {"before": None, "limit": 10, **page}
        return list(await self.editing.list_newest("acme", "i", **wanted))


def an_editing(repositories: Repositories, lifecycle: Lifecycle) -> EditingService:
    needed = SpeakersNeeded(repositories, TemplateService(repositories))
    return EditingService(repositories, lifecycle, SearchService(repositories), needed)


@pytest.fixture
async def desk(repositories: Repositories, tmp_path: Path) -> Desk:
    lifecycle = Lifecycle(repositories, LocalEventBus())
    store = LocalObjectStore(tmp_path, base_url="http://debrief.test", signer=Signer("secret"))
    await repositories.interviews("acme").insert(
        an_interview(id="i", status=Status.DONE, transcript_revision=1, epoch=1)
    )
    await repositories.transcripts("acme").put(a_talk())
    return Desk(
        repositories,
        lifecycle,
        an_editing(repositories, lifecycle),
        TranscriptService(repositories, lifecycle, store, max_bytes=1000),
    )


class TestOneEditor:
    async def test_a_change_is_the_next_revision_and_the_original_stays(self, desk: Desk) -> None:
        edited = await desk.say("It went badly.", 1)
        assert (edited.transcript.revision, edited.transcript.base) == (2, 1)
        assert [u.id for u in edited.changed] == ["u3"]
        assert json.loads(f"[{edited.changed_json().decode()}]")[0]["edited"] is True
        assert (await desk.third(), await desk.third(1)) == ("It went badly.", "It went well.")
        assert (await desk.interview()).status is Status.DONE
        assert await desk.transcripts.get("acme", "i") == edited.transcript

    async def test_the_new_words_are_found_and_the_old_ones_are_not(self, desk: Desk) -> None:
        await desk.say("It went badly.", 1)
        assert (await desk.found("badly"), await desk.found("well")) == ([(2, 2)], [])

    async def test_the_log_says_who_and_when(self, desk: Desk) -> None:
        await desk.say("A", 1)
        await desk.say("B", 2, actor=BO)
        newest, first = await desk.log()
        assert [(e.revision, e.by, e.by_name, e.base) for e in (newest, first)] == [
            (3, "bo", "Bo", 1),
            (2, "ann", "Ann", 1),
        ]
        assert first.operation == EditText(utterance_id="u3", text="A")
        assert [e.revision for e in await desk.log(before=3)] == [2]

    async def test_what_a_change_led_away_from_is_made_again(self, desk: Desk) -> None:
        before = (await desk.say("A", 1)).transcript
        await desk.change(SplitUtterance(utterance_id="u2", at=10, new_id="n"), 2)
        stored = desk.repositories.transcripts("acme")
        assert await stored.get("i", 2) is None
        assert await desk.transcripts.get("acme", "i", revision=2) == before
        page = await desk.transcripts.get_json("acme", "i", revision=2, after=1, limit=2)
        assert (page.total, page.head.revision) == (4, 2)
        assert f"[{page.utterances.decode()}]" == (
            "[" + ",".join(u.model_dump_json() for u in before.utterances[1:3]) + "]"
        )
        assert await stored.get("i", 1) == a_talk(id=(await desk.transcripts.get("acme", "i", revision=1)).id)

    async def test_what_changes_nothing_is_no_change(self, desk: Desk) -> None:
        edited = await desk.say("It went well.", 1)
        assert (edited.edit, edited.transcript.revision, edited.interview.transcript_revision) == (None, 1, 1)
        assert await desk.log() == []

    async def test_what_cannot_be_touches_nothing(self, desk: Desk) -> None:
        version = (await desk.interview()).version
        with pytest.raises(UtteranceUnknown):
            await desk.change(EditText(utterance_id="x", text="A"), 1)
        assert (await desk.interview()).version == version

    async def test_the_debrief_is_outdated_or_made_anew(self, desk: Desk) -> None:
        describe = DescribeSpeaker(speaker="s1", name="Ada", role=SpeakerRole.INTERVIEWER)
        edited = await desk.change(describe, 1, analyse=True)
        assert edited.interview.status is Status.ANALYSING
        assert edited.interview.analysis_requested_by == "ann"
        claimed = await desk.repositories.jobs.claim_due(
            utc_now(), [Status.ANALYSING], owner="w", lease_until=utc_now() + timedelta(minutes=1)
        )
        assert claimed is not None
        assert claimed.transcript_revision == 2

    async def test_whoever_watches_is_told(self, desk: Desk) -> None:
        bus = LocalEventBus()
        lifecycle = Lifecycle(desk.repositories, bus)
        editing = an_editing(desk.repositories, lifecycle)
        async with bus.subscribe("acme") as events:
            edited = await editing.change(
                ANN, "i", EditText(utterance_id="u3", text="A"), expected_revision=1
            )
            told = await anext(aiter(events))
        assert (told.kind, told.version) == (EventKind.INTERVIEW_CHANGED, edited.interview.version)


class TestTheWayBack:
    async def test_undo_and_redo(self, desk: Desk) -> None:
        await desk.say("A", 1)
        await desk.say("B", 2)
        seen = []
        for step, at in (("undo", 3), ("undo", 4), ("redo", 5), ("redo", 6)):
            edited = await getattr(desk.editing, step)(ANN, "i", expected_revision=at)
            seen.append(edited.transcript.utterances[2].text)
            assert await desk.transcripts.get("acme", "i") == edited.transcript
        assert seen == ["A", "It went well.", "A", "B"]
        assert [e.operation for e in await desk.log(limit=1)] == [Undo(revision=4)]

    async def test_the_original_is_as_far_as_it_goes(self, desk: Desk) -> None:
        with pytest.raises(NothingToUndo):
            await desk.editing.undo(ANN, "i", expected_revision=1)

    async def test_a_long_log_is_read_in_pages(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("app.services.transcript_editing.revisions._READ_AT_ONCE", 2)
        for at, text in enumerate("ABCDE", 1):
            await desk.say(text, at)
        assert [await desk.third(n) for n in range(2, 7)] == list("ABCDE")

    async def test_the_machines_words_are_found_through_cuts_and_joins(self, desk: Desk) -> None:
        await desk.change(SplitUtterance(utterance_id="u2", at=10, new_id="n"), 1)
        await desk.change(JoinUtterances(utterance_ids=("n", "u3")), 2)
        await desk.change(EditText(utterance_id="n", text="Quite other words"), 3)
        revision, utterances = await desk.editing.original("acme", "i", "n")
        assert (revision, [u.id for u in utterances]) == (1, ["u2", "u3"])
        with pytest.raises(UtteranceUnknown):
            await desk.editing.original("acme", "i", "u3")

    async def test_a_new_original_begins_a_new_log(self, desk: Desk) -> None:
        await desk.say("A", 1)
        await desk.repositories.transcripts("acme").put(a_talk(revision=3, epoch=50))
        await desk.set(transcript_revision=3, epoch=50)
        with pytest.raises(NothingToUndo):
            await desk.editing.undo(ANN, "i", expected_revision=3)
        assert (await desk.say("B", 3)).transcript.base == 3
        assert [e.revision for e in await desk.log()] == [4, 2]


class TestReplacing:
    async def test_what_was_shown_is_what_is_done(self, desk: Desk) -> None:
        wanted = Wanted("cuban eddies", "Kubernetes")
        transcript, found = await desk.editing.preview("acme", "i", wanted)
        assert (transcript.revision, (await desk.interview()).transcript_revision) == (1, 1)
        edited = await desk.editing.replace(ANN, "i", wanted, expected_revision=1)
        assert [(c.utterance_id, c.after) for c in found.changes] == [(u.id, u.text) for u in edited.changed]
        undone = await desk.editing.undo(ANN, "i", expected_revision=2)
        assert undone.transcript.utterances == a_talk().utterances


class TestSeveralEditors:
    async def test_one_wins_and_the_others_learn_what_there_is_now(self, desk: Desk) -> None:
        outcomes = await asyncio.gather(
            *(desk.say(f"It went {word}.", 1) for word in ("up", "down", "home", "mad", "west")),
            return_exceptions=True,
        )
        (winner,) = [o for o in outcomes if isinstance(o, Edited)]
        refused = [o for o in outcomes if isinstance(o, VersionMismatch)]
        assert (len(refused), {o.extra["revision"] for o in refused}) == (4, {2})
        assert await desk.transcripts.get("acme", "i") == winner.transcript
        assert [e.id for e in await desk.log()] == [winner.edit.id if winner.edit else None]
        assert await desk.found(winner.changed[0].text) == [(2, 2)]
        assert (await desk.say("Once more.", 2)).transcript.revision == 3


class TestEditorsWhoDie:
    """`die` writes what an editor had written when their machine went off, and commits nothing."""

    async def die(self, desk: Desk, after: str, *, at: int = 1) -> Transcript:
        reservation = await desk.lifecycle.reserve("acme", "i", transcript_revision=at)
        epoch = reservation.interview.epoch
        written = a_talk(revision=at + 1, base=1, epoch=epoch, utterances=())
        if after != "reserving":
            operation = EditText(utterance_id="u3", text="never said")
            await desk.repositories.edits("acme").put(an_edit(at + 1, operation, epoch=epoch))
        if after == "writing":
            await desk.repositories.transcripts("acme").put(written)
        return written

    @pytest.mark.parametrize("after", ["reserving", "logging", "writing"])
    async def test_nothing_is_changed_and_the_next_one_can(self, desk: Desk, after: str) -> None:
        await self.die(desk, after)
        assert await desk.third() == "It went well."
        assert await desk.log() == []
        with pytest.raises(TranscriptMissing):
            await desk.third(2)
        await desk.say("A", 1)
        assert (await desk.third(), len(await desk.log())) == ("A", 1)

    async def test_a_transcript_that_comes_instead_is_no_change(self, desk: Desk) -> None:
        await self.die(desk, "writing")
        await desk.repositories.transcripts("acme").put(a_transcript("i", revision=2, epoch=60))
        await desk.set(transcript_revision=2, epoch=60)
        assert await desk.log() == []
        assert (await desk.transcripts.get("acme", "i", revision=2)).base is None
        await desk.repositories.transcripts("acme").put(a_transcript("i", revision=3, epoch=61))
        await desk.set(transcript_revision=3, epoch=61)
        assert await desk.log() == []

    async def test_one_who_wakes_up_after_the_revision_was_forgotten_is_not_read(self, desk: Desk) -> None:
        late = await self.die(desk, "reserving")
        await desk.say("A", 1)
        await desk.say("B", 2)
        await desk.repositories.transcripts("acme").put(late)
        assert await desk.third(2) == "A"
        page = await desk.transcripts.get_json("acme", "i", revision=2)
        assert page.total == 4


class TestWorkers:
    async def claim(self, desk: Desk) -> Interview | None:
        return await desk.repositories.jobs.claim_due(
            utc_now(), [Status.ANALYSING], owner="w", lease_until=utc_now() + timedelta(hours=1)
        )

    async def test_one_who_is_analysing_is_fenced_and_the_next_has_the_new_words(self, desk: Desk) -> None:
        await desk.set(status=Status.ANALYSING, due_at=NOON)
        worker = await self.claim(desk)
        assert worker is not None
        await desk.say("A", 1)
        committed = await desk.repositories.jobs.compare_and_set(
            "i", Expect(statuses=(Status.ANALYSING,), epoch=worker.epoch), {"status": Status.NOTIFYING}
        )
        assert committed is None
        again = await self.claim(desk)
        assert again is not None
        assert (again.transcript_revision, again.attempt) == (2, 1)

    async def test_nobody_takes_it_between_reserving_and_committing(self, desk: Desk) -> None:
        await desk.set(status=Status.ANALYSING, due_at=NOON)
        reservation = await desk.lifecycle.reserve("acme", "i", transcript_revision=1)
        assert await self.claim(desk) is None
        assert await desk.lifecycle.commit(reservation, {"transcript_revision": 1})
        assert await self.claim(desk) is not None

    async def test_a_step_whose_editor_died_goes_on(self, desk: Desk) -> None:
        await desk.set(status=Status.ANALYSING, due_at=NOON)
        reservation = await desk.lifecycle.reserve("acme", "i", transcript_revision=1)
        assert reservation.interview.due_at < utc_now() + timedelta(minutes=1)
        assert await desk.repositories.jobs.claim_due(
            utc_now() + timedelta(minutes=1), [Status.ANALYSING], owner="w", lease_until=utc_now()
        )
        assert await desk.lifecycle.commit(reservation, {"transcript_revision": 2}) is None
        assert (await desk.interview()).transcript_revision == 1

    @pytest.mark.parametrize(
        "status",
        [
            Status.FETCHING,
            Status.JOINING,
            Status.PREPARING,
            Status.SUBMITTING,
            Status.AWAITING,
            Status.TRANSCRIBING,
            Status.INGESTING,
        ],
    )
    async def test_words_that_are_about_to_be_replaced_are_not_changed(
        self, desk: Desk, status: Status
    ) -> None:
        await desk.set(status=status)
        before = await desk.interview()
        with pytest.raises(WrongState) as refused:
            await desk.say("A", 1)
        assert refused.value.extra == {"status": status.value}
        assert status.value in refused.value.detail
        assert await desk.interview() == before, "its worker goes on"

    async def test_without_a_transcript_there_is_nothing_to_change(self, desk: Desk) -> None:
        await desk.set(transcript_revision=0)
        with pytest.raises(TranscriptMissing):
            await desk.say("A", 1)
