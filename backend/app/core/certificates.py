"""The authorities whose certificates are trusted, read once for all clients."""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def trusted_certificates() -> ssl.SSLContext:
    """Reading them takes tens of milliseconds. `SSL_CERT_FILE` names others."""
    return httpx.create_ssl_context()
