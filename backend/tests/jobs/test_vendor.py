"""The way through Deepgram: a real API, a real worker and a stand-in that holds us to the vendor's specification."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from app.core.config import DeepgramDelivery
from tests.fixtures.deepgram import RunningDeepgram
from tests.fixtures.server import RunningServer, SettingsFactory, running, wait_until
from tests.jobs.test_crash import short_recording

WEBHOOK_SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"
BODY = {
    "title": "Backend engineer",
    "candidate": {"name": "Daniel Okafor"},
    "position": "Backend Engineer",
    "participants": [{"name": "Sarah", "role": "interviewer"}],
    "language": "en",
}


@pytest.fixture(params=[DeepgramDelivery.CALLBACK, DeepgramDelivery.WAIT])
def delivery(request: pytest.FixtureRequest) -> DeepgramDelivery:
    return DeepgramDelivery(request.param)


@asynccontextmanager
async def office(
    settings_with: SettingsFactory, deepgram: RunningDeepgram, *, key: str | None = None, **options: Any
) -> AsyncIterator[RunningServer]:
    """Debrief set up for the stand-in."""
    settings = settings_with(
        deepgram={
            "deepgram_api_key": SecretStr(key or deepgram.key),
            "deepgram_base_url": deepgram.url,
            "deepgram_webhook_secret": SecretStr(WEBHOOK_SECRET),
            "deepgram_delivery": DeepgramDelivery.CALLBACK,
            **options,
        },
        worker={
            "worker_poll_seconds": 0.05,
            "worker_backoff_seconds": 0.05,
            "worker_max_attempts": 3,
            "worker_grace_seconds": 0.2,
        },
    )
    async with running(settings) as server:
        yield server
    assert deepgram.violations == [], "every request keeps to the vendor's specification"


async def upload(api: httpx.AsyncClient, **changes: Any) -> str:
    created = await api.post("/interviews", json={**BODY, **changes})
    assert created.status_code == 201, created.text
    interview = str(created.json()["id"])
    sent = await api.put(f"/interviews/{interview}/recording", content=short_recording())
    assert sent.status_code == 202, sent.text
    return interview


async def finished(api: httpx.AsyncClient, interview: str) -> dict[str, Any]:
    return await wait_until(api, interview, "done", "failed", seconds=30)


async def transcript_of(api: httpx.AsyncClient, interview: str) -> dict[str, Any]:
    done = await finished(api, interview)
    assert done["status"] == "done", done["failure"]
    found: dict[str, Any] = (await api.get(f"/interviews/{interview}/transcript")).json()
    return found


async def rule(api: httpx.AsyncClient, **choice: str) -> None:
    changed = await api.patch("/organisation", json={"transcription": choice})
    assert changed.status_code == 200, changed.text


class TestTranscript:
    async def test_a_recording_becomes_a_debrief(
        self, settings_with: SettingsFactory, deepgram: RunningDeepgram, delivery: DeepgramDelivery
    ) -> None:
        async with office(settings_with, deepgram, deepgram_delivery=delivery) as server:
            api = server.client()
            interview = await upload(api)
            transcript = await transcript_of(api, interview)
        assert (transcript["engine"]["name"], transcript["engine"]["kind"]) == ("deepgram", "vendor")
        assert transcript["engine"]["model"] == "nova-3"
        assert transcript["utterances"]
        found = transcript["intelligence"]
        assert found["summary"]
        assert found["topics"]
        assert found["engine"]["name"] == "deepgram-intelligence"
        assert len(found["sentiments"]) == len(transcript["utterances"])
        assert deepgram.violations == []
        assert len(deepgram.requests) == 1
        assert len(deepgram.deliveries) == (1 if delivery is DeepgramDelivery.CALLBACK else 0)

    async def test_the_request_asks_for_what_is_needed(
        self, settings_with: SettingsFactory, deepgram: RunningDeepgram, delivery: DeepgramDelivery
    ) -> None:
        options = {"deepgram_delivery": delivery, "deepgram_redact": ("pci", "numbers")}
        async with office(settings_with, deepgram, **options) as server:
            api = server.client()
            await transcript_of(api, await upload(api))
        [request] = deepgram.requests
        asked = {name: request.all(name) for name, _ in request.query}
        assert asked["model"] == ["nova-3"]
        assert asked["diarize_model"] == ["latest"]
        assert asked["language"] == ["en"]
        assert asked["mip_opt_out"] == ["true"]
        assert asked["tag"] == ["debrief"]
        assert asked["redact"] == ["pci", "numbers"]
        assert asked["summarize"] == ["v2"]
        for name in (
            "smart_format",
            "punctuate",
            "paragraphs",
            "utterances",
            "topics",
            "intents",
            "sentiment",
        ):
            assert asked[name] == ["true"], name
        assert {"Daniel Okafor", "Sarah", "Backend Engineer"} <= set(asked["keyterm"])
        assert "detect_language" not in asked

    @pytest.mark.parametrize(("language", "expected"), [(None, "detect"), ("de", "de"), ("multi", "multi")])
    async def test_the_language_is_detected_or_given_and_intelligence_is_for_english(
        self,
        settings_with: SettingsFactory,
        deepgram: RunningDeepgram,
        language: str | None,
        expected: str,
    ) -> None:
        async with office(settings_with, deepgram) as server:
            api = server.client()
            await transcript_of(api, await upload(api, language=language))
        [request] = deepgram.requests
        assert (request.all("language") or ["detect"]) == [expected]
        assert bool(request.all("detect_language")) == (language is None)
        assert bool(request.all("topics")) == (language is None)
        assert deepgram.violations == []

    async def test_silence_gives_an_empty_transcript_that_says_so(
        self, settings_with: SettingsFactory, deepgram: RunningDeepgram
    ) -> None:
        deepgram.switches.silent_results = 1
        async with office(settings_with, deepgram) as server:
            api = server.client()
            transcript = await transcript_of(api, await upload(api))
        assert transcript["utterances"] == []
        assert transcript["warnings"] == ["No speech was found in the recording."]

    async def test_a_hundred_recordings_at_once_keep_to_the_vendors_limit(
        self, settings_with: SettingsFactory, deepgram: RunningDeepgram
    ) -> None:
        deepgram.switches.delay = 0.1
        async with office(settings_with, deepgram, deepgram_intelligence_concurrency=2) as server:
            api = server.client()
            interviews = [await upload(api) for _ in range(8)]
            for interview in interviews:
                assert (await finished(api, interview))["status"] == "done"
        assert len(deepgram.requests) == 8
        # Two under way, and as many that looked before those were written down.
        assert deepgram.deepgram.most_under_way <= 4


class TestDeliveries:
    @pytest.mark.parametrize(
        "switch", ["callbacks_twice", "callbacks_first", "drop_answer", "cut_results", "without_secret"]
    )
    async def test_whatever_happens_to_the_answer_there_is_one_transcript(
        self, settings_with: SettingsFactory, deepgram: RunningDeepgram, switch: str
    ) -> None:
        setattr(deepgram.switches, switch, 1)
        async with office(settings_with, deepgram, deepgram_deadline_seconds=1.5) as server:
            api = server.client()
            interview = await upload(api)
            transcript = await transcript_of(api, interview)
            await asyncio.sleep(0.3)
            assert (await api.get(f"/interviews/{interview}")).json()["transcript_revision"] == 1
        assert transcript["revision"] == 1

    async def test_a_lost_answer_is_asked_for_once_more(
        self, settings_with: SettingsFactory, deepgram: RunningDeepgram
    ) -> None:
        deepgram.switches.lose_callbacks = 1
        async with office(settings_with, deepgram, deepgram_deadline_seconds=0.5) as server:
            api = server.client()
            await transcript_of(api, await upload(api))
        assert len(deepgram.requests) == 2

    async def test_when_that_is_lost_too_a_person_is_told_why_and_can_retry(
        self, settings_with: SettingsFactory, deepgram: RunningDeepgram
    ) -> None:
        deepgram.switches.lose_callbacks = 2
        async with office(settings_with, deepgram, deepgram_deadline_seconds=0.5) as server:
            api = server.client()
            interview = await upload(api)
            failed = await finished(api, interview)
            assert failed["status"] == "failed"
            assert failed["failure"]["code"] == "transcription_overdue"
            assert "PUBLIC_URL" in failed["failure"]["message"]
            assert (await api.post(f"/interviews/{interview}/retry")).status_code == 202
            await transcript_of(api, interview)
        assert len(deepgram.requests) == 3

    async def test_a_reported_failure_that_may_pass_is_tried_once_more(
        self, settings_with: SettingsFactory, deepgram: RunningDeepgram
    ) -> None:
        deepgram.switches.error_results = 1
        async with office(settings_with, deepgram) as server:
            api = server.client()
            await transcript_of(api, await upload(api))
        assert len(deepgram.requests) == 2

    async def test_one_that_stays_is_told_in_the_vendors_words_and_can_be_retried(
        self, settings_with: SettingsFactory, deepgram: RunningDeepgram
    ) -> None:
        deepgram.switches.error_results = 2
        async with office(settings_with, deepgram) as server:
            api = server.client()
            interview = await upload(api)
            failed = await finished(api, interview)
            assert failed["failure"]["code"] == "transcription_refused"
            assert "REMOTE_CONTENT_ERROR" in failed["failure"]["message"]
            await api.post(f"/interviews/{interview}/retry")
            await transcript_of(api, interview)


class TestDown:
    @pytest.mark.parametrize("status", [429, 500, 503])
    async def test_waiting_outlasts_the_attempts(
        self,
        settings_with: SettingsFactory,
        deepgram: RunningDeepgram,
        delivery: DeepgramDelivery,
        status: int,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("app.jobs.vendor._FIRST_WAIT", 0.05)
        deepgram.switches.fail_with = [status] * 6
        async with office(settings_with, deepgram, deepgram_delivery=delivery) as server:
            api = server.client()
            interview = await upload(api)
            await transcript_of(api, interview)
            shown = (await api.get(f"/interviews/{interview}")).json()
        waited = [r for r in shown["history"] if r["outcome"] == "retry"]
        assert [r["code"] for r in waited] == ["provider_unavailable"] * 6

    async def test_the_vendor_says_when_to_come_back(
        self, settings_with: SettingsFactory, deepgram: RunningDeepgram, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("app.jobs.vendor._FIRST_WAIT", 0.01)
        deepgram.switches.fail_with, deepgram.switches.retry_after = [429], 1
        async with office(settings_with, deepgram) as server:
            api = server.client()
            await transcript_of(api, await upload(api))
        first, second = deepgram.requests
        assert second.at - first.at >= 1.0

    async def test_failing_stops_after_the_attempts_with_the_reason(
        self, settings_with: SettingsFactory, deepgram: RunningDeepgram
    ) -> None:
        deepgram.switches.fail_with = [503] * 10
        async with office(settings_with, deepgram) as server:
            api = server.client()
            await rule(api, when_down="fail")
            failed = await finished(api, await upload(api))
        assert failed["failure"]["code"] == "provider_unavailable"
        assert failed["failure"]["attempts"] == 3
        assert len(deepgram.requests) == 3

    @pytest.mark.parametrize("trouble", ["unreachable", "refused key", "lost answers", "reported failure"])
    async def test_the_next_engine_says_why_it_was_taken(
        self, settings_with: SettingsFactory, deepgram: RunningDeepgram, trouble: str
    ) -> None:
        options: dict[str, Any] = {"deepgram_deadline_seconds": 0.4}
        if trouble == "unreachable":
            deepgram.switches.fail_with = [503] * 10
        elif trouble == "refused key":
            options["key"] = "another-key"
        elif trouble == "lost answers":
            deepgram.switches.lose_callbacks = 5
        else:
            deepgram.switches.error_results = 5
        async with office(settings_with, deepgram, **options) as server:
            api = server.client()
            await rule(api, when_down="next")
            transcript = await transcript_of(api, await upload(api))
        assert transcript["engine"]["kind"] == "offline_draft"
        assert "the chosen engine did not work: Deepgram" in transcript["warnings"][0]

    async def test_a_refused_key_fails_at_once_and_is_not_in_the_reason(
        self, settings_with: SettingsFactory, deepgram: RunningDeepgram
    ) -> None:
        async with office(settings_with, deepgram, key="another-key-that-is-wrong") as server:
            api = server.client()
            failed = await finished(api, await upload(api))
        assert failed["failure"]["code"] == "vendor_key_refused"
        assert "the key is not valid" in failed["failure"]["message"]
        assert "another-key" not in json.dumps(failed)
        assert len(deepgram.requests) == 1

    async def test_an_organisation_may_keep_its_recordings_here(
        self, settings_with: SettingsFactory, deepgram: RunningDeepgram
    ) -> None:
        async with office(settings_with, deepgram) as server:
            api = server.client()
            await rule(api, transcriber="offline")
            transcript = await transcript_of(api, await upload(api))
        assert transcript["engine"]["kind"] == "offline_draft"
        assert deepgram.requests == []

    async def test_what_is_not_configured_cannot_be_chosen(self, api: httpx.AsyncClient) -> None:
        answer = await api.patch("/organisation", json={"transcription": {"transcriber": "deepgram"}})
        assert (answer.status_code, answer.json()["code"]) == (422, "transcriber_not_configured")
