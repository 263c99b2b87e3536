"""What somebody marked, in words, times and utterances."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given

from app.models.transcript import Utterance, Word
from app.services.transcript_spans import Place, between, from_to, of_utterances


def said(utterance_id: str, start: float, text: str, *, timed: bool = True, pace: float = 0.5) -> Utterance:
    """One word every half second."""
    words = tuple(
        Word(text=w.strip(".,?"), start=start + i * pace, end=start + (i + 1) * pace - 0.1)
        for i, w in enumerate(text.split())
    )
    end = start + len(words) * pace
    return Utterance(
        id=utterance_id, speaker="s", start=start, end=end, text=text, words=words if timed else ()
    )


TALK = (
    said("u1", 0, "What did you do then?"),
    said("u2", 3, "I took the blame, and fixed it. 🙂 Really."),
    said("u3", 8, "Good.", timed=False),
)


class TestByTime:
    def test_whole_utterances_are_quoted_whole(self) -> None:
        span = between(TALK, 2.9, 20)
        assert span.quote == "I took the blame, and fixed it. 🙂 Really.\nGood."
        assert span.utterance_ids == ("u2", "u3")
        assert (span.start, span.end) == (2.9, 20)

    def test_of_others_the_words_that_sound_then(self) -> None:
        assert between(TALK, 4.0, 5.9).quote == "the blame, and fixed"

    def test_without_times_of_words_the_utterance_is_meant(self) -> None:
        assert between(TALK, 8.1, 8.2).quote == "Good."

    def test_a_pause_has_no_words(self) -> None:
        assert between(TALK, 2.6, 2.9).quote == ""
        assert between((), 2.6, 2.9).utterance_ids == ()


class TestByUtterances:
    def test_they_lend_their_times(self) -> None:
        span = of_utterances(TALK, ["u3", "u2"])
        assert span is not None
        assert (span.start, span.end, span.utterance_ids) == (3, 8.5, ("u2", "u3"))

    def test_all_of_them_must_be_there(self) -> None:
        assert of_utterances(TALK, ["u2", "gone"]) is None
        assert of_utterances(TALK, []) is None


class TestByWords:
    def test_the_times_are_those_of_the_words(self) -> None:
        span = from_to(TALK, Place("u2", 2), Place("u2", 16))
        assert span is not None
        assert (span.quote, span.start, span.end) == ("took the blame", 3.5, 4.9)

    def test_from_one_utterance_into_another(self) -> None:
        span = from_to(TALK, Place("u1", 14), Place("u2", 6))
        assert span is not None
        assert span.quote == "o then?\nI took"
        assert (span.start, span.end) == (1.5, 3.9)

    def test_without_times_of_words_they_are_estimated(self) -> None:
        span = from_to(TALK, Place("u3", 0), Place("u3", 5))
        assert span is not None
        assert (span.start, span.end) == (8, 8.5)

    def test_backwards_empty_and_unknown_places_are_none(self) -> None:
        assert from_to(TALK, Place("u2", 0), Place("u1", 4)) is None
        assert from_to(TALK, Place("u2", 8), Place("u2", 8)) is None
        assert from_to(TALK, Place("u2", 9), Place("u2", 4)) is None
        assert from_to(TALK, Place("u2", 0), Place("u2", 900)) is None
        assert from_to(TALK, Place("nobody", 0), Place("u2", 4)) is None


@given(st.sampled_from(TALK), st.sampled_from(TALK), st.integers(0, 45), st.integers(0, 45))
def test_a_quote_is_always_from_the_transcript_and_its_times_are_in_order(
    first: Utterance, last: Utterance, begin: int, end: int
) -> None:
    span = from_to(TALK, Place(first.id, begin), Place(last.id, end))
    if span is None:
        return
    texts = {one.id: one.text for one in TALK}
    lines = span.quote.split("\n")
    assert all(line in texts[i] for i, line in zip(span.utterance_ids, lines, strict=True))
    assert first.start <= span.start <= span.end <= last.end
