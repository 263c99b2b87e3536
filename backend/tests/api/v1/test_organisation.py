"""The organisation's name and its rule for transcription."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.fixtures.server import RunningServer


async def test_a_new_organisation_follows_the_installation_and_waits(api: httpx.AsyncClient) -> None:
    organisation = (await api.get("/organisation")).json()
    assert organisation["transcription"] == {"transcriber": "auto", "when_down": "wait"}


@pytest.mark.parametrize(
    ("change", "name", "rule"),
    [
        ({"name": "Northwind"}, "Northwind", {"transcriber": "auto", "when_down": "wait"}),
        (
            {"transcription": {"transcriber": "offline", "when_down": "next"}},
            None,
            {"transcriber": "offline", "when_down": "next"},
        ),
    ],
)
async def test_only_what_is_given_changes(
    api: httpx.AsyncClient, change: dict[str, Any], name: str | None, rule: dict[str, str]
) -> None:
    before = (await api.get("/organisation")).json()
    changed = (await api.patch("/organisation", json=change)).json()
    assert changed["name"] == (name or before["name"])
    assert changed["transcription"] == rule
    assert (await api.get("/organisation")).json() == changed


@pytest.mark.parametrize(
    "change",
    [
        {"transcription": {"transcriber": "whoever"}},
        {"transcription": {"when_down": "panic"}},
        {"transcription": {"unknown": 1}},
        {"name": ""},
        {"unknown": 1},
    ],
)
async def test_what_nobody_knows_is_refused(api: httpx.AsyncClient, change: dict[str, Any]) -> None:
    answer = await api.patch("/organisation", json=change)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_each_organisation_has_its_own(server: RunningServer) -> None:
    ada, bo = server.client("ada"), server.client("bo")
    await ada.patch("/organisation", json={"transcription": {"when_down": "fail"}})
    assert (await bo.get("/organisation")).json()["transcription"]["when_down"] == "wait"
