"""The HTTP client for addresses of somebody else. Import it where it is used: an HTTP client is slow to load."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Final

import httpcore
import httpx

from app.core.certificates import trusted_certificates
from app.core.outgoing.rules import OutgoingRules, UnknownHost, addresses_of, plain_host

_SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
_MOST_ADDRESSES: Final = 4
"""Of one host that are tried."""
_HEADERS: Final = {"User-Agent": "Debrief", "Accept-Encoding": "identity"}
"""Uncompressed: a few bytes on the wire must not become gigabytes here."""


class _CheckedConnections(httpcore.AsyncNetworkBackend):
    """Opens connections to addresses that were checked in the same breath.

    The name is looked up once, here; what is checked is what is connected to, so that a name which leads elsewhere a
    moment later changes nothing. Above, everything still goes by the name: certificates, the pool, the Host header.
    """

    def __init__(self, rules: OutgoingRules) -> None:
        self._rules = rules
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the form of the interface
        local_address: str | None = None,
        socket_options: Iterable[_SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            found = await addresses_of(host, port, self._rules)
        except UnknownHost as error:
            raise httpcore.ConnectError(error.detail) from error
        tried = found[:_MOST_ADDRESSES]
        each = timeout / len(tried) if timeout else timeout
        failure: Exception | None = None
        for address in tried:
            try:
                return await self._inner.connect_tcp(str(address), port, each, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = failure or error
        raise failure or httpcore.ConnectError("No address")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class GuardedTransport(httpx.AsyncHTTPTransport):
    """Refuses what the rules forbid, for every request and every redirect. Raises `UnsafeAddress` from the request."""

    def __init__(self, rules: OutgoingRules, verify: ssl.SSLContext) -> None:
        super().__init__(verify=verify, trust_env=False)
        self._rules = rules
        # The place that httpx gives to a way of connecting of one's own is the pool below it.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=verify,
            max_connections=20,
            keepalive_expiry=5.0,
            network_backend=_CheckedConnections(rules),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._rules.require_scheme(request.url.scheme, plain_host(request.url.raw_host.decode("ascii")))
        return await super().handle_async_request(request)


@asynccontextmanager
async def open_outgoing(
    rules: OutgoingRules,
    *,
    seconds: float = 15.0,
    certificates: ssl.SSLContext | None = None,
) -> AsyncIterator[httpx.AsyncClient]:
    """A client for a few requests. `seconds` limits each wait, not the whole: bodies are for the caller to bound.

    No proxy of the environment is used: it would connect to addresses that nobody checked.
    """
    if certificates is None:
        certificates = await asyncio.to_thread(trusted_certificates)
    async with httpx.AsyncClient(
        transport=GuardedTransport(rules, certificates),
        timeout=seconds,
        headers=_HEADERS,
        trust_env=False,
    ) as client:
        yield client
