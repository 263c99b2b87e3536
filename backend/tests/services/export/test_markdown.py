from __future__ import annotations

import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.services.export.debrief_document import debrief_document
from app.services.export.document import Document, Quote
from app.services.export.markdown import inline, write_markdown
from tests.fixtures.documents import NOON
from tests.services.export.facts import debrief_facts
from tests.services.export.texts import ANY_TEXT, HOSTILE, document_of, words

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def tokens(markdown: bytes) -> list[Token]:
    flat: list[Token] = []
    for token in PARSER.parse(markdown.decode()):
        flat.append(token)
        flat += token.children or []
    return flat


def shown(markdown: bytes) -> str:
    """The words that a reader of the rendered page sees."""
    texts = []
    for token in PARSER.parse(markdown.decode()):
        inside = token.children or []
        texts += ["\n" if child.type in ("softbreak", "hardbreak") else child.content for child in inside]
        texts.append("\n")
    return " ".join("".join(texts).split())


def shape(markdown: bytes) -> list[str]:
    """Which blocks there are, in order; how a paragraph is broken into lines does not count."""
    inside = {"text", "hardbreak"}
    return [token.type for token in tokens(markdown) if token.type not in inside]


class TestEscaping:
    @given(ANY_TEXT)
    def test_every_text_can_be_read_again(self, text: str) -> None:
        assert words(text) in shown(write_markdown(document_of(text)))

    @given(ANY_TEXT)
    def test_no_text_changes_the_structure(self, text: str) -> None:
        if words(text):
            assert shape(write_markdown(document_of(text))) == shape(write_markdown(document_of("plain")))

    @pytest.mark.parametrize("text", HOSTILE)
    def test_only_our_own_links_are_links(self, text: str) -> None:
        links = [t.attrs["href"] for t in tokens(write_markdown(document_of(text))) if t.type == "link_open"]
        assert set(links) == {"https://debrief.example.com/recording#t=754"}

    def test_bare_addresses_do_not_become_links_on_github(self) -> None:
        assert inline("see https://evil.example or www.evil.example") == (
            r"see https\://evil.example or www\.evil.example"
        )

    def test_ordinary_prose_stays_readable(self) -> None:
        prose = "It's 40% (or so); we'd ship on Monday – wouldn't we? Well-known: 3.5 k/s!"
        assert inline(prose) == prose


class TestDebrief:
    def test_it_begins_with_title_and_candidate(self) -> None:
        text = write_markdown(debrief_document(debrief_facts())).decode()
        assert text.startswith(
            "# Backend engineer, second round\n\n**Zoë Ångström · Senior backend engineer**\n"
        )

    def test_quotes_carry_the_speaker_and_a_time_that_links_into_the_recording(self) -> None:
        text = write_markdown(debrief_document(debrief_facts())).decode()
        assert "> I led that team for three years.\n>\n> — Zoë Ångström, [05:05](https://" in text
        assert "/recording#t=305)" in text

    def test_a_quote_of_several_lines_keeps_them(self) -> None:
        document = Document("k", "t", "", "o", NOON, (Quote("one\ntwo", "Ann", "00:01"),))
        assert "> one\\\n> two\n>\n> — Ann, 00:01\n" in write_markdown(document).decode()
