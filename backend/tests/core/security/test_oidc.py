"""Tokens of an OpenID Connect issuer: what is accepted, what is refused, whoever forged it."""

from __future__ import annotations

import hmac
import json
import time
from typing import Any

import httpx
import pytest
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, RSAKey

from app.core.security import Claims, Reason
from app.core.security.oidc import OidcVerifier
from tests.core.security.issuer import (
    ALGORITHMS,
    AUDIENCE,
    EC,
    ED,
    KEYS,
    RSA,
    Issuer,
    WithIssuer,
    new_key,
    refusal,
    sign,
)
from tests.core.security.tokens import b64, person, v5_token


def sign_hmac(secret: bytes, algorithm: str, kid: str, claims: dict[str, Any]) -> str:
    header = b64(json.dumps({"alg": algorithm, "kid": kid}).encode())
    signed = f"{header}.{b64(json.dumps(claims).encode())}"
    return f"{signed}.{b64(hmac.digest(secret, signed.encode(), algorithm.replace('HS', 'sha')))}"


class TestAccepted(WithIssuer):
    @pytest.mark.parametrize("algorithm", ALGORITHMS)
    async def test_each_algorithm(self, verifier: OidcVerifier, issuer: Issuer, algorithm: str) -> None:
        raw = issuer.claims()
        claims = await verifier.verify(sign(KEYS[algorithm], raw))
        assert claims == Claims(
            identity=f"oidc:{issuer.url}|ada",
            email="ada@example.com",
            email_verified=True,
            name="Ada",
            expires_at=claims.expires_at,
            raw=raw,
        )
        assert claims.expires_at.timestamp() == raw["exp"]

    async def test_one_of_several_audiences(self, verifier: OidcVerifier, issuer: Issuer) -> None:
        claims = await verifier.verify(sign(ED, issuer.claims(aud=["account", AUDIENCE])))
        assert claims.raw["aud"] == ["account", AUDIENCE]

    async def test_without_a_key_id_when_there_is_one_key(
        self, verifier: OidcVerifier, issuer: Issuer
    ) -> None:
        issuer.publish(RSA)
        assert (await verifier.verify(sign(RSA, issuer.claims(), kid=None))).raw["sub"] == "ada"

    @pytest.mark.parametrize("value", [False, None, "true", 1])
    async def test_an_email_counts_as_verified_only_when_it_says_so(
        self, verifier: OidcVerifier, issuer: Issuer, value: object
    ) -> None:
        assert not (await verifier.verify(sign(ED, issuer.claims(email_verified=value)))).email_verified

    async def test_without_personal_data(self, verifier: OidcVerifier, issuer: Issuer) -> None:
        claims = await verifier.verify(sign(ED, issuer.claims(email=None, name=None)))
        assert (claims.email, claims.email_verified, claims.name) == (None, False, None)


class TestClaims(WithIssuer):
    @pytest.mark.parametrize(
        "changed",
        [
            {"iss": "https://evil.test"},
            {"iss": None},
            {"iss": ["x"]},
            {"aud": "another"},
            {"aud": "debrief-2"},
            {"aud": ["another", ["debrief"]]},
            {"aud": {"debrief": True}},
            {"aud": []},
            {"aud": None},
            {"sub": None},
            {"sub": " "},
            {"sub": 7},
            {"exp": "4000000000"},
            {"exp": None},
            {"nbf": "0"},
        ],
        ids=json.dumps,
    )
    async def test_wrong_ones_are_refused(
        self, verifier: OidcVerifier, issuer: Issuer, changed: dict[str, Any]
    ) -> None:
        assert await refusal(verifier, sign(ED, issuer.claims(**changed))) is Reason.INVALID

    async def test_an_issuer_is_matched_exactly(self, verifier: OidcVerifier, issuer: Issuer) -> None:
        for near in (issuer.url + "/", issuer.url.upper(), issuer.url[:-1]):
            assert await refusal(verifier, sign(ED, issuer.claims(iss=near))) is Reason.INVALID

    @pytest.mark.parametrize("name", ["iss", "aud", "sub"])
    async def test_missing_ones_are_refused(self, verifier: OidcVerifier, issuer: Issuer, name: str) -> None:
        claims = issuer.claims()
        del claims[name]
        assert await refusal(verifier, sign(ED, claims)) is Reason.INVALID

    async def test_times(self, verifier: OidcVerifier, issuer: Issuer) -> None:
        now = int(time.time())
        assert await refusal(verifier, sign(ED, issuer.claims(exp=now - 20))) is Reason.EXPIRED
        assert await refusal(verifier, sign(ED, issuer.claims(nbf=now + 60))) is Reason.NOT_YET_VALID
        claims = issuer.claims()
        del claims["exp"]
        assert await refusal(verifier, sign(ED, claims)) is Reason.MISSING_EXP
        assert (await verifier.verify(sign(ED, issuer.claims(exp=now - 5)))).raw["exp"] == now - 5


