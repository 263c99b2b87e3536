"""Files that are no transcript, or not a whole one: a clear refusal, never a crash, never lost words."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import AppError
from app.services.transcription.importers import (
    TranscriptEmpty,
    TranscriptTooLarge,
    TranscriptUnreadable,
    parse_transcript,
)


class TestRefused:
    @pytest.mark.parametrize(
        "data",
        [
            b"%PDF-1.7 ...",
            b"PK\x03\x04 word document",
            b"{\\rtf1 hello}",
            b"RIFF\x00\x00\x00\x00WAVEfmt ",
            b"\x1aE\xdf\xa3 webm",
            b"\x00\x00\x00\x20ftypisom",
            b"<!DOCTYPE html><html></html>",
            b"Name: a\x00b",
            bytes(range(128, 256)) * 4,
        ],
        ids=["PDF", "docx", "RTF", "WAV", "WebM", "MP4", "HTML", "NUL", "no text"],
    )
    def test_what_is_something_else(self, data: bytes) -> None:
        with pytest.raises(TranscriptUnreadable):
            parse_transcript(data, filename="transcript.vtt")

    @pytest.mark.parametrize(
        "data", [b"", b" \n\t ", b"WEBVTT\n\n", b"[]", b"1\n00:00:01,000 --> 00:00:02,000\n\n"]
    )
    def test_what_has_no_words(self, data: bytes) -> None:
        with pytest.raises((TranscriptEmpty, TranscriptUnreadable)):
            parse_transcript(data, filename=None)

    def test_broken_json_is_named_with_its_line(self) -> None:
        with pytest.raises(TranscriptUnreadable) as refused:
            parse_transcript(b'{\n "utterances": [\n  {"text": "x"},,\n]}', filename=None)
        assert refused.value.line == 3
        assert refused.value.detail.startswith("Line 3:")

    @pytest.mark.parametrize(
        "document",
        [
            {"a": 1},
            {"utterances": [1, 2]},
            {"utterances": [{"start": 1}]},
            {"utterances": [{"text": "x", "start": 1e300}]},
        ],
    )
    def test_json_of_another_shape(self, document: object) -> None:
        with pytest.raises(TranscriptUnreadable):
            parse_transcript(json.dumps(document).encode(), filename=None)

    def test_deep_json(self) -> None:
        with pytest.raises(TranscriptUnreadable):
            parse_transcript(b"[" * 100_000, filename=None)

    def test_more_than_is_allowed(self) -> None:
        with pytest.raises(TranscriptTooLarge):
            parse_transcript(b"A: x\n" * 100, filename=None, max_bytes=100)

    def test_hundreds_of_speakers(self) -> None:
        items = [{"speaker": f"Person {n}", "start": n, "end": n + 1, "text": "Hello."} for n in range(300)]
        with pytest.raises(TranscriptUnreadable, match="speakers"):
            parse_transcript(json.dumps(items).encode(), filename=None)


class TestDoubtful:
    def test_an_old_encoding_is_read_and_said(self) -> None:
        draft = parse_transcript("José: Olá, São Paulo.\nAna: Não.\n".encode("cp1252"), filename=None)
        assert draft.speakers[0].label == "José"
        assert any("Windows-1252" in warning for warning in draft.warnings)

    @pytest.mark.parametrize("piece", ["<v ", "[", ":", "&", "a: ", "00:", "<", "- ", "**"])
    def test_one_endless_line_comes_to_an_end(self, piece: str) -> None:
        """Megabytes of one character have found every quadratic pattern there was."""
        data = ("WEBVTT\n\n00:01.000 --> 00:02.000\n" + piece * (600_000 // len(piece))).encode()
        for variant in (data, data[34:]):
            try:
                draft = parse_transcript(variant, filename=None)
            except AppError as error:
                assert error.status in (413, 422)
            else:
                assert draft.utterances


PIECES = st.sampled_from(
    [
        "WEBVTT\n\n", "00:01.000 --> 00:02.000\n", "00:05,000 --> 00:01,000\n", "<v Ada>", "</v>", "Ada: ", "[Bob] ",
        "hello", " ", "\n", "\n\n", "1\n", "NOTE x\n", "&amp;", "&#0;", "é", "\u2028", "-->", "{", "}",
        '{"utterances": [', '{"text": "x", "start": 1}', "]}", "12:00", "(00:10)", "**",
        "Speaker 1  00:01\n", "\x00", "\ufeff",
    ]
)  # fmt: skip


@settings(max_examples=300)
@given(
    st.one_of(
        st.binary(max_size=200), st.lists(PIECES, max_size=30).map(lambda p: "".join(p).encode("utf-8"))
    )
)
def test_any_bytes_give_a_sound_draft_or_a_refusal(data: bytes) -> None:
    try:
        draft = parse_transcript(data, filename=None)
    except (TranscriptEmpty, TranscriptTooLarge, TranscriptUnreadable):
        return
    assert draft.utterances
    speakers = {speaker.id for speaker in draft.speakers}
    assert len({u.id for u in draft.utterances}) == len(draft.utterances)
    assert {u.speaker for u in draft.utterances} == speakers
    assert all(0 <= u.start <= u.end for u in draft.utterances)
    starts = [u.start for u in draft.utterances]
    assert starts == sorted(starts)
    assert all(u.text.strip() for u in draft.utterances)
