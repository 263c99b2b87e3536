"""Find and replace, before anything is replaced."""

from __future__ import annotations

from typing import Any

import pytest

from app.services.transcript_editing.errors import TooMuchText
from app.services.transcript_editing.finding import Found, Wanted, found_in
from tests.fixtures.words import a_talk, an_utterance


def found(text: str, find: str, replace: str, **how: Any) -> Found:
    return found_in(a_talk(utterances=(an_utterance("u", "s1", 0, text),)), Wanted(find, replace, **how))


def after(text: str, find: str, replace: str, **how: Any) -> str | None:
    changes = found(text, find, replace, **how).changes
    return changes[0].after if changes else None


def test_every_place_is_shown_with_what_it_becomes() -> None:
    (change,) = found_in(a_talk(), Wanted("cuban eddies", "Kubernetes")).changes
    assert (change.utterance_id, change.count) == ("u2", 1)
    assert change.before == "We ran it on Cuban eddies, um, for two years."
    assert change.after == "We ran it on Kubernetes, um, for two years."


def test_case_and_whole_words() -> None:
    assert after("Go to Google, go", "go", "Rust") == "Rust to Rustogle, Rust"
    assert after("Go to Google, go", "go", "Rust", whole_words=True) == "Rust to Google, Rust"
    assert after("Go to Google, go", "go", "Rust", match_case=True) == "Go to Google, Rust"


def test_what_is_searched_is_text_and_no_pattern() -> None:
    assert after("a.c abc", ".", r"\1") == r"a\1c abc"


def test_a_word_taken_out_leaves_no_hole() -> None:
    assert after("So um we", "um", "") == "So we"


def test_where_nothing_would_remain_the_words_stay() -> None:
    assert found("Um", "um", "") == Found((), ("u",))
    assert found("Oh", "um", "") == Found((), ())


def test_what_would_fill_the_database_is_refused() -> None:
    with pytest.raises(TooMuchText):
        found("a" * 10_000, "a", "b" * 500)


def test_half_a_character_is_not_found() -> None:
    assert after("cafe\u0301", "cafe", "bar") is None
    assert after("👍🏽", "👍", "x") is None
    assert after("東京大学", "京", "経") == "東経大学"
