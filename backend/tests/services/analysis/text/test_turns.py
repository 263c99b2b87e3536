"""Turns and sentences: where they begin and end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.transcript import Utterance
from app.services.analysis.text.turns import sentence_spans, sentences_of, turns_of


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


class TestSentenceSpans:
    @pytest.mark.parametrize(
        ("text", "sentences"),
        [
            ("One. Two? Three!", ["One.", "Two?", "Three!"]),
            ("  One.\n\tTwo  ", ["One.", "Two"]),
            ("no punctuation at all", ["no punctuation at all"]),
            ("It cost 3.50 and 65.000 Euro.", ["It cost 3.50 and 65.000 Euro."]),
            ("“Really?” he said.", ["“Really?”", "he said."]),
            ("Wait... what?!", ["Wait...", "what?!"]),
            ("为什么？ 好。", ["为什么？", "好。"]),
            ("   ", []),
            ("", []),
        ],
    )
    def test_end_where_the_punctuation_says_so(self, text: str, sentences: list[str]) -> None:
        assert cut(text) == sentences

    @given(st.text(max_size=60))
    def test_leave_nothing_out_but_white_space(self, text: str) -> None:
        assert "".join("".join(cut(text)).split()) == "".join(text.split())
        ends = [0]
        for start, end in sentence_spans(text):
            assert ends[-1] <= start < end
            assert text[start:end] == text[start:end].strip()
            ends.append(end)

    @given(st.text(max_size=60))
    def test_are_what_the_sentences_of_an_utterance_are_made_of(self, text: str) -> None:
        said = Utterance(id="u", speaker="a", start=0, end=1, text=text)
        assert [s.text for s in sentences_of([said])] == cut(text)


def test_a_turn_lasts_until_somebody_else_speaks() -> None:
    said = [
        Utterance(id=str(n), speaker=speaker, start=n, end=n + 1, text=text)
        for n, (speaker, text) in enumerate([("a", "One."), ("b", " "), ("a", "Two."), ("b", "Three.")])
    ]
    assert [(t.speaker, t.words) for t in turns_of(said)] == [("a", 2), ("b", 1)]