class TestForgery(WithIssuer):
    @pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE"])
    async def test_no_signature_at_all(self, verifier: OidcVerifier, issuer: Issuer, algorithm: str) -> None:
        header = b64(json.dumps({"alg": algorithm, "kid": RSA.kid}).encode())
        payload = b64(json.dumps(issuer.claims()).encode())
        for signature in ("", "AAAA"):
            assert await refusal(verifier, f"{header}.{payload}.{signature}") is Reason.INVALID

    @pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
    @pytest.mark.parametrize("form", ["PEM", "DER", "JWK"])
    @pytest.mark.parametrize("key", [RSA, EC, ED], ids=["RSA", "EC", "Ed25519"])
    async def test_a_public_key_used_as_a_shared_secret(
        self, verifier: OidcVerifier, issuer: Issuer, algorithm: str, form: str, key: Any
    ) -> None:
        secrets = {"PEM": key.as_pem, "DER": key.as_der}
        secret = (
            secrets[form](private=False)
            if form in secrets
            else json.dumps(key.as_dict(private=False)).encode()
        )
        forged = sign_hmac(secret, algorithm, key.kid, issuer.claims())
        assert await refusal(verifier, forged) is Reason.INVALID

    async def test_a_shared_secret_that_the_issuer_publishes(
        self, verifier: OidcVerifier, issuer: Issuer
    ) -> None:
        secret = OctKey.generate_key(256, {"kid": "shared", "alg": "HS256"})
        issuer.publish(RSA, secret.as_dict(private=True))
        assert await refusal(verifier, sign(secret, issuer.claims())) is Reason.INVALID

    async def test_another_key_under_a_known_id(self, verifier: OidcVerifier, issuer: Issuer) -> None:
        for algorithm, key in KEYS.items():
            thief = new_key(algorithm, key.kid)
            assert await refusal(verifier, sign(thief, issuer.claims())) is Reason.INVALID

    async def test_a_key_brought_along_in_the_header(self, verifier: OidcVerifier, issuer: Issuer) -> None:
        thief = new_key("ES256", "thief")
        for header in (
            {"jwk": thief.as_dict(private=False)},
            {"jwk": thief.as_dict(private=False), "kid": EC.kid},
            {"jku": "https://evil.test/jwks", "kid": EC.kid},
            {"x5u": "https://evil.test/cert", "kid": EC.kid},
        ):
            assert await refusal(verifier, sign(thief, issuer.claims(), **header)) is Reason.INVALID

    async def test_an_algorithm_that_is_not_configured(self, issuer: Issuer, http: httpx.AsyncClient) -> None:
        only_rsa = OidcVerifier(issuer.url, AUDIENCE, issuer.jwks_url, ["RS256"], http)
        assert (await only_rsa.verify(sign(RSA, issuer.claims()))).raw["sub"] == "ada"
        assert await refusal(only_rsa, sign(EC, issuer.claims())) is Reason.INVALID
        rsa = RSAKey.import_key({k: v for k, v in RSA.as_dict(private=True).items() if k != "alg"})
        assert await refusal(only_rsa, sign(rsa, issuer.claims(), "PS256")) is Reason.INVALID

    async def test_the_id_of_a_key_of_another_kind(self, verifier: OidcVerifier, issuer: Issuer) -> None:
        for key in KEYS.values():
            for other in KEYS.values():
                if key is not other:
                    assert (
                        await refusal(verifier, sign(key, issuer.claims(), kid=other.kid)) is Reason.INVALID
                    )

    async def test_a_key_for_another_curve(self, verifier: OidcVerifier, issuer: Issuer) -> None:
        wide = ECKey.generate_key("P-384", {"kid": "wide"})
        issuer.publish(wide)
        header = b64(json.dumps({"alg": "ES256", "kid": "wide"}).encode())
        token = f"{header}.{b64(json.dumps(issuer.claims()).encode())}.{b64(bytes(64))}"
        assert await refusal(verifier, token) is Reason.INVALID

    async def test_a_key_for_encryption(self, verifier: OidcVerifier, issuer: Issuer) -> None:
        issuer.publish({**RSA.as_dict(private=False), "use": "enc", "alg": "RSA-OAEP"})
        assert await refusal(verifier, sign(RSA, issuer.claims())) is Reason.INVALID

    async def test_no_key_id_among_several_keys(self, verifier: OidcVerifier, issuer: Issuer) -> None:
        assert await refusal(verifier, sign(RSA, issuer.claims(), kid=None)) is Reason.INVALID

    async def test_an_extension_that_we_do_not_know(self, verifier: OidcVerifier, issuer: Issuer) -> None:
        header = b64(json.dumps({"alg": "ES256", "kid": EC.kid, "crit": ["x"], "x": 1}).encode())
        token = f"{header}.{b64(json.dumps(issuer.claims()).encode())}.{b64(bytes(64))}"
        assert await refusal(verifier, token) is Reason.INVALID

    async def test_a_session_token_of_the_frontend(self, verifier: OidcVerifier) -> None:
        assert await refusal(verifier, v5_token(person())) is Reason.INVALID


