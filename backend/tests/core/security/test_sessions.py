"""Session tokens of the frontend: where they may come from, which secrets open them, what is refused."""

from __future__ import annotations

import base64
import inspect
import json
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.security import SESSION_COOKIES, Claims, InvalidToken, Reason, SessionVerifier, mint_session
from app.core.security.claims import MAX_TOKEN_BYTES
from tests.core.security.tokens import (
    CBC,
    GCM,
    OLD_SECRET,
    SECRET,
    V4_COOKIE,
    V5_COOKIE,
    b64,
    chunked,
    key_id,
    person,
    seal,
    v4_token,
    v5_key,
    v5_token,
)

VERIFIER = SessionVerifier([SECRET])
ROTATED = SessionVerifier([SECRET, OLD_SECRET])


def by_cookies(cookies: dict[str, str], verifier: SessionVerifier = VERIFIER) -> Claims:
    claims = verifier.verify_cookies(cookies)
    assert claims is not None
    return claims


def refusal(call: Callable[..., object], *arguments: object) -> Reason:
    with pytest.raises(InvalidToken) as error:
        call(*arguments)
    return error.value.reason


class TestCookieNames:
    def test_there_are_four(self) -> None:
        assert set(SESSION_COOKIES) == {
            "authjs.session-token",
            "__Secure-authjs.session-token",
            "next-auth.session-token",
            "__Secure-next-auth.session-token",
        }

    @pytest.mark.parametrize("name", SESSION_COOKIES)
    def test_each_of_them_gets_in(self, name: str) -> None:
        token = v5_token(person(), salt=name) if "authjs" in name else v4_token(person())
        assert by_cookies({"theme": "dark", name: token}).identity == "nextauth:ada"

    @pytest.mark.parametrize(
        "name", ["session", "authjs.session-token-2", "xauthjs.session-token", "AUTHJS.session-token"]
    )
    def test_another_name_is_no_session(self, name: str) -> None:
        assert VERIFIER.verify_cookies({name: v5_token(person(), salt=name)}) is None

    def test_no_cookies_are_no_session(self) -> None:
        assert VERIFIER.verify_cookies({}) is None

    @pytest.mark.parametrize(
        "token", [v4_token(person()), v5_token(person(), salt="my.session")], ids=["v4", "v5"]
    )
    def test_a_configured_name_gets_in_with_either_version(self, token: str) -> None:
        verifier = SessionVerifier([SECRET], cookie_names=["my.session"])
        assert by_cookies({"my.session": token}, verifier).identity == "nextauth:ada"

    def test_a_configured_name_is_matched_literally(self) -> None:
        verifier = SessionVerifier([SECRET], cookie_names=["my.session"])
        token = v5_token(person(), salt="my.session")
        assert verifier.verify_cookies(chunked("my-session", token)) is None

    @pytest.mark.parametrize(
        ("secure", "plain"), [("__Secure-" + V5_COOKIE, V5_COOKIE), ("__Secure-" + V4_COOKIE, V4_COOKIE)]
    )
    def test_a_leftover_of_plain_http_does_not_hide_the_secure_one(self, secure: str, plain: str) -> None:
        """A neighbouring host, or a visit before HTTPS, can leave the plain cookie; only HTTPS can set the other."""
        if plain == V5_COOKIE:
            cookies = {plain: v5_token(person(sub="mallory")), secure: v5_token(person(), salt=secure)}
        else:
            cookies = {plain: v4_token(person(sub="mallory")), secure: v4_token(person())}
        assert by_cookies(cookies).identity == "nextauth:ada"


