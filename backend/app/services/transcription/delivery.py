"""Whether a vendor's answer can reach this server, or has to be waited for."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

CALLBACK_PORTS: Final = frozenset({80, 443, 8080, 8443})
"""Deepgram calls no others."""
_LOCAL_ENDINGS: Final = ("localhost", ".local", ".internal", ".lan", ".test")


def callback_obstacle(public_url: str) -> str | None:
    """Why a vendor cannot call this address, as a sentence; None when nothing speaks against it.

    Nothing is looked up: a name that leads nowhere is found out by the first submission.
    """
    try:
        parts = urlsplit(public_url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return "PUBLIC_URL is not an address."
    host = (parts.hostname or "").rstrip(".").lower()
    if parts.scheme not in ("http", "https") or not host:
        return "PUBLIC_URL must be an http or https address."
    if _is_local(host):
        return f"PUBLIC_URL names a host that only this network knows ({host})."
    if port not in CALLBACK_PORTS:
        allowed = ", ".join(map(str, sorted(CALLBACK_PORTS)))
        return f"PUBLIC_URL has port {port}; Deepgram calls only {allowed}."
    return None


def _is_local(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_LOCAL_ENDINGS)
