"""No change to a signed token, however small or wild, gets in or breaks anything."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.security import InvalidToken
from app.core.security.oidc import OidcVerifier
from tests.core.security.issuer import (
    ALGORITHMS,
    AUDIENCE,
    KEYS,
    Issuer,
    WithIssuer,
    sign,
)
from tests.core.security.tokens import b64
from tests.fixtures.loopback import UNUSED_TLS

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
ODD_HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "alg": st.sampled_from([*ALGORITHMS, "none", "HS256", "PS256", "ES384", "Ed25519"]) | JSON,
        "kid": st.sampled_from([key.kid for key in KEYS.values()]) | JSON,
        "typ": JSON,
        "crit": JSON,
        "b64": JSON,
        "jwk": JSON,
        "x5c": JSON,
    },
)
CHARACTERS = st.sampled_from("ABCxyz019-_.=+/%~ \n\x00é\udc80") | st.characters()


class TestMutations(WithIssuer):
    """Whatever is done to a token, it meets the one error. One client and one set of keys serve all examples."""

    @pytest.fixture
    def accepted(self, issuer: Issuer) -> Iterator[Any]:
        with asyncio.Runner() as runner:
            http = httpx.AsyncClient(trust_env=False, verify=UNUSED_TLS)
            verifier = OidcVerifier(issuer.url, AUDIENCE, issuer.jwks_url, ALGORITHMS, http)

            def accepted(token: str) -> bool:
                try:
                    runner.run(verifier.verify(token))
                except InvalidToken:
                    return False
                return True

            yield accepted
            runner.run(http.aclose())

    @pytest.mark.parametrize("algorithm", ALGORITHMS)
    def test_a_changed_token_is_refused(self, accepted: Any, issuer: Issuer, algorithm: str) -> None:
        token = sign(KEYS[algorithm], issuer.claims())

        @settings(max_examples=150)
        @given(st.integers(0, len(token) - 1), st.integers(0, 2), st.just("") | CHARACTERS)
        def check(at: int, removed: int, inserted: str) -> None:
            changed = token[:at] + inserted + token[at + removed :]
            assert accepted(changed) == (changed == token)

        check()
        for order in ("102", "021", "210", "120", "201", "01", "12", "0", "0122"):
            assert not accepted(".".join(token.split(".")[int(i)] for i in order))

    def test_anything_else_is_refused(self, accepted: Any, issuer: Issuer) -> None:
        payload = b64(json.dumps(issuer.claims()).encode())

        @settings(max_examples=300)
        @given(
            header=ODD_HEADERS | JSON, signature=st.binary(max_size=70), text=st.text(CHARACTERS, max_size=80)
        )
        def check(header: object, signature: bytes, text: str) -> None:
            assert not accepted(f"{b64(json.dumps(header).encode())}.{payload}.{b64(signature)}")
            assert not accepted(text)

        check()
