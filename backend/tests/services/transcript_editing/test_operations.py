"""What each change makes of a transcript, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.errors import AppError
from app.models.edit import (
    DescribeSpeaker,
    EditText,
    JoinUtterances,
    MergeSpeakers,
    Operation,
    Reassign,
    ReplacedText,
    ReplaceText,
    SplitOffSpeaker,
    SplitUtterance,
    SwapSpeakers,
    Undo,
)
from app.models.transcript import Engine, EngineKind, Finding, Intelligence, Sentiment, SpeakerRole, Utterance
from app.services.transcript_editing.operations import apply
from tests.fixtures.words import a_talk, an_utterance

TALK = a_talk()


def changed(operation: Operation, *ids: str, talk: Any = TALK) -> list[Utterance]:
    by_id = {u.id: u for u in apply(talk, operation).utterances}
    return [by_id[i] for i in ids]


def cut(text: str, at: int, **fields: Any) -> tuple[Utterance, Utterance]:
    talk = a_talk(utterances=(an_utterance("u", "s1", 0.0, text, **fields),))
    before, after = changed(SplitUtterance(utterance_id="u", at=at, new_id="n"), "u", "n", talk=talk)
    return before, after


class TestText:
    def test_the_utterance_is_marked_and_the_others_are_the_same(self) -> None:
        after = apply(TALK, EditText(utterance_id="u3", text=" It went very well. "))
        assert after.utterances[2].text == "It went very well."
        assert after.utterances[2].edited
        assert [w.text for w in after.utterances[2].words] == ["It", "went", "very", "well."]
        assert [after.utterances[n] for n in (0, 1, 3)] == [TALK.utterances[n] for n in (0, 1, 3)]

    def test_the_same_text_changes_nothing(self) -> None:
        assert apply(TALK, EditText(utterance_id="u3", text="It went well.")) == TALK

    def test_without_times_it_stays_without(self) -> None:
        talk = a_talk(utterances=(an_utterance("u", "s1", 0.0, "Hello", words=()),))
        (after,) = changed(EditText(utterance_id="u", text="Hullo there"), "u", talk=talk)
        assert (after.text, after.words) == ("Hullo there", ())

    @pytest.mark.parametrize(
        "text",
        [
            "שלום 123 עולם",
            "日本語のテキスト。",
            "👩🏽‍💻 ok 🇩🇪",
            "Cafe\u0301 nai\u0308ve",
            "\u202bright\u202c",
        ],
    )
    def test_every_script_comes_out_as_it_went_in(self, text: str) -> None:
        (after,) = changed(EditText(utterance_id="u1", text=text), "u1")
        assert after.text == text
        assert "".join(w.text for w in after.words) == "".join(text.split())

    def test_many_at_once(self) -> None:
        changes = (ReplacedText(utterance_id="u1", text="A"), ReplacedText(utterance_id="u4", text="B"))
        one, four = changed(ReplaceText(find="x", replace="y", changes=changes), "u1", "u4")
        assert (one.text, four.text) == ("A", "B")


class TestSplit:
    def test_words_go_with_their_part_and_the_parts_meet(self) -> None:
        before, after = changed(SplitUtterance(utterance_id="u3", at=8, new_id="n"), "u3", "n")
        original = TALK.utterances[2]
        assert (before.text, after.text) == ("It went", "well.")
        assert (*before.words, *after.words) == original.words
        assert (before.start, before.end, after.end) == (original.start, after.start, original.end)
        assert after.start == original.words[2].start

    def test_the_second_part_may_be_somebody_elses(self) -> None:
        operation = SplitUtterance(utterance_id="u3", at=8, new_id="n", speaker="s1")
        before, after = changed(operation, "u3", "n")
        assert (before.speaker, after.speaker) == ("s2", "s1")

    def test_inside_a_word_its_time_is_shared(self) -> None:
        before, after = cut("abcd", 1)
        assert [(w.text, w.start, w.end) for w in before.words] == [("a", 0, 0.125)]
        assert [(w.text, w.start, w.end) for w in after.words] == [("bcd", 0.125, 0.5)]

    def test_without_words_the_letters_share_the_time(self) -> None:
        before, after = cut("aa bb", 3, words=(), end=4.0)
        assert (before.end, after.start, before.words, after.words) == (2, 2, (), ())

    def test_words_that_are_spelled_otherwise_than_the_text_are_not_lost(self) -> None:
        words = an_utterance("w", "s1", 0, "one two 3").words
        before, after = cut("one two three", 8, words=words)
        assert (*before.words, *after.words) == words

    def test_who_spoke_in_between_stays_in_order(self) -> None:
        talk = a_talk(
            utterances=(
                an_utterance("long", "s1", 0.0, "a b c d"),
                an_utterance("yes", "s2", 0.7, "mhm"),
                an_utterance("no", "s2", 1.9, "no"),
            )
        )
        after = apply(talk, SplitUtterance(utterance_id="long", at=4, new_id="n"))
        assert [u.id for u in after.utterances] == ["long", "yes", "n", "no"]

    @pytest.mark.parametrize(
        ("text", "at"),
        [
            ("ab", 0), ("ab", 2), ("ab", -1), ("ab", 99), ("  ab", 1), ("ab ", 2),
            ("e\u0301a", 1), ("a👍🏽", 2), ("👩‍💻b", 1), ("👩‍💻b", 2), ("🇩🇪🇫🇷", 1), ("🇩🇪🇫🇷", 3), ("☺\ufe0fa", 1),
        ],
    )  # fmt: skip
    def test_no_cut_where_there_is_nothing_to_cut(self, text: str, at: int) -> None:
        with pytest.raises(AppError, match=r"[Cc]ut") as refused:
            cut(text, at)
        assert refused.value.code == "cut_invalid"

    def test_between_two_flags(self) -> None:
        before, after = cut("🇩🇪🇫🇷", 2)
        assert (before.text, after.text) == ("🇩🇪", "🇫🇷")


class TestJoin:
    def test_what_was_split_is_one_again(self) -> None:
        after = apply(TALK, SplitUtterance(utterance_id="u3", at=8, new_id="n"))
        after = apply(after, JoinUtterances(utterance_ids=("u3", "n")))
        assert after.utterances[2] == TALK.utterances[2].model_copy(update={"edited": True})

    def test_a_script_without_spaces_gets_none(self) -> None:
        talk = a_talk(
            utterances=(
                an_utterance("a", "s1", 0, "東京"),
                an_utterance("b", "s1", 2, "大学"),
                an_utterance("c", "s1", 4, "OK"),
            )
        )
        (whole,) = changed(JoinUtterances(utterance_ids=("a", "b", "c")), "a", talk=talk)
        assert whole.text == "東京大学 OK"

    def test_a_part_without_times_gets_some(self) -> None:
        talk = a_talk(
            utterances=(an_utterance("a", "s1", 0, "one"), an_utterance("b", "s1", 2, "two", words=()))
        )
        (whole,) = changed(JoinUtterances(utterance_ids=("a", "b")), "a", talk=talk)
        assert [(w.text, w.start, w.end) for w in whole.words] == [("one", 0, 0.5), ("two", 2, 2.5)]

    def test_what_the_vendor_found_points_at_the_whole(self) -> None:
        found = Intelligence(
            engine=Engine(name="v", version="1", kind=EngineKind.VENDOR),
            topics=(Finding(name="t", confidence=1, utterance_ids=("u2", "u3", "u4")),),
            sentiments=(
                Sentiment(utterance_id="u3", polarity="positive", score=1),
                Sentiment(utterance_id="u4", polarity="neutral", score=0),
            ),
        )
        after = apply(a_talk(intelligence=found), JoinUtterances(utterance_ids=("u2", "u3"))).intelligence
        assert after is not None
        assert after.topics[0].utterance_ids == ("u2", "u4")
        assert [s.utterance_id for s in after.sentiments] == ["u4"]


class TestSpeakers:
    def test_a_persons_word_is_certain(self) -> None:
        operation = DescribeSpeaker(speaker="s1", name=" Ada ", role=SpeakerRole.OBSERVER)
        speaker = apply(TALK, operation).speakers[0]
        assert (speaker.name, speaker.role, speaker.role_confidence) == ("Ada", SpeakerRole.OBSERVER, 1.0)
        assert speaker.role_reason == "said by a person"

    def test_a_name_alone_leaves_the_role_and_an_empty_one_goes(self) -> None:
        speaker = apply(TALK, DescribeSpeaker(speaker="s2", name="")).speakers[1]
        assert (speaker.name, speaker.role, speaker.role_confidence) == (None, SpeakerRole.CANDIDATE, 0.9)

    def test_swapped_each_said_what_the_other_was_taken_for(self) -> None:
        after = apply(TALK, SwapSpeakers(first="s1", second="s2"))
        assert [(s.id, s.name, s.role) for s in after.speakers] == [
            ("s1", "Grace", SpeakerRole.CANDIDATE),
            ("s2", None, SpeakerRole.INTERVIEWER),
        ]
        assert after.utterances == TALK.utterances
        assert {s.role_confidence for s in after.speakers} == {1.0}

    def test_merged_speakers_are_gone(self) -> None:
        after = apply(TALK, MergeSpeakers(into="s2", others=("s1",)))
        assert [s.id for s in after.speakers] == ["s2"]
        assert {u.speaker for u in after.utterances} == {"s2"}
        assert [u.edited for u in after.utterances] == [True, False, False, True]

    def test_somebody_who_is_not_in_the_list(self) -> None:
        operation = SplitOffSpeaker(
            utterance_ids=("u4",), new_speaker="s9", name="Bo", role=SpeakerRole.OBSERVER
        )
        after = apply(TALK, operation)
        assert (after.speakers[2].id, after.speakers[2].label, after.speakers[2].name) == (
            "s9",
            "Speaker 3",
            "Bo",
        )
        assert after.utterances[3].speaker == "s9"

    def test_one_turn_or_many_are_given_to_another(self) -> None:
        after = apply(TALK, Reassign(utterance_ids=("u3", "u4"), speaker="s2"))
        assert [u.speaker for u in after.utterances] == ["s1", "s2", "s2", "s2"]
        assert [u.edited for u in after.utterances] == [False, False, False, True]


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        (EditText(utterance_id="x", text="a"), "utterance_unknown"),
        (EditText(utterance_id="u1", text=" \n"), "text_empty"),
        (EditText(utterance_id="u1", text="a\ud83d"), "text_invalid"),
        (SplitUtterance(utterance_id="x", at=1, new_id="n"), "utterance_unknown"),
        (SplitUtterance(utterance_id="u1", at=4, new_id="u2"), "id_taken"),
        (SplitUtterance(utterance_id="u1", at=4, new_id="n", speaker="x"), "speaker_unknown"),
        (JoinUtterances(utterance_ids=("u1",)), "not_neighbours"),
        (JoinUtterances(utterance_ids=("u1", "u4")), "not_neighbours"),
        (JoinUtterances(utterance_ids=("u3", "u2")), "not_neighbours"),
        (JoinUtterances(utterance_ids=("u1", "u2")), "speakers_differ"),
        (JoinUtterances(utterance_ids=("u1", "x")), "utterance_unknown"),
        (DescribeSpeaker(speaker="x", name="A"), "speaker_unknown"),
        (SwapSpeakers(first="s1", second="s1"), "speakers_the_same"),
        (MergeSpeakers(into="s1", others=("s1",)), "speakers_the_same"),
        (MergeSpeakers(into="s1", others=("x",)), "speaker_unknown"),
        (SplitOffSpeaker(utterance_ids=("u1",), new_speaker="s1"), "id_taken"),
        (SplitOffSpeaker(utterance_ids=("x",), new_speaker="s3"), "utterance_unknown"),
        (Reassign(utterance_ids=("u1",), speaker="x"), "speaker_unknown"),
        (Undo(revision=2), "not_in_force"),
    ],
)
def test_what_cannot_be_is_refused(operation: Operation, code: str) -> None:
    with pytest.raises(AppError) as refused:
        apply(TALK, operation)
    assert refused.value.code == code
