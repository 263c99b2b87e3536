"""A saved answer of Deepgram is a transcript file like any other."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.models.transcript import EngineKind, TranscriptDraft
from app.services.transcription.importers import TranscriptEmpty, TranscriptUnreadable, parse_transcript
from app.services.transcription.providers.deepgram.parse import parse_result

PAYLOADS = Path(__file__).resolve().parents[3] / "contracts" / "deepgram"


def answer(name: str = "callback-success") -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text())
    return loaded


def read(document: dict[str, Any]) -> TranscriptDraft:
    return parse_transcript(json.dumps(document).encode(), filename="answer.json")


@pytest.mark.parametrize("name", ["callback-success", "callback-multichannel"])
def test_it_is_read_as_the_pipeline_reads_it_and_says_that_it_was_imported(name: str) -> None:
    draft = read(answer(name))
    direct = parse_result(json.dumps(answer(name)).encode())
    assert draft.utterances == direct.utterances
    assert draft.speakers == direct.speakers
    assert draft.intelligence == direct.intelligence
    assert draft.diarization == direct.diarization
    assert (draft.engine.name, draft.engine.kind) == ("import:deepgram", EngineKind.IMPORTED)
    assert (draft.engine.model, draft.engine.version) == (direct.engine.model, direct.engine.version)


def test_the_languages_of_a_mixed_talk_are_kept() -> None:
    document = answer()
    for number, utterance in enumerate(document["results"]["utterances"]):
        utterance["languages"] = ["es" if number % 2 else "en"]
    assert {u.language for u in read(document).utterances} == {"en", "es"}


def test_an_answer_without_speech_is_empty() -> None:
    with pytest.raises(TranscriptEmpty):
        read(answer("callback-empty-speech"))


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        ({"start": "soon"}, "not in the form"),
        ({"end": 1e9}, "hundred hours"),
        ({"transcript": "a\x00b"}, "NUL"),
    ],
)
def test_a_damaged_answer_is_refused(damage: dict[str, Any], why: str) -> None:
    document = answer()
    document["results"]["utterances"][0] |= damage
    with pytest.raises(TranscriptUnreadable, match=why):
        read(document)


def test_other_json_with_results_is_none_of_it() -> None:
    draft = read({"results": [{"speaker": "Ada", "start": 0, "end": 1, "text": "Hello."}]})
    assert draft.engine.name == "import:json"


def test_reading_one_needs_no_vendor_sdk() -> None:
    code = "import sys, app.services.transcription.importers; print('deepgram' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
