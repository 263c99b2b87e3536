"""Replacing parts of a text and finding the way back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.services.analysis.redaction import Redacted, Replacement


class TestRedacted:
    def test_replaces_and_maps_back(self) -> None:
        text = Redacted("I am Daniel from Lyon.", [Replacement(5, 11, "[CANDIDATE]")])
        assert text.text == "I am [CANDIDATE] from Lyon."
        start = text.text.index("[CANDIDATE]")
        assert text.source_range(start, start + 11) == (5, 11)
        assert text.source_range(0, 4) == (0, 4)
        from_lyon = text.text.index("from Lyon")
        assert text.source[slice(*text.source_range(from_lyon, from_lyon + 9))] == "from Lyon"

    def test_a_part_of_a_placeholder_stands_for_the_whole_name(self) -> None:
        text = Redacted("Daniel said", [Replacement(0, 6, "[CANDIDATE]")])
        assert text.source_range(3, 5) == (0, 6)

    def test_of_overlapping_replacements_the_first_covers_both(self) -> None:
        text = Redacted("abcdef", [Replacement(3, 5, "Y"), Replacement(1, 4, "X")])
        assert text.text == "aXf"
        assert text.source_range(1, 2) == (1, 5)

    def test_what_is_replaced_by_nothing_is_gone(self) -> None:
        text = Redacted("abc", [Replacement(1, 2, "")])
        assert text.text == "ac"
        assert text.source_range(0, 2) == (0, 3)

    @given(
        st.text(min_size=1, max_size=40),
        st.lists(st.tuples(st.integers(0, 39), st.integers(1, 8), st.text(max_size=5)), max_size=5),
        st.data(),
    )
    def test_every_kept_character_maps_to_itself(
        self, source: str, cuts: list[tuple[int, int, str]], data: st.DataObject
    ) -> None:
        replacements = [
            Replacement(start, min(len(source), start + length), by)
            for start, length, by in cuts
            if start < len(source)
        ]
        text = Redacted(source, replacements)
        if not text.text:
            return
        start = data.draw(st.integers(0, len(text.text) - 1))
        end = data.draw(st.integers(start + 1, len(text.text)))
        begins, ends = text.source_range(start, end)
        assert 0 <= begins < ends <= len(source)
        if not replacements:
            assert source[begins:ends] == text.text[start:end]
