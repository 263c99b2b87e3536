"""Estimates of tokens: near enough, and rather too many."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.services.analysis.tokens import estimate_tokens


class TestEstimateTokens:
    def test_english_has_four_letters_a_token(self) -> None:
        assert estimate_tokens("word " * 400) == 500

    def test_scripts_without_spaces_have_one(self) -> None:
        assert estimate_tokens("請求システム" * 10) == 60

    def test_other_letters_have_two(self) -> None:
        assert estimate_tokens("я" * 100) == 50

    def test_nothing_is_nothing(self) -> None:
        assert estimate_tokens("") == 0

    @given(st.text(max_size=200), st.text(max_size=200))
    def test_a_longer_text_never_has_fewer(self, one: str, other: str) -> None:
        assert estimate_tokens(one + other) >= max(estimate_tokens(one), estimate_tokens(other))
        assert estimate_tokens(one + other) <= estimate_tokens(one) + estimate_tokens(other)
