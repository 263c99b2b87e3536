"""Recognised words become utterances; a change of language ends one as a change of speaker does."""

from __future__ import annotations

from app.models.transcript import Engine, EngineKind
from app.services.transcription.providers.diarization.segments import Diarization, Method
from app.services.transcription.speech import Spoken, draft

ENGINE = Engine(name="test", version="1", kind=EngineKind.OFFLINE_MODEL)
ALONE = Diarization(turns=(), method=Method.SINGLE)


def test_an_utterance_is_in_one_language() -> None:
    words = [
        Spoken("Good", 0.0, 0.2, 0.9, 0, "en"),
        Spoken("morning", 0.2, 0.5, 0.9, 0, "en"),
        Spoken("guten", 0.5, 0.7, 0.9, 0, "de"),
        Spoken("Morgen", 0.7, 0.9, 0.9, 0, "de"),
    ]
    made = draft(words, ALONE, engine=ENGINE, language=None, duration=1.0)
    assert [(u.text, u.language) for u in made.utterances] == [
        ("Good morning", "en"),
        ("guten Morgen", "de"),
    ]
