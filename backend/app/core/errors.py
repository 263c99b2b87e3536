"""The one tree of domain errors.

Each error carries an HTTP status, a stable machine code and a sentence that tells a person what to do. The
code is part of the API and never changes; the sentence may. `core.error_handlers` renders every one of them as
`application/problem+json` (RFC 9457). Errors that belong to one service are declared beside the code that raises them.
"""

from __future__ import annotations

from typing import Any, ClassVar


class AppError(Exception):
    """Root of all expected failures. `detail` is for people, `extra` becomes members of the problem document."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    title: ClassVar[str] = "Internal error"

    def __init__(self, detail: str, **extra: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = extra


class InvalidInput(AppError):
    status, code, title = 422, "invalid_input", "The request is not valid"


class Unauthenticated(AppError):
    status, code, title = 401, "unauthenticated", "Sign in first"


class Forbidden(AppError):
    status, code, title = 403, "forbidden", "Not allowed"


class NotFound(AppError):
    status, code, title = 404, "not_found", "Not found"


class Conflict(AppError):
    status, code, title = 409, "conflict", "Conflicts with the current state"


class PreconditionFailed(AppError):
    status, code, title = 412, "precondition_failed", "Changed by somebody else"


class TooLarge(AppError):
    status, code, title = 413, "too_large", "Too large"


class UnsupportedMedia(AppError):
    status, code, title = 415, "unsupported_media", "Not a supported file"


class RangeNotSatisfiable(AppError):
    status, code, title = 416, "range_not_satisfiable", "The range is outside the file"


class Unavailable(AppError):
    status, code, title = 503, "unavailable", "Temporarily unavailable"


class ProviderError(AppError):
    """A transcription, analysis, storage or notification engine failed."""

    status, code, title = 502, "provider_failed", "A provider failed"


class ProviderUnavailable(ProviderError):
    """Worth another try later: a timeout, a rate limit, a server error. `retry_after` is in seconds."""

    code = "provider_unavailable"

    def __init__(self, detail: str, *, retry_after: float | None = None, **extra: Any) -> None:
        super().__init__(detail, **extra)
        self.retry_after = retry_after


class ProviderRejected(ProviderError):
    """Will fail the same way again: bad audio, a bad key, a missing model."""

    code = "provider_rejected"
