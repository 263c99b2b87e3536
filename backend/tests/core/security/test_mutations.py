"""No change to a token, however small or wild, gets in or breaks anything: it meets the one error."""

from __future__ import annotations

import json
from urllib.parse import unquote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.core.security import InvalidToken, SessionVerifier
from tests.core.security.tokens import (
    GCM,
    SECRET,
    V4_COOKIE,
    V5_COOKIE,
    b64,
    chunked,
    person,
    v4_token,
    v5_token,
)

CLAIMS = person(exp=4_000_000_000)
TOKENS = [
    (V4_COOKIE, v4_token(CLAIMS)),
    (V5_COOKIE, v5_token(CLAIMS)),
    (V5_COOKIE, v5_token(CLAIMS, enc=GCM)),
]
VERIFIER = SessionVerifier([SECRET, "another-secret-0123456789-abcdefghij"])
BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
CHARACTERS = st.sampled_from(BASE64URL + '.=+/%~ \t\r\n\x00"{}é\udc80') | st.characters()


@st.composite
def mutations(draw: st.DrawFn, token: str) -> str:
    """The token after one to three small changes, each anywhere in it."""
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(token) - 1)) if token else 0
        match draw(st.sampled_from(["flip", "insert", "delete", "cut", "repeat", "swap", "drop segment"])):
            case "flip":
                token = token[:at] + draw(CHARACTERS) + token[at + 1 :]
            case "insert":
                token = token[:at] + draw(CHARACTERS) + token[at:]
            case "delete":
                token = token[:at] + token[at + 1 :]
            case "cut":
                token = token[:at]
            case "repeat":
                token = token[: at + 1] + token[at:]
            case "swap":
                token = ".".join(draw(st.permutations(token.split("."))))
            case _:
                segments = token.split(".")
                segments.pop(draw(st.integers(0, len(segments) - 1)))
                token = ".".join(segments)
    return token


def accepted(cookie: str | None, token: str) -> bool:
    """Whether it got in. Any error but the domain's own ends the test."""
    try:
        claims = VERIFIER.verify_cookies({cookie: token}) if cookie else VERIFIER.verify_bearer(token)
    except InvalidToken:
        return False
    assert claims is not None
    assert claims.raw == CLAIMS
    return True


@pytest.mark.parametrize(("cookie", "token"), TOKENS, ids=["v4", "v5", "v5 GCM"])
class TestAToken:
    @given(data=st.data())
    @settings(max_examples=400)
    def test_gets_in_unchanged_only(self, data: st.DataObject, cookie: str, token: str) -> None:
        changed = data.draw(mutations(token))
        # Base64 is read strictly, so the same bytes have one spelling only (and a bearer may be percent-encoded).
        assert accepted(cookie, changed) == (changed == token)
        assert accepted(None, changed) == (unquote(changed) == token)

    @given(data=st.data())
    @settings(max_examples=150)
    def test_in_chunks_gets_in_complete_only(self, data: st.DataObject, cookie: str, token: str) -> None:
        cookies = chunked(cookie, token, size=60)
        kept = data.draw(st.sets(st.sampled_from(sorted(cookies))))
        moved = dict(zip(sorted(kept), data.draw(st.permutations(sorted(kept))), strict=True))
        sent = {name: cookies[moved[name]] for name in kept}
        try:
            claims = VERIFIER.verify_cookies(sent)
        except InvalidToken:
            assert sent != cookies
        else:
            assert (claims is None and not sent) or sent == cookies

    def test_with_each_character_changed_in_turn_is_refused(self, cookie: str, token: str) -> None:
        for at, character in enumerate(token):
            other = "A" if character != "A" else "B"
            assert not accepted(cookie, token[:at] + other + token[at + 1 :])

    def test_with_spare_bits_set_is_refused(self, cookie: str, token: str) -> None:
        """The last character of a segment may carry bits that no byte uses; a lenient reader would ignore them."""
        head, _, tag = token.rpartition(".")
        spellings = [head + "." + tag[:-1] + c for c in BASE64URL]
        assert [s for s in spellings if accepted(cookie, s)] == [token]

    def test_with_segments_of_another_token_is_refused(self, cookie: str, token: str) -> None:
        again = (v4_token if cookie == V4_COOKIE else v5_token)(CLAIMS).split(".")
        for at in (2, 3, 4):
            mixed = token.split(".")
            mixed[at] = again[at]
            assert not accepted(cookie, ".".join(mixed))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
ODD_HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "alg": st.just("dir") | st.sampled_from(["none", "A256KW", "RSA-OAEP", "PBES2-HS256+A128KW"]) | JSON,
        "enc": st.sampled_from(["A256GCM", "A256CBC-HS512", "A128GCM"]) | JSON,
        "kid": JSON,
        "zip": st.just("DEF"),
        "p2c": st.just(10**9),
        "crit": JSON,
        "b64": JSON,
    },
)


class TestSomethingElse:
    @given(text=st.text(CHARACTERS, max_size=300))
    @example("....")
    @example("eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0....")
    def test_any_text_is_refused(self, text: str) -> None:
        assert not accepted(None, text)
        assert not accepted(V4_COOKIE, text)
        assert not accepted(V5_COOKIE, text)

    @given(header=ODD_HEADERS | JSON, rest=st.lists(st.binary(max_size=40), min_size=3, max_size=3))
    @settings(max_examples=400)
    def test_any_header_over_any_bytes_is_refused(self, header: object, rest: list[bytes]) -> None:
        token = ".".join([b64(json.dumps(header).encode()), "", *map(b64, rest)])
        assert not accepted(None, token)
        assert not accepted(V4_COOKIE, token)
        assert not accepted(V5_COOKIE, token)

    @given(raw=st.binary(max_size=80))
    def test_any_bytes_in_the_place_of_a_header_are_refused(self, raw: bytes) -> None:
        assert not accepted(None, f"{b64(raw)}.{TOKENS[0][1].partition('.')[2]}")
