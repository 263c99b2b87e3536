"""Stability over HTTP: ask for a report, read it, and what it may not show."""

from __future__ import annotations

from itertools import cycle
from typing import Any

import httpx
import pytest

from app.models.interview import Failure, Status
from app.models.stability import CriterionStability
from app.models.template import Level
from app.repositories.base import Expect
from tests.fixtures.documents import NOON, a_stability_report
from tests.fixtures.drafting import drafted, drafting
from tests.fixtures.openai import RunningOpenAI
from tests.fixtures.panel import Team
from tests.fixtures.server import SettingsFactory, wait_until
from tests.standins.openai.analyst import ChatRequest
from tests.standins.openai.brains import judge
from tests.standins.openai.journal import Json

OWNERSHIP = CriterionStability(
    criterion_id="ownership", name="Ownership", levels=(Level.YES, Level.NO), agreement=0.5, flips=True
)


async def set_state(team: Team, interview: str, **changes: Any) -> None:
    assert await team.stored.interviews(team.organisation).compare_and_set(interview, Expect(), changes)


async def reported(team: Team, interview: str, *, committed: int, written: int) -> None:
    """Reports up to `written` lie in the database, and the interview knows of `committed` of them."""
    for revision in range(1, written + 1):
        await team.stored.stability(team.organisation).put(
            a_stability_report(
                interview,
                team.organisation,
                revision=revision,
                runs=2,
                criteria=(OWNERSHIP,),
                suggestions=(Level.YES, Level.NO),
            )
        )
    await set_state(team, interview, stability_revision=committed)


async def ask(client: httpx.AsyncClient, interview: str, **body: Any) -> httpx.Response:
    return await client.post(f"/interviews/{interview}/stability", json=body)


class TestAsking:
    async def test_a_finished_debrief_is_measured(self, team: Team) -> None:
        interview = await team.interview()
        await set_state(team, interview, status=Status.DONE)
        answer = await ask(team.ivo, interview, runs=4)
        assert answer.status_code == 202
        assert answer.json()["status"] == "measuring"
        stored = await team.stored.interviews(team.organisation).get(interview)
        assert stored is not None
        assert (stored.stability_runs, stored.epoch) == (4, 1)
        again = await ask(team.ivo, interview)
        assert (again.status_code, again.json()["code"]) == (409, "wrong_state")

    async def test_the_debrief_stays_readable_meanwhile(self, team: Team) -> None:
        interview = await team.interview()
        await set_state(team, interview, status=Status.DONE)
        await ask(team.ivo, interview)
        assert (await team.ivo.get(f"/interviews/{interview}/analysis")).json()["revision"] == 1

    async def test_without_a_debrief_there_is_nothing_to_measure(self, team: Team) -> None:
        created = await team.ada.post("/interviews", json={"title": "New"})
        answer = await ask(team.ada, created.json()["id"])
        assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_measure")

    @pytest.mark.parametrize(
        ("step", "status"), [(Status.MEASURING, 202), (Status.ANALYSING, 409), (Status.NOTIFYING, 409)]
    )
    async def test_after_a_failure_only_where_the_measuring_failed(
        self, team: Team, step: Status, status: int
    ) -> None:
        interview = await team.interview()
        failure = Failure(step=step, code="budget_spent", message="Spent.", attempts=1, failed_at=NOON)
        await set_state(team, interview, status=Status.FAILED, failure=failure, stability_runs=9)
        assert (await ask(team.ada, interview, runs=2)).status_code == status

    @pytest.mark.parametrize("body", [{"runs": 1}, {"runs": 11}, {"runs": "many"}, {"times": 3}])
    async def test_other_numbers_of_runs_are_refused(self, team: Team, body: dict[str, Any]) -> None:
        answer = await ask(team.ada, await team.interview(), **body)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


