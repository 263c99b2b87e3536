"""Asking for scorecards over HTTP, and the mentions in what is written then."""

from __future__ import annotations

from tests.fixtures.panel import Team
from tests.fixtures.telling import ask_ivo, id_of


class TestScorecardRequests:
    async def test_asked_listed_withdrawn(self, team: Team) -> None:
        interview = await team.interview()
        made = await ask_ivo(team, interview)
        ivo, rex = await id_of(team.ivo), await id_of(team.rex)
        [request] = made.json()["items"]
        assert (request["user_id"], request["user_name"], request["requested_by"]) == (ivo, "Ivo", rex)
        assert (request["overdue"], made.json()["already_submitted"]) == (False, [])
        path = f"/interviews/{interview}/scorecard-requests"
        assert (await team.vic.get(path)).json()["items"] == [request]
        assert (await team.ivo.get("/me/scorecard-requests")).json()["items"] == [request]
        assert (await team.ina.get("/me/scorecard-requests")).json()["items"] == []
        assert (await team.rex.delete(f"{path}/{ivo}")).status_code == 204
        assert (await team.rex.delete(f"{path}/{ivo}")).json()["code"] == "request_not_found"
        assert (await team.vic.get(path)).json()["items"] == []

    async def test_the_card_ends_it(self, team: Team) -> None:
        interview = await team.interview()
        await ask_ivo(team, interview)
        card = {"notes": "Fine.", "submit": True}
        assert (await team.ivo.put(f"/interviews/{interview}/scorecard", json=card)).status_code == 200
        assert (await team.ivo.get("/me/scorecard-requests")).json()["items"] == []
        again = (await ask_ivo(team, interview)).json()
        assert (again["items"], again["already_submitted"]) == ([], [await id_of(team.ivo)])

    async def test_what_cannot_be_asked(self, team: Team) -> None:
        path = f"/interviews/{await team.interview()}/scorecard-requests"
        vic = await id_of(team.vic)
        for body, code in (
            ({"user_ids": [vic]}, "cannot_be_asked"),
            ({"user_ids": []}, "invalid_input"),
            ({"user_ids": [await id_of(team.ivo)], "due_at": "2020-01-01T00:00:00Z"}, "due_time_invalid"),
        ):
            answer = await team.rex.post(path, json=body)
            assert (answer.status_code, answer.json()["code"]) == (422, code)

    async def test_mentions_come_from_cards_and_reviews(self, team: Team) -> None:
        interview = await team.interview()
        card = {"notes": "@rex@example.com, a word?", "submit": True}
        await team.ivo.put(f"/interviews/{interview}/scorecard", json=card)
        review = f"/interviews/{interview}/analyses/1/review/confirmation"
        said = await team.rex.put(review, json={"level": "yes", "reason": "See @ina@example.com."})
        assert said.status_code == 200
        for reader in (team.rex, team.ina):
            [item] = (await reader.get("/inbox")).json()["items"]
            assert (item["topic"], item["interview_id"]) == ("mention", interview)
