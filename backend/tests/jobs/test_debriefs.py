"""A transcript becomes a debrief by OpenAI: through the real API, the real worker and a stand-in for the vendor."""

from __future__ import annotations

from typing import Any

import httpx

from app.models.provenance import CallPurpose
from app.services.analysis.llm.analyzer import transcript_hash
from app.services.analysis.llm.prompts import PROMPT_HASH, PROMPT_VERSION
from tests.fixtures.debriefing import office
from tests.fixtures.openai import RunningOpenAI
from tests.fixtures.server import SettingsFactory
from tests.services.analysis.llm.test_hostile import wrong
from tests.services.analysis.quotes import quotes_of
from tests.standins.openai.liars import hostile


def billed(openai: RunningOpenAI) -> int:
    """Tokens that the stand-in's answers came to."""
    usages = [r.answer["usage"]["total_tokens"] for r in openai.requests if isinstance(r.answer, dict)]
    return sum(usages)


class TestDebrief:
    async def test_openai_makes_it_and_it_says_how(
        self, each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        async with office(each_settings_with, diligent_openai) as desk:
            interview = await desk.debriefed()
            shown = await desk.debrief(interview)
            stored = await desk.analysis(interview)
            transcript = await desk.transcript(interview)
        assert (shown["engine"]["name"], shown["engine"]["kind"]) == ("openai", "vendor")
        assert shown["engine"]["model"] == "gpt-4o-mini-2024-07-18"
        assert shown["question_answers"]
        assert shown["summary"]
        assert shown["strengths"]
        assert any(criterion["level"] for criterion in shown["criteria"])
        assert shown["suggestion"]["reasons"]
        assert shown["coverage"]["claims"] == shown["coverage"]["verified"] == len(quotes_of(stored))
        assert list(wrong(stored, transcript)) == []

        made = shown["provenance"]
        assert (made["model"], made["prompt_version"], made["prompt_hash"]) == (
            "gpt-4o-mini",
            PROMPT_VERSION,
            PROMPT_HASH,
        )
        assert made["transcript_hash"] == transcript_hash(transcript.utterances)
        assert made["failed"] == []
        assert made["input_tokens"] + made["output_tokens"] == billed(diligent_openai)
        assert len(made["calls"]) == len(diligent_openai.requests)
        assert {c["purpose"] for c in made["calls"]} >= {CallPurpose.EXTRACT, CallPurpose.JUDGE}
        assert made["cost_usd"] > 0
        assert (shown["transcript_revision"], shown["template_id"]) == (1, "builtin-software-engineer")
        assert shown["warnings"] == []

    async def test_the_interview_tells_its_story_and_what_the_debrief_is_made_of(
        self, each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        async with office(each_settings_with, diligent_openai) as desk:
            interview = await desk.debriefed()
            shown = await desk.done(interview)
            stored = await desk.interview(interview)
        steps = [(record["step"], record["outcome"]) for record in shown["history"]]
        assert steps == [("ingesting", "committed"), ("analysing", "committed"), ("notifying", "committed")]
        assert (shown["transcript_revision"], shown["analysis_revision"]) == (1, 1)
        assert stored.analysed is not None
        assert (stored.analysed.transcript_revision, stored.analysed.template) == (1, stored.template)
        assert stored.outdated == ()
        assert stored.analysis_waits == 0

    async def test_the_days_use_is_what_the_vendor_billed(
        self, each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        async with office(each_settings_with, diligent_openai) as desk:
            interview = await desk.debriefed()
            analysis = await desk.analysis(interview)
            [used] = await desk.container.repositories.usage(desk.organisation).list_newest(
                before=None, limit=5
            )
        assert used.tokens == billed(diligent_openai)
        assert used.calls == len(diligent_openai.requests)
        assert analysis.provenance.cost_usd is not None
        assert used.cost_micro_usd == round(analysis.provenance.cost_usd * 1_000_000)

    async def test_whatever_a_model_answers_only_what_was_said_is_stored(
        self, each_settings_with: SettingsFactory, openai: RunningOpenAI
    ) -> None:
        async with office(each_settings_with, openai) as desk:
            for seed in range(3):
                openai.brains.clear()
                openai.brains.update(hostile(seed))
                interview = await desk.debriefed()
                stored = await desk.analysis(interview)
                assert stored.engine.name == "openai"
                assert stored.coverage.rejected > 0
                assert list(wrong(stored, await desk.transcript(interview))) == []

    async def test_the_best_configured_engine_is_taken_unless_the_organisation_wants_another(
        self, settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        async with office(settings_with, diligent_openai) as desk:
            await desk.rule(analyst="offline")
            debrief = await desk.debrief(await desk.debriefed())
        assert debrief["engine"]["kind"] == "offline_baseline"
        assert debrief["provenance"]["failed"] == []
        assert diligent_openai.requests == []


class TestAgain:
    async def test_a_new_version_is_asked_for_anew_and_the_old_one_stays(
        self, each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        async with office(each_settings_with, diligent_openai) as desk:
            interview = await desk.debriefed()
            first = await desk.debrief(interview, 1)
            asked = len(diligent_openai.requests)
            assert (await desk.again(interview))["status"] == "done"
            assert len(diligent_openai.requests) == 2 * asked
            assert await desk.debrief(interview, 1) == first
            second = await desk.debrief(interview)
            listed: list[dict[str, Any]] = await analyses(desk.api, interview)
        assert second["revision"] == 2
        assert [a["revision"] for a in listed] == [2, 1]
        assert second["criteria"] == first["criteria"]

    async def test_a_changed_template_is_outdated_until_the_debrief_is_made_anew(
        self, each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        async with office(each_settings_with, diligent_openai) as desk:
            interview = await desk.debriefed()
            await desk.api.patch(
                f"/interviews/{interview}", json={"template": {"id": "builtin-first-interview"}}
            )
            assert (await desk.debrief(interview))["outdated"] == ["template"]
            body = {"outdated": True}
            reruns = (await desk.api.post("/analyses/rerun", json=body)).json()
            assert reruns["accepted"] == [interview]
            await desk.done(interview)
            newest = await desk.debrief(interview)
            assert (newest["outdated"], newest["template_id"]) == ([], "builtin-first-interview")
            assert (await desk.api.post("/analyses/rerun", json=body)).json()["accepted"] == []


async def analyses(api: httpx.AsyncClient, interview: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await api.get(f"/interviews/{interview}/analyses")).json()["items"]
    return items
