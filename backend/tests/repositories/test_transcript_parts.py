"""Transcripts are stored in parts small enough that other threads get their turn between two of them."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from app.models.transcript import Utterance, Word
from app.repositories.transcript_parts import cut, join, span, split
from tests.fixtures.documents import a_transcript

WORD = Word(text="word", start=1.25, end=1.5, confidence=0.99)


def utterance(number: int, words: int) -> Utterance:
    return Utterance(id=f"u{number}", speaker="s", start=0, end=1, text="x", words=(WORD,) * words)


class TestSplit:
    def test_joining_gives_the_transcript_back(self) -> None:
        transcript = a_transcript("i", utterances=tuple(utterance(n, n % 40) for n in range(500)))
        head, parts, sizes = split(transcript)
        assert head.utterances == ()
        assert len(parts) > 1
        assert sum(sizes) == 500
        assert join(head, parts) == transcript

    def test_parts_stay_small_unless_one_utterance_is_not(self) -> None:
        transcript = a_transcript(
            "i", utterances=(*(utterance(n, 50) for n in range(200)), utterance(200, 5000))
        )
        _, parts, _ = split(transcript)
        assert [len(part) > 150_000 for part in parts].count(True) == 1

    def test_no_utterances_make_no_parts(self) -> None:
        transcript = a_transcript("i")
        assert split(transcript) == (transcript, [], [])


class TestCut:
    @given(st.lists(st.integers(0, 900), max_size=12), st.integers(0, 15), st.none() | st.integers(0, 15))
    def test_a_range_of_the_parts_is_that_range_of_the_transcript(
        self, words: list[int], after: int, limit: int | None
    ) -> None:
        transcript = a_transcript("i", utterances=tuple(utterance(n, w) for n, w in enumerate(words)))
        _, parts, sizes = split(transcript)
        where = span(sizes, after=after, limit=limit)
        found = json.loads(b"[%b]" % cut(parts[where.first : where.first + where.parts], where))
        expected = transcript.utterances[after : None if limit is None else after + limit]
        assert [u["id"] for u in found] == [u.id for u in expected]

    def test_line_ends_inside_of_texts_do_not_matter(self) -> None:
        text = "one\ntwo\r\nthree\u2028four"
        transcript = a_transcript(
            "i", utterances=(Utterance(id="u", speaker="s", start=0, end=1, text=text),)
        )
        _, parts, sizes = split(transcript)
        [found] = json.loads(b"[%b]" % cut(parts, span(sizes, after=0, limit=None)))
        assert found["text"] == text
