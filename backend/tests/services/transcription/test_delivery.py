"""Whether Deepgram can call us is told from the address alone."""

from __future__ import annotations

import pytest

from app.services.transcription.delivery import callback_obstacle


@pytest.mark.parametrize(
    "url",
    [
        "https://debrief.example.com",
        "http://debrief.example.com",
        "https://debrief.example.com:8443/prefix",
        "http://debrief.example.com:8080",
        "https://93.184.215.14",
        "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]",
    ],
)
def test_public_addresses_on_the_vendors_ports_can_be_called(url: str) -> None:
    assert callback_obstacle(url) is None


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://localhost:8000", "only this network knows"),
        ("http://localhost", "only this network knows"),
        ("http://127.0.0.1", "only this network knows"),
        ("https://10.1.2.3", "only this network knows"),
        ("https://[::1]", "only this network knows"),
        ("https://169.254.1.1", "only this network knows"),
        ("https://debrief", "only this network knows"),
        ("https://debrief.internal", "only this network knows"),
        ("https://debrief.example.com:8000", "port 8000"),
        ("https://debrief.example.com:99999", "not an address"),
        ("ftp://debrief.example.com", "http or https"),
        ("", "http or https"),
    ],
)
def test_others_cannot_and_the_reason_is_said(url: str, reason: str) -> None:
    assert reason in str(callback_obstacle(url))
