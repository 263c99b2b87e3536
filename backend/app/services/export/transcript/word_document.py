"""The transcript as a document, for Word."""

from __future__ import annotations

from datetime import datetime

from app.models.transcript import Transcript
from app.services.export.document import Block, Bullets, Document, Heading, Paragraph, Properties, Tone
from app.services.export.document import Statement as Turn
from app.services.export.transcript.names import name_of, names_of, spoken
from app.services.export.transcript.plain import clock
from app.services.export.wording import moment


def transcript_document(
    transcript: Transcript, *, title: str, organisation: str, exported_at: datetime
) -> Document:
    names = names_of(transcript.speakers)
    speakers = ", ".join(f"{names[speaker.id]} ({speaker.role})" for speaker in transcript.speakers)
    rows = {
        "Speakers": speakers,
        "Duration": clock(transcript.duration) if transcript.duration else "",
        "Language": transcript.language or "",
        "Version": f"{transcript.revision} of {moment(transcript.created_at)}",
    }
    blocks: list[Block] = [Properties(tuple((name, value) for name, value in rows.items() if value))]
    if transcript.engine.label:
        blocks.append(Paragraph(transcript.engine.label, Tone.MUTED))
    if transcript.warnings:
        blocks.append(Bullets(transcript.warnings))
    blocks.append(Heading("Transcript"))
    blocks += (
        Turn(text, label=f"{clock(utterance.start)}  {name_of(utterance, names)}")
        for utterance, text in spoken(transcript)
    )
    return Document(
        kind="Interview transcript",
        title=title,
        subtitle="",
        organisation=organisation,
        created_at=exported_at,
        blocks=tuple(blocks),
        quote_language=transcript.language,
    )