class TestReading:
    async def test_the_newest_or_the_one_that_is_asked_for(self, team: Team) -> None:
        interview = await team.interview()
        await reported(team, interview, committed=2, written=3)
        path = f"/interviews/{interview}/stability"
        newest = (await team.vic.get(path)).json()
        assert (newest["revision"], newest["runs"], newest["claims_kept"]) == (2, 2, 0.75)
        assert newest["criteria"] == [
            {
                "criterion_id": "ownership",
                "name": "Ownership",
                "levels": ["yes", "no"],
                "agreement": 0.5,
                "flips": True,
            }
        ]
        assert (await team.vic.get(path, params={"revision": 1})).json()["revision"] == 1
        assert (await team.vic.get(f"/interviews/{interview}")).json()["stability_revision"] == 2
        uncommitted = await team.vic.get(path, params={"revision": 3})
        assert (uncommitted.status_code, uncommitted.json()["code"]) == (404, "stability_missing")

    async def test_all_of_them_page_by_page(self, team: Team) -> None:
        interview = await team.interview()
        await reported(team, interview, committed=3, written=4)
        path = f"/interviews/{interview}/stabilities"
        first = (await team.vic.get(path, params={"limit": 2})).json()
        assert [r["revision"] for r in first["items"]] == [3, 2]
        rest = (await team.vic.get(path, params={"limit": 2, "cursor": first["next_cursor"]})).json()
        assert ([r["revision"] for r in rest["items"]], rest["next_cursor"]) == ([1], None)

    async def test_before_there_is_one_it_is_missing(self, team: Team) -> None:
        interview = await team.interview()
        answer = await team.vic.get(f"/interviews/{interview}/stability")
        assert (answer.status_code, answer.json()["code"]) == (404, "stability_missing")
        assert (await team.vic.get(f"/interviews/{interview}/stabilities")).json()["items"] == []

    async def test_another_organisation_finds_nothing(self, team: Team) -> None:
        interview = await team.interview()
        await reported(team, interview, committed=1, written=1)
        eve = team.server.client("eve")
        for path in ("stability", "stabilities"):
            assert (await eve.get(f"/interviews/{interview}/{path}")).status_code == 404
        assert (await ask(eve, interview)).status_code == 404


class TestRules:
    async def test_who_may_not_see_the_draft_sees_and_asks_nothing(self, team: Team) -> None:
        interview = await team.interview()
        await reported(team, interview, committed=1, written=1)
        await set_state(team, interview, status=Status.DONE)
        await team.hide()
        answers = [
            await team.ivo.get(f"/interviews/{interview}/stability"),
            await team.ivo.get(f"/interviews/{interview}/stabilities"),
            await ask(team.ivo, interview),
        ]
        assert {(a.status_code, a.json()["code"]) for a in answers} == {(403, "draft_hidden")}

    async def test_without_levels_a_report_has_none_and_the_debrief_no_mark_of_them(self, team: Team) -> None:
        interview = await team.interview()
        await reported(team, interview, committed=1, written=1)
        await team.ada.patch("/organisation", json={"analysis": {"levels": False}})
        report = (await team.vic.get(f"/interviews/{interview}/stability")).json()
        [listed] = (await team.vic.get(f"/interviews/{interview}/stabilities")).json()["items"]
        assert report == listed
        assert (report["criteria"], report["suggestions"], report["claims_kept"]) == ([], [], 0.75)
        analysis = (await team.vic.get(f"/interviews/{interview}/analysis")).json()
        assert {c["unstable"] for c in analysis["criteria"]} == {False}
        assert {c["level"] for c in analysis["criteria"]} == {None}


async def test_a_model_that_changes_its_mind_is_found_out(
    settings_with: SettingsFactory, openai: RunningOpenAI
) -> None:
    """The whole way: the pipeline asks the model anew for each run, and the debrief hides what flips."""
    async with drafting(settings_with, openai) as server:
        api = server.client()
        interview = await drafted(api)
        before = (await api.get(f"/interviews/{interview}/analysis")).json()
        assert {c["level"] is None for c in before["criteria"]} == {False}
        moods = cycle(["no", "strong_yes"])

        def moody(request: ChatRequest) -> Json:
            steady = judge(request)
            is_testing = request.data["criterion"]["name"] == "Testing"
            return {**steady, "level": next(moods)} if is_testing else steady

        openai.brains["judgement"] = moody
        asked_before = len(openai.requests)
        assert (await ask(api, interview, runs=2)).status_code == 202
        done = await wait_until(api, interview, "done", "failed")
        assert (done["status"], done["stability_revision"], done["analysis_revision"]) == ("done", 1, 1)
        report = (await api.get(f"/interviews/{interview}/stability")).json()
        after = (await api.get(f"/interviews/{interview}/analysis")).json()
    testing, delivery = report["criteria"]
    assert (sorted(testing["levels"]), testing["flips"]) == (["no", "strong_yes"], True)
    assert (delivery["flips"], delivery["agreement"]) == (False, 1.0)
    assert report["claims_kept"] == 1.0
    assert report["input_tokens"] > 0
    assert report["cost_usd"] > 0
    assert len(openai.requests) == asked_before * 2 + asked_before
    shown = {c["criterion_id"]: (c["level"], c["unstable"]) for c in after["criteria"]}
    assert shown["testing"] == (None, True)
    assert shown["delivery"] == (before["criteria"][1]["level"], False)
