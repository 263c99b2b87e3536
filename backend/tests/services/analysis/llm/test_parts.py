"""Cutting a long transcript into parts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.services.analysis.base import AnalysisInput
from app.services.analysis.llm.parts import PART_TOKENS, halves, part_tokens, split
from app.services.analysis.llm.sheet import Line, Sheet
from app.services.analysis.model import ModelFacts
from app.services.analysis.tokens import estimate_tokens
from tests.services.analysis.llm.conftest import dialogue


def lines_of(*said: tuple[str, str]) -> tuple[Line, ...]:
    return Sheet.of(AnalysisInput(dialogue(*said))).lines


class TestPartTokens:
    def test_a_large_model_reads_what_it_reads_with_attention(self) -> None:
        assert part_tokens(ModelFacts("m", context_tokens=128_000, max_output_tokens=16_384)) == PART_TOKENS

    def test_a_small_one_what_fits(self) -> None:
        assert part_tokens(ModelFacts("m", context_tokens=8_192, max_output_tokens=2_048)) < 3_000


class TestSplit:
    def test_a_short_talk_is_one_part(self) -> None:
        lines = lines_of(("I", "Hello?"), ("C", "Hello."))
        assert split(lines, 100) == [lines]
        assert split((), 100) == []

    def test_a_part_begins_with_a_question_where_one_is_near(self) -> None:
        said = [("I" if n % 4 == 0 else "C", f"Sentence number {n} of the talk.") for n in range(80)]
        parts = split(lines_of(*said), 150)
        assert len(parts) > 3
        assert all(part[0].who == "interviewer" for part in parts)

    @given(
        st.lists(st.tuples(st.sampled_from("IC"), st.text("ab c?.", min_size=1, max_size=300)), max_size=40),
        st.integers(20, 400),
    )
    def test_no_line_is_lost_and_no_part_is_too_long(self, said: list[tuple[str, str]], limit: int) -> None:
        lines = lines_of(*said)
        parts = split(lines, limit)
        assert [line for part in parts for line in part] == list(lines)
        for part in parts:
            assert len(part) == 1 or sum(estimate_tokens(line.text) for line in part) <= limit


class TestHalves:
    def test_both_have_something(self) -> None:
        lines = lines_of(*[("C", f"Sentence {n}.") for n in range(7)])
        two = halves(lines)
        assert two is not None
        assert [*two[0], *two[1]] == list(lines)
        assert len(two[0]) > 1
        assert len(two[1]) > 1

    def test_a_single_line_cannot_be_cut(self) -> None:
        assert halves(lines_of(("C", "One."))) is None
