"""How people, and organisations for them, say what they want to hear of."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.models.notification import Topic
from tests.fixtures.server import RunningServer

WISHES: dict[str, Any] = {
    "topics": {"debrief.ready": {"in_app": True, "email": "digest", "channels": "never"}},
    "scope": "all",
    "quiet_hours": {"begin": "20:00", "end": "07:30"},
    "digest_at": "09:15",
    "time_zone": "Europe/Berlin",
}


class TestWishes:
    async def test_at_first_the_products_hold(self, each_server: RunningServer) -> None:
        answer = await each_server.client().get("/me/notifications")
        shown = answer.json()
        assert (answer.headers["ETag"], shown["version"], shown["topics"]) == ('"0"', 0, {})
        assert (shown["scope"], shown["quiet_hours"], shown["digest_at"]) == ("own", None, "08:00")
        assert set(shown["effective"]) == {topic.value for topic in Topic}
        assert shown["effective"]["debrief.ready"] == {
            "in_app": True,
            "email": "now",
            "channels": "now",
            "source": "product",
        }

    async def test_then_ones_own_over_the_organisations(self, each_server: RunningServer) -> None:
        api = each_server.client()
        rule = {"mention": {"email": "never"}, "debrief.ready": {"email": "never"}}
        await api.patch("/organisation", json={"notifications": {"topics": rule}})
        saved = await api.put("/me/notifications", json=WISHES, headers={"If-Match": '"0"'})
        shown = saved.json()
        assert (saved.status_code, saved.headers["ETag"]) == (200, '"1"')
        assert {name: shown[name] for name in WISHES} == WISHES
        sources = {topic: found["source"] for topic, found in shown["effective"].items()}
        assert (sources["debrief.ready"], sources["mention"], sources["interview.failed"]) == (
            "own",
            "organisation",
            "product",
        )
        assert (await api.get("/me/notifications")).json() == shown

    async def test_a_second_page_does_not_overwrite_the_first(self, each_server: RunningServer) -> None:
        api = each_server.client()
        await api.put("/me/notifications", json=WISHES, headers={"If-Match": '"0"'})
        late = await api.put("/me/notifications", json={}, headers={"If-Match": '"0"'})
        assert (late.status_code, late.json()["code"], late.json()["version"]) == (412, "version_mismatch", 1)
        assert (await api.put("/me/notifications", json={})).json()["topics"] == {}

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"time_zone": "Mars/Olympus"}, "time_zone_unknown"),
            ({"time_zone": "../../etc/passwd"}, "time_zone_unknown"),
            ({"quiet_hours": {"begin": "08:00", "end": "08:00:30"}}, "quiet_hours_invalid"),
            ({"quiet_hours": {"begin": "08:00"}}, "invalid_input"),
            ({"digest_at": "08:00+02:00"}, "invalid_input"),
            ({"digest_at": "25:00"}, "invalid_input"),
            ({"topics": {"debrief.ready": {"email": "soon"}}}, "invalid_input"),
            ({"topics": {"everything": {}}}, "invalid_input"),
            ({"scope": "some"}, "invalid_input"),
        ],
    )
    async def test_what_nobody_knows_is_refused(
        self, api: httpx.AsyncClient, change: dict[str, Any], code: str
    ) -> None:
        answer = await api.put("/me/notifications", json=change)
        assert (answer.status_code, answer.json()["code"]) == (422, code)


class TestOrganisation:
    async def test_its_rule_for_messages(self, each_server: RunningServer) -> None:
        api = each_server.client()
        assert (await api.get("/organisation")).json()["notifications"] == {
            "content": False,
            "topics": {},
            "scorecard_hours": 48,
        }
        topics = {"transcript.ready": {"in_app": False, "email": "digest", "channels": "never"}}
        await api.patch("/organisation", json={"notifications": {"topics": topics, "content": True}})
        changed = await api.patch("/organisation", json={"notifications": {"scorecard_hours": 24}})
        assert changed.json()["notifications"] == {"content": True, "topics": topics, "scorecard_hours": 24}
        assert (await api.get("/organisation")).json() == changed.json()

    @pytest.mark.parametrize(
        "rule",
        [
            {"content": None},
            {"scorecard_hours": 0},
            {"scorecard_hours": 10_000},
            {"topics": {"x": {}}},
            {"unknown": 1},
        ],
    )
    async def test_what_nobody_knows_is_refused(self, api: httpx.AsyncClient, rule: dict[str, Any]) -> None:
        answer = await api.patch("/organisation", json={"notifications": rule})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