class TestChunks:
    LONG = v5_token(person(roles=["reader" * 5] * 900))

    def test_a_long_session_comes_in_more_than_ten(self) -> None:
        cookies = chunked(V5_COOKIE, self.LONG)
        assert len(cookies) > 10
        assert len(by_cookies(cookies).raw["roles"]) == 900

    @given(order=st.permutations(range(12)))
    def test_any_order_will_do(self, order: list[int]) -> None:
        token = v4_token(person())
        cookies = list(chunked(V4_COOKIE, token, size=-(-len(token) // 12)).items())
        assert by_cookies(dict(cookies[i] for i in order)).identity == "nextauth:ada"

    @given(size=st.integers(15, 400))
    def test_any_cut_will_do(self, size: int) -> None:
        assert (
            by_cookies(chunked(V4_COOKIE, v4_token({"sub": "ada", "exp": 4_000_000_000}), size)).raw["sub"]
            == "ada"
        )

    @pytest.mark.parametrize("missing", [0, 1, 5, 10])
    def test_a_missing_one_is_refused(self, missing: int) -> None:
        cookies = chunked(V5_COOKIE, self.LONG)
        del cookies[f"{V5_COOKIE}.{missing}"]
        assert refusal(by_cookies, cookies) is Reason.INVALID

    def test_a_missing_last_one_is_refused(self) -> None:
        cookies = chunked(V5_COOKIE, self.LONG)
        cookies.popitem()
        assert refusal(by_cookies, cookies) is Reason.INVALID

    def test_two_that_are_swapped_are_refused(self) -> None:
        cookies = chunked(V5_COOKIE, self.LONG)
        first, second = f"{V5_COOKIE}.2", f"{V5_COOKIE}.3"
        cookies[first], cookies[second] = cookies[second], cookies[first]
        assert refusal(by_cookies, cookies) is Reason.INVALID

    def test_a_stale_whole_cookie_beside_them_is_ambiguous(self) -> None:
        cookies = {V5_COOKIE: v5_token(person()), **chunked(V5_COOKIE, self.LONG)}
        assert refusal(by_cookies, cookies) is Reason.AMBIGUOUS

    def test_chunks_of_another_cookie_do_not_matter(self) -> None:
        cookies = {V4_COOKIE: v4_token(person()), f"{V4_COOKIE}-backup.0": "x", f"{V4_COOKIE}.x": "y"}
        assert by_cookies(cookies).identity == "nextauth:ada"

    @pytest.mark.parametrize("other", ["01", "001", "٠", "-1", "+1", "1 ", "1_0"])
    def test_a_number_is_written_in_one_way_only(self, other: str) -> None:
        """Were `.01` the same as `.1`, the order in the header would decide which of them counts."""
        cookies = chunked(V5_COOKIE, self.LONG)
        stray = {f"{V5_COOKIE}.{other}": "stray"}
        assert by_cookies({**cookies, **stray}) == by_cookies({**stray, **cookies})

    def test_the_number_of_chunks_is_bounded(self) -> None:
        token = v4_token(person())
        most = {f"{V4_COOKIE}.{n}": token[n * 9 : (n + 1) * 9] for n in range(31)}
        most[f"{V4_COOKIE}.31"] = token[31 * 9 :]
        assert by_cookies(most).identity == "nextauth:ada"
        assert refusal(by_cookies, {**most, f"{V4_COOKIE}.32": ""}) is Reason.INVALID

    @pytest.mark.parametrize("number", ["1000", "9" * 5000])
    def test_a_huge_number_is_no_chunk(self, number: str) -> None:
        assert VERIFIER.verify_cookies({f"{V4_COOKIE}.{number}": "x"}) is None


class TestSalts:
    def test_a_version_5_token_belongs_to_its_cookie(self) -> None:
        token = v5_token(person(), salt=V5_COOKIE)
        assert refusal(by_cookies, {f"__Secure-{V5_COOKIE}": token}) is Reason.INVALID

    def test_versions_do_not_mix(self) -> None:
        assert refusal(by_cookies, {V5_COOKIE: v4_token(person())}) is Reason.INVALID
        assert refusal(by_cookies, {V4_COOKIE: v5_token(person(), salt=V4_COOKIE)}) is Reason.INVALID
        assert refusal(by_cookies, {V4_COOKIE: v4_token(person(), kid="only v5")}) is Reason.INVALID

    @pytest.mark.parametrize("enc", [CBC, GCM])
    def test_both_encryptions_of_version_5_are_read(self, enc: str) -> None:
        assert by_cookies({V5_COOKIE: v5_token(person(), enc=enc)}).identity == "nextauth:ada"

    @pytest.mark.parametrize(
        "token",
        [v4_token(person(), salt="backend-api"), v5_token(person(), salt="backend-api")],
        ids=["v4", "v5"],
    )
    def test_a_token_for_the_api_is_no_cookie(self, token: str) -> None:
        assert VERIFIER.verify_bearer(token).identity == "nextauth:ada"
        for name in SESSION_COOKIES:
            assert refusal(by_cookies, {name: token}) is Reason.INVALID

    def test_a_token_for_another_purpose_is_no_bearer(self) -> None:
        for make in (v4_token, v5_token):
            token = make(person(), salt="password-reset")
            assert refusal(VERIFIER.verify_bearer, token) is Reason.INVALID


class TestBearer:
    @pytest.mark.parametrize(
        "token",
        [
            v4_token(person()),
            *(v5_token(person(), salt=name) for name in SESSION_COOKIES if "authjs" in name),
        ],
        ids=["v4", "v5 one", "v5 two"],
    )
    def test_a_session_of_either_version_gets_in(self, token: str) -> None:
        assert VERIFIER.verify_bearer(token).identity == "nextauth:ada"

    def test_may_be_percent_encoded(self) -> None:
        encoded = quote(v5_token(person()), safe="").replace(".", "%2E")
        assert VERIFIER.verify_bearer(encoded).identity == "nextauth:ada"

    @pytest.mark.parametrize(
        "token", ["", "%", "%2E%2E%2E%2E", "%ff.%fe...", "Bearer x", "\x00", "é.é.é.é.é"]
    )
    def test_garbage_is_refused(self, token: str) -> None:
        assert refusal(VERIFIER.verify_bearer, token) is Reason.INVALID


class TestRotation:
    @pytest.mark.parametrize("secret", [SECRET, OLD_SECRET], ids=["new", "old"])
    @pytest.mark.parametrize("enc", [CBC, GCM])
    def test_version_5_names_its_secret(self, secret: str, enc: str) -> None:
        assert (
            by_cookies({V5_COOKIE: v5_token(person(), secret, enc=enc)}, ROTATED).identity == "nextauth:ada"
        )

    @pytest.mark.parametrize("secret", [SECRET, OLD_SECRET], ids=["new", "old"])
    def test_version_4_is_tried_with_each(self, secret: str) -> None:
        assert by_cookies({V4_COOKIE: v4_token(person(), secret)}, ROTATED).identity == "nextauth:ada"

    def test_without_a_key_id_only_the_newest_secret_of_version_5_counts(self) -> None:
        new, old = (v5_token(person(), s, with_kid=False) for s in (SECRET, OLD_SECRET))
        assert by_cookies({V5_COOKIE: new}, ROTATED).identity == "nextauth:ada"
        assert refusal(by_cookies, {V5_COOKIE: old}, ROTATED) is Reason.INVALID

    def test_a_secret_that_was_dropped_opens_nothing(self) -> None:
        for cookies in (
            {V4_COOKIE: v4_token(person(), OLD_SECRET)},
            {V5_COOKIE: v5_token(person(), OLD_SECRET)},
        ):
            assert refusal(by_cookies, cookies) is Reason.INVALID

    def test_a_key_id_does_not_replace_the_key(self) -> None:
        header = {"alg": "dir", "enc": CBC, "kid": key_id(v5_key(SECRET, V5_COOKIE, 64))}
        forged = seal(header, json.dumps(person(sub="root")), b"0" * 64)
        assert refusal(by_cookies, {V5_COOKIE: forged}) is Reason.INVALID


class TestTimes:
    def test_an_expired_session_is_refused(self) -> None:
        token = v5_token(person(exp=int(time.time()) - 60))
        assert refusal(by_cookies, {V5_COOKIE: token}) is Reason.EXPIRED

    @pytest.mark.parametrize(
        ("late", "reason"), [(0, None), (14, None), (15, Reason.EXPIRED), (3600, Reason.EXPIRED)]
    )
    def test_fifteen_seconds_are_forgiven(self, late: int, reason: Reason | None) -> None:
        verifier = SessionVerifier([SECRET], now=lambda: 2_000_000_000 + late)
        cookies = {V4_COOKIE: v4_token(person(exp=2_000_000_000))}
        if reason is None:
            assert by_cookies(cookies, verifier).expires_at.timestamp() == 2_000_000_000
        else:
            assert refusal(by_cookies, cookies, verifier) is reason

    def test_no_expiry_is_no_session(self) -> None:
        assert refusal(VERIFIER.verify_bearer, v4_token({"sub": "ada"})) is Reason.MISSING_EXP


class TestClaims:
    def test_email_is_lower_case_and_the_rest_is_kept(self) -> None:
        claims = VERIFIER.verify_bearer(v5_token(person(roles=["admin"], picture=None)))
        assert (claims.email, claims.email_verified, claims.name) == ("ada@example.com", True, "Ada")
        assert claims.raw["roles"] == ["admin"]

    def test_a_frontend_that_says_unverified_is_believed(self) -> None:
        assert not VERIFIER.verify_bearer(v4_token(person(email_verified=False))).email_verified

    def test_the_claim_with_the_user_id_can_be_chosen(self) -> None:
        verifier = SessionVerifier([SECRET], user_id_claim="uid")
        assert verifier.verify_bearer(v4_token(person(uid="github:42"))).identity == "nextauth:github:42"

    @pytest.mark.parametrize("sub", [None, "", "  ", 7, ["ada"]])
    def test_the_email_stands_in_for_a_user_id(self, sub: object) -> None:
        assert VERIFIER.verify_bearer(v4_token(person(sub=sub))).identity == "nextauth:ada@example.com"

    def test_a_genuine_token_may_name_nobody(self) -> None:
        claims = VERIFIER.verify_bearer(v4_token({"exp": 4_000_000_000}))
        assert (claims.identity, claims.email, claims.email_verified, claims.name) == ("", None, False, None)

    @pytest.mark.parametrize(
        "body", [b"", b"[]", b'"ada"', b"7", b"{", b"\xff\xfe", b"[" * 20_000], ids=lambda b: repr(b[:9])
    )
    def test_a_genuine_token_must_hold_an_object(self, body: bytes) -> None:
        header = {"alg": "dir", "enc": CBC, "kid": key_id(v5_key(SECRET, V5_COOKIE, 64))}
        token = seal(header, body, v5_key(SECRET, V5_COOKIE, 64))
        assert refusal(VERIFIER.verify_bearer, token) is Reason.INVALID


class TestHeaders:
    KEY = v5_key(SECRET, V5_COOKIE, 64)

    @pytest.mark.parametrize(
        "header",
        [
            {"alg": "dir", "enc": CBC, "zip": "DEF"},
            {"alg": "dir", "enc": CBC, "crit": ["exp"], "exp": 1},
            {"alg": "dir", "enc": CBC, "jwk": {"kty": "oct", "k": "AA"}},
            {"alg": "A256KW", "enc": CBC},
            {"alg": "none", "enc": CBC},
            {"alg": ["dir"], "enc": CBC},
            {"alg": "dir", "enc": "A128CBC-HS256"},
            {"alg": "dir", "enc": [CBC]},
            {"alg": "dir"},
            {"enc": CBC},
            {"alg": "dir", "enc": CBC, "kid": ["x"]},
            {"alg": "dir", "enc": CBC, "kid": {"k": 1}},
            {},
            [],
            None,
            "dir",
        ],
        ids=json.dumps,
    )
    def test_what_the_frontend_never_writes_is_refused(self, header: object) -> None:
        rest = v5_token(person()).partition(".")[2]
        token = f"{b64(json.dumps(header).encode())}.{rest}"
        assert refusal(VERIFIER.verify_bearer, token) is Reason.INVALID

    def test_nesting_is_refused_however_deep_the_caller_already_is(self) -> None:
        """The header is parsed twice; a depth that only the second parser cannot bear must not escape as a crash."""
        rest = v4_token(person()).partition(".")[2]

        def at_depth(frames: int, token: str) -> Reason:
            return at_depth(frames - 1, token) if frames else refusal(lambda: VERIFIER.verify_bearer(token))

        nested = '{"alg":"dir","enc":"A256GCM","kid":' + "[" * 350 + "]" * 350 + ',"kid":null}'
        token = f"{b64(nested.encode())}.{rest}"
        room = sys.getrecursionlimit() - len(inspect.stack(0)) - 350
        for frames in range(room - 60, room):
            assert at_depth(frames, token) is Reason.INVALID


class TestSizes:
    def test_the_largest_session_gets_in(self) -> None:
        token = v5_token(person(pad="x" * 48_000))
        assert 64_000 < len(token) <= MAX_TOKEN_BYTES
        assert len(by_cookies(chunked(V5_COOKIE, token)).raw["pad"]) == 48_000

    @pytest.mark.parametrize(
        "token", [v5_token(person(pad="x" * 50_000)), "a" * 65_537, "." * 200_000, "." * 4 + "a" * 66_000]
    )
    def test_anything_larger_is_refused(self, token: str) -> None:
        assert len(token) > MAX_TOKEN_BYTES
        assert refusal(VERIFIER.verify_bearer, token) is Reason.INVALID
        assert refusal(by_cookies, {V5_COOKIE: token}) is Reason.INVALID
        assert refusal(by_cookies, chunked(V5_COOKIE, token)) is Reason.INVALID

    def test_refusing_it_costs_next_to_nothing(self) -> None:
        token = "x" * 10_000_000
        began = time.process_time()
        assert refusal(VERIFIER.verify_bearer, token) is Reason.INVALID
        assert time.process_time() - began < 0.5


class TestTruncation:
    @pytest.mark.parametrize("token", [v4_token(person()), v5_token(person())], ids=["v4", "v5"])
    def test_every_beginning_of_a_token_is_refused(self, token: str) -> None:
        name = V5_COOKIE if "kid" in _header_of(token) else V4_COOKIE
        assert by_cookies({name: token}).identity == "nextauth:ada"
        for length in range(len(token)):
            assert refusal(by_cookies, {name: token[:length]}) is Reason.INVALID


class TestMint:
    def test_makes_a_token_for_bearer_use_only(self) -> None:
        token = mint_session({"sub": "ada"}, SECRET, max_age=timedelta(minutes=5))
        assert VERIFIER.verify_bearer(token).identity == "nextauth:ada"
        assert refusal(by_cookies, {V5_COOKIE: token}) is Reason.INVALID

    def test_sets_the_times_itself(self) -> None:
        before = int(time.time())
        token = mint_session({"sub": "ada", "exp": 1, "jti": "x"}, SECRET, max_age=timedelta(minutes=5))
        raw = VERIFIER.verify_bearer(token).raw
        assert before <= raw["iat"] <= time.time()
        assert raw["exp"] == raw["iat"] + 300
        assert len(raw["jti"]) == 36

    def test_writes_the_header_that_the_frontend_writes(self) -> None:
        token = mint_session({}, SECRET, salt=V5_COOKIE, max_age=timedelta(minutes=5))
        assert _header_of(token) == {"alg": "dir", "enc": CBC, "kid": key_id(v5_key(SECRET, V5_COOKIE, 64))}

    def test_never_makes_the_same_token_twice(self) -> None:
        tokens = {mint_session({"sub": "ada"}, SECRET, max_age=timedelta(minutes=5)) for _ in range(50)}
        assert len(tokens) == 50


def _header_of(token: str) -> dict[str, str]:
    segment = token.partition(".")[0]
    header: dict[str, str] = json.loads(base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))
    return header
