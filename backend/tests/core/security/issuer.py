"""An OpenID Connect issuer on the loopback interface: real keys, published by a real HTTP server."""

from __future__ import annotations

import json
import threading
import time
import warnings
from collections.abc import AsyncIterator, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from app.core.security import InvalidToken, Reason, oidc
from app.core.security.oidc import OidcVerifier
from tests.fixtures.loopback import UNUSED_TLS

AUDIENCE = "debrief"
ALGORITHMS = ("EdDSA", "ES256", "RS256")
SigningKey = OKPKey | ECKey | RSAKey


def new_key(algorithm: str, kid: str | None = None) -> SigningKey:
    parameters: Any = {"use": "sig", "alg": algorithm} | ({"kid": kid} if kid else {})
    match algorithm:
        case "EdDSA":
            return OKPKey.generate_key("Ed25519", parameters)
        case "ES256":
            return ECKey.generate_key("P-256", parameters)
        case _:
            return RSAKey.generate_key(2048, parameters)


class Issuer:
    """Serves what `publish` was last given; counts how often it was asked."""

    def __init__(self) -> None:
        self.requests = 0
        self.status = 200
        self.body = b""
        self.delay = 0.0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.jwks_url = f"{self.url}/jwks"

    def publish(self, *keys: SigningKey | Mapping[str, Any]) -> None:
        public = [key if isinstance(key, Mapping) else key.as_dict(private=False) for key in keys]
        self.status, self.body = 200, json.dumps({"keys": public}).encode()

    def claims(self, **changed: Any) -> dict[str, Any]:
        now = int(time.time())
        return {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": "ada",
            "email": "Ada@Example.com",
            "email_verified": True,
            "name": "Ada",
            "iat": now,
            "exp": now + 300,
            **changed,
        }

    def stop(self) -> None:
        if self._thread.is_alive():
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()

    def _handler(issuer) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - `self` is the handler's below
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.requests += 1
                time.sleep(issuer.delay)
                self.send_response(issuer.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(issuer.body)))
                self.end_headers()
                self.wfile.write(issuer.body)

            def log_message(self, format: str, *args: object) -> None:
                """Silence: the tests count requests themselves."""

        return Handler


def sign(key: Any, claims: Mapping[str, Any], algorithm: str | None = None, **header: Any) -> str:
    """A signed token; a header member given as None is left out."""
    algorithm = algorithm or key.get("alg")
    members = {"alg": algorithm, "kid": key.kid, **header}
    with warnings.catch_warnings():
        # The library calls the name EdDSA deprecated; it is what issuers write.
        warnings.simplefilter("ignore")
        present = {name: value for name, value in members.items() if value is not None}
        registry = JWSRegistry(algorithms=[str(algorithm)], strict_check_header=False)
        return jwt.encode(present, dict(claims), key, registry=registry)


KEYS = {algorithm: new_key(algorithm, f"{algorithm}-1") for algorithm in ALGORITHMS}
ED, EC, RSA = (KEYS[algorithm] for algorithm in ALGORITHMS)


async def refusal(verifier: OidcVerifier, token: str) -> Reason:
    with pytest.raises(InvalidToken) as error:
        await verifier.verify(token)
    return error.value.reason


class Clock:
    """Stands in for the module's clock, so that minutes pass at once."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def monotonic(self) -> float:
        return self.seconds


class WithIssuer:
    """For test classes: an issuer that publishes `KEYS`, and a verifier of its tokens."""

    @pytest.fixture
    def issuer(self) -> Iterator[Issuer]:
        issuer = Issuer()
        issuer.publish(*KEYS.values())
        yield issuer
        issuer.stop()

    @pytest.fixture
    def clock(self, monkeypatch: pytest.MonkeyPatch) -> Clock:
        clock = Clock()
        monkeypatch.setattr(oidc, "time", clock)
        return clock

    @pytest.fixture
    async def http(self) -> AsyncIterator[httpx.AsyncClient]:
        async with httpx.AsyncClient(timeout=60.0, trust_env=False, verify=UNUSED_TLS) as client:
            yield client

    @pytest.fixture
    def verifier(self, issuer: Issuer, http: httpx.AsyncClient, clock: Clock) -> OidcVerifier:  # noqa: ARG002
        return OidcVerifier(issuer.url, AUDIENCE, issuer.jwks_url, ALGORITHMS, http)
