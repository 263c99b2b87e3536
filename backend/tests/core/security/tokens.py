"""Session tokens as the two generations of the frontend library make them, built apart from the code under test."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwe
from joserfc.jwe import JWERegistry
from joserfc.jwk import OctKey

SECRET = "the-newest-secret-0123456789-abcdefghij"
OLD_SECRET = "an-older-secret-0123456789-klmnopqrst"
V4_COOKIE = "next-auth.session-token"
V5_COOKIE = "authjs.session-token"
CHUNK = 3936
GCM = "A256GCM"
CBC = "A256CBC-HS512"

_REGISTRY = JWERegistry(algorithms=["dir", GCM, CBC])
_REGISTRY.max_ciphertext_length = 1 << 20


def person(**claims: Any) -> dict[str, Any]:
    """Claims of a signed-in person that are good for an hour."""
    return {"sub": "ada", "email": "Ada@Example.com", "name": "Ada", "exp": int(time.time()) + 3600, **claims}


def v4_token(claims: Mapping[str, Any], secret: str = SECRET, salt: str = "", **header: Any) -> str:
    suffix = f" ({salt})" if salt else ""
    key = _hkdf(secret, salt, "NextAuth.js Generated Encryption Key" + suffix, 32)
    return seal({"alg": "dir", "enc": GCM, **header}, json.dumps(claims), key)


def v5_token(
    claims: Mapping[str, Any],
    secret: str = SECRET,
    salt: str = V5_COOKIE,
    *,
    enc: str = CBC,
    with_kid: bool = True,
) -> str:
    key = v5_key(secret, salt, 64 if enc == CBC else 32)
    header = {"alg": "dir", "enc": enc} | ({"kid": key_id(key)} if with_kid else {})
    return seal(header, json.dumps(claims), key)


def seal(header: Mapping[str, Any], plaintext: str | bytes, key: bytes) -> str:
    return jwe.encrypt_compact(dict(header), plaintext, OctKey.import_key(key), registry=_REGISTRY)


def v5_key(secret: str, salt: str, length: int) -> bytes:
    return _hkdf(secret, salt, f"Auth.js Generated Encryption Key ({salt})", length)


def key_id(key: bytes) -> str:
    canonical = json.dumps({"k": b64(key), "kty": "oct"}, separators=(",", ":"))
    return b64(hashlib.sha512(canonical.encode()).digest())


def chunked(name: str, token: str, size: int = CHUNK) -> dict[str, str]:
    """The cookies of a token that is too long for one."""
    pieces = [token[start : start + size] for start in range(0, len(token), size)]
    return {f"{name}.{number}": piece for number, piece in enumerate(pieces)}


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _hkdf(secret: str, salt: str, info: str, length: int) -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=length, salt=salt.encode(), info=info.encode())
    return kdf.derive(secret.encode())
