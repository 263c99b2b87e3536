"""Secrets that are shared with somebody else: how ours are made, and how any are compared."""

from __future__ import annotations

import base64
import hmac
import secrets
from typing import Final

_BYTES: Final = 32


def new_webhook_secret() -> str:
    """In the form of the Standard Webhooks specification."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def same(given: str, expected: str) -> bool:
    """Whether two texts are equal, in a time that tells nothing of where they differ."""
    return hmac.compare_digest(given.encode(), expected.encode())
