"""Snippets: the place that answers, cut where nothing is torn apart, with exact marks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.search.analyzer import GAP, terms, words
from app.services.search.questions import read_question
from app.services.search.snippets import LENGTH, Range, snippet
from tests.services.search.test_analyzer import SPOKEN


def marked(text: str, question: str) -> list[str]:
    found = snippet(text, read_question(question))
    return [found.text[one.start : one.end] for one in found.ranges]


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        ("We moved Billing, and billing stayed.", "billing", ["Billing", "billing"]),
        ("We moved to events; to move is hard.", '"to events"', ["to events"]),
        ("Zoe\u0308 said: ZOË!", "zoe", ["Zoe\u0308", "ZOË"]),
        ("使用日本語です。", "日本語", ["日本語"]),
        ("قلت: حَسَنًا 👍🏽 نعم", "حسنا", ["حَسَنًا"]),
        ("We use .NET and C++", "net c++", [".NET", "C++"]),
        ("a b a b", '"a b"', ["a b", "a b"]),
    ],
)
def test_marks_what_was_found(text: str, question: str, expected: list[str]) -> None:
    assert marked(text, question) == expected


def test_shows_the_place_where_most_is_found() -> None:
    text = f"billing {'and so on ' * 60}we moved billing to events {'and so on ' * 60}"
    found = snippet(text, read_question("billing moved events"))
    assert "moved billing to events" in found.text
    assert found.cut_before
    assert found.cut_after
    assert len(found.text) <= LENGTH
    assert not found.text.startswith(" ")
    assert [found.text[r.start : r.end] for r in found.ranges] == ["moved", "billing", "events"]


def test_a_short_utterance_is_shown_whole() -> None:
    found = snippet("👍 … billing!", read_question("billing"))
    assert (found.text, found.cut_before, found.cut_after) == ("👍 … billing!", False, False)


def test_words_that_are_not_there_mark_nothing() -> None:
    assert marked("something else " * 40, "billing") == []


@given(SPOKEN, st.integers(0, 40), SPOKEN)
def test_always_is_a_part_of_the_text_with_the_marks_in_it(before: str, times: int, after: str) -> None:
    text = f"{before} {'filler ' * times}Zoë \u2067{after} {'filler ' * times}"
    found = snippet(text, read_question("zoe"))
    assert found.text in text
    assert found.cut_before or text.startswith(found.text)
    assert found.cut_after or text.endswith(found.text)
    assert "Zoë" in [found.text[r.start : r.end].rstrip("\u2067") for r in found.ranges]
    ends = [0, *(edge for r in found.ranges for edge in (r.start, r.end)), len(found.text)]
    assert ends == sorted(ends)
    assert len(found.text) <= LENGTH + len(after) + len(before)


@given(SPOKEN, st.sampled_from([None, "en", "en-GB", "de", "xx"]))
def test_what_the_index_knows_changes_nothing(said: str, language: str | None) -> None:
    text = f"Testing {said} tests, e-mails of Zoë's .NET"
    assert words(text, language, indexed=terms(text, language)) == words(text, language)
    question = read_question('tests net "zoe\'s"', language)
    assert snippet(text, question, language, indexed=terms(text, language)) == snippet(
        text, question, language
    )


@pytest.mark.parametrize("indexed", [("other",), ("one",) * 9, (GAP, "tests")])
def test_the_terms_of_another_analyzer_are_passed_over(indexed: tuple[str, ...]) -> None:
    assert snippet("Two tests", read_question("test"), "en", indexed=indexed).ranges == (Range(4, 9),)
