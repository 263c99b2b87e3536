"""Changes, taken back and brought back, in any order: the log makes what was made step by step."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.core.errors import AppError
from app.models.edit import (
    DescribeSpeaker,
    EditText,
    JoinUtterances,
    MergeSpeakers,
    Operation,
    Reassign,
    SplitOffSpeaker,
    SplitUtterance,
    SwapSpeakers,
    TranscriptEdit,
    Undo,
)
from app.models.transcript import SpeakerRole, Transcript
from app.services.transcript_editing.errors import NothingToRedo, NothingToUndo, NotInForce
from app.services.transcript_editing.operations import apply
from app.services.transcript_editing.replay import redo_of, replay, undo_of
from tests.fixtures.words import a_talk, an_edit, an_utterance

TALK = a_talk()
A, B, C = (EditText(utterance_id="u3", text=text) for text in "ABC")


def third(*operations: Operation) -> str:
    return replay(TALK, log(*operations)).utterances[2].text


def log(*operations: Operation) -> list[TranscriptEdit]:
    return [an_edit(n, operation) for n, operation in enumerate(operations, 2)]


class TestUndo:
    def test_nothing_done_is_the_original(self) -> None:
        assert replay(TALK, []) == TALK

    def test_a_revision_says_what_made_it(self) -> None:
        made = replay(TALK, log(A, B))
        assert (made.id, made.revision, made.base, made.epoch) == ("e3", 3, 1, 3)

    def test_the_newest_goes_first_then_the_one_before(self) -> None:
        assert third(A, B, Undo(revision=3)) == "A"
        assert third(A, B, Undo(revision=3), Undo(revision=2)) == "It went well."

    def test_taking_an_undo_back_brings_its_change_back(self) -> None:
        assert third(A, B, Undo(revision=3), Undo(revision=2), Undo(revision=5)) == "A"
        assert third(A, B, Undo(revision=3), Undo(revision=2), Undo(revision=5), Undo(revision=4)) == "B"

    def test_what_comes_next_is_named(self) -> None:
        edits = log(A, B, Undo(revision=3))
        assert (undo_of(edits), redo_of(edits)) == (Undo(revision=2), Undo(revision=4))

    def test_a_new_change_ends_what_could_be_brought_back(self) -> None:
        edits = log(A, Undo(revision=2), C)
        assert undo_of(edits) == Undo(revision=4)
        with pytest.raises(NothingToRedo):
            redo_of(edits)
        with pytest.raises(NothingToUndo):
            undo_of(log(A, Undo(revision=2)))

    def test_out_of_turn(self) -> None:
        for wrong in (2, 4, 9):
            with pytest.raises(NotInForce):
                replay(TALK, log(A, B, Undo(revision=wrong)))


TEXTS = ("We ran it.", "a b c d e", "東京大学 OK", "مرحبا", "👩🏽‍💻 e\u0301", "um", "one two three")


class Editing(RuleBasedStateMachine):
    """People change a talk; beside it runs a list of the states that it went through."""

    def __init__(self) -> None:
        super().__init__()
        self.edits: list[TranscriptEdit] = []
        self.numbers = 0

    @initialize(texts=st.lists(st.sampled_from(TEXTS), min_size=1, max_size=5), step=st.floats(0.0, 4.0))
    def begin(self, texts: list[str], step: float) -> None:
        utterances = tuple(
            an_utterance(f"u{n}", f"s{n % 2 + 1}", n * step, text, **({"words": ()} if n == 3 else {}))
            for n, text in enumerate(texts)
        )
        self.original = a_talk(utterances=utterances)
        self.states = [self.original]
        self.undone: list[tuple[Transcript, int]] = []
        self.at: list[int] = []

    def new_name(self) -> str:
        self.numbers += 1
        return f"n{self.numbers}"

    def log(self, operation: Operation) -> int:
        revision = len(self.edits) + 2
        self.edits.append(an_edit(revision, operation))
        return revision

    def change(self, operation: Operation) -> None:
        before = self.states[-1]
        try:
            after = apply(before, operation)
        except AppError as refused:
            assert refused.status in (409, 422)
            return
        if isinstance(operation, EditText):
            assert {u.id: u for u in after.utterances if u.id != operation.utterance_id} == {
                u.id: u for u in before.utterances if u.id != operation.utterance_id
            }
        else:
            assert letters(after) == letters(before)
        self.states.append(after)
        self.at.append(self.log(operation))
        self.undone.clear()

    def one(self, number: int) -> str:
        utterances = self.states[-1].utterances
        return utterances[number % len(utterances)].id

    def speaker(self, number: int) -> str:
        speakers = self.states[-1].speakers
        return speakers[number % len(speakers)].id

    @rule(number=st.integers(0, 9), text=st.sampled_from((*TEXTS, " ")))
    def edit(self, number: int, text: str) -> None:
        self.change(EditText(utterance_id=self.one(number), text=text))

    @rule(number=st.integers(0, 9), at=st.integers(-1, 12))
    def split(self, number: int, at: int) -> None:
        self.change(SplitUtterance(utterance_id=self.one(number), at=at, new_id=self.new_name()))

    @rule(number=st.integers(0, 9), many=st.integers(1, 3))
    def join(self, number: int, many: int) -> None:
        ids = [u.id for u in self.states[-1].utterances]
        first = number % len(ids)
        self.change(JoinUtterances(utterance_ids=tuple(ids[first : first + many])))

    @rule(number=st.integers(0, 9), speaker=st.integers(0, 3))
    def reassign(self, number: int, speaker: int) -> None:
        self.change(Reassign(utterance_ids=(self.one(number),), speaker=self.speaker(speaker)))

    @rule(first=st.integers(0, 3), second=st.integers(0, 3))
    def swap_or_merge(self, first: int, second: int) -> None:
        self.change(SwapSpeakers(first=self.speaker(first), second=self.speaker(second)))
        self.change(MergeSpeakers(into=self.speaker(second), others=(self.speaker(first),)))

    @rule(number=st.integers(0, 9), role=st.sampled_from(SpeakerRole))
    def split_off_or_describe(self, number: int, role: SpeakerRole) -> None:
        self.change(
            SplitOffSpeaker(utterance_ids=(self.one(number),), new_speaker=self.new_name(), role=role)
        )
        self.change(DescribeSpeaker(speaker=self.speaker(number), name="Ada", role=role))

    @precondition(lambda self: self.at)
    @rule()
    def undo(self) -> None:
        operation = undo_of(self.edits)
        assert operation.revision == self.at.pop()
        self.undone.append((self.states.pop(), operation.revision))
        self.log(operation)

    @precondition(lambda self: self.undone)
    @rule()
    def redo(self) -> None:
        self.log(redo_of(self.edits))
        state, revision = self.undone.pop()
        self.states.append(state)
        self.at.append(revision)

    @invariant()
    def the_log_makes_the_same(self) -> None:
        made, kept = replay(self.original, self.edits), self.states[-1]
        assert (made.utterances, made.speakers) == (kept.utterances, kept.speakers)

    @invariant()
    def time_runs_forwards(self) -> None:
        utterances = self.states[-1].utterances
        assert [u.start for u in utterances] == sorted(u.start for u in utterances)
        for u in utterances:
            starts = [w.start for w in u.words]
            assert starts == sorted(starts)
            assert all(u.start <= w.start <= w.end <= u.end for w in u.words)
            assert u.text.strip()
            if u.words:
                assert "".join(w.text for w in u.words) == "".join(u.text.split())

    @invariant()
    def everybody_who_spoke_is_in_the_list(self) -> None:
        now = self.states[-1]
        names = [s.id for s in now.speakers]
        assert {u.speaker for u in now.utterances} <= set(names)
        assert len(names) == len(set(names))
        assert len({u.id for u in now.utterances}) == len(now.utterances)


def letters(transcript: Transcript) -> Counter[str]:
    return Counter(c for u in transcript.utterances for c in u.text if not c.isspace())


TestEditing = Editing.TestCase
TestEditing.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
