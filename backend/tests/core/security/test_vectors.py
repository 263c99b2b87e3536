"""The contract with the frontend: tokens made by the real libraries, each with the verdict it must get."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from app.core.security import Claims, InvalidToken, Reason, SessionVerifier

FILE = Path(__file__).resolve().parents[2] / "contracts" / "nextauth" / "vectors.json"
VECTORS: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["vectors"]
VALID = [v for v in VECTORS if v["expect"]["ok"]]
REFUSED = [v for v in VECTORS if not v["expect"]["ok"]]


def verify(vector: dict[str, Any]) -> Claims | None:
    """Judge a vector as the server would: by its Authorization header, else by its cookies."""
    at = vector["verify_at"]
    verifier = SessionVerifier(
        vector["secrets"],
        cookie_names=[vector["cookie_name"]],
        now=time.time if at is None else lambda: float(at),
    )
    if vector["authorization"]:
        return verifier.verify_bearer(vector["authorization"].removeprefix("Bearer "))
    return verifier.verify_cookies(vector["cookies"])


class TestTheSet:
    def test_it_is_complete(self) -> None:
        assert len(VECTORS) == 79
        assert len({v["id"] for v in VECTORS}) == 79
        assert Counter(v["flavor"] for v in VECTORS) == {"v4": 37, "v5": 42}
        assert (len(VALID), len(REFUSED)) == (31, 48)


@pytest.mark.parametrize("vector", VALID, ids=lambda v: v["id"])
class TestAccepted:
    def test_claims_are_those_that_the_library_wrote(self, vector: dict[str, Any]) -> None:
        claims = verify(vector)
        assert claims is not None
        assert claims.raw == vector["expect"]["claims"]
        assert claims.expires_at.timestamp() == claims.raw["exp"]


@pytest.mark.parametrize("vector", REFUSED, ids=lambda v: v["id"])
class TestRefused:
    def test_the_log_gets_the_reason(self, vector: dict[str, Any]) -> None:
        with pytest.raises(InvalidToken) as refusal:
            verify(vector)
        assert refusal.value.reason == Reason(vector["expect"]["error"])

    def test_the_caller_is_told_the_same_in_every_case(self, vector: dict[str, Any]) -> None:
        with pytest.raises(InvalidToken) as refusal:
            verify(vector)
        assert refusal.value.detail == InvalidToken(Reason.INVALID).detail
        assert (refusal.value.status, refusal.value.code) == (401, "invalid_token")
        assert refusal.value.extra == {}
