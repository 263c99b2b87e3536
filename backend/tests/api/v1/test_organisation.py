"""The organisation's name and its rules."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.fixtures.server import RunningServer, SettingsFactory, running


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
        {"analysis": {"analyst": "whoever"}},
        {"analysis": {"levels": None}},
        {"analysis": {"daily_tokens": -1}},
        {"analysis": {"unknown": 1}},
        {"visibility": "closed"},
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


ANALYSIS = {
    "analyst": "auto",
    "when_down": "next",
    "sentiment": True,
    "eu_mode": False,
    "levels": True,
    "daily_tokens": None,
}


class TestAnalysis:
    async def test_a_new_organisation_follows_the_installation_and_sees_everything(
        self, api: httpx.AsyncClient
    ) -> None:
        organisation = (await api.get("/organisation")).json()
        assert (organisation["analysis"], organisation["visibility"]) == (ANALYSIS, "open")

    async def test_fields_that_are_left_out_stay_as_they_are(self, api: httpx.AsyncClient) -> None:
        for change in ({"eu_mode": True}, {"analyst": "offline", "daily_tokens": 9}, {"daily_tokens": None}):
            await api.patch("/organisation", json={"analysis": change})
        await api.patch("/organisation", json={"visibility": "after_own"})
        organisation = (await api.get("/organisation")).json()
        assert organisation["analysis"] == {**ANALYSIS, "eu_mode": True, "analyst": "offline"}
        assert organisation["visibility"] == "after_own"

    @pytest.mark.parametrize("analyst", ["openai", "deepgram"])
    async def test_an_engine_that_is_not_configured_is_refused(
        self, api: httpx.AsyncClient, analyst: str
    ) -> None:
        answer = await api.patch("/organisation", json={"name": "Changed", "analysis": {"analyst": analyst}})
        assert (answer.status_code, answer.json()["code"]) == (422, "analyst_not_configured")
        assert (await api.get("/organisation")).json()["name"] != "Changed"

    async def test_the_installations_eu_mode_is_shown_and_cannot_be_left(
        self, settings_with: SettingsFactory
    ) -> None:
        settings = settings_with(analysis={"eu_mode": True}, worker={"worker_in_process": False})
        async with running(settings) as server:
            api = server.client("ada")
            changed = await api.patch("/organisation", json={"analysis": {"eu_mode": False}})
            assert changed.json()["analysis"]["eu_mode"] is True
            assert (await api.get("/organisation")).json()["analysis"]["eu_mode"] is True
