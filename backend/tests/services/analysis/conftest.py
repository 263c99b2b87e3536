"""The sample interview's ground truth as a transcript, with and without punctuation."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from app.models.transcript import Engine, EngineKind, Speaker, SpeakerRole, TranscriptDraft, Utterance

SCRIPT = Path(__file__).parents[4] / "samples" / "script.json"


@pytest.fixture(scope="session")
def script() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(SCRIPT.read_text())
    return loaded


@pytest.fixture(scope="session")
def sample(script: dict[str, Any]) -> TranscriptDraft:
    return as_transcript(script, lambda text: text)


@pytest.fixture(scope="session")
def unpunctuated(script: dict[str, Any]) -> TranscriptDraft:
    return as_transcript(script, lambda text: re.sub(r"[^\w\s']", "", text).lower())


def as_transcript(script: dict[str, Any], spell: Any) -> TranscriptDraft:
    return TranscriptDraft(
        engine=Engine(name="import:json", version="1", kind=EngineKind.IMPORTED),
        language="en",
        duration=script["duration"],
        speakers=(
            Speaker(id="I", label="Sarah", name="Sarah", role=SpeakerRole.INTERVIEWER),
            Speaker(id="C", label="Daniel", name="Daniel", role=SpeakerRole.CANDIDATE),
        ),
        utterances=tuple(
            Utterance(id=u["id"], speaker=u["speaker"], start=u["start"], end=u["end"], text=spell(u["text"]))
            for u in script["utterances"]
        ),
    )
