"""Times and names in claims, whatever JSON an issuer put there."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.core.security import InvalidToken, Reason
from app.core.security.claims import LEEWAY, check_times, text_or_none

NOW = 1_800_000_000
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


def refusal(claims: dict[str, Any], now: float = NOW) -> Reason:
    with pytest.raises(InvalidToken) as error:
        check_times(claims, now)
    return error.value.reason


class TestExpiry:
    def test_is_returned_with_its_zone(self) -> None:
        assert check_times({"exp": NOW}, NOW) == datetime(2027, 1, 15, 8, 0, tzinfo=UTC)

    def test_a_clock_that_is_behind_is_forgiven_up_to_the_leeway(self) -> None:
        check_times({"exp": NOW}, NOW + LEEWAY - 0.001)
        assert refusal({"exp": NOW}, NOW + LEEWAY) is Reason.EXPIRED

    def test_must_be_there(self) -> None:
        assert refusal({}) is Reason.MISSING_EXP

    @pytest.mark.parametrize(
        "value", ["1900000000", None, True, [NOW], float("nan"), float("inf"), 10**40, 1e300]
    )
    def test_must_be_a_moment(self, value: object) -> None:
        assert refusal({"exp": value}) is Reason.INVALID


class TestBeginning:
    def test_a_clock_that_is_ahead_is_forgiven_up_to_the_leeway(self) -> None:
        check_times({"exp": NOW + 99, "nbf": NOW + LEEWAY}, NOW)
        assert refusal({"exp": NOW + 99, "nbf": NOW + LEEWAY + 0.5}) is Reason.NOT_YET_VALID

    @pytest.mark.parametrize("value", ["0", None, False, {}, float("nan")])
    def test_must_be_a_moment_when_it_is_there(self, value: object) -> None:
        assert refusal({"exp": NOW + 99, "nbf": value}) is Reason.INVALID


class TestAnyJson:
    @given(exp=JSON, nbf=JSON, now=st.floats(0, 1e11))
    @example(exp=253402300800, nbf=0, now=0.0)
    @example(exp=NOW, nbf=float("-inf"), now=0.0)
    def test_gives_an_expiry_or_the_one_error(self, exp: object, nbf: object, now: float) -> None:
        try:
            expires_at = check_times({"exp": exp, "nbf": nbf}, now)
        except InvalidToken:
            return
        assert isinstance(exp, int | float)
        assert now < exp + LEEWAY
        assert abs(expires_at.timestamp() - exp) < 0.001

    @given(JSON)
    def test_text_is_trimmed_and_everything_else_is_nothing(self, value: object) -> None:
        text = text_or_none(value)
        assert text == ((value.strip() or None) if isinstance(value, str) else None)


class TestTheError:
    def test_survives_a_process_border(self) -> None:
        copy = pickle.loads(pickle.dumps(InvalidToken(Reason.EXPIRED)))  # noqa: S301 - made in this line
        assert (copy.reason, copy.detail) == (Reason.EXPIRED, InvalidToken(Reason.EXPIRED).detail)

    @pytest.mark.parametrize("reason", Reason)
    def test_keeps_its_reason_out_of_the_answer(self, reason: Reason) -> None:
        error = InvalidToken(reason)
        assert reason.value not in json.dumps([error.extra, error.code]).replace("invalid_token", "")
        assert error.detail == InvalidToken(Reason.INVALID).detail
