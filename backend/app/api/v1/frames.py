"""What the event websocket sends, written as text once for all who get it."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Final, Literal

from pydantic import BaseModel
from pydantic_core import to_json

from app.models.event import Event, EventKind

_KEPT: Final = 256
"""As many as a subscriber may be behind."""


class Frame(BaseModel):
    """`snapshot` comes first; `event` follows; `ping` shows that the connection lives."""

    type: Literal["snapshot", "event", "ping"]
    kind: EventKind | None = None
    interview_id: str | None = None
    version: int | None = None
    data: dict[str, Any] | None = None


def text_of(frame: Frame) -> str:
    return to_json(frame, exclude_none=True).decode()


class _Frames:
    """The newest events' frames. All sockets of a process are handed the same event, and each would write it anew."""

    def __init__(self) -> None:
        self._messages: OrderedDict[int, tuple[Event, dict[str, str]]] = OrderedDict()

    def __call__(self, event: Event) -> dict[str, str]:
        """The message for the server's `send`; nobody may change it."""
        # By identity, which is cheap; the event is kept with its text, so that no other can take its place.
        known = self._messages.get(id(event))
        if known is not None:
            return known[1]
        text = text_of(
            Frame(
                type="event",
                kind=event.kind,
                interview_id=event.interview_id,
                version=event.version,
                data=event.data,
            )
        )
        message = {"type": "websocket.send", "text": text}
        self._messages[id(event)] = event, message
        if len(self._messages) > _KEPT:
            self._messages.popitem(last=False)
        return message


frame_of: Final = _Frames()
