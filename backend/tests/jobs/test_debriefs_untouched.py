"""However a debrief is made anew or fails, transcript, earlier debriefs and people's words stay as they were."""

from __future__ import annotations

from copy import copy
from typing import Any

import pytest

from tests.fixtures.debriefing import Office, office
from tests.fixtures.deepgram import RunningDeepgram
from tests.fixtures.openai import RunningOpenAI
from tests.fixtures.server import SettingsFactory

pytestmark = pytest.mark.usefixtures("short_waits")

ALWAYS = 1000


async def with_peoples_words(desk: Office) -> str:
    """An interview with a debrief, a submitted scorecard, and a review of the debrief."""
    interview = await desk.debriefed()
    path = f"/interviews/{interview}"
    debrief = await desk.debrief(interview)
    rated = [{"criterion_id": c["criterion_id"], "level": "no", "notes": "…"} for c in debrief["criteria"]]
    card = {"ratings": rated, "notes": "Would hire.", "decision": "yes", "submit": True}
    assert (await desk.api.put(f"{path}/scorecard", json=card)).status_code == 200
    assert (await desk.api.put(f"{path}/scorecard", json=card | {"submit": False})).status_code == 200
    review = f"{path}/analyses/1/review"
    overridden = debrief["criteria"][0]["criterion_id"]
    for answer in (
        await desk.api.put(
            f"{review}/overrides/{overridden}", json={"level": "strong_no", "reason": "I was there."}
        ),
        await desk.api.post(
            f"{review}/dismissals", json={"claim_id": debrief["strengths"][0]["id"], "reason": "Not so."}
        ),
        await desk.api.put(f"{review}/confirmation", json={"level": "yes", "reason": "We agree."}),
    ):
        assert answer.status_code in (200, 201), answer.text
    return interview


async def photographed(desk: Office, interview: str) -> dict[str, bytes]:
    """Every stored document about the interview, and every object, byte for byte."""
    repositories, organisation = desk.container.repositories, desk.organisation
    stored = await desk.interview(interview)
    documents: dict[str, Any] = {}
    for revision in range(1, stored.transcript_revision + 1):
        documents[f"transcript {revision}"] = await desk.transcript(interview, revision)
    for revision in range(1, stored.analysis_revision + 1):
        documents[f"analysis {revision}"] = await desk.analysis(interview, revision)
        review = await repositories.reviews(organisation).get(interview, revision)
        if review is not None:
            documents[f"review {revision}"] = review
    for card in await repositories.scorecards(organisation).list_for([interview]):
        documents[f"scorecard of {card.user_id}"] = card
    for report in await repositories.stability(organisation).list_newest(interview, before=None, limit=9):
        documents[f"stability {report.revision}"] = report
    texts = {name: document.model_dump_json().encode() for name, document in documents.items()}
    objects = {key: await desk.container.store.get_bytes(key) for key in desk.objects(interview)}
    return texts | objects


def unchanged(before: dict[str, bytes], after: dict[str, bytes]) -> bool:
    return {name: after.get(name) for name in before} == before


