"""Tokens of an OpenID Connect issuer, checked with the keys that it publishes over HTTP."""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, RSAKey

from app.core.errors import Unavailable
from app.core.security import Claims, InvalidToken, OidcVerifier, Reason, oidc
from app.core.security.oidc import IssuerUnavailable
from tests.core.security.issuer import ALGORITHMS, AUDIENCE, Issuer, new_key, sign
from tests.core.security.tokens import b64, person, v5_token

KEYS = {algorithm: new_key(algorithm, f"{algorithm}-1") for algorithm in ALGORITHMS}
ED, EC, RSA = (KEYS[a] for a in ALGORITHMS)


def sign_hmac(secret: bytes, algorithm: str, kid: str, claims: dict[str, Any]) -> str:
    header = b64(json.dumps({"alg": algorithm, "kid": kid}).encode())
    signed = f"{header}.{b64(json.dumps(claims).encode())}"
    return f"{signed}.{b64(hmac.digest(secret, signed.encode(), algorithm.replace('HS', 'sha')))}"


class Clock:
    """Stands in for the module's clock, so that minutes pass at once."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    issuer = Issuer()
    issuer.publish(*KEYS.values())
    yield issuer
    issuer.stop()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(oidc, "time", clock)
    return clock


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=5.0, trust_env=False) as client:
        yield client


@pytest.fixture
def verifier(issuer: Issuer, http: httpx.AsyncClient, clock: Clock) -> OidcVerifier:
    return OidcVerifier(issuer.url, AUDIENCE, issuer.jwks_url, ALGORITHMS, http)


async def refusal(verifier: OidcVerifier, token: str) -> Reason:
    with pytest.raises(InvalidToken) as error:
        await verifier.verify(token)
    return error.value.reason


class TestAccepted:
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


class TestClaims:
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


class TestForgery:
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


class TestGarbage:
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


class TestKeys:
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


class TestIssuerDown:
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
        async with httpx.AsyncClient(timeout=0.05, trust_env=False) as hasty:
            verifier = OidcVerifier(issuer.url, AUDIENCE, issuer.jwks_url, ALGORITHMS, hasty)
            with pytest.raises(IssuerUnavailable):
                await verifier.verify(sign(ED, issuer.claims()))

    async def test_is_not_asked_again_by_every_request(
        self, verifier: OidcVerifier, issuer: Issuer, clock: Clock
    ) -> None:
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


class TestConfiguration:
    @pytest.mark.parametrize("algorithms", [[], ["HS256"], ["none"], ["RS256", "HS512"], ["dir"]])
    async def test_only_public_keys_will_do(self, http: httpx.AsyncClient, algorithms: list[str]) -> None:
        with pytest.raises(ValueError, match="asymmetric"):
            OidcVerifier("https://id.test", AUDIENCE, "https://id.test/jwks", algorithms, http)


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


class TestMutations:
    """Whatever is done to a token, it meets the one error. One client and one set of keys serve all examples."""

    @pytest.fixture
    def accepted(self, issuer: Issuer) -> Iterator[Any]:
        with asyncio.Runner() as runner:
            http = httpx.AsyncClient(trust_env=False)
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

        @settings(max_examples=150, deadline=None)
        @given(st.integers(0, len(token) - 1), st.integers(0, 2), st.just("") | CHARACTERS)
        def check(at: int, removed: int, inserted: str) -> None:
            changed = token[:at] + inserted + token[at + removed :]
            assert accepted(changed) == (changed == token)

        check()
        for order in ("102", "021", "210", "120", "201", "01", "12", "0", "0122"):
            assert not accepted(".".join(token.split(".")[int(i)] for i in order))

    def test_anything_else_is_refused(self, accepted: Any, issuer: Issuer) -> None:
        payload = b64(json.dumps(issuer.claims()).encode())

        @settings(max_examples=300, deadline=None)
        @given(
            header=ODD_HEADERS | JSON, signature=st.binary(max_size=70), text=st.text(CHARACTERS, max_size=80)
        )
        def check(header: object, signature: bytes, text: str) -> None:
            assert not accepted(f"{b64(json.dumps(header).encode())}.{payload}.{b64(signature)}")
            assert not accepted(text)

        check()
