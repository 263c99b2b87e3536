"""Which words Deepgram is told to expect."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.services.transcription.providers.deepgram.keyterms import keyterms


def test_names_and_position_come_first_and_then_what_is_special() -> None:
    terms = keyterms(
        "Backend Engineer",
        ["Daniel Okafor", "Sarah"],
        ["How would you run PostgreSQL on Kubernetes?", "What do you think of C++ and CI/CD?"],
    )
    assert terms == (
        "Daniel Okafor",
        "Sarah",
        "Backend Engineer",
        "PostgreSQL",
        "Kubernetes",
        "C++",
        "CI/CD",
    )


def test_ordinary_words_are_left_out() -> None:
    assert keyterms(None, [], ["Tell me about a time when you changed your mind."]) == ()


def test_each_term_is_there_once() -> None:
    assert keyterms("kubernetes", ["Kubernetes"], ["We use KUBERNETES here"]) == ("Kubernetes",)


@given(st.text(), st.lists(st.text()), st.lists(st.text(max_size=200)))
def test_the_vendors_limits_are_kept(position: str, names: list[str], topics: list[str]) -> None:
    terms = keyterms(position, names, topics)
    assert len(terms) <= 100
    assert sum(map(len, terms)) <= 2000
    assert all("," not in term and term.strip() == term for term in terms)
