"""Times of words after a correction: what stays keeps its time, what is new fills the gap."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.transcript import Word
from app.services.transcript_editing.alignment import realigned, spread
from tests.fixtures.words import spoken

TEXTS = st.text(alphabet="ab é,.!\u0301技術ا👍🏽 ", max_size=30)


def times(words: tuple[Word, ...]) -> list[tuple[str, float, float]]:
    return [(w.text, round(w.start, 3), round(w.end, 3)) for w in words]


class TestWordsThatStay:
    def test_they_keep_their_times_and_what_the_engine_thought_of_them(self) -> None:
        old = spoken("we ran it on cuban eddies for years", 10)
        new = realigned(old, "We ran it on Kubernetes, for years.", 10, 15)
        assert [w.text for w in new] == ["We", "ran", "it", "on", "Kubernetes,", "for", "years."]
        assert new[1] == old[1]
        assert (new[0].start, new[0].confidence) == (old[0].start, 0.9)
        assert (new[4].start, new[4].end) == (old[4].start, old[5].end)
        assert new[4].confidence is None
        assert new[5:] == (old[6], old[7].model_copy(update={"text": "years."}))

    def test_what_is_put_in_fills_the_pause(self) -> None:
        old = (Word(text="a", start=0, end=1), Word(text="b", start=3, end=4))
        assert times(realigned(old, "a xx y b", 0, 4)) == [
            ("a", 0, 1), ("xx", 1, 2.333), ("y", 2.333, 3), ("b", 3, 4),
        ]  # fmt: skip

    def test_words_before_the_first_and_behind_the_last_have_what_is_left(self) -> None:
        old = (Word(text="b", start=1, end=2),)
        assert times(realigned(old, "a b c", 0, 4)) == [("a", 0, 1), ("b", 1, 2), ("c", 2, 4)]

    def test_nothing_in_common(self) -> None:
        assert times(realigned(spoken("one two", 1), "xx yy", 1, 3)) == [("xx", 1, 1.55), ("yy", 1.55, 2.1)]

    def test_no_time_left_is_no_time(self) -> None:
        old = (Word(text="a", start=0, end=1), Word(text="b", start=1, end=2))
        assert times(realigned(old, "a x b", 0, 2)) == [("a", 0, 1), ("x", 1, 1), ("b", 1, 2)]


class TestScripts:
    def test_without_spaces_each_character_is_found_again(self) -> None:
        old = tuple(Word(text=c, start=n, end=n + 1) for n, c in enumerate("私は東経大"))
        new = realigned(old, "私は東京大、", 0, 5)
        assert times(new) == [("私", 0, 1), ("は", 1, 2), ("東", 2, 3), ("京", 3, 4), ("大、", 4, 5)]

    def test_a_word_of_several_characters_stays_one(self) -> None:
        old = (Word(text="東京", start=0, end=1), Word(text="大学", start=1, end=2))
        assert times(realigned(old, "東京の大学", 0, 2)) == [("東京", 0, 1), ("の", 1, 1), ("大学", 1, 2)]

    def test_latin_words_between_keep_together(self) -> None:
        assert [w.text for w in spread("AI技術 for us。", 0, 6)] == ["AI", "技", "術", "for", "us。"]

    def test_right_to_left_and_emoji(self) -> None:
        old = spoken("مرحبا يا عالم", 0)
        new = realigned(old, "مرحبا 👩🏽‍💻 عالم", 0, 2)
        assert [w.text for w in new] == ["مرحبا", "👩🏽‍💻", "عالم"]
        assert (new[0], new[2]) == (old[0], old[2])


@given(before=TEXTS, after=TEXTS, end=st.floats(0, 20), pause=st.floats(-0.4, 1))
def test_whatever_is_typed_the_letters_are_all_there_and_time_runs_forwards(
    before: str, after: str, end: float, pause: float
) -> None:
    new = realigned(spoken(before, 0, pause=pause), after, 0, end)
    assert "".join(w.text for w in new) == "".join(after.split())
    assert all(0 <= w.start <= w.end <= end for w in new)
    assert [w.start for w in new] == sorted(w.start for w in new)


@pytest.mark.parametrize("text", ["a " * 3000, "ab" * 9000, "技" * 6000, "🇩🇪" * 3000])
def test_an_endless_utterance_is_done_all_the_same(text: str) -> None:
    new = realigned(spread("b a " * 3000, 0, 100), text, 0, 100)
    assert "".join(w.text for w in new) == text.replace(" ", "")
