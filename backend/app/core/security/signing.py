"""Short-lived permissions of our own: signed addresses, tickets, and the rule about origins."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Collection

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Signer:
    """Signs local addresses. The key is derived, so the session secret itself signs nothing but sessions."""

    def __init__(self, secret: str) -> None:
        kdf = HKDF(algorithm=SHA256(), length=32, salt=b"", info=b"Debrief signed address")
        self._key = kdf.derive(secret.encode())

    def sign(self, payload: str, expires_at: int) -> str:
        """The signature of a payload that is good until `expires_at` (Unix seconds)."""
        digest = hmac.digest(self._key, f"{expires_at}\n{payload}".encode(), "sha256")
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def verify(self, payload: str, expires_at: int, signature: str) -> bool:
        """Whether `sign` made this signature; the caller compares the time."""
        return hmac.compare_digest(self.sign(payload, expires_at).encode(), signature.encode())


def new_ticket() -> str:
    """A random pass of 256 bits."""
    return secrets.token_urlsafe(32)


def hash_ticket(ticket: str) -> str:
    """What is stored of a ticket (hexadecimal SHA-256): reading the database gives nobody a pass."""
    return hashlib.sha256(ticket.encode()).hexdigest()


def origin_allowed(origin: str | None, sec_fetch_site: str | None, allowed: Collection[str]) -> bool:
    """Whether a request that carries cookies comes from a page of ours.

    The Origin header decides; browsers that leave it out say by `Sec-Fetch-Site: same-origin` that it is our page.
    """
    if origin is not None:
        return origin in allowed
    return sec_fetch_site == "same-origin"
