"""The sweep of the outboxes, and what the pipeline tells on its way."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.core.container import Container, open_container
from app.core.errors import InvalidInput
from app.jobs import outbox
from app.jobs.pipeline import PIPELINE
from app.jobs.steps import Advance
from app.models.base import utc_now
from app.models.interview import Status
from app.models.notification import Notice, Topic
from app.repositories.base import DatabaseUnavailable, Expect
from tests.fixtures.debriefing import SCRIPT, office
from tests.fixtures.documents import a_scorecard_request, an_outbox_entry
from tests.fixtures.openai import RunningOpenAI
from tests.fixtures.server import SettingsFactory, make_settings
from tests.fixtures.telling import Acme, an_acme, news


class TestSweep:
    @pytest.fixture
    async def container(self, tmp_path: Path) -> Any:
        async with open_container(make_settings(tmp_path)) as opened:
            yield opened

    @pytest.fixture
    async def acme(self, container: Container) -> Acme:
        return await an_acme(container.repositories)

    async def test_what_lies_there_is_told_and_taken_away(self, container: Container, acme: Acme) -> None:
        disabled = news(Topic.ENDPOINT_DISABLED, due_at=utc_now())
        waiting = news(Topic.ENDPOINT_DISABLED, due_at=utc_now() + timedelta(hours=1))
        for notice in (disabled, waiting):
            await container.repositories.notices.put(notice)
        await outbox.sweep(container)
        assert [item.id for item in await acme.items_of("ada")] == [f"{disabled.id}.ada"]
        later = await container.repositories.notices.list_due(utc_now() + timedelta(days=1), limit=9)
        assert later == [waiting]

    async def test_requests_that_are_due_are_told(self, container: Container, acme: Acme) -> None:
        request = a_scorecard_request("i", "ivo", requested_by="rex", due_at=utc_now() + timedelta(days=1))
        await container.repositories.scorecard_requests("acme").save(request, expected_version=0)
        await outbox.sweep(container)
        await outbox.sweep(container)
        assert await acme.topics_of("ivo") == [Topic.SCORECARD_REQUESTED]

    async def test_a_mention_of_what_is_not_saved_stays(self, container: Container, acme: Acme) -> None:
        payload = {"place": "scorecard", "version": 1, "by": "ivo", "user_id": "rex"}
        mention = news(Topic.MENTION, payload=payload, created_at=utc_now(), due_at=utc_now())
        await container.repositories.notices.put(mention)
        await outbox.sweep(container)
        assert await container.repositories.notices.list_due(utc_now(), limit=9) == [mention]
        assert await acme.readers() == set()

    async def test_one_that_cannot_be_told_stops_none_of_the_others(
        self, container: Container, acme: Acme
    ) -> None:
        cursed, fine = (news(Topic.ENDPOINT_DISABLED, due_at=utc_now()) for _ in range(2))
        for notice in (cursed, fine):
            await container.repositories.notices.put(notice)

        class Cursed:
            async def tell(self, notice: Notice) -> None:
                if notice.id == cursed.id:
                    raise ZeroDivisionError
                await container.notifications.tell(notice)

        await outbox.sweep(replace(container, notifications=Cursed()))  # type: ignore[arg-type]
        assert [item.id for item in await acme.items_of("ada")] == [f"{fine.id}.ada"]
        assert await container.repositories.notices.list_due(utc_now(), limit=9) == [cursed]

    async def test_an_entry_that_only_a_newer_release_knows_is_kept_for_it(
        self, container: Container, acme: Acme
    ) -> None:
        later, known = (
            an_outbox_entry(kind="from.the.future"),
            an_outbox_entry(kind=Topic.DEBRIEF_READY.value),
        )
        due = {"outbox": (later, known), "outbox_at": utc_now() - timedelta(minutes=1)}
        assert await container.repositories.jobs.compare_and_set("i", Expect(), due) is not None
        for _ in range(2):
            await outbox.sweep(container)
            kept = await container.repositories.jobs.get("i")
            assert kept is not None
            assert kept.outbox == (later,)
        assert await acme.topics_of("ada") == [Topic.DEBRIEF_READY]

    async def test_what_is_told_and_cannot_be_taken_away_is_no_failure(
        self, container: Container, acme: Acme
    ) -> None:
        entry = an_outbox_entry(kind=Topic.DEBRIEF_READY.value)
        interview = await container.repositories.jobs.compare_and_set(
            "i", Expect(), {"outbox": (entry,), "outbox_at": utc_now()}
        )
        assert interview is not None
        await outbox.deliver(without(container, "jobs"), interview)
        assert await acme.topics_of("ada") == [Topic.DEBRIEF_READY]
        await outbox.deliver(container, interview)
        assert await acme.topics_of("ada") == [Topic.DEBRIEF_READY]

    @pytest.mark.parametrize("broken", ["jobs", "notices", "reminders"])
    async def test_an_outbox_that_cannot_be_read_keeps_none_of_the_others_waiting(
        self, container: Container, acme: Acme, broken: str
    ) -> None:
        entry = an_outbox_entry(kind=Topic.DEBRIEF_READY.value)
        due = {"outbox": (entry,), "outbox_at": utc_now() - timedelta(minutes=1)}
        await container.repositories.jobs.compare_and_set("i", Expect(), due)
        await container.repositories.notices.put(news(Topic.ENDPOINT_DISABLED, due_at=utc_now()))
        request = a_scorecard_request("i", "ivo", requested_by="rex", due_at=utc_now() + timedelta(days=1))
        await container.repositories.scorecard_requests("acme").save(request, expected_version=0)
        await outbox.sweep(without(container, broken))
        told = {
            "jobs": Topic.DEBRIEF_READY in await acme.topics_of("ada"),
            "notices": Topic.ENDPOINT_DISABLED in await acme.topics_of("ada"),
            "reminders": Topic.SCORECARD_REQUESTED in await acme.topics_of("ivo"),
        }
        assert told == {"jobs": True, "notices": True, "reminders": True} | {broken: False}


def without(container: Container, name: str) -> Container:
    """The same, but nothing can be read from one of its repositories, or written there."""

    class Broken:
        def __getattr__(self, verb: str) -> Any:
            async def fail(*_: object, **__: object) -> None:
                raise DatabaseUnavailable("Gone.") if verb == "outbox_remove" else ZeroDivisionError

            return fail

    class Without:
        def __getattr__(self, repository: str) -> Any:
            return Broken() if repository == name else getattr(container.repositories, repository)

    return replace(container, repositories=Without())


async def told(api: httpx.AsyncClient, last: str) -> list[str]:
    """Topics in the inbox, oldest first, once the last one is there."""
    topics: list[str] = []
    async with asyncio.timeout(60):
        while last not in topics:
            await asyncio.sleep(0.05)
            items = (await api.get("/inbox")).json()["items"]
            topics = [item["topic"] for item in reversed(items)]
    return topics


class TestPipeline:
    async def test_a_transcript_and_then_its_debrief(
        self, settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        async with office(settings_with, diligent_openai) as desk:
            interview = await desk.debriefed()
            assert await told(desk.api, "debrief.ready") == ["transcript.ready", "debrief.ready"]
            ready, transcript = (await desk.api.get("/inbox")).json()["items"]
            assert ready["interview_id"] == transcript["interview_id"] == interview
            assert ready["payload"] == {"analysis_revision": 1, "requested_by": None}
            assert transcript["payload"] == {"transcript_revision": 1}
            await desk.again(interview)
            me = (await desk.api.get("/me")).json()["user"]["id"]
            async with asyncio.timeout(60):
                while (await desk.api.get("/inbox/unread")).json() != {"unread": 3}:
                    await asyncio.sleep(0.05)
            again = (await desk.api.get("/inbox")).json()["items"][0]
            assert again["payload"] == {"analysis_revision": 2, "requested_by": me}

    async def test_whoever_knows_the_speakers_is_asked(
        self, settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        both = {key: {"name": key, "role": "candidate"} for key in ("I", "C")}
        unclear = json.dumps(json.loads(SCRIPT) | {"speakers": both}).encode()
        async with office(settings_with, diligent_openai) as desk:
            interview = await desk.debriefed(unclear, candidate=None, participants=[])
            topics = await told(desk.api, "debrief.ready")
            debrief = await desk.debrief(interview)
            asked = (await desk.api.get("/inbox")).json()["items"][1]
        assert debrief["withheld"]
        assert topics == ["transcript.ready", "speakers.needed", "debrief.ready"]
        assert asked["payload"]["verdict"] == debrief["speaker_check"]["verdict"]

    async def test_the_baseline_assesses_nobody_and_asks_nobody(self, settings_with: SettingsFactory) -> None:
        async with office(settings_with) as desk:
            await desk.debriefed(candidate=None, participants=[])
            assert await told(desk.api, "debrief.ready") == ["transcript.ready", "debrief.ready"]

    async def test_a_failure_comes_with_its_code(
        self, settings_with: SettingsFactory, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def refuse(*_: object) -> Advance:
            raise InvalidInput("No.")

        monkeypatch.setitem(PIPELINE, Status.ANALYSING, replace(PIPELINE[Status.ANALYSING], run=refuse))
        async with office(settings_with) as desk:
            await desk.begin()
            assert await told(desk.api, "interview.failed") == ["transcript.ready", "interview.failed"]
            failed = (await desk.api.get("/inbox")).json()["items"][0]
        assert failed["payload"] == {"code": "invalid_input", "step": "analysing", "requested_by": None}