class TestUntouched:
    async def test_by_every_way_of_making_a_debrief_anew(
        self, each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI, deepgram: RunningDeepgram
    ) -> None:
        async with office(each_settings_with, diligent_openai, deepgram) as desk:
            interview = await with_peoples_words(desk)
            before = await photographed(desk, interview)
            assert {name.split()[0] for name in before if " " in name} == {
                "transcript",
                "analysis",
                "review",
                "scorecard",
            }

            await desk.again(interview)
            again = await photographed(desk, interview)
            assert unchanged(before, again)
            assert set(again) > set(before)

            await desk.api.post("/analyses/rerun", json={"interview_ids": [interview]})
            await desk.done(interview)
            in_bulk = await photographed(desk, interview)
            assert unchanged(again, in_bulk)

            diligent_openai.switches.fail_with = ["insufficient_quota"]
            await desk.again(interview)
            assert (await desk.debrief(interview))["engine"]["name"] == "deepgram-intelligence"
            by_another = await photographed(desk, interview)
            assert unchanged(in_bulk, by_another)

            assert (await desk.measure(interview, 2))["status"] == "done"
            measured = await photographed(desk, interview)
            assert unchanged(by_another, measured)
            assert "stability 1" in measured
            # Asked twice per run: the stability report shares no answer with a debrief.
            readings = [r for r in diligent_openai.requests if r.schema == "full_reading" and r.status == 200]
            assert len(readings) == 1 + 1 + 1 + 2

    @pytest.mark.parametrize(
        ("failure", "code"),
        [
            ({"fail_with": [503] * ALWAYS}, "provider_unavailable"),
            ({"fail_with": [401]}, "model_key_refused"),
            ({"refuse": ALWAYS}, "model_unusable"),
            ({"only_for_schema": "judgement", "fail_with": [503] * ALWAYS}, "provider_unavailable"),
        ],
        ids=["unreachable", "refused key", "refused text", "unreachable in the middle"],
    )
    async def test_by_a_failed_one(
        self,
        each_settings_with: SettingsFactory,
        diligent_openai: RunningOpenAI,
        failure: dict[str, Any],
        code: str,
    ) -> None:
        async with office(each_settings_with, diligent_openai) as desk:
            await desk.rule(when_down="fail")
            interview = await with_peoples_words(desk)
            before = await photographed(desk, interview)
            shown = await desk.debrief(interview)
            for name, value in failure.items():
                setattr(diligent_openai.switches, name, copy(value))
            failed = await desk.again(interview)
            assert (failed["status"], failed["failure"]["code"]) == ("failed", code)
            after = await photographed(desk, interview)
            assert unchanged(before, after)
            assert {name for name in set(after) - set(before) if " " in name} == set()
            assert failed["analysis_revision"] == 1
            assert await desk.debrief(interview) == shown, "the last good one stays the debrief"
            for name in failure:
                setattr(diligent_openai.switches, name, {"fail_with": [], "refuse": 0}.get(name))
            await desk.api.post(f"/interviews/{interview}/retry")
            await desk.done(interview)
            assert unchanged(before, await photographed(desk, interview))
            assert [a.revision for a in await desk.analyses(interview)] == [1, 2]

    async def test_by_a_failed_measurement(
        self, each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        async with office(each_settings_with, diligent_openai) as desk:
            interview = await with_peoples_words(desk)
            before = await photographed(desk, interview)
            diligent_openai.switches.refuse = ALWAYS
            measured = await desk.measure(interview, 3)
            assert (measured["status"], measured["stability_failure"]["code"]) == ("done", "model_unusable")
            assert await photographed(desk, interview) == before, "nothing is left of it"
            diligent_openai.switches.refuse = 0
            await desk.measure(interview, 3)
            after = await photographed(desk, interview)
        assert unchanged(before, after)
        assert "stability 1" in after

    async def test_the_transcript_by_a_first_debrief_that_fails(
        self, each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        async with office(each_settings_with, diligent_openai) as desk:
            await desk.rule(when_down="fail")
            diligent_openai.switches.fail_with = [401]
            interview = await desk.begin()
            await desk.finished(interview)
            before = await photographed(desk, interview)
            assert "transcript 1" in before
            assert (await desk.api.get(f"/interviews/{interview}/transcript")).status_code == 200
            await desk.api.post(f"/interviews/{interview}/retry")
            await desk.done(interview)
            assert unchanged(before, await photographed(desk, interview))

    async def test_what_people_said_stays_with_the_version_of_which_they_said_it(
        self, each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        async with office(each_settings_with, diligent_openai) as desk:
            interview = await with_peoples_words(desk)
            first = await desk.debrief(interview, 1)
            await desk.again(interview)
            newest = await desk.debrief(interview)
            assert await desk.debrief(interview, 1) == first
            review = f"/interviews/{interview}/analyses/2/review"
            assert (await desk.api.get(review)).json()["version"] == 0
        assert first["criteria"][0]["level"] == "strong_no"
        assert newest["criteria"][0]["level"] != "strong_no"
        assert (len(first["dismissed"]), newest["dismissed"]) == (1, [])
