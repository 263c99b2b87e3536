"""Downloads from addresses that somebody told us: in a stream, bounded, and without telling others the token.

Whatever may be called, and where a redirect may lead, is for `core.outgoing` to say; it looks at every connection.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from anyio import fail_after

from app.core.errors import InvalidInput, ProviderUnavailable, TooLarge
from app.core.outgoing import OutgoingRules

if TYPE_CHECKING:
    import httpx

_MOST_REDIRECTS: Final = 5
_PATIENCE: Final = 30.0
"""Seconds without a byte after which a download is given up, and tried again later."""
_ANSWER_SECONDS: Final = 60.0
"""Until the file begins, redirects included: a header can come byte by byte, too."""
_SLOWEST: Final = 8 * 2**10
"""Bytes in a second; who sends less only keeps a worker busy."""
_LOOKED_AT: Final = 60.0
"""Seconds of waiting over which the speed is taken."""
_PASSING: Final = frozenset({408, 409, 421, 425, 429})
_LONGEST_PAUSE: Final = 3600.0


class SourceRefused(InvalidInput):
    """The server says no, and would say it again."""

    code = "source_refused"


class SourceTooLarge(TooLarge):
    code = "source_too_large"


class SourceUnavailable(ProviderUnavailable):
    """Worth another try: no answer, a failure of the server, a download that broke off."""

    code = "source_unavailable"


@dataclass(frozen=True, slots=True)
class RemoteFile:
    url: str
    token: str | None = None
    token_hosts: tuple[str, ...] = ()
    """The token goes to these hosts and those below them, and after a redirect to another host to none at all."""


@dataclass(frozen=True, slots=True)
class Download:
    size: int | None
    """In bytes, as the server announces it."""
    chunks: AsyncIterator[bytes]
    """Raises `SourceUnavailable` when it breaks off."""


class Downloads:
    """`clock`: seconds, as `time.monotonic`."""

    def __init__(self, rules: OutgoingRules, clock: Callable[[], float] = time.monotonic) -> None:
        self._rules = rules
        self._clock = clock

    @asynccontextmanager
    async def open(self, file: RemoteFile) -> AsyncIterator[Download]:
        """Begin a download. Raises `SourceRefused`, `SourceUnavailable` and `UnsafeAddress`."""
        # Imported here: an HTTP client is a tenth of the start of all processes, and this one is needed by few.
        from app.core.outgoing.client import open_outgoing  # noqa: PLC0415

        async with open_outgoing(self._rules, seconds=_PATIENCE) as client:
            with _told(), fail_after(_ANSWER_SECONDS):
                response = await self._follow(client, file)
            try:
                yield Download(_announced(response), self._chunks(response))
            finally:
                await response.aclose()

    async def read(self, file: RemoteFile, *, max_bytes: int) -> bytes:
        """The whole of a small file. Raises `SourceTooLarge` as well."""
        parts, size = [], 0
        async with self.open(file) as download:
            async for chunk in download.chunks:
                size += len(chunk)
                if size > max_bytes:
                    raise SourceTooLarge(f"The file at that address has more than {max_bytes:,} bytes.")
                parts.append(chunk)
        return b"".join(parts)

    async def _follow(self, client: httpx.AsyncClient, file: RemoteFile) -> httpx.Response:
        """The answer at the end of the redirects, its body still to come."""
        import httpx  # noqa: PLC0415

        url = httpx.URL(file.url)
        token = file.token if _may_have_token(url, file.token_hosts, self._rules) else None
        for _ in range(_MOST_REDIRECTS + 1):
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            response = await client.send(client.build_request("GET", url, headers=headers), stream=True)
            if not response.has_redirect_location:
                await _refuse_failure(response)
                return response
            await response.aclose()
            target = url.join(response.headers["location"]).copy_with(username=None, password=None)
            # Once another host had a part in it, nobody knows who asks for the token.
            token = token if _origin(target) == _origin(url) else None
            url = target
        raise SourceRefused(f"The address redirects more than {_MOST_REDIRECTS} times.")

    async def _chunks(self, response: httpx.Response) -> AsyncIterator[bytes]:
        """The time between two chunks is the server's; what is done with them is not."""
        waited, received = 0.0, 0
        with _told():
            since = self._clock()
            async for chunk in response.aiter_raw():
                waited, received = waited + self._clock() - since, received + len(chunk)
                if waited >= _LOOKED_AT:
                    if received < _SLOWEST * waited:
                        raise SourceUnavailable("The server of the recording sends it too slowly.")
                    waited, received = 0.0, 0
                yield chunk
                since = self._clock()


@contextmanager
def _told() -> Iterator[None]:
    """Failures of the way, in our terms. Addresses are left out of the sentences: they may hold secrets."""
    import httpx  # noqa: PLC0415

    try:
        yield
    except (httpx.InvalidURL, httpx.UnsupportedProtocol):
        raise SourceRefused("The address, or one that it redirects to, is not a valid one.") from None
    except (TimeoutError, httpx.TimeoutException):
        raise SourceUnavailable("The server of the recording did not answer in time.") from None
    except httpx.HTTPError as error:
        raise SourceUnavailable(
            f"The download from the recording's server broke off ({type(error).__name__})."
        ) from None


async def _refuse_failure(response: httpx.Response) -> None:
    from app.core.vendor_http import retry_after  # noqa: PLC0415 - it brings the HTTP client

    status = response.status_code
    if status == 200:
        return
    await response.aclose()
    if status in _PASSING or status >= 500:
        pause = retry_after(response.headers)
        raise SourceUnavailable(
            f"The server of the recording cannot serve it now ({status}).",
            retry_after=pause and min(pause, _LONGEST_PAUSE),
        )
    if status in (401, 403):
        raise SourceRefused(
            f"The server of the recording refuses the download ({status}): the permission is missing or has run out. "
            "Download the recording yourself and upload it here."
        )
    if status in (404, 410):
        raise SourceRefused(f"The recording is no longer at its address ({status}).")
    raise SourceRefused(f"The server of the recording refuses the download ({status}).")


def _may_have_token(url: httpx.URL, hosts: Sequence[str], rules: OutgoingRules) -> bool:
    host = url.host.lower().removesuffix(".")
    is_named = any(host == named or host.endswith(f".{named}") for named in hosts)
    return is_named and (url.scheme == "https" or rules.trusts(host))


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host.lower(), url.port


def _announced(response: httpx.Response) -> int | None:
    length = response.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else None
