"""Mentions in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.notification.addresses import mentioned_addresses

names = st.text("abcxyz0189", min_size=1, max_size=8)
addresses = st.builds(lambda a, b, c: f"{a}.{b}@{c}.example.com", names, names, names)
surroundings = st.text(st.characters(blacklist_characters="@", blacklist_categories=["Cs"]), max_size=20)
apart = st.sampled_from([" ", "\n", "(", ", "])


def mentioned(text: str) -> set[str]:
    return set(mentioned_addresses([text]))


@pytest.mark.parametrize(
    "text",
    [
        "@bo@example.com",
        "Please look, @bo@example.com.",
        "@Bo@Example.COM, what do you think?",
        "(@bo@example.com)",
        "“@bo@example.com”",
        "@bo@example.com's turn",
        "line\n@bo@example.com\nline",
        "@bo@example.com@",
        "*@bo@example.com*",
    ],
)
def test_a_mention_is_an_at_sign_and_an_address(text: str) -> None:
    assert mentioned(text) == {"bo@example.com"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bo@example.com",
        "@bo",
        "@bo@example",
        "@ bo@example.com",
        "x@bo@example.com",
        "@@bo@example.com",
        "@",
    ],
)
def test_nothing_else_is(text: str) -> None:
    assert mentioned(text) == set()


def test_addresses_have_more_letters_than_ascii() -> None:
    assert mentioned("@jürgen+x@bücher.example") == {"jürgen+x@bücher.example"}


@pytest.mark.parametrize("text", ["@sean.o'brien@example.com", "'@sean.o'brien@example.com'"])
def test_an_apostrophe_may_stand_in_an_address(text: str) -> None:
    assert mentioned(text) == {"sean.o'brien@example.com"}


@given(st.lists(st.tuples(surroundings, apart, addresses, apart)))
def test_all_that_are_mentioned_are_found_and_no_others(parts: list[tuple[str, str, str, str]]) -> None:
    text = "".join(f"{around}{before}@{address}{after}" for around, before, address, after in parts)
    assert mentioned(text) == {address for _, _, address, _ in parts}


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    for address in mentioned(text):
        assert address.count("@") == 1
        assert f"@{address}" in text.casefold()
