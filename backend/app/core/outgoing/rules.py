"""What an address of somebody else must be like, before a connection is thought of."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from app.core.errors import InvalidInput
from app.core.outgoing.addresses import is_disguised, is_public, literal

Address = IPv4Address | IPv6Address
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""The IP addresses of a host name. Raises `OSError` when there are none."""

_LONGEST: Final = 2000
_RESOLVING_SECONDS: Final = 5.0
_NAME: Final = re.compile(r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))*\Z")
_READABLE: Final = re.compile(r"[!-~]+\Z")
"""Visible ASCII: whatever lies outside is read differently by different programs."""
_OTHER_PROTOCOLS: Final = frozenset(
    {21, 22, 23, 25, 53, 110, 143, 389, 465, 587, 993, 995, 5432, 6379, 11211, 27017}
)
"""Ports where something listens that might take the lines of a request for commands of its own."""


class UnsafeAddress(InvalidInput):
    """An address that this server must not call."""

    code = "unsafe_address"


class UnknownHost(InvalidInput):
    code = "unknown_host"


async def resolve(host: str, port: int) -> Sequence[str]:
    """As the operating system sees it, hosts file and all: it is what a connection would use."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True, slots=True)
class OutgoingRules:
    private_hosts: frozenset[str] = frozenset()
    """Hosts (names or IP addresses, lower case) whose addresses may be private: the operator vouches for them."""
    https_only: bool = False
    """Hosts that the operator vouches for may still be called without encryption."""
    resolver: Resolver = field(default=resolve)

    @classmethod
    def of(
        cls, private_hosts: Collection[str], *, https_only: bool, resolver: Resolver = resolve
    ) -> OutgoingRules:
        return cls(frozenset(_as_compared(host) for host in private_hosts), https_only, resolver)

    def trusts(self, host: str) -> bool:
        return host in self.private_hosts

    def require_scheme(self, scheme: str, host: str) -> None:
        if scheme == "https" or (scheme == "http" and (not self.https_only or self.trusts(host))):
            return
        wanted = "https://" if self.https_only else "https:// or http://"
        raise UnsafeAddress(f"The address must begin with {wanted}.")


async def check_url(url: str, rules: OutgoingRules) -> str:
    """The address in its plainest spelling. Raises `UnsafeAddress`, or `UnknownHost` when its name leads nowhere."""
    parts, port = _split(url.strip())
    host = plain_host(parts.hostname or "")
    rules.require_scheme(parts.scheme, host)
    default = 443 if parts.scheme == "https" else 80
    await addresses_of(host, default if port is None else port, rules)
    shown = f"[{host}]" if ":" in host else host
    authority = shown if port is None else f"{shown}:{port}"
    return parts._replace(netloc=authority, path=parts.path or "/").geturl()


async def addresses_of(host: str, port: int, rules: OutgoingRules) -> Sequence[Address]:
    """The addresses of the host, each of which may be called. One that may not refuses them all.

    Which private address a name leads to is not told: that would make a map of the network.
    """
    host = plain_host(host)
    if port in _OTHER_PROTOCOLS or not 0 < port < 65_536:
        raise UnsafeAddress(f"Port {port} is not one for HTTP. Choose another one.")
    if (host == "localhost" or host.endswith(".localhost")) and not rules.trusts(host):
        raise _private(host)
    found = await _resolved(host, port, rules)
    if not rules.trusts(host) and not all(is_public(address) for address in found):
        raise _private(host)
    return found


def plain_host(host: str) -> str:
    """A host name or IP address as everybody writes it. Raises `UnsafeAddress` for any other spelling."""
    host = host.lower().removesuffix(".")
    address = literal(host)
    if address is not None and "%" not in host:
        return str(address)
    if is_disguised(host):
        raise UnsafeAddress("Write the IP address as four decimal numbers, such as 203.0.113.7.")
    if not _NAME.match(host):
        raise UnsafeAddress(
            "The address has no valid host name. Names with other letters are written in their xn-- form."
        )
    return host


def _as_compared(host: str) -> str:
    host = host.strip("[]").removesuffix(".").lower()
    return str(literal(host) or host)


def _split(url: str) -> tuple[SplitResult, int | None]:
    if len(url) > _LONGEST:
        raise UnsafeAddress(f"The address is longer than {_LONGEST} characters.")
    if not _READABLE.match(url) or "\\" in url:
        raise UnsafeAddress("Write the address without spaces, backslashes and letters outside ASCII.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UnsafeAddress("This is not an address of the form https://host/path.") from None
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise UnsafeAddress("The address must begin with https:// or http://.")
    if "@" in parts.netloc:
        raise UnsafeAddress("The address must not hold a user name or a password.")
    if "#" in url:
        raise UnsafeAddress("Leave out the part of the address after #; it is never sent.")
    return parts, port


async def _resolved(host: str, port: int, rules: OutgoingRules) -> Sequence[Address]:
    """Raises `UnknownHost`."""
    if (address := literal(host)) is not None:
        return [address]
    try:
        async with asyncio.timeout(_RESOLVING_SECONDS):
            texts = await rules.resolver(host, port)
    except (OSError, UnicodeError):  # a timeout among them
        raise UnknownHost(f"The host {host} cannot be found. Check its spelling.") from None
    found = [address for text in texts if (address := literal(text)) is not None]
    if not found or len(found) < len(texts):
        raise UnknownHost(f"The host {host} cannot be found. Check its spelling.")
    return found


def _private(host: str) -> UnsafeAddress:
    return UnsafeAddress(
        f"The host {host} is not on the public internet, so it is not called. If it is yours and meant to be called, "
        "ask the operator of this server to list it in OUTGOING_PRIVATE_HOSTS."
    )