class TestGarbage(WithIssuer):
    @pytest.mark.parametrize(
        "token",
        [
            "",
            ".",
            "..",
            "a.b.c",
            "....",
            "é.é.é",
            "\x00",
            "bnVsbA.bnVsbA.",
            "W10.W10.W10",
            "MQ.MQ.MQ",
            "IiI.IiI.IiI",
        ],
    )
    async def test_is_refused(self, verifier: OidcVerifier, token: str) -> None:
        assert await refusal(verifier, token) is Reason.INVALID

    async def test_of_any_size_is_refused_without_asking_the_issuer(
        self, verifier: OidcVerifier, issuer: Issuer
    ) -> None:
        for token in ("a" * 65_537, "." * 1_000_000, "ü..", f"{'a' * 30_000}.{'b' * 30_000}.{'c' * 30_000}"):
            assert await refusal(verifier, token) is Reason.INVALID
        assert issuer.requests == 0

    @pytest.mark.parametrize(
        "payload", [b"", b"[]", b"1", b"{", b"\xff", b"[" * 20_000], ids=lambda b: repr(b[:5])
    )
    async def test_under_a_genuine_signature_is_refused(self, verifier: OidcVerifier, payload: bytes) -> None:
        token = jws.serialize_compact({"alg": "ES256", "kid": EC.kid}, payload, EC)
        assert await refusal(verifier, token) is Reason.INVALID

    @pytest.mark.parametrize(
        "header",
        [
            {},
            {"kid": "x"},
            {"alg": None},
            {"alg": ["RS256"]},
            {"alg": {"RS256": 1}, "kid": RSA.kid},
            {"alg": "RS256", "kid": 7},
            {"alg": "RS256", "kid": [RSA.kid]},
            {"alg": "RS256", "kid": RSA.kid, "b64": False, "crit": ["b64"]},
            {"alg": "RS256", "kid": RSA.kid, "x5c": "x"},
            {"alg": "RS256", "kid": "k" * 2000},
        ],
        ids=lambda header: json.dumps(header)[:50],
    )
    async def test_in_the_header_is_refused(
        self, verifier: OidcVerifier, issuer: Issuer, header: dict[str, Any]
    ) -> None:
        token = f"{b64(json.dumps(header).encode())}.{b64(json.dumps(issuer.claims()).encode())}.{b64(bytes(256))}"
        assert await refusal(verifier, token) is Reason.INVALID


class TestConfiguration(WithIssuer):
    @pytest.mark.parametrize("algorithms", [[], ["HS256"], ["none"], ["RS256", "HS512"], ["dir"]])
    async def test_only_public_keys_will_do(self, http: httpx.AsyncClient, algorithms: list[str]) -> None:
        with pytest.raises(ValueError, match="asymmetric"):
            OidcVerifier("https://id.test", AUDIENCE, "https://id.test/jwks", algorithms, http)
