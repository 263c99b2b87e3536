"""Conditional requests: `If-Match` for edits, `If-None-Match` for what the caller already has."""

from __future__ import annotations

from app.core.errors import InvalidInput


class IfMatchInvalid(InvalidInput):
    status, code = 400, "if_match_invalid"


class IfMatchMissing(InvalidInput):
    status, code, title = 428, "if_match_required", "Say which version you have seen"


def version_of(if_match: str | None) -> int | None:
    """The version in an `If-Match` header; None for no header or `*`."""
    if if_match is None or if_match.strip() == "*":
        return None
    value = if_match.strip().removeprefix("W/").strip('"')
    if not value.isdigit():
        raise IfMatchInvalid('If-Match must be the ETag of the document, such as "3".')
    return int(value)


def required_version_of(if_match: str | None) -> int:
    """As `version_of`, where changing whatever is there would change what nobody has looked at."""
    version = version_of(if_match)
    if version is None:
        raise IfMatchMissing("Send the ETag of the transcript that you have seen as If-Match.")
    return version


def matches(if_none_match: str | None, etag: str) -> bool:
    """Whether the caller holds this version."""
    if if_none_match is None:
        return False
    given = {part.strip().removeprefix("W/").strip('"') for part in if_none_match.split(",")}
    return "*" in given or etag.strip('"') in given
