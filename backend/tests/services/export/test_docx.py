from __future__ import annotations

from io import BytesIO

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from hypothesis import given, settings

from app.services.export.debrief_document import debrief_document
from app.services.export.docx import write_docx
from tests.services.export.facts import debrief_facts
from tests.services.export.texts import ANY_TEXT, HOSTILE, document_of, words


def opened(data: bytes) -> WordDocument:
    return docx.Document(BytesIO(data))


def paragraphs(document: WordDocument) -> list[str]:
    """All paragraphs in body and tables, links included."""
    body = document.element.body
    return [
        " ".join(
            "".join(
                "\n" if node.tag == qn("w:br") else node.text or ""
                for node in paragraph.iter(qn("w:t"), qn("w:br"))
            ).split()
        )
        for paragraph in body.iter(qn("w:p"))
    ]


@pytest.fixture(scope="module")
def debrief() -> WordDocument:
    return opened(write_docx(debrief_document(debrief_facts())))


class TestAnyText:
    @settings(max_examples=40)
    @given(ANY_TEXT)
    def test_it_can_be_read_again_from_a_valid_file(self, text: str) -> None:
        found = paragraphs(opened(write_docx(document_of(text))))
        # Title, subtitle, two headings, paragraphs, notice, quotes, statement, properties, bullets, table.
        assert found.count(words(text)) >= 20

    @pytest.mark.parametrize("text", HOSTILE)
    def test_hostile_texts_stay_texts(self, text: str) -> None:
        assert words(text) in paragraphs(opened(write_docx(document_of(text))))


class TestLooks:
    def test_the_properties_name_title_and_organisation(self, debrief: WordDocument) -> None:
        about = debrief.core_properties
        assert (about.title, about.author, about.subject, about.comments) == (
            "Backend engineer, second round",
            "Acme Hiring",
            "Interview debrief",
            "",
        )

    def test_headings_are_headings_and_stay_with_what_follows(self, debrief: WordDocument) -> None:
        headings = [p.text for p in debrief.paragraphs if p.style and p.style.name == "Heading 1"]
        assert headings[:3] == ["Summary", "Criteria", "Strengths"]
        assert debrief.styles["Heading 1"].paragraph_format.keep_with_next

    def test_tables_repeat_their_head_and_tear_no_row(self, debrief: WordDocument) -> None:
        table = next(t for t in debrief.tables if t.cell(0, 0).text == "Criterion")
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)

    def test_properties_stand_in_the_order_of_the_standard(self, debrief: WordDocument) -> None:
        order = ["tblStyle", "tblW", "jc", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook"]
        for table in debrief.tables:
            names = [child.tag.rpartition("}")[2] for child in table._tbl.tblPr]
            assert names == sorted(names, key=order.index)
        order = ["keepNext", "keepLines", "pBdr", "shd", "tabs", "spacing", "ind", "jc", "outlineLvl"]
        for style in debrief.styles:
            if style.name.startswith("Debrief"):
                names = [child.tag.rpartition("}")[2] for child in style.element.pPr]
                assert names == sorted(names, key=order.index)

    def test_the_foot_counts_the_pages(self, debrief: WordDocument) -> None:
        foot = debrief.sections[0].footer._element
        fields = [node.text for node in foot.iter(qn("w:instrText"))]
        assert fields == ["PAGE", "NUMPAGES"]
        assert "Backend engineer, second round" in debrief.sections[0].footer.paragraphs[0].text

    def test_times_link_into_the_recording(self, debrief: WordDocument) -> None:
        targets = [r.target_ref for r in debrief.part.rels.values() if r.is_external]
        assert any(target.endswith("/recording#t=305") for target in targets)
