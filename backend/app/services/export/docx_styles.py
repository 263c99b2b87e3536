"""The looks of the Word document: page, styles, and the XML that python-docx has no words for."""

from __future__ import annotations

from typing import Final

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Length, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell
from docx.text.paragraph import Paragraph as WordParagraph

KIND: Final = "Debrief Kind"
TITLE: Final = "Debrief Title"
SUBTITLE: Final = "Debrief Subtitle"
SMALL: Final = "Debrief Small"
QUOTE: Final = "Debrief Quote"
SOURCE: Final = "Debrief Source"
CELL: Final = "Debrief Cell"
CELL_NOTE: Final = "Debrief Cell Note"

INK: Final = RGBColor(0x1E, 0x25, 0x2E)
ACCENT: Final = RGBColor(0x2B, 0x4C, 0x6F)
MUTED: Final = RGBColor(0x5F, 0x68, 0x74)
TEXT_WIDTH: Final = Cm(16.6)
_RULE: Final = "D5DAE1"


def prepare(document: WordDocument) -> None:
    """A4, margins and every style that the writer uses."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(2.0), Cm(2.2)
    normal = _style(document, "Normal")
    _font(normal, 10.5, INK)
    _spacing(normal, after=6, line=1.15)
    for name, size, before, after in (("Heading 1", 15.0, 18, 6), ("Heading 2", 11.5, 12, 3)):
        style = _style(document, name)
        _font(style, size, ACCENT, bold=True)
        _spacing(style, before=before, after=after)
        style.paragraph_format.keep_with_next = True
    for name, size, colour, bold, before, after in (
        (KIND, 9.0, ACCENT, True, 0, 2),
        (TITLE, 22.0, INK, True, 0, 2),
        (SUBTITLE, 12.5, MUTED, False, 0, 10),
        (SMALL, 9.0, MUTED, False, 0, 6),
        (QUOTE, 10.5, INK, False, 4, 0),
        (SOURCE, 8.5, MUTED, False, 0, 6),
        (CELL, 9.5, INK, False, 2, 2),
        (CELL_NOTE, 8.5, MUTED, False, 0, 2),
    ):
        style = _new_style(document, name)
        _font(style, size, colour, bold=bold)
        _spacing(style, before=before, after=after)
    for name in (QUOTE, SOURCE):
        style = _style(document, name)
        style.paragraph_format.left_indent = Cm(0.6)
        side_rule(style.element, "A9B8C9")
    quote = _style(document, QUOTE)
    quote.font.italic = True
    quote.paragraph_format.keep_with_next = True
    _spacing(_style(document, "List Bullet"), after=3)


def _style(document: WordDocument, name: str) -> ParagraphStyle:
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)  # noqa: S101 - only paragraph styles are asked for
    return style


def _new_style(document: WordDocument, name: str) -> ParagraphStyle:
    document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style = _style(document, name)
    style.base_style = document.styles["Normal"]
    return style


def _font(style: ParagraphStyle, size: float, colour: RGBColor, *, bold: bool = False) -> None:
    font = style.font
    font.name, font.size, font.bold = "Calibri", Pt(size), bold
    font.color.rgb = colour
    # The theme's fonts of the built-in headings would win over the name.
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(attribute), None)


def _spacing(style: ParagraphStyle, *, before: float = 0, after: float = 0, line: float = 1.1) -> None:
    space = style.paragraph_format
    space.space_before, space.space_after, space.line_spacing = Pt(before), Pt(after), line


def side_rule(owner: BaseOxmlElement, colour: str) -> None:
    """A vertical line left of the paragraphs of a style, or of one paragraph."""
    properties = owner.get_or_add_pPr()
    borders = element("w:pBdr")
    borders.append(element("w:left", val="single", sz="12", space="8", color=colour))
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl")


def element(tag: str, **attributes: str) -> BaseOxmlElement:
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def shade(cell: WordCell, colour: str) -> None:
    cell._tc.get_or_add_tcPr().append(element("w:shd", val="clear", color="auto", fill=colour))


def table_looks(table: WordTable, widths: tuple[Length, ...], *, ruled: bool) -> None:
    """Fixed widths, a fine line under each row, no row torn over two pages."""
    table.autofit = False
    properties = table._tbl.tblPr
    borders = element("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(element(f"w:{side}", val="single" if ruled else "nil", sz="4", space="0", color=_RULE))
    # Word calls a file damaged whose properties are not in the order of the standard.
    properties.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    for row in table.rows:
        row._tr.get_or_add_trPr().append(element("w:cantSplit"))
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width


def repeat_first_row(table: WordTable) -> None:
    table.rows[0]._tr.get_or_add_trPr().append(element("w:tblHeader"))


def field(paragraph: WordParagraph, instruction: str) -> None:
    """A field that Word computes: the number of the page, how many there are."""
    for part in (
        element("w:fldChar", fldCharType="begin"),
        _instruction(instruction),
        element("w:fldChar", fldCharType="end"),
    ):
        paragraph.add_run()._r.append(part)


def _instruction(text: str) -> BaseOxmlElement:
    made = element("w:instrText")
    made.text = text
    return made


def hyperlink(paragraph: WordParagraph, text: str, url: str) -> None:
    relation = paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), relation)
    run = paragraph.add_run(text)
    run.font.color.rgb = ACCENT
    link.append(run._r)
    paragraph._p.append(link)
