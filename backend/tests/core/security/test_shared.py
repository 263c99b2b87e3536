"""Secrets that are shared with somebody else."""

from __future__ import annotations

import base64

import pytest
from standardwebhooks.webhooks import Webhook

from app.core.security.shared import new_webhook_secret, same


def test_a_secret_of_ours_has_256_bits_and_is_never_the_same() -> None:
    made = {new_webhook_secret() for _ in range(20)}
    assert len(made) == 20
    for secret in made:
        assert len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) == 32
        Webhook(secret)


@pytest.mark.parametrize(
    ("given", "is_same"), [("grün", True), ("grun", False), ("", False), ("grünn", False)]
)
def test_any_texts_are_compared(given: str, is_same: bool) -> None:
    assert same(given, "grün") is is_same
