"""What a transcript says of its languages, and what it says that a language does not have."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.models.transcript import Engine, EngineKind, LanguageMode, Speaker, TranscriptDraft, Utterance
from app.services.transcription.languages import Languages, languages_of
from app.services.transcription.providers.deepgram.parse import parse_result

PAYLOADS = Path(__file__).resolve().parents[2] / "contracts" / "deepgram"
DIARIZATION = Engine(name="d", version="1", kind=EngineKind.VENDOR)


def a_draft(*languages: str | None, kind: EngineKind = EngineKind.VENDOR, **fields: Any) -> TranscriptDraft:
    """An utterance of as many words as its place, in each of the languages."""
    return TranscriptDraft(
        engine=Engine(name="e", version="1", kind=kind),
        speakers=(Speaker(id="s0", label="Speaker 1"),),
        utterances=tuple(
            Utterance(id=f"u{n}", speaker="s0", start=n, end=n + 1, text="word " * n, language=language)
            for n, language in enumerate(languages, start=1)
        ),
        **{"diarization": DIARIZATION, **fields},
    )


def told(draft: TranscriptDraft, asked: str | None, *, wants_findings: bool = False) -> Languages:
    return languages_of(draft, asked, wants_findings=wants_findings)


@pytest.mark.parametrize(
    ("asked", "draft", "mode", "language", "languages"),
    [
        ("de-CH", a_draft(None), LanguageMode.FIXED, "de-CH", ("de-CH",)),
        (None, a_draft(None, language="es"), LanguageMode.DETECTED, "es", ("es",)),
        (None, a_draft(None), LanguageMode.DETECTED, None, ()),
        ("multi", a_draft("en", "es", "en"), LanguageMode.MIXED, "en", ("en", "es")),
        ("multi", a_draft(None), LanguageMode.MIXED, None, ()),
        ("de", a_draft(None, kind=EngineKind.IMPORTED), LanguageMode.IMPORTED, "de", ("de",)),
        ("de", a_draft(None, kind=EngineKind.IMPORTED, language="fr"), LanguageMode.IMPORTED, "fr", ("fr",)),
    ],
)
def test_what_was_asked_and_what_was_found(
    asked: str | None,
    draft: TranscriptDraft,
    mode: LanguageMode,
    language: str | None,
    languages: tuple[str, ...],
) -> None:
    found = told(draft, asked)
    assert (found.language_mode, found.language, found.languages) == (mode, language, languages)


class TestWhatALanguageDoesNotHave:
    def test_intelligence_outside_english(self) -> None:
        [warning] = told(a_draft(None), "de", wants_findings=True).warnings
        assert warning == (
            "No summary, topics or intents: Deepgram finds them in English alone, and this is in “de”."
        )
        [warning] = told(a_draft("en", "es"), "multi", wants_findings=True).warnings
        assert "in several languages" in warning

    def test_nothing_is_missed_in_english_or_where_it_was_not_wanted(self) -> None:
        assert told(a_draft(None), "en-GB", wants_findings=True).warnings == ()
        assert told(a_draft(None), "de").warnings == ()

    def test_what_the_vendor_says_itself_is_not_said_twice(self) -> None:
        draft = parse_result((PAYLOADS / "callback-non-english-warnings.json").read_bytes())
        assert told(draft, None, wants_findings=True).warnings == draft.warnings

    def test_speakers_that_were_not_told_apart(self) -> None:
        [warning] = told(a_draft(None, diarization=None), "uk").warnings
        assert warning == "Nobody was told apart: Deepgram named no speakers in this recording (in “uk”)."

    def test_two_channels_need_nobody_told_apart(self) -> None:
        answer = json.loads((PAYLOADS / "callback-multichannel.json").read_text())
        assert told(parse_result(json.dumps(answer).encode()), "en").warnings == ()

    def test_languages_that_the_engine_does_not_tell(self) -> None:
        [warning] = told(a_draft(None, kind=EngineKind.OFFLINE_MODEL), "multi").warnings
        assert "does not say which words" in warning

    def test_other_engines_and_empty_recordings_have_their_own_words(self) -> None:
        assert told(a_draft(None, kind=EngineKind.OFFLINE_DRAFT, diarization=None), "de").warnings == ()
        assert told(a_draft(diarization=None), "de", wants_findings=True).warnings == ()
