"""The sound that a request brings: read in passing, known by its hash, never held in memory."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import httpx

from tests.fixtures.loopback import UNUSED_TLS
from tests.standins.deepgram.refusals import Refused

_HEAD: Final = 65_536
_BYTES_PER_SECOND: Final = 6_000
"""Of compressed speech (48 kbit/s): how long a recording without a WAV header is taken to be."""


@dataclass(frozen=True)
class Media:
    sha256: str
    size: int
    head: bytes
    """The first bytes."""

    @property
    def seconds(self) -> float:
        wav = self._wav()
        return self.size / _BYTES_PER_SECOND if wav is None else wav[1]

    @property
    def channels(self) -> int:
        wav = self._wav()
        return 1 if wav is None else wav[0]

    def _wav(self) -> tuple[int, float] | None:
        """Channels and seconds. The header's own length is not trusted: a cut or streamed file has a wrong one."""
        at = self.head.find(b"fmt ")
        if not self.head.startswith(b"RIFF") or at < 0 or len(self.head) < at + 20:
            return None
        channels = int.from_bytes(self.head[at + 10 : at + 12], "little")
        bytes_per_second = int.from_bytes(self.head[at + 16 : at + 20], "little")
        data = self.head.find(b"data", at)
        begin = data + 8 if data >= 0 else at + 24
        return max(channels, 1), max(0, self.size - begin) / max(bytes_per_second, 1)


async def read(chunks: AsyncIterator[bytes], largest: int) -> Media:
    """Raises `Refused` (413) at the first byte too many."""
    digest, size, head = hashlib.sha256(), 0, b""
    async for chunk in chunks:
        size += len(chunk)
        if size > largest:
            raise Refused(413, "PAYLOAD_TOO_LARGE", "Payload too large.")
        head += chunk[: max(0, _HEAD - len(head))]
        digest.update(chunk)
    return Media(digest.hexdigest(), size, head)


async def fetch(address: str, largest: int) -> Media:
    """Raises `Refused` with Deepgram's words for what kept it from the media."""
    async with httpx.AsyncClient(
        trust_env=False, verify=UNUSED_TLS, timeout=120, follow_redirects=True, max_redirects=5
    ) as client:
        try:
            async with client.stream("GET", address) as response:
                if response.is_success:
                    return await read(response.aiter_bytes(), largest)
                code = response.status_code
        except (httpx.HTTPError, httpx.InvalidURL):
            raise _remote("URL for media download must be publicly routable.") from None
    kind = "server" if code >= 500 else "client"
    raise _remote(
        f"The remote server hosting the media returned a {kind} error: {code} {HTTPStatus(code).phrase}."
    )


def _remote(text: str) -> Refused:
    return Refused(400, "REMOTE_CONTENT_ERROR", text)
