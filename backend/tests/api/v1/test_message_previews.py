"""Previews of messages: invented people, real templates, a page that can do nothing."""

from __future__ import annotations

import httpx
import pytest

from app.models.notification import Topic

PREVIEW = "/notifications/preview"


class TestPreview:
    @pytest.mark.parametrize("topic", [*Topic, "digest"])
    async def test_every_topic_in_both_forms(self, api: httpx.AsyncClient, topic: str) -> None:
        page = await api.get(PREVIEW, params={"topic": topic})
        text = await api.get(PREVIEW, params={"topic": topic, "format": "text"})
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.text.startswith("<!doctype html>")
        assert text.headers["content-type"] == "text/plain; charset=utf-8"
        assert text.text.startswith("Subject: ")

    async def test_names_are_shown_when_asked_for_and_else_as_the_organisation_has_it(
        self, api: httpx.AsyncClient
    ) -> None:
        async def shows_names(**params: str) -> bool:
            return "Daniel Example" in (await api.get(PREVIEW, params=params)).text

        assert not await shows_names()
        assert await shows_names(content="true")
        await api.patch("/organisation", json={"notifications": {"content": True}})
        assert await shows_names()
        assert not await shows_names(content="false")

    async def test_the_page_runs_and_loads_nothing(self, api: httpx.AsyncClient) -> None:
        headers = (await api.get(PREVIEW)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "sandbox" in policy
        assert headers["x-content-type-options"] == "nosniff"

    async def test_topics_that_nobody_knows(self, api: httpx.AsyncClient) -> None:
        assert (await api.get(PREVIEW, params={"topic": "lunch"})).status_code == 422
