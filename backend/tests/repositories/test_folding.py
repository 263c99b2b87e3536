"""Folding decides what is found when people type a name."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.repositories.folding import LAST, fold


class TestFold:
    @pytest.mark.parametrize(
        ("text", "folded"),
        [
            ("  Zoë   ŁUKASZ ", "zoe lukasz"),
            ("Straße", "strasse"),
            ("İstanbul ışık", "istanbul isik"),
            ("Ångström Ærø", "angstrom aero"),
            ("ﬁne", "fine"),
            ("山田 太郎", "山田 太郎"),
            ("", ""),
        ],
    )
    def test_removes_case_accents_and_spare_space(self, text: str, folded: str) -> None:
        assert fold(text) == folded

    @given(st.text())
    def test_gives_the_same_for_composed_and_decomposed_text(self, text: str) -> None:
        assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))

    @given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20), st.data())
    def test_every_prefix_of_a_folded_text_is_in_its_range(self, text: str, data: st.DataObject) -> None:
        folded = fold(text).encode()
        prefix = fold(text)[: data.draw(st.integers(0, 20))]
        assert prefix.encode() <= folded <= (prefix + LAST).encode()
