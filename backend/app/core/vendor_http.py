"""What clients of vendors share below their SDKs: an answer kept as it came, and failures in our terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import httpx

from app.core.errors import ProviderRejected, ProviderUnavailable

_PASSING: Final = frozenset({408, 409, 425, 429})
_KEY_REFUSED: Final = {
    401: "the key is not valid",
    402: "the account has no credit",
    403: "the key may not do this",
}
_LONGEST_PAUSE: Final = 3600.0
"""Seconds that a vendor can ask us to wait."""
_answer_aside: ContextVar[list[bytes] | None] = ContextVar("answer_aside", default=None)


class AnswersAside(httpx.AsyncBaseTransport):
    """Takes the bytes of a long answer aside and shows the SDK a short one.

    It would make an object of every word, in the event loop; we keep the document as it came and read it in a thread.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        aside = _answer_aside.get()
        if aside is None or not response.is_success:
            return response
        response.request = request
        aside.append(await response.aread())
        await response.aclose()
        return httpx.Response(response.status_code, json={"request_id": "aside"}, request=request)

    async def aclose(self) -> None:
        await self._inner.aclose()


@contextmanager
def answers_taken_aside() -> Iterator[list[bytes]]:
    """The bodies of the successful answers that come while this is open, in this task."""
    answers: list[bytes] = []
    token = _answer_aside.set(answers)
    try:
        yield answers
    finally:
        _answer_aside.reset(token)


def unreachable(vendor: str, error: httpx.HTTPError) -> ProviderUnavailable:
    """Nothing came back."""
    if isinstance(error, httpx.TimeoutException):
        return ProviderUnavailable(f"{vendor} did not answer in time.")
    return ProviderUnavailable(f"{vendor} could not be reached ({type(error).__name__}).")


def refusal(
    vendor: str,
    wanted: str,
    *,
    status: int,
    body: object,
    headers: Mapping[str, str] | None,
    key_refused: type[ProviderRejected],
) -> ProviderUnavailable | ProviderRejected:
    """An answer that says no. `wanted` completes `refused …`: `the recording`.

    The vendor's own text is left out: it may repeat what was sent. Of its words only the code of the error is told.
    """
    code = error_code(body)
    reason = f"{status}, {code}" if code else f"{status}"
    if status in _KEY_REFUSED:
        return key_refused(f"{vendor} refused the request: {_KEY_REFUSED[status]} ({reason}).")
    if status in _PASSING or status >= 500:
        return ProviderUnavailable(
            f"{vendor} cannot take {wanted} now ({reason}).", retry_after=retry_after(headers or {})
        )
    return ProviderRejected(f"{vendor} refused {wanted} ({reason}).")


def error_code(body: object) -> str | None:
    """The machine-readable code in a refusal, when it looks like one."""
    if not isinstance(body, dict):
        return None
    code = body.get("err_code") or body.get("category")
    looks_right = isinstance(code, str) and code.replace("_", "").isalnum() and len(code) < 60
    return code if looks_right else None


def retry_after(headers: Mapping[str, str], *, longest: float = _LONGEST_PAUSE) -> float | None:
    """Seconds, from either form of the header, and never more than `longest`."""
    value = {name.lower(): text for name, text in headers.items()}.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value), longest)
    try:
        wait = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds() if value else None
    except (ValueError, TypeError):
        return None
    return None if wait is None else min(max(0.0, wait), longest)
