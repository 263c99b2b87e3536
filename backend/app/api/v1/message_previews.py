"""What messages look like, with invented people."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Response

from app.api.v1.problems import problems
from app.core.deps import Services, Viewer
from app.models.notification import Topic

router = APIRouter(prefix="/notifications", tags=["notifications"])


class PreviewFormat(StrEnum):
    HTML = "html"
    TEXT = "text"


_SCHEMA: Final = {"schema": {"type": "string"}}
_PAGES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The message", "content": {"text/html": _SCHEMA, "text/plain": _SCHEMA}}
}
_HEADERS: Final = {
    # Nothing is run, nothing is loaded: a page of ours, yet made for mail programs.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox",
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
}


@router.get("/preview", responses={**problems(), **_PAGES}, response_class=Response)
async def preview_message(
    actor: Viewer,
    services: Services,
    topic: Annotated[
        Topic | Literal["digest"], Query(description="What is told, or the daily summary")
    ] = Topic.DEBRIEF_READY,
    format: Annotated[PreviewFormat, Query()] = PreviewFormat.HTML,
    content: Annotated[
        bool | None,
        Query(description="With or without names and titles; else as your organisation allows"),
    ] = None,
) -> Response:
    """A message as it would leave for you, about an interview that never was."""
    message = await services.previews.of(
        actor.organisation_id, topic if isinstance(topic, Topic) else None, content=content
    )
    if format is PreviewFormat.HTML:
        return Response(message.html, media_type="text/html; charset=utf-8", headers=_HEADERS)
    text = f"Subject: {message.subject}\n\n{message.text}"
    return Response(text, media_type="text/plain; charset=utf-8", headers=_HEADERS)
