"""Addresses of channels as people give them."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.errors import InvalidInput


class AddressRefused(InvalidInput):
    """Not of a service on the list, or of a host that nobody allowed."""

    code = "channel_address_refused"


@dataclass(frozen=True, slots=True)
class ChannelAddress:
    service: str
    """Apprise's name of it."""
    host: str | None = None
    """Of a service that runs on a host of its own; the rest of an address is secret."""
