"""What counts as a secret that can be guessed."""

from __future__ import annotations

import secrets

import pytest

from app.command_line.doctor.strength import can_be_guessed


class TestSecrets:
    @pytest.mark.parametrize(
        "secret",
        [
            "short-but-random-9fQ",
            "a" * 64,
            "Qx7!" * 16,
            "0123456789abcdefghijklmnopqrstuvwxyz0123456789",
            "super-secret-password-for-production-2026",
            "the-password-of-our-company-is-long",
            "zyxwvutsrqponmlkjihgfedcba9876543210",
        ],
    )
    def test_short_ones_words_repetitions_and_runs_can_be_guessed(self, secret: str) -> None:
        assert can_be_guessed(secret)

    @pytest.mark.parametrize("make", [secrets.token_hex, secrets.token_urlsafe])
    def test_random_ones_of_32_bytes_never(self, make: object) -> None:
        assert callable(make)
        assert [made for made in (make(32) for _ in range(2000)) if can_be_guessed(made)] == []
