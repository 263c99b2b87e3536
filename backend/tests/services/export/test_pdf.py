from __future__ import annotations

import re
import zlib
from importlib.resources import files

import pytest
import typst
from hypothesis import example, given, settings

from app.services.export.debrief_document import debrief_document
from app.services.export.document import Document, Paragraph, Quote
from app.services.export.explanation_document import explanation_document
from app.services.export.glyphs import missing_characters, scripts
from app.services.export.pdf import write_pdf
from tests.fixtures.documents import NOON
from tests.services.export.facts import debrief_facts
from tests.services.export.texts import ANY_TEXT, HOSTILE, document_of

EMBEDDED = typst.Fonts(include_system_fonts=False)


def streams(pdf: bytes) -> list[bytes]:
    found = []
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(match[1]))
        except zlib.error:
            found.append(match[1])
    return found


def characters(pdf: bytes) -> set[str]:
    """All characters that can be copied from the pages: the fonts' tables from glyphs to Unicode."""
    tables = [stream for stream in streams(pdf) if b"beginbfchar" in stream]
    targets = (target for table in tables for target in re.findall(rb"<[0-9A-F]+> <([0-9A-F]+)>", table))
    return {c for target in targets for c in bytes.fromhex(target.decode()).decode("utf-16-be", "replace")}


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def a_document(text: str) -> Document:
    return Document("Interview debrief", "Title", "", "Acme", NOON, (Quote(text, "Ann", "00:01"),))


class TestAnyText:
    @settings(max_examples=60)
    @given(ANY_TEXT)
    @example("\n" * 40)
    def test_it_gives_a_valid_file(self, text: str) -> None:
        pdf = write_pdf(document_of(text))
        assert pdf.startswith(b"%PDF-1.")
        assert pdf.rstrip().endswith(b"%%EOF")
        assert pages(pdf) >= 1

    @pytest.mark.parametrize("text", HOSTILE)
    def test_hostile_texts_are_shown_letter_by_letter(self, text: str) -> None:
        letters = {c for c in text if c.isascii() and c.isalnum()}
        assert letters <= characters(write_pdf(a_document(text)))

    def test_markup_of_the_compiler_is_not_evaluated(self) -> None:
        plain = pages(write_pdf(a_document("pagebreak")))
        assert pages(write_pdf(a_document("#pagebreak() " * 3))) == plain == 1

    def test_latin_greek_and_cyrillic_are_shown(self) -> None:
        text = "Zoë Ångström Łódź Ωμέγα Привет ґ"
        assert set(text) - {" "} <= characters(write_pdf(a_document(text)))
        assert missing_characters([text], EMBEDDED) == ()

    def test_a_long_address_is_broken_instead_of_running_off_the_page(self) -> None:
        address = "https://example.com/" + "x" * 4000
        assert pages(write_pdf(a_document(address))) > 1


class TestMissingGlyphs:
    def test_what_the_embedded_fonts_lack_is_found(self) -> None:
        assert missing_characters(["abc 日本 한", "🙂 Ω"], EMBEDDED) == ("日", "本", "한", "🙂")

    def test_invisible_characters_are_not_missed(self) -> None:
        assert missing_characters(["a\u200b\ufe0f\u00ad\u2060b"], EMBEDDED) == ()

    def test_scripts_are_named_for_people(self) -> None:
        assert scripts(["日", "한", "글", "ア"]) == ("CJK", "Hangul", "Katakana")

    def test_the_export_says_so_on_its_first_page(self) -> None:
        # Nobody has a font for the last private code point.
        with_notice = characters(write_pdf(Document("K", "T", "", "A", NOON, (Paragraph("a\U0010fffd"),))))
        without = characters(write_pdf(Document("K", "T", "", "A", NOON, (Paragraph("a"),))))
        assert set("U+10FFFD") <= with_notice
        assert not set("U+10FFFD") <= without


class TestDebrief:
    def test_title_and_pages_are_in_the_metadata(self) -> None:
        pdf = write_pdf(debrief_document(debrief_facts()))
        assert b">Backend engineer, second round</rdf:li></rdf:Alt></dc:title>" in pdf
        assert f"<xmpTPg:NPages>{pages(pdf)}<".encode() in pdf
        assert pages(pdf) > 2

    def test_the_same_facts_give_the_same_bytes(self) -> None:
        document = explanation_document(debrief_facts())
        assert write_pdf(document) == write_pdf(document)

    def test_the_template_is_part_of_the_package(self) -> None:
        assert files("app.services.export").joinpath("document.typ").is_file()
