"""The keys of an issuer: when they are fetched, how they are replaced, and what happens without them."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from app.core.errors import Unavailable
from app.core.security import Reason
from app.core.security.oidc import IssuerUnavailable, OidcVerifier
from tests.core.security.issuer import (
    ALGORITHMS,
    AUDIENCE,
    EC,
    ED,
    KEYS,
    RSA,
    Clock,
    Issuer,
    WithIssuer,
    new_key,
    refusal,
    sign,
)
from tests.fixtures.loopback import UNUSED_TLS


class TestKeys(WithIssuer):
    async def test_are_fetched_once_for_many_tokens(self, verifier: OidcVerifier, issuer: Issuer) -> None:
        issuer.delay = 0.05
        tokens = [sign(key, issuer.claims()) for key in KEYS.values()] * 10
        claims = await asyncio.gather(*(verifier.verify(token) for token in tokens))
        assert {c.raw["sub"] for c in claims} == {"ada"}
        assert issuer.requests == 1

    async def test_are_fetched_again_after_ten_minutes(
        self, verifier: OidcVerifier, issuer: Issuer, clock: Clock
    ) -> None:
        token = sign(ED, issuer.claims())
        for seconds, requests in ((0, 1), (599, 1), (1, 2), (599, 2)):
            clock.seconds += seconds
            await verifier.verify(token)
            assert issuer.requests == requests

    async def test_that_were_withdrawn_open_nothing_after_ten_minutes(
        self, verifier: OidcVerifier, issuer: Issuer, clock: Clock
    ) -> None:
        await verifier.verify(sign(ED, issuer.claims()))
        issuer.publish(EC)
        clock.seconds += 600
        assert await refusal(verifier, sign(ED, issuer.claims())) is Reason.INVALID

    async def test_that_are_new_are_found_by_one_more_fetch(
        self, verifier: OidcVerifier, issuer: Issuer, clock: Clock
    ) -> None:
        await verifier.verify(sign(RSA, issuer.claims()))
        fresh = new_key("RS256", "RS256-2")
        issuer.publish(fresh, RSA)
        clock.seconds += 31
        assert (await verifier.verify(sign(fresh, issuer.claims()))).raw["sub"] == "ada"
        assert (await verifier.verify(sign(RSA, issuer.claims()))).raw["sub"] == "ada"
        assert issuer.requests == 2

    async def test_that_replace_others_under_the_same_id_are_found_too(
        self, verifier: OidcVerifier, issuer: Issuer, clock: Clock
    ) -> None:
        await verifier.verify(sign(EC, issuer.claims()))
        replaced = new_key("ES256", EC.kid)
        issuer.publish(replaced)
        clock.seconds += 31
        assert (await verifier.verify(sign(replaced, issuer.claims()))).raw["sub"] == "ada"
        assert await refusal(verifier, sign(EC, issuer.claims())) is Reason.INVALID

    async def test_a_flood_of_unknown_ids_is_one_fetch_in_thirty_seconds(
        self, verifier: OidcVerifier, issuer: Issuer, clock: Clock
    ) -> None:
        await verifier.verify(sign(ED, issuer.claims()))
        thief = new_key("ES256", "x")
        forged = [sign(thief, issuer.claims(), kid=f"unknown-{n}") for n in range(50)]

        async def flood() -> None:
            reasons = await asyncio.gather(*(refusal(verifier, token) for token in forged))
            assert set(reasons) == {Reason.INVALID}

        await flood()
        assert issuer.requests == 1
        for second in range(1, 61):
            clock.seconds += 1
            if second % 10 == 0:
                await flood()
        assert issuer.requests == 3
        await verifier.verify(sign(ED, issuer.claims()))
        assert issuer.requests == 3

    @pytest.mark.parametrize(
        "odd",
        [
            {"kty": "AKP", "alg": "ML-DSA-44", "kid": "pq", "pub": "AAAA"},
            {"kty": "EC", "crv": "brainpoolP256r1", "kid": "bp", "x": "AAAA", "y": "AAAA"},
            {"kty": "EC", "crv": "P-256", "kid": "off the curve", "x": "AAAA", "y": "AAAA"},
            {"kty": "OKP", "crv": "Ed25519", "kid": "short", "x": "AAAA"},
            {"kty": "RSA", "kid": "number", "n": 5, "e": "AQAB"},
            {"kty": "RSA", "kid": "nothing else"},
            {"kid": "no type"},
            {"kty": ["RSA"]},
            "text",
            None,
        ],
        ids=lambda odd: str(odd)[:45],
    )
    async def test_that_we_cannot_read_do_not_spoil_the_others(
        self, verifier: OidcVerifier, issuer: Issuer, odd: Any
    ) -> None:
        issuer.publish(RSA)
        document = json.loads(issuer.body)
        for keys in ([odd, *document["keys"]], [*document["keys"], odd]):
            issuer.body = json.dumps({"keys": keys}).encode()
            assert (await verifier.verify(sign(RSA, issuer.claims()))).raw["sub"] == "ada"


class TestIssuerDown(WithIssuer):
    async def test_is_the_domain_error_for_an_outage(self, verifier: OidcVerifier, issuer: Issuer) -> None:
        token = sign(ED, issuer.claims())
        issuer.stop()
        with pytest.raises(IssuerUnavailable) as error:
            await verifier.verify(token)
        assert isinstance(error.value, Unavailable)
        assert (error.value.status, error.value.code) == (503, "issuer_unavailable")
        assert issuer.jwks_url not in error.value.detail

    @pytest.mark.parametrize("status", [302, 401, 404, 500, 503])
    async def test_so_is_a_bad_status(self, verifier: OidcVerifier, issuer: Issuer, status: int) -> None:
        issuer.status = status
        with pytest.raises(IssuerUnavailable):
            await verifier.verify(sign(ED, issuer.claims()))

    @pytest.mark.parametrize(
        "body",
        [b"", b"<html>", b"\xff\xfe", b"null", b"7", b'"x"', b"[]", b"{}", b'{"keys": null}', b'{"keys": 5}',
         b'{"keys": []}', b'{"keys": {}}', b'{"keys": "text"}', b'{"keys": [{}]}', b"[" * 100_000],
        ids=lambda body: repr(body[:16]),
    )  # fmt: skip
    async def test_so_is_an_answer_without_keys(
        self, verifier: OidcVerifier, issuer: Issuer, body: bytes
    ) -> None:
        issuer.body = body
        with pytest.raises(IssuerUnavailable):
            await verifier.verify(sign(ED, issuer.claims()))

    async def test_so_is_an_answer_that_does_not_come(self, issuer: Issuer) -> None:
        issuer.delay = 0.5
        async with httpx.AsyncClient(timeout=0.05, trust_env=False, verify=UNUSED_TLS) as hasty:
            verifier = OidcVerifier(issuer.url, AUDIENCE, issuer.jwks_url, ALGORITHMS, hasty)
            with pytest.raises(IssuerUnavailable):
                await verifier.verify(sign(ED, issuer.claims()))

    async def test_is_not_asked_again_by_every_request(self, verifier: OidcVerifier, issuer: Issuer) -> None:
        """Each waiting for the last one's timeout would hold up everybody who signs in."""
        issuer.status = 503
        token = sign(ED, issuer.claims())
        outcomes = await asyncio.gather(*(verifier.verify(token) for _ in range(20)), return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {IssuerUnavailable}
        assert issuer.requests == 1

    async def test_recovers_within_seconds(
        self, verifier: OidcVerifier, issuer: Issuer, clock: Clock
    ) -> None:
        issuer.status = 503
        token = sign(ED, issuer.claims())
        with pytest.raises(IssuerUnavailable):
            await verifier.verify(token)
        issuer.status = 200
        clock.seconds += 5
        assert (await verifier.verify(token)).raw["sub"] == "ada"

    async def test_does_not_matter_while_there_are_keys(
        self, verifier: OidcVerifier, issuer: Issuer, clock: Clock
    ) -> None:
        token = sign(ED, issuer.claims())
        await verifier.verify(token)
        issuer.stop()
        for seconds in (10, 600, 31):
            clock.seconds += seconds
            assert (await verifier.verify(token)).raw["sub"] == "ada"
            assert await refusal(verifier, sign(new_key("ES256", "x"), issuer.claims())) is Reason.INVALID
