"""A past debrief is made again from what is stored: the same to the word, or the answer says what is not the same."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.models.analysis import Analysis
from app.services.debriefing.replay import NotReplayable, Replay, Verdict
from tests.fixtures.debriefing import Office, office
from tests.fixtures.openai import RunningOpenAI
from tests.fixtures.server import SettingsFactory
from tests.standins.openai.analyst import ChatRequest
from tests.standins.openai.brains import diligent
from tests.standins.openai.journal import Json

pytestmark = pytest.mark.usefixtures("short_waits")

READING = "full_reading"


def careless(request: ChatRequest) -> Json:
    """Misquotes once, which is mended, and invents once, which is not."""
    answer = diligent()[READING](request)
    assert isinstance(answer, dict)
    answer["strengths"][0]["quotes"][0]["words"] += " and more"
    answer["summary"].append({"text": "Invented.", "quotes": [{"line": 10**6, "words": "not said"}]})
    return answer


async def replayed(desk: Office, openai: RunningOpenAI, analysis: Analysis) -> Replay:
    """The replay, which asks no vendor."""
    asked = len(openai.requests)
    replay = await desk.container.replays.replay(analysis)
    assert len(openai.requests) == asked
    return replay


async def change_answer(desk: Office, interview: str, purpose: str, old: str, new: str) -> None:
    """Change a kept answer to a request of this purpose that has the old words."""
    analysis = await desk.analysis(interview)
    hashes = {call.input_hash for call in analysis.provenance.calls if call.purpose == purpose}
    for key in desk.objects(interview):
        if key.rpartition("/")[2].removesuffix(".json") in hashes:
            kept = json.loads(await desk.container.store.get_bytes(key))
            if old in kept["answer"]["text"]:
                kept["answer"]["text"] = kept["answer"]["text"].replace(old, new)
                await desk.container.store.put_bytes(key, json.dumps(kept).encode(), "application/json")
                return
    raise AssertionError(f"no {purpose} has {old}")


class TestIdentical:
    async def test_it_is_made_again_without_the_vendor(
        self, each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        async with office(each_settings_with, diligent_openai) as desk:
            interview = await desk.debriefed()
            analysis = await desk.analysis(interview)
            asked = len(diligent_openai.requests)
            path = f"/interviews/{interview}/analyses/1/replay"
            shown = (await desk.api.get(path)).json()
            assert len(diligent_openai.requests) == asked
        assert (shown["verdict"], shown["missing"], shown["differing"]) == ("identical", [], [])
        rebuilt = {(r["purpose"], r["input_hash"]) for r in shown["requests"]}
        assert rebuilt == {(c.purpose.value, c.input_hash) for c in analysis.provenance.calls}
        assert all(r["expected"] for r in shown["requests"])
        # What is shown as rebuilt is what left: word for word.
        left = {(r.instructions, r.content) for r in diligent_openai.requests}
        assert {(r["instructions"], r["content"]) for r in shown["requests"]} == left

    @pytest.mark.parametrize(
        "trouble",
        [
            {"careless": True},
            {"only_for_schema": READING, "truncate": 1},
            {"only_for_schema": READING, "refuse": 1},
            {"only_for_schema": READING, "refuse": 4},
            {"only_for_schema": READING, "content_filter": 1},
            {"only_for_schema": READING, "invalid_json": 1},
            {"only_for_schema": READING, "fail_with": ["context_length_exceeded"]},
            {"only_for_schema": READING, "fail_with": [503]},
            {"only_for_schema": "judgement", "refuse": 2},
            {"only_for_schema": "judgement", "wrong_schema": 1},
            {"careless": True, "only_for_schema": "repair", "refuse": 1},
            {"careless": True, "only_for_schema": "repair", "fail_with": [400]},
            {"only_for_schema": "judgement", "fail_with": [400]},
            {"only_for_schema": "follow_ups", "fail_with": [401]},
        ],
        ids=lambda trouble: "-".join(f"{n}_{v}" for n, v in trouble.items()),
    )
    async def test_whatever_happened_on_the_way(
        self, settings_with: SettingsFactory, diligent_openai: RunningOpenAI, trouble: dict[str, Any]
    ) -> None:
        if trouble.pop("careless", False):
            diligent_openai.brains[READING] = careless
        for name, value in trouble.items():
            setattr(diligent_openai.switches, name, value)
        async with office(settings_with, diligent_openai) as desk:
            analysis = await desk.analysis(await desk.debriefed())
            assert analysis.engine.name == "openai"
            replay = await replayed(desk, diligent_openai, analysis)
        assert replay.verdict is Verdict.IDENTICAL, (replay.detail, replay.missing, replay.differing)
        assert len(replay.requests) == len(analysis.provenance.calls)

    async def test_when_everything_has_changed_since(
        self, each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        async with office(each_settings_with, diligent_openai) as desk:
            interview = await desk.debriefed()
            await desk.api.patch(
                f"/interviews/{interview}",
                json={
                    "template": {"id": "builtin-first-interview"},
                    "candidate": {"name": "Somebody Else"},
                    "participants": [],
                },
            )
            await desk.rule(levels=False, sentiment=False)
            await desk.again(interview)
            first, second = await desk.analyses(interview)
            assert first.criteria != second.criteria
            for analysis in (first, second):
                replay = await replayed(desk, diligent_openai, analysis)
                assert replay.verdict is Verdict.IDENTICAL, (replay.detail, replay.differing)


class TestNotTheSame:
    async def test_a_changed_answer_gives_another_result(
        self, each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        async with office(each_settings_with, diligent_openai) as desk:
            interview = await desk.debriefed()
            await change_answer(desk, interview, "judge", '"level": "yes"', '"level": "strong_no"')
            replay = await replayed(desk, diligent_openai, await desk.analysis(interview))
        assert replay.verdict is Verdict.DIFFERENT
        assert "criteria" in replay.differing

    async def test_a_changed_reading_leads_to_other_requests(
        self, settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        async with office(settings_with, diligent_openai) as desk:
            interview = await desk.debriefed()
            await change_answer(desk, interview, "extract", '"strengths": [{', '"strengths": [], "x": [{')
            replay = await replayed(desk, diligent_openai, await desk.analysis(interview))
        # An answer that is not of its form would be asked for again, and there is no answer to that.
        assert replay.verdict is Verdict.INPUT_GONE
        assert [r.expected for r in replay.requests if r.purpose == "extract"] == [True, False]

    @pytest.mark.parametrize("purpose", ["extract", "judge"])
    async def test_an_answer_that_is_gone_is_missed(
        self, each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI, purpose: str
    ) -> None:
        async with office(each_settings_with, diligent_openai) as desk:
            interview = await desk.debriefed()
            analysis = await desk.analysis(interview)
            gone = next(c.input_hash for c in analysis.provenance.calls if c.purpose == purpose)
            [key] = [key for key in desk.objects(interview) if gone in key]
            await desk.container.store.delete(key)
            replay = await replayed(desk, diligent_openai, analysis)
        assert replay.verdict is Verdict.INPUT_GONE
        assert gone in {r.input_hash for r in replay.requests}, "the request itself could be rebuilt"

    @pytest.mark.parametrize(
        "changes",
        [
            {"transcript_revision": 7},
            {"template_version": 99},
            {"template_id": "there-is-none"},
        ],
        ids=str,
    )
    async def test_without_what_it_was_made_of_it_cannot_be_made(
        self, each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI, changes: dict[str, Any]
    ) -> None:
        async with office(each_settings_with, diligent_openai) as desk:
            analysis = await desk.analysis(await desk.debriefed())
            replay = await replayed(desk, diligent_openai, analysis.model_copy(update=changes))
        assert replay.verdict is Verdict.INPUT_GONE

    async def test_another_transcript_than_the_one_it_names_is_noticed(
        self, settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        async with office(settings_with, diligent_openai) as desk:
            analysis = await desk.analysis(await desk.debriefed())
            other = analysis.provenance.model_copy(update={"transcript_hash": "0" * 64})
            replay = await replayed(desk, diligent_openai, analysis.model_copy(update={"provenance": other}))
        assert replay.verdict is Verdict.INPUT_GONE

    async def test_another_template_leads_to_requests_that_nobody_answered(
        self, settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        async with office(settings_with, diligent_openai) as desk:
            analysis = await desk.analysis(await desk.debriefed())
            other = {"template_id": "builtin-first-interview", "template_version": 1}
            replay = await replayed(desk, diligent_openai, analysis.model_copy(update=other))
        assert replay.verdict is Verdict.INPUT_GONE
        assert not any(r.expected for r in replay.requests)
        assert replay.missing

    async def test_a_result_that_was_changed_afterwards_is_named(
        self, settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        async with office(settings_with, diligent_openai) as desk:
            analysis = await desk.analysis(await desk.debriefed())
            forged = analysis.model_copy(update={"strengths": ()})
            replay = await replayed(desk, diligent_openai, forged)
        assert (replay.verdict, replay.differing) == (Verdict.DIFFERENT, ("strengths",))

    async def test_other_instructions_are_said_to_be_others(
        self, settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        async with office(settings_with, diligent_openai) as desk:
            analysis = await desk.analysis(await desk.debriefed())
            old = analysis.provenance.model_copy(update={"prompt_version": "0"})
            replay = await replayed(desk, diligent_openai, analysis.model_copy(update={"provenance": old}))
        assert replay.verdict is Verdict.OTHER_PROMPTS

    async def test_without_a_model_there_is_nothing_to_replay(
        self, settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        diligent_openai.switches.fail_with = ["insufficient_quota"]
        async with office(settings_with, diligent_openai) as desk:
            interview = await desk.debriefed()
            with pytest.raises(NotReplayable):
                await desk.container.replays.replay(await desk.analysis(interview))
            answer = await desk.api.get(f"/interviews/{interview}/analyses/1/replay")
        assert (answer.status_code, answer.json()["code"]) == (404, "analysis_not_replayable")
