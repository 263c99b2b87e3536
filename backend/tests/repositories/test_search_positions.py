"""Positions in lists of hits, and the order of relevance."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.repositories.search_positions import (
    Position,
    occurrences,
    read_newest,
    read_scored,
    relevance,
)

positions = st.builds(Position, st.integers(0, 2**42), st.text(), st.integers(0, 2**30))


class TestPosition:
    def test_the_newest_interview_comes_first_and_each_from_its_beginning(self) -> None:
        in_order = [Position(2, "a", 0), Position(1, "b", 0), Position(1, "b", 7), Position(1, "a", 3)]
        for one, other in permutations(in_order, 2):
            assert other.is_after(one) is (in_order.index(other) > in_order.index(one))

    def test_the_score_goes_before_it(self) -> None:
        last = (5, Position(1, "b", 2))
        assert Position(9, "z", 0).comes_after(4, last)
        assert Position(1, "b", 3).comes_after(5, last)
        assert not Position(1, "b", 2).comes_after(5, last)
        assert not Position(0, "a", 9).comes_after(6, last)

    @given(positions, st.integers(0, 10**6))
    def test_a_cursor_is_read_as_it_was_written(self, position: Position, score: int) -> None:
        assert read_newest(position.cursor()) == position
        assert read_scored(position.cursor(score)) == (score, position)

    @given(st.text())
    def test_anything_else_is_a_value_error(self, text: str) -> None:
        for read in (read_newest, read_scored):
            try:
                read(text)
            except ValueError:
                continue


class TestRelevance:
    @pytest.mark.parametrize(
        ("more", "less"),
        [("a a b", "a b b"), ("a b", "a b b b"), ("a " * 3 + "b " * 30, "a " + "b " * 30)],
    )
    def test_more_of_a_word_and_less_of_others(self, more: str, less: str) -> None:
        assert relevance(more.split(), [["a"]]) > relevance(less.split(), [["a"]])

    def test_phrases_are_counted_whole_even_where_they_overlap(self) -> None:
        assert occurrences(list("ababa"), ["a", "b"]) == 2
        assert occurrences(list("aaa"), ("a", "a")) == 2
        assert occurrences(["a"], ["a", "b"]) == 0
