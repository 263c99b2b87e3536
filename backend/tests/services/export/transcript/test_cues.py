"""Subtitles that can be read: two lines, seven seconds, one after the other."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings

from app.models.transcript import Transcript, Word
from app.services.export.transcript.cues import LONGEST, cues_of
from app.services.export.transcript.names import JOINER, names_of, spoken
from app.services.export.transcript.subtitles import write_srt, write_webvtt
from app.services.export.transcript.timed_words import LINE, columns
from tests.services.export.transcript.talks import a_talk, talks


def all_cues(talk: Transcript) -> list[tuple[int, int, tuple[str, ...]]]:
    cues = cues_of(talk, names_of(talk.speakers), labelled=False)
    return [(cue.start, cue.end, cue.lines) for cue in cues]


@settings(max_examples=40)
@given(talk=talks())
def test_cues_are_short_in_order_and_never_overlap(talk: Transcript) -> None:
    cues = all_cues(talk)
    assert all(start < end <= start + LONGEST for start, end, _ in cues)
    assert all(before[1] <= after[0] for before, after in pairwise(cues))
    for _, _, lines in cues:
        assert 1 <= len(lines) <= 2
        assert all(line for line in lines)
        # One character and what belongs to it may be wider than a line; it cannot be cut.
        assert all(columns(line) <= LINE or " " not in line for line in lines)


@settings(max_examples=40)
@given(talk=talks())
def test_every_word_is_shown_once(talk: Transcript) -> None:
    shown = "".join(" ".join(lines) for _, _, lines in all_cues(talk))
    said = "".join(text for _, text in spoken(talk))
    assert sorted(shown.replace(JOINER, "").replace(" ", "")) == sorted(said.replace(" ", ""))


def test_long_speech_is_cut_at_the_times_of_its_words() -> None:
    words = [f"word{i}" for i in range(40)]
    talk = a_talk(("Ada", " ".join(words), 10, 30))
    timed = tuple(Word(text=word, start=10 + i / 2, end=10.4 + i / 2) for i, word in enumerate(words))
    talk = talk.model_copy(update={"utterances": (talk.utterances[0].model_copy(update={"words": timed}),)})
    cues = all_cues(talk)
    assert len(cues) >= 3
    for start, _, lines in cues:
        first = int(lines[0].split()[0].removeprefix("word"))
        assert start == 10_000 + first * 500


def test_both_can_be_read_where_two_begin_at_once() -> None:
    talk = a_talk(("Ada", "Yes, of course.", 1, 5), ("Bob", "No, never.", 1, 5))
    (first, second) = all_cues(talk)
    assert first[:2] == (1_000, 1_700)
    assert second[:2] == (1_700, 5_000)


def test_the_files_look_as_players_want_them() -> None:
    talk = a_talk(("Ada <CTO>", "Is 1 < 2 & 3?", 3661.5, 3663), ("Bob", "Yes.", 3663, 3664))
    assert write_webvtt(talk).decode() == (
        "WEBVTT\nLanguage: en\n\n"
        "1\n01:01:01.500 --> 01:01:03.000\n<v Ada &lt;CTO&gt;>Is 1 &lt; 2 &amp; 3?\n\n"
        "2\n01:01:03.000 --> 01:01:04.000\n<v Bob>Yes.\n"
    )
    assert write_srt(talk).decode() == (
        "1\n01:01:01,500 --> 01:01:03,000\nAda CTO: Is 1 < 2 & 3?\n\n"
        "2\n01:01:03,000 --> 01:01:04,000\nBob: Yes.\n"
    )
