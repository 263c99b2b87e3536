"""Signed addresses, tickets, and the rule about origins."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.core.security import InvalidToken, SessionVerifier, Signer, hash_ticket, new_ticket, origin_allowed
from tests.core.security.tokens import SECRET

SIGNER = Signer(SECRET)
GET = "get\norg/recording.wav\nanswer.wav"
EXPIRES = 1_800_000_000


class TestSignature:
    def test_is_accepted_for_what_was_signed(self) -> None:
        assert SIGNER.verify(GET, EXPIRES, SIGNER.sign(GET, EXPIRES))

    def test_is_the_same_in_every_process_with_the_secret(self) -> None:
        assert Signer(SECRET).sign(GET, EXPIRES) == SIGNER.sign(GET, EXPIRES)

    def test_goes_into_an_address_as_it_is(self) -> None:
        assert re.fullmatch(r"[A-Za-z0-9_-]{43}", SIGNER.sign(GET, EXPIRES))

    def test_holds_the_expiry(self) -> None:
        """The caller compares the time; what must not work is to move it."""
        signature = SIGNER.sign(GET, EXPIRES)
        for moved in (EXPIRES + 1, EXPIRES - 1, EXPIRES * 10, -EXPIRES, 0):
            assert not SIGNER.verify(GET, moved, signature)

    @pytest.mark.parametrize(
        "other",
        [
            "part\norg/recording.wav\nanswer.wav",
            "get\norg/recording.wav\n",
            "get\norg/recording.wa\nvanswer.wav",
            "get\nother/recording.wav\nanswer.wav",
            "GET\norg/recording.wav\nanswer.wav",
            GET + "\n",
            "\n" + GET,
            "",
        ],
    )
    def test_for_one_purpose_does_not_serve_another(self, other: str) -> None:
        assert not SIGNER.verify(other, EXPIRES, SIGNER.sign(GET, EXPIRES))

    def test_cannot_move_digits_between_the_expiry_and_the_payload(self) -> None:
        assert not SIGNER.verify("1x", 23, SIGNER.sign("x", 231))
        assert not SIGNER.verify("2\nx", 1, SIGNER.sign("x", 12))
        assert not SIGNER.verify("x", 1, SIGNER.sign("1\nx", 1))

    @pytest.mark.parametrize("secret", ["", SECRET + "x", SECRET[:-1], SECRET.upper()])
    def test_of_another_secret_is_refused(self, secret: str) -> None:
        assert not SIGNER.verify(GET, EXPIRES, Signer(secret).sign(GET, EXPIRES))

    def test_is_no_session(self) -> None:
        with pytest.raises(InvalidToken):
            SessionVerifier([SECRET]).verify_bearer(SIGNER.sign(GET, EXPIRES))

    @pytest.mark.parametrize("wrong", ["", "=", "A" * 43, "é", "\x00", "A" * 100_000])
    def test_garbage_is_refused(self, wrong: str) -> None:
        assert not SIGNER.verify(GET, EXPIRES, wrong)

    @pytest.mark.parametrize(
        "change", [lambda s: s + "=", lambda s: s + "A", lambda s: s[:-1], str.swapcase, lambda s: " " + s]
    )
    def test_has_one_spelling(self, change: object) -> None:
        assert callable(change)
        assert not SIGNER.verify(GET, EXPIRES, change(SIGNER.sign(GET, EXPIRES)))

    @given(payload=st.text(), expires=st.integers(), other_payload=st.text(), other_expires=st.integers())
    def test_belongs_to_one_pair(
        self, payload: str, expires: int, other_payload: str, other_expires: int
    ) -> None:
        assume((payload, expires) != (other_payload, other_expires))
        signature = SIGNER.sign(payload, expires)
        assert SIGNER.verify(payload, expires, signature)
        assert not SIGNER.verify(other_payload, other_expires, signature)

    @given(signature=st.text())
    def test_any_text_is_answered(self, signature: str) -> None:
        assert not SIGNER.verify(GET, EXPIRES, signature)

    def test_is_compared_in_constant_time(self) -> None:
        """A timing cannot be tested reliably, so the code is: no `==` on signatures, only the function made for it."""
        tree = ast.parse(textwrap.dedent(inspect.getsource(Signer.verify)))
        called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        assert "hmac.compare_digest" in called
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.Compare)]


class TestTicket:
    def test_has_256_bits_and_fits_into_an_address(self) -> None:
        assert re.fullmatch(r"[A-Za-z0-9_-]{43}", new_ticket())

    def test_is_never_the_same(self) -> None:
        assert len({new_ticket() for _ in range(1000)}) == 1000

    def test_is_stored_as_a_hash(self) -> None:
        ticket = new_ticket()
        assert re.fullmatch(r"[0-9a-f]{64}", hash_ticket(ticket))
        assert hash_ticket(ticket) == hash_ticket(ticket)
        assert ticket not in hash_ticket(ticket)
        assert hash_ticket(ticket) != hash_ticket(ticket + "A")


class TestOrigin:
    ALLOWED = ("https://app.example.com", "http://localhost:3000")

    @pytest.mark.parametrize("origin", ALLOWED)
    def test_of_ours_is_allowed(self, origin: str) -> None:
        assert origin_allowed(origin, None, self.ALLOWED)
        assert origin_allowed(origin, "cross-site", self.ALLOWED)

    @pytest.mark.parametrize(
        "origin",
        [
            "https://app.example.com.evil.test",
            "https://evil.test/https://app.example.com",
            "https://example.com",
            "http://app.example.com",
            "https://app.example.com:8443",
            "https://app.example.com/",
            "http://localhost",
            "null",
            "",
            "*",
        ],
    )
    def test_of_others_is_refused_whatever_else_the_request_says(self, origin: str) -> None:
        for fetch_site in (None, "same-origin", "same-site", "none"):
            assert not origin_allowed(origin, fetch_site, self.ALLOWED)

    def test_when_absent_the_browser_must_say_same_origin(self) -> None:
        assert origin_allowed(None, "same-origin", self.ALLOWED)
        for fetch_site in (None, "", "same-site", "cross-site", "none", "SAME-ORIGIN"):
            assert not origin_allowed(None, fetch_site, self.ALLOWED)

    def test_nothing_is_allowed_by_an_empty_list(self) -> None:
        assert not origin_allowed("https://app.example.com", "same-origin", ())
