"""Page cursors: opaque to callers, a position to us."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import UTC, datetime, timedelta

from app.core.errors import InvalidInput
from app.repositories.base import PageKey

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class CursorInvalid(InvalidInput):
    status, code = 400, "cursor_invalid"


def encode_cursor(created_at: datetime, row_id: str) -> str:
    position = [(created_at - _EPOCH) // timedelta(milliseconds=1), row_id]
    return base64.urlsafe_b64encode(json.dumps(position, separators=(",", ":")).encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> PageKey:
    """Raises `CursorInvalid` for anything that `encode_cursor` did not make."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        millis, row_id = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(row_id, str) or not isinstance(millis, int):
            raise TypeError
        return PageKey(_EPOCH + timedelta(milliseconds=millis), row_id)
    except (ValueError, TypeError, OverflowError, binascii.Error):
        raise CursorInvalid("This cursor is not one of ours; begin again without it.") from None
