"""Addresses of the settings, as they may be shown and as browsers write them."""

from __future__ import annotations

from urllib.parse import urlsplit


def shown(url: str) -> str:
    """An address without user name, password and query: those may be secrets."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        return "(not an address)"
    # The last @ of all: a password that was not encoded may hold any character, and must not be taken for a host.
    public = rest.rpartition("@")[2].partition("?")[0].partition("#")[0]
    return f"{scheme}://{public}"


def is_callable(url: str) -> bool:
    """Whether browsers can call it: http or https, a host, a port that exists, no user name and no query."""
    try:
        parts = urlsplit(url)
        return bool(
            parts.scheme in ("http", "https")
            and parts.hostname
            and parts.port != 0
            and "@" not in parts.netloc
            and not (parts.query or parts.fragment)
        )
    except ValueError:
        return False


def is_origin(text: str) -> bool:
    """Whether a browser would send exactly this as the origin of a page."""
    if not is_callable(text) or "*" in text:
        return False
    parts = urlsplit(text)
    return f"{parts.scheme}://{parts.netloc}" == text == text.lower()
