"""What a verified token says, and the one error for those that are not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from app.core.errors import Unauthenticated

LEEWAY: Final = 15
"""Seconds of clock difference that are forgiven: NextAuth's own figure."""
MAX_TOKEN_BYTES: Final = 64 * 1024


class Reason(StrEnum):
    """Why a token was refused. For logs only: the caller is told the same in every case."""

    INVALID = "invalid"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    MISSING_EXP = "missing_exp"
    AMBIGUOUS = "ambiguous"
    NO_IDENTITY = "no_identity"


class InvalidToken(Unauthenticated):
    code = "invalid_token"

    def __init__(self, reason: Reason) -> None:
        super().__init__("The token is not valid or has expired; sign in again.")
        self.reason = reason

    def __reduce__(self) -> tuple[type[InvalidToken], tuple[Reason]]:
        return type(self), (self.reason,)


@dataclass(frozen=True, slots=True)
class Claims:
    """`identity` names the issuer and the person (`nextauth:…`, `oidc:<issuer>|…`) and is what accounts hang on."""

    identity: str
    email: str | None
    """Lower case."""
    email_verified: bool
    name: str | None
    expires_at: datetime
    raw: Mapping[str, Any]


def check_times(claims: Mapping[str, Any], now: float) -> datetime:
    """The expiry of claims that are valid at `now`. Raises `InvalidToken`."""
    if "exp" not in claims:
        raise InvalidToken(Reason.MISSING_EXP)
    expires, begins = claims["exp"], claims.get("nbf", 0)
    if not _is_number(expires) or not _is_number(begins):
        raise InvalidToken(Reason.INVALID)
    if now >= expires + LEEWAY:
        raise InvalidToken(Reason.EXPIRED)
    if begins > now + LEEWAY:
        raise InvalidToken(Reason.NOT_YET_VALID)
    try:
        return datetime.fromtimestamp(expires, UTC)
    except (OverflowError, ValueError, OSError):
        raise InvalidToken(Reason.INVALID) from None


def text_or_none(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _is_number(value: object) -> bool:
    # Python's JSON reads NaN, which compares false with every time and so would pass every check.
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)
