"""Plain text to read: who, when and what, a paragraph for each turn."""

from __future__ import annotations

from app.models.transcript import Transcript
from app.services.export.transcript.names import name_of, names_of, one_line, spoken


def write_text(transcript: Transcript, title: str) -> bytes:
    names = names_of(transcript.speakers)
    head = [f"Debrief transcript: {one_line(title)}"]
    if transcript.language:
        head.append(f"Language: {one_line(transcript.language)}")
    turns = (
        f"[{clock(utterance.start)}] {name_of(utterance, names)}\n{text}\n"
        for utterance, text in spoken(transcript)
    )
    return "\n".join(["\n".join(head) + "\n", *turns]).encode()


def clock(seconds: float) -> str:
    """Hours, minutes and seconds, always all three: `00:04:07`."""
    whole = max(0, int(seconds))
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
