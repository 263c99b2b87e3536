"""Finding a quote although it is spelt a little otherwise, and never finding what is not there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.analysis.quoting import find_quote, normalized


def found(text: str, quote: str) -> str | None:
    place = find_quote(text, quote)
    return None if place is None else text[place[0] : place[1]]


class TestFindQuote:
    @pytest.mark.parametrize(
        ("text", "quote", "expected"),
        [
            ("We moved the queue in May.", "moved the queue", "moved the queue"),
            ("We  moved\u00a0the\nqueue.", "moved the queue", "moved\u00a0the\nqueue"),
            ("It’s the “old” one – really.", 'It\'s the "old" one - really', "It’s the “old” one – really"),
            ("We Moved The Queue.", "we moved the queue", "We Moved The Queue"),
            ("Ein Cafe\u0301 in Köln.", "Café in Köln", "Cafe\u0301 in Köln"),
            ("Die Straße war lang.", "STRASSE WAR", "Straße war"),
            ("ﬁrst we tested", "first we", "ﬁrst we"),
            ("It held…", "It held...", "It held"),
            ("We tested it", "...we tested it...", "We tested it"),
            ("  Spaces around  ", "  Spaces around  ", "Spaces around"),
            ("私は請求システムを作りました。", "請求システムを作りました", "請求システムを作りました"),
            ("We\u200b moved it", "We moved", "We\u200b moved"),
        ],
    )
    def test_gives_the_words_as_they_stand_in_the_text(self, text: str, quote: str, expected: str) -> None:
        assert found(text, quote) == expected

    @pytest.mark.parametrize(
        ("text", "quote"),
        [
            ("We moved the queue.", "We moved a queue"),
            ("We moved the queue.", "queue the moved"),
            ("We moved the queue.", ""),
            ("We moved the queue.", " \n"),
            ("We moved the queue.", "…"),
            ("We did not move it.", "We did move it"),
            ("", "anything"),
            ("cafe", "café"),
        ],
    )
    def test_does_not_find_other_words(self, text: str, quote: str) -> None:
        assert find_quote(text, quote) is None

    @given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
    def test_what_stands_in_a_text_is_found_there(self, before: str, quote: str, after: str) -> None:
        place = find_quote(before + quote + after, quote)
        if quote.strip():
            assert place is not None
            assert quote.strip() in (before + quote + after)[slice(*place)] or normalized(
                quote
            ) in normalized((before + quote + after)[slice(*place)])

    @given(st.text(max_size=80), st.text(max_size=40))
    def test_whatever_it_gives_is_a_place_in_the_text(self, text: str, quote: str) -> None:
        place = find_quote(text, quote)
        if place is not None:
            start, end = place
            assert 0 <= start < end <= len(text)
            assert text[start:end].strip() == text[start:end]
