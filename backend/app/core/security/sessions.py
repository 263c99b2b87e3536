"""NextAuth / Auth.js session tokens: encrypted JWTs of version 4 and 5, as the frontend makes them.

The library decrypts; what it leaves to the caller is here: which headers are acceptable, which key belongs to
a token, how cookies are cut into chunks, and that a token without an expiry is no token.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final
from urllib.parse import unquote

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwe import JWERegistry
from joserfc.jwk import OctKey, thumbprint

from app.core.security.claims import (
    MAX_TOKEN_BYTES,
    Claims,
    InvalidToken,
    Reason,
    check_times,
    text_or_none,
)

# Only HTTPS can set a `__Secure-` cookie, so it goes before one that a neighbouring host may have planted.
V4_COOKIES: Final = ("__Secure-next-auth.session-token", "next-auth.session-token")
V5_COOKIES: Final = ("__Secure-authjs.session-token", "authjs.session-token")
SESSION_COOKIES: Final = (*V5_COOKIES, *V4_COOKIES)

_GCM: Final = "A256GCM"
_CBC: Final = "A256CBC-HS512"
_KEY_BYTES: Final = {_GCM: 32, _CBC: 64}
_HEADER_KEYS: Final = frozenset({"alg", "enc", "kid"})
_MAX_CHUNKS: Final = 32
_REMEMBERED: Final = 256
"""Tokens whose plaintext is kept; those that were refused are not among them."""


class _Registry(JWERegistry):
    """The two encryptions in use, with room for the largest session that a browser can send."""

    max_ciphertext_length = MAX_TOKEN_BYTES
    max_plaintext_length = MAX_TOKEN_BYTES


_REGISTRY: Final = _Registry(algorithms=["dir", _GCM, _CBC])


class SessionVerifier:
    """Verifies session tokens made with any of `secrets` (newest first)."""

    def __init__(
        self,
        secrets: Sequence[str],
        *,
        cookie_names: Sequence[str] = (),
        user_id_claim: str = "sub",
        api_salt: str = "backend-api",
        now: Callable[[], float] = time.time,
    ) -> None:
        self._secrets = tuple(secrets)
        self._cookie_names = tuple(dict.fromkeys((*cookie_names, *SESSION_COOKIES)))
        self._user_id_claim = user_id_claim
        self._api_salt = api_salt
        self._now = now
        # Decrypting costs more than the rest of a small request, and gives the same for the same token every time.
        # Whether the claims are still valid is looked at each time.
        self._decrypted = lru_cache(maxsize=_REMEMBERED)(self._decrypt)

    def verify_bearer(self, token: str) -> Claims:
        """Claims of a token from an Authorization header (percent-encoded or not). Raises `InvalidToken`."""
        v5_salts = (self._api_salt, *(n for n in self._cookie_names if n not in V4_COOKIES))
        return self._claims(self._decrypted(unquote(token), ("", self._api_salt), v5_salts))

    def verify_cookies(self, cookies: Mapping[str, str]) -> Claims | None:
        """Claims of the session cookie, whole or in chunks; None when there is none. Raises `InvalidToken`."""
        for name in self._cookie_names:
            token = _join_chunks(name, cookies)
            if token is not None:
                v4_salts = () if name in V5_COOKIES else ("",)
                v5_salts = () if name in V4_COOKIES else (name,)
                return self._claims(self._decrypted(token, v4_salts, v5_salts))
        return None

    def _decrypt(self, token: str, v4_salts: Sequence[str], v5_salts: Sequence[str]) -> dict[str, Any]:
        header = _header(token)
        for key in self._keys(header, v4_salts, v5_salts):
            try:
                claims = json.loads(jwe.decrypt_compact(token, key, registry=_REGISTRY).plaintext or b"")
            except (JoseError, ValueError, RecursionError):
                continue
            if isinstance(claims, dict):
                return claims
        raise InvalidToken(Reason.INVALID)

    def _keys(
        self, header: Mapping[str, Any], v4_salts: Sequence[str], v5_salts: Sequence[str]
    ) -> Iterator[OctKey]:
        enc, kid = header["enc"], header.get("kid")
        if enc == _GCM and kid is None:
            for secret in self._secrets:
                yield from (_v4_key(secret, salt)[0] for salt in v4_salts)
        for position, secret in enumerate(self._secrets):
            for salt in v5_salts:
                key, key_id = _v5_key(secret, salt, _KEY_BYTES[enc])
                # Auth.js tries only the newest secret for a token that does not name its key.
                if kid == key_id or (kid is None and position == 0):
                    yield key

    def _claims(self, raw: dict[str, Any]) -> Claims:
        expires_at = check_times(raw, self._now())
        email = text_or_none(raw.get("email"))
        email = email.lower() if email else None
        person = text_or_none(raw.get(self._user_id_claim)) or email or ""
        return Claims(
            identity=f"nextauth:{person}" if person else "",
            email=email,
            email_verified=email is not None and raw.get("email_verified", True) is not False,
            name=text_or_none(raw.get("name")),
            expires_at=expires_at,
            raw=raw,
        )


def mint_session(
    claims: Mapping[str, Any], secret: str, *, salt: str = "backend-api", max_age: timedelta
) -> str:
    """A version 5 token as the frontend would make it: with the default salt, one for Bearer use only."""
    now = int(time.time())
    body = {**claims, "iat": now, "exp": now + int(max_age.total_seconds()), "jti": str(uuid.uuid4())}
    key, key_id = _v5_key(secret, salt, _KEY_BYTES[_CBC])
    header = {"alg": "dir", "enc": _CBC, "kid": key_id}
    return jwe.encrypt_compact(header, json.dumps(body), key, registry=_REGISTRY)


def _header(token: str) -> dict[str, Any]:
    """The protected header, if it is one that NextAuth writes. Raises `InvalidToken`."""
    segments = token.split(".")
    if len(token) > MAX_TOKEN_BYTES or not token.isascii() or len(segments) != 5 or segments[1]:
        raise InvalidToken(Reason.INVALID)
    try:
        header = json.loads(base64.urlsafe_b64decode(segments[0] + "=" * (-len(segments[0]) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        raise InvalidToken(Reason.INVALID) from None
    known = isinstance(header, dict) and header.keys() <= _HEADER_KEYS
    if not known or header.get("alg") != "dir" or header.get("enc") not in (_GCM, _CBC):
        raise InvalidToken(Reason.INVALID)
    return dict(header)


def _join_chunks(name: str, cookies: Mapping[str, str]) -> str | None:
    """The token of a cookie that may be cut into `name.0`, `name.1` …; None when there is no such cookie."""
    # One spelling for each number: were `.01` also chunk 1, the order of the cookies would choose between the two.
    pattern = re.compile(re.escape(name) + r"\.(0|[1-9][0-9]{0,2})")
    chunks = {int(m[1]): value for key, value in cookies.items() if (m := pattern.fullmatch(key))}
    if not chunks:
        return cookies.get(name)
    if name in cookies:
        # A stale whole cookie beside chunks: there is no telling which of them is the session.
        raise InvalidToken(Reason.AMBIGUOUS)
    if len(chunks) > _MAX_CHUNKS or sorted(chunks) != list(range(len(chunks))):
        raise InvalidToken(Reason.INVALID)
    return "".join(chunks[i] for i in range(len(chunks)))


def _derive(secret: str, salt: str, info: str, length: int) -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=length, salt=salt.encode(), info=info.encode())
    return kdf.derive(secret.encode())


@lru_cache(maxsize=256)
def _v4_key(secret: str, salt: str) -> tuple[OctKey]:
    info = "NextAuth.js Generated Encryption Key" + (f" ({salt})" if salt else "")
    return (OctKey.import_key(_derive(secret, salt, info, _KEY_BYTES[_GCM])),)


@lru_cache(maxsize=256)
def _v5_key(secret: str, salt: str, length: int) -> tuple[OctKey, str]:
    """The key and its id: the RFC 7638 thumbprint with SHA-512."""
    raw = _derive(secret, salt, f"Auth.js Generated Encryption Key ({salt})", length)
    key = OctKey.import_key(raw)
    return key, thumbprint(key.as_dict(private=True), digest_method="sha512")
