"""One function from facts to bytes, and the same in a process of its own."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, assert_never

import anyio.to_process
from anyio import BrokenWorkerProcess

from app.core.errors import Unavailable
from app.services.export.facts import DebriefFacts


class ExportFormat(StrEnum):
    PDF = "pdf"
    DOCX = "docx"
    MARKDOWN = "md"
    JSON = "json"


class ExportKind(StrEnum):
    DEBRIEF = "debrief"
    """For the people who hire."""
    EXPLANATION = "explanation"
    """For the candidate."""


MEDIA_TYPES: Final = {
    ExportFormat.PDF: "application/pdf",
    ExportFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ExportFormat.MARKDOWN: "text/markdown; charset=utf-8",
    ExportFormat.JSON: "application/json",
}


class ExportFailed(Unavailable):
    """The process that renders ended without an answer: killed, or out of memory."""

    code = "export_failed"


async def rendered(kind: ExportKind, format: ExportFormat, facts: DebriefFacts) -> bytes:
    """As `render`, without holding the event loop: typesetting is a second of work. Raises `ExportFailed`."""
    try:
        return await anyio.to_process.run_sync(render, kind, format, facts, cancellable=True)
    except BrokenWorkerProcess as error:
        raise ExportFailed("The export process ended unexpectedly. Try again.") from error


def render(kind: ExportKind, format: ExportFormat, facts: DebriefFacts) -> bytes:
    """The file's content."""
    # Imported here, in the worker process, so that the server starts without typesetting.
    from app.services.export import debrief_document, explanation_document, json_export  # noqa: PLC0415

    if format is ExportFormat.JSON:
        write = {
            ExportKind.DEBRIEF: json_export.debrief_json,
            ExportKind.EXPLANATION: json_export.explanation_json,
        }
        return write[kind](facts)
    document = {
        ExportKind.DEBRIEF: debrief_document.debrief_document,
        ExportKind.EXPLANATION: explanation_document.explanation_document,
    }[kind](facts)
    match format:
        case ExportFormat.MARKDOWN:
            from app.services.export.markdown import write_markdown  # noqa: PLC0415

            return write_markdown(document)
        case ExportFormat.PDF:
            from app.services.export.pdf import write_pdf  # noqa: PLC0415

            return write_pdf(document)
        case ExportFormat.DOCX:
            from app.services.export.docx import write_docx  # noqa: PLC0415

            return write_docx(document)
        case _:
            assert_never(format)
