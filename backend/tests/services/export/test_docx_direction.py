"""Hebrew and Arabic are read from the right in Word, also with English in between."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise

import docx
import pytest
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as WordParagraph
from hypothesis import given

from app.services.export.docx_direction import is_right_to_left, runs_of
from app.services.export.transcript.render import TranscriptFacts, TranscriptFormat, render_transcript
from tests.services.export.texts import ANY_TEXT
from tests.services.export.transcript.talks import a_talk

HEBREW = "העברנו את Kubernetes Engine לענן, ב-2024."
ENGLISH = "We call it שלום here."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEBREW, True),
        ("Kubernetes הוא הכלי שבחרנו", True),
        ("مرحبا، كيف الحال؟", True),
        (ENGLISH, False),
        ("我们把计费系统", False),
        ("👩‍👩‍👧‍👦 12:30", False),
        ("", False),
    ],
)
def test_most_words_decide(text: str, expected: bool) -> None:
    assert is_right_to_left(text) is expected


def test_text_is_cut_where_the_direction_changes() -> None:
    assert list(runs_of(HEBREW)) == [
        ("העברנו את ", True),
        ("Kubernetes Engine", False),
        (" לענן, ב-2024.", True),
    ]
    assert list(runs_of(ENGLISH)) == [("We call it ", False), ("שלום", True), (" here.", False)]


def test_marks_stay_with_their_letter() -> None:
    assert list(runs_of("שָׁלוֹם e\u0301a")) == [("שָׁלוֹם ", True), ("e\u0301a", False)]


@given(ANY_TEXT)
def test_nothing_is_lost_by_cutting(text: str) -> None:
    pieces = list(runs_of(text))
    assert "".join(piece for piece, _ in pieces) == text
    assert all(one[1] is not other[1] for one, other in pairwise(pieces))


def test_turns_of_a_transcript_are_read_from_their_side() -> None:
    talk = a_talk(
        ("Sarah Lind", ENGLISH, 0, 4), ("שרה לוי", HEBREW, 5, 9), ("שרה לוי", "Yes, we did.", 9, 10)
    )
    facts = TranscriptFacts(talk, "ראיון ראשון", "Example", datetime(2026, 3, 14, tzinfo=UTC))
    document = docx.Document(BytesIO(render_transcript(TranscriptFormat.DOCX, facts)))
    turns = [p for p in document.paragraphs if p.text.startswith("00:00:")]
    assert [from_the_right(p) for p in turns] == [False, True, False]
    assert [run.text for run in turns[1].runs if run.font.rtl] == [
        "00:00:05  שרה לוי",
        "העברנו את ",
        " לענן, ב-2024.",
    ]
    assert turns[1].text.endswith(HEBREW)
    assert [from_the_right(p) for p in document.paragraphs if p.text == "ראיון ראשון"] == [True]


def from_the_right(paragraph: WordParagraph) -> bool:
    properties = paragraph._p.pPr
    return properties is not None and properties.find(qn("w:bidi")) is not None
