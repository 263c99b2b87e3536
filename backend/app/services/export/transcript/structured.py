"""Our own JSON: what an import reads back without loss (docs/transcript-files.md)."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from app.models.transcript import Speaker, Transcript, Utterance

FORMAT: Final = "debrief-transcript"
VERSION: Final = 1
_UNSAFE: Final = re.compile("[\x7f-\x9f\ufeff\ufffe\uffff]")
"""Written as escapes: readers drop them as control characters or marks of an encoding."""


def write_json(transcript: Transcript, title: str) -> bytes:
    """An utterance a line, so that a difference between two files can be read."""
    head = {
        "format": FORMAT,
        "version": VERSION,
        "title": title,
        "revision": transcript.revision,
        "engine": transcript.engine.model_dump(mode="json"),
        "language": transcript.language,
        "duration": transcript.duration,
        "speakers": [_speaker(speaker) for speaker in transcript.speakers],
    }
    lines = ",\n".join(_dumped(_utterance(utterance)) for utterance in transcript.utterances)
    return f'{_dumped(head)[:-1]}, "utterances": [\n{lines}\n]}}\n'.encode()


def _dumped(value: Any) -> str:
    return _UNSAFE.sub(_escape, json.dumps(value, ensure_ascii=False))


def _escape(unsafe: re.Match[str]) -> str:
    return f"\\u{ord(unsafe[0]):04x}"


def _speaker(speaker: Speaker) -> dict[str, Any]:
    return speaker.model_dump(mode="json", exclude_none=True)


def _utterance(utterance: Utterance) -> dict[str, Any]:
    dumped = utterance.model_dump(mode="json", exclude_none=True, exclude={"edited"})
    for said in (dumped, *dumped["words"]):
        # No program takes this character out of a file.
        said["text"] = said["text"].replace("\x00", "\ufffd")
    return dumped
