"""Wording, plain text and file names."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.message import EmailMessage
from urllib.parse import unquote

import pytest
from hypothesis import given

from app.services.export.filenames import content_disposition, file_name
from app.services.export.plain_text import printable
from app.services.export.render import ExportFormat, ExportKind
from app.services.export.wording import clock, count, day, moment, sentence
from tests.services.export.texts import ANY_TEXT


class TestClock:
    @pytest.mark.parametrize(
        ("seconds", "shown"),
        [
            (0, "00:00"),
            (59.99, "00:59"),
            (247, "04:07"),
            (3599, "59:59"),
            (3600, "1:00:00"),
            (36_061, "10:01:01"),
            (-3, "00:00"),
            (float("nan"), "00:00"),
        ],
    )
    def test_it_shows_minutes_and_from_an_hour_on_hours(self, seconds: float, shown: str) -> None:
        assert clock(seconds) == shown


class TestWording:
    def test_dates_are_in_utc(self) -> None:
        at = datetime(2026, 3, 1, 1, 30, tzinfo=timezone(timedelta(hours=5)))
        assert (day(at), moment(at)) == ("28 February 2026", "28 February 2026, 20:30 UTC")

    def test_one_is_singular(self) -> None:
        assert (count(1, "claim"), count(0, "claim"), count(1204, "token")) == (
            "1 claim",
            "0 claims",
            "1,204 tokens",
        )

    def test_a_sentence_ends_once(self) -> None:
        assert [sentence(text) for text in ("a", "a.", "a?", " a ", "")] == ["a.", "a.", "a?", "a.", ""]


class TestPrintable:
    def test_what_no_format_can_carry_becomes_visible(self) -> None:
        assert printable("a\x00b\x1b\ud800\ufffe") == "a\ufffdb\ufffd\ufffd\ufffd"

    def test_line_breaks_are_of_one_kind(self) -> None:
        assert printable("a\r\nb\rc\u2028d\x0be\x85f") == "a\nb\nc\nd\ne\nf"

    def test_direction_controls_go(self) -> None:
        assert printable("\u202egnp.exe\u202c \u2066x\u2069") == "gnp.exe x"

    @given(ANY_TEXT)
    def test_it_is_idempotent_and_can_be_encoded(self, text: str) -> None:
        assert printable(printable(text)) == printable(text)
        assert printable(text).encode().decode() == printable(text)


class TestFileNames:
    def test_it_tells_kind_interview_and_candidate(self) -> None:
        assert (
            file_name(ExportKind.DEBRIEF, ExportFormat.PDF, "Backend engineer", "Zoë Ångström")
            == "Debrief - Backend engineer - Zoë Ångström.pdf"
        )
        assert file_name(ExportKind.EXPLANATION, ExportFormat.DOCX, "", None) == "Explanation.docx"

    def test_no_path_is_left_in_it(self) -> None:
        name = file_name(ExportKind.DEBRIEF, ExportFormat.MARKDOWN, "../../etc/passwd", 'C:\\x "y" <z>|?*')
        assert name == "Debrief - etc passwd - C x y z.md"

    def test_old_clients_get_ascii_and_new_ones_everything(self) -> None:
        assert content_disposition("Debrief - Zoë Łódź.pdf") == (
            'attachment; filename="Debrief - Zoe odz.pdf"; '
            "filename*=UTF-8''Debrief%20-%20Zo%C3%AB%20%C5%81%C3%B3d%C5%BA.pdf"
        )

    @given(ANY_TEXT, ANY_TEXT)
    def test_no_text_breaks_the_header(self, title: str, candidate: str) -> None:
        name = file_name(ExportKind.DEBRIEF, ExportFormat.PDF, title, candidate)
        header = content_disposition(name)
        assert header.isascii()
        assert header.isprintable()
        assert header.count('"') == 2
        parsed = EmailMessage()
        parsed["Content-Disposition"] = header.split("; filename*", maxsplit=1)[0]
        assert parsed.get_filename("").endswith(".pdf")
        assert unquote(header.rsplit("''", maxsplit=1)[-1]) == name
