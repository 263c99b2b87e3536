"""Counting words in any script."""

from __future__ import annotations

import pytest

from app.services.analysis.text.counting import count_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("  ", 0),
        ("Three short words.", 3),
        ("très bien", 2),
        ("請求システム", 3),
        ("APIを作りました", 4),
        ("스무 번 시험했습니다", 3),
        ("اختبرنا كل شيء", 3),
    ],
)
def test_count_words(text: str, words: int) -> None:
    assert count_words(text) == words
