"""One interview's files: asked for, and written whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.command_line.api import Api, Json
from app.command_line.errors import CommandFailed
from app.command_line.exporting.names import file_name
from app.command_line.patience import Patience


class Format(StrEnum):
    PDF = "pdf"
    DOCX = "docx"
    MD = "md"
    JSON = "json"
    TRANSCRIPT_JSON = "transcript-json"
    TRANSCRIPT_TXT = "transcript-txt"
    TRANSCRIPT_SRT = "transcript-srt"
    TRANSCRIPT_VTT = "transcript-vtt"
    TRANSCRIPT_DOCX = "transcript-docx"

    @property
    def of_transcript(self) -> str | None:
        """The format of a transcript; None for one of a debrief."""
        what, _, form = self.value.partition("-")
        return form if what == "transcript" else None

    @property
    def suffix(self) -> str:
        return f".{self.value.replace('-', '.')}"


class Ending(StrEnum):
    SAVED = "saved"
    THERE = "there"
    """The file is there already; nothing was asked for."""
    NOT_YET = "not yet"
    """There is no debrief or transcript to save."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Exported:
    interview_id: str
    title: str
    ending: Ending
    file: Path | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Exporter:
    api: Api
    patience: Patience
    folder: Path
    formats: Sequence[Format]
    force: bool

    def export(self, interview: Json | str) -> list[Exported]:
        """The files of an interview, of its row or of its id."""
        if isinstance(interview, str):
            interview_id = interview
            try:
                interview = self.patience.persist(lambda: self.api.interview(interview_id))
            except CommandFailed as failure:
                return [Exported(interview_id, "", Ending.FAILED, detail=str(failure))]
        return [self._one(interview, format) for format in self.formats]

    def _one(self, interview: Json, format: Format) -> Exported:
        interview_id, title = interview["id"], interview["title"]
        file = self.folder / file_name(title, interview_id, format.suffix)
        if file.exists() and not self.force:
            return Exported(interview_id, title, Ending.THERE, file)
        is_transcript = format.of_transcript is not None
        if not interview["transcript_revision" if is_transcript else "analysis_revision"]:
            what = "transcript" if is_transcript else "debrief"
            detail = f"no {what} yet, it is {interview['status']}"
            return Exported(interview_id, title, Ending.NOT_YET, detail=detail)
        try:
            content = self.patience.persist(lambda: self._content(interview_id, format))
            _write_whole(file, content)
        except CommandFailed as failure:
            return Exported(interview_id, title, Ending.FAILED, detail=str(failure))
        except OSError as error:
            return Exported(interview_id, title, Ending.FAILED, detail=f"{file}: {error.strerror or error}")
        return Exported(interview_id, title, Ending.SAVED, file)

    def _content(self, interview_id: str, format: Format) -> bytes:
        if format is Format.TRANSCRIPT_JSON:
            transcript = self.api.transcript(interview_id)
            return json.dumps(transcript, indent=1, ensure_ascii=False).encode()
        if format.of_transcript is not None:
            return self.api.export_transcript(interview_id, format.of_transcript)
        return self.api.export(interview_id, format.value)


def _write_whole(file: Path, content: bytes) -> None:
    # What is cut off must not be taken for a finished file by the next run, which skips those.
    new = file.with_name(f".{os.getpid()}-{file.name[-80:]}.new")
    try:
        new.write_bytes(content)
        new.replace(file)
    finally:
        new.unlink(missing_ok=True)
