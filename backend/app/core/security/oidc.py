"""Tokens of an OpenID Connect issuer (Keycloak, Auth0, Better Auth, Entra …), checked with its published keys."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final

import httpx
from joserfc import jwt
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import JWKRegistry, Key, KeySet
from joserfc.jws import JWSRegistry

from app.core.errors import Unavailable
from app.core.security.claims import (
    MAX_TOKEN_BYTES,
    Claims,
    InvalidToken,
    Reason,
    check_times,
    text_or_none,
)

_KEYS_KEPT: Final = 600.0
_REFETCH_PAUSE: Final = 30.0
"""Seconds between fetches that unknown key ids may cause: a forged id must not become a request each."""
_RETRY_PAUSE: Final = 5.0
"""Seconds between fetches while there are no keys at all: requests must not queue up for one timeout each."""
_ASYMMETRIC: Final = ("RS", "PS", "ES", "Ed")


_NO_KEYS: Final = "The keys of the token's issuer cannot be fetched."


class IssuerUnavailable(Unavailable):
    code = "issuer_unavailable"


class _Registry(JWSRegistry):
    """Exactly the configured algorithms. The library warns of the name `EdDSA`, which is what issuers write."""

    def get_alg(self, name: str) -> Any:
        if name not in self.algorithms or name not in (self.allowed or ()):
            raise UnsupportedAlgorithmError(f"The algorithm {name!r} is not configured")
        return self.algorithms[name]


class OidcVerifier:
    def __init__(
        self,
        issuer: str,
        audience: str,
        jwks_url: str,
        algorithms: Sequence[str],
        http: httpx.AsyncClient,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        symmetric = [a for a in algorithms if not a.startswith(_ASYMMETRIC)]
        if symmetric or not algorithms:
            raise ValueError(f"only asymmetric algorithms can be verified with public keys, not {symmetric}")
        self._issuer = issuer
        self._audience = audience
        self._jwks_url = jwks_url
        self._registry = _Registry(algorithms=list(algorithms))
        self._http = http
        self._now = now
        self._keys: KeySet | None = None
        self._fetched = 0.0
        self._retry_at = 0.0
        self._lock = asyncio.Lock()

    async def verify(self, token: str) -> Claims:
        """Raises `InvalidToken`, or `IssuerUnavailable` when the keys cannot be had."""
        if len(token) > MAX_TOKEN_BYTES or not token.isascii():
            raise InvalidToken(Reason.INVALID)
        keys = await self._current_keys(_KEYS_KEPT)
        try:
            raw = self._decode(token, keys)
        except InvalidToken:
            # The issuer may have rotated its keys since we fetched them.
            fresh = await self._current_keys(_REFETCH_PAUSE)
            if fresh is keys:
                raise
            raw = self._decode(token, fresh)
        return self._claims(raw)

    def _decode(self, token: str, keys: KeySet) -> dict[str, Any]:
        try:
            return dict(jwt.decode(token, keys, registry=self._registry).claims)
        except (JoseError, ValueError, TypeError, RecursionError):
            raise InvalidToken(Reason.INVALID) from None

    def _claims(self, raw: dict[str, Any]) -> Claims:
        audience = raw.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        subject = text_or_none(raw.get("sub"))
        if raw.get("iss") != self._issuer or self._audience not in audiences or subject is None:
            raise InvalidToken(Reason.INVALID)
        expires_at = check_times(raw, self._now())
        email = text_or_none(raw.get("email"))
        return Claims(
            identity=f"oidc:{self._issuer}|{subject}",
            email=email.lower() if email else None,
            email_verified=email is not None and raw.get("email_verified") is True,
            name=text_or_none(raw.get("name")),
            expires_at=expires_at,
            raw=raw,
        )

    async def _current_keys(self, max_age: float) -> KeySet:
        async with self._lock:
            now = time.monotonic()
            if self._keys is not None and now - self._fetched < max_age:
                return self._keys
            if self._keys is None and now < self._retry_at:
                raise IssuerUnavailable(_NO_KEYS)
            try:
                answer = await self._http.get(self._jwks_url)
                answer.raise_for_status()
                self._keys = _read_keys(answer.json())
            except (httpx.HTTPError, ValueError, RecursionError) as error:
                if self._keys is None:
                    self._retry_at = time.monotonic() + _RETRY_PAUSE
                    raise IssuerUnavailable(_NO_KEYS) from error
            self._fetched = time.monotonic()
            return self._keys


def _read_keys(document: object) -> KeySet:
    """The keys of a JWKS document that we understand. Raises `ValueError` when there are none."""
    listed = document.get("keys") if isinstance(document, dict) else None
    keys: list[Key] = []
    for item in listed if isinstance(listed, list) else ():
        # An issuer may publish kinds of keys that are newer than this code: those are for others.
        with suppress(JoseError, ValueError, TypeError, KeyError, AttributeError):
            keys.append(JWKRegistry.import_key(item))
    if not keys:
        raise ValueError("no usable key in the key set")
    return KeySet(keys)
