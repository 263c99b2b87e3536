"""Scorecards over HTTP, on both databases."""

from __future__ import annotations

from typing import Any

from tests.fixtures.panel import Team

RATED: dict[str, Any] = {
    "ratings": [{"criterion_id": "ownership", "level": "yes", "notes": "Named their own part."}],
    "notes": "Asks good questions.",
    "decision": "yes",
}


class TestOwn:
    async def test_it_begins_empty_with_the_criteria_to_rate_by(self, team: Team) -> None:
        answer = await team.ivo.get(f"/interviews/{await team.interview()}/scorecard")
        card = answer.json()
        assert (answer.headers["etag"], card["version"], card["status"]) == ('"0"', 0, "draft")
        assert [c["id"] for c in card["criteria"]] == ["ownership", "design", "clarity"]
        assert (card["ratings"], card["decision"], card["submitted_at"]) == ([], None, None)

    async def test_a_draft_is_saved_and_submitted(self, team: Team) -> None:
        path = f"/interviews/{await team.interview()}/scorecard"
        saved = await team.ivo.put(path, json=RATED, headers={"If-Match": '"0"'})
        assert (saved.status_code, saved.headers["etag"], saved.json()["status"]) == (200, '"1"', "draft")
        submitted = await team.ivo.post(f"{path}/submission", headers={"If-Match": '"1"'})
        card = submitted.json()
        assert (submitted.status_code, card["status"], card["version"]) == (200, "submitted", 2)
        assert (card["ratings"], card["user_name"]) == (RATED["ratings"], "Ivo")
        assert (await team.ivo.get(path)).json() == card

    async def test_a_changed_submission_keeps_the_earlier_one(self, team: Team) -> None:
        path = f"/interviews/{await team.interview()}/scorecard"
        await team.ivo.put(path, json={**RATED, "submit": True})
        card = (await team.ivo.put(path, json={"decision": "no", "submit": True})).json()
        assert (card["decision"], card["ratings"]) == ("no", [])
        (earlier,) = card["earlier"]
        assert (earlier["ratings"], earlier["decision"]) == (RATED["ratings"], "yes")

    async def test_a_stale_page_overwrites_nothing(self, team: Team) -> None:
        path = f"/interviews/{await team.interview()}/scorecard"
        await team.ivo.put(path, json=RATED)
        for stale in (
            await team.ivo.put(path, json={"notes": "x"}, headers={"If-Match": '"0"'}),
            await team.ivo.post(f"{path}/submission", headers={"If-Match": '"0"'}),
            await team.ivo.delete(path, headers={"If-Match": '"0"'}),
        ):
            assert (stale.status_code, stale.json()["code"]) == (412, "version_mismatch")
        assert (await team.ivo.get(path)).json()["notes"] == RATED["notes"]

    async def test_a_draft_is_thrown_away_and_a_submitted_card_is_not(self, team: Team) -> None:
        path = f"/interviews/{await team.interview()}/scorecard"
        await team.ivo.put(path, json=RATED)
        assert (await team.ivo.delete(path)).status_code == 204
        assert (await team.ivo.get(path)).json()["ratings"] == []
        await team.ivo.put(path, json={**RATED, "submit": True})
        refused = await team.ivo.delete(path)
        assert (refused.status_code, refused.json()["code"]) == (409, "scorecard_submitted")

    async def test_what_makes_no_sense_is_422(self, team: Team) -> None:
        path = f"/interviews/{await team.interview()}/scorecard"
        wrong: list[tuple[dict[str, Any], str]] = [
            ({"submit": True}, "scorecard_empty"),
            ({"ratings": [{"criterion_id": "charm", "level": "yes"}]}, "criterion_unknown"),
            ({"ratings": [{"criterion_id": "design"}, {"criterion_id": "design"}]}, "invalid_input"),
            ({"ratings": [{"criterion_id": "design", "level": 3}]}, "invalid_input"),
            ({"notes": "x" * 5001}, "invalid_input"),
            ({"stars": 5}, "invalid_input"),
        ]
        for body, code in wrong:
            answer = await team.ivo.put(path, json=body)
            assert (answer.status_code, answer.json()["code"]) == (422, code)
            assert answer.json().get("criterion_id") == ("charm" if code == "criterion_unknown" else None)
        assert (await team.ivo.get(path)).json()["version"] == 0

    async def test_a_card_says_that_the_template_has_changed(self, team: Team) -> None:
        interview = await team.interview()
        await team.ivo.put(f"/interviews/{interview}/scorecard", json=RATED)
        other = {"id": "builtin-software-engineer"}
        await team.ada.patch(f"/interviews/{interview}", json={"template": other})
        card = (await team.ivo.get(f"/interviews/{interview}/scorecard")).json()
        assert (card["template_changed"], card["template"]["id"]) == (True, team.template)


class TestPanel:
    async def test_colleagues_cards_come_with_ones_own(self, team: Team) -> None:
        interview = await team.interview()
        await team.hide()
        await team.ivo.put(f"/interviews/{interview}/scorecard", json={**RATED, "submit": True})
        await team.ina.put(f"/interviews/{interview}/scorecard", json={"notes": "Later."})
        path = f"/interviews/{interview}/scorecards"
        seen = (await team.ina.get(path)).json()
        assert ([c["user_name"] for c in seen["items"]], seen["hidden"]) == (["Ina"], 1)
        seen = (await team.rex.get(path)).json()
        assert ([c["user_name"] for c in seen["items"]], seen["hidden"], seen["pending"]) == (["Ivo"], 0, 1)
        await team.ina.post(f"/interviews/{interview}/scorecard/submission")
        seen = (await team.ina.get(path)).json()
        assert ([c["user_name"] for c in seen["items"]], seen["hidden"]) == (["Ina", "Ivo"], 0)

    async def test_the_cards_go_with_the_interview(self, team: Team) -> None:
        interview = await team.interview()
        await team.ivo.put(f"/interviews/{interview}/scorecard", json={**RATED, "submit": True})
        receipt = (await team.ada.delete(f"/interviews/{interview}")).json()
        assert receipt["documents"] == 2
        assert await team.stored.scorecards(team.organisation).list_for([interview]) == []
        assert (await team.ivo.get(f"/interviews/{interview}/scorecard")).status_code == 404


async def test_another_organisations_interview_is_404(team: Team) -> None:
    interview = await team.interview()
    eve = team.server.client("eve")
    answers = [
        await eve.get(f"/interviews/{interview}/scorecard"),
        await eve.put(f"/interviews/{interview}/scorecard", json=RATED),
        await eve.post(f"/interviews/{interview}/scorecard/submission"),
        await eve.delete(f"/interviews/{interview}/scorecard"),
        await eve.get(f"/interviews/{interview}/scorecards"),
    ]
    assert {(a.status_code, a.json()["code"]) for a in answers} == {(404, "interview_not_found")}
