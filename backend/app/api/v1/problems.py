"""Which problems a route may answer with, for the API reference."""

from __future__ import annotations

from typing import Any

from app.core.error_handlers import MEDIA_TYPE, Problem

_TEXT = {
    400: "The request cannot be read",
    401: "No valid token",
    403: "The role or the origin does not allow it",
    404: "Not found in this organisation",
    409: "Conflicts with the current state",
    412: "Changed by somebody else meanwhile",
    413: "Too large",
    415: "Not a supported file",
    416: "The range is outside the file",
    422: "A field is not valid",
    428: "The version that the caller has seen is not named",
    503: "Not now; try again later",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI `responses` for the given statuses, on top of those that every route has."""
    return {
        status: {
            "description": _TEXT[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in sorted({401, 403, 422, *statuses})
    }


__all__ = ["Problem", "problems"]
