"""Reviews over HTTP, on both databases."""

from __future__ import annotations

from tests.fixtures.panel import Team


async def review_of(team: Team) -> str:
    """The path of the review of a new debrief."""
    return f"/interviews/{await team.interview()}/analyses/1/review"


class TestOverride:
    async def test_it_keeps_what_the_machine_said_and_can_be_taken_back(self, team: Team) -> None:
        path = await review_of(team)
        body = {"level": "strong_no", "reason": "They said the opposite at 12:30."}
        answer = await team.ivo.put(f"{path}/overrides/ownership", json=body, headers={"If-Match": '"0"'})
        assert (answer.status_code, answer.headers["etag"]) == (200, '"1"')
        first = answer.json()["criteria"][0]
        assert (first["level"], first["source"], first["original"]) == ("strong_no", "person", "yes")
        assert (first["override"]["by_name"], first["override"]["reason"]) == ("Ivo", body["reason"])
        assert first["evidence"][0]["quote"]
        undone = (await team.rex.delete(f"{path}/overrides/ownership")).json()
        first = undone["criteria"][0]
        assert (first["level"], first["source"], first["override"]) == ("yes", "machine", None)
        assert [(e["override"]["by_name"], e["withdrawn"]) for e in undone["history"]] == [
            ("Ivo", False),
            ("Ivo", True),
        ]
        again = await team.rex.delete(f"{path}/overrides/ownership")
        assert (again.status_code, again.json()["code"]) == (404, "nothing_to_take_back")

    async def test_the_debrief_itself_stays(self, team: Team) -> None:
        path = await review_of(team)
        interview = path.split("/")[2]
        before = await team.stored.analyses(team.organisation).get(interview, 1)
        await team.ivo.put(f"{path}/overrides/design", json={"level": None, "reason": "Not asked."})
        await team.ivo.post(f"{path}/dismissals", json={"claim_id": None, "reason": "Wrong file."})
        assert before is not None
        assert await team.stored.analyses(team.organisation).get(interview, 1) == before

    async def test_it_needs_a_level_and_a_reason(self, team: Team) -> None:
        path = await review_of(team)
        for body in ({"level": "yes"}, {"level": "yes", "reason": " "}, {"reason": "x"}):
            answer = await team.ivo.put(f"{path}/overrides/design", json=body)
            assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input"), body

    async def test_a_stale_version_is_412(self, team: Team) -> None:
        path = await review_of(team)
        await team.ivo.put(f"{path}/confirmation", json={"level": "yes"})
        body = {"level": "yes", "reason": "x"}
        answer = await team.rex.put(f"{path}/overrides/design", json=body, headers={"If-Match": '"0"'})
        assert (answer.status_code, answer.json()["code"]) == (412, "version_mismatch")


class TestDismissal:
    async def test_a_claim_is_marked_and_comes_back(self, team: Team) -> None:
        path = await review_of(team)
        body = {"claim_id": "c3", "reason": "The question was unclear."}
        seen = (await team.ivo.post(f"{path}/dismissals", json=body)).json()
        (dismissal,) = seen["dismissals"]
        assert (dismissal["claim_id"], dismissal["by_name"]) == ("c3", "Ivo")
        assert (await team.ivo.delete(f"{path}/dismissals/c3")).json()["dismissals"] == []

    async def test_a_dismissed_draft_cannot_be_confirmed(self, team: Team) -> None:
        path = await review_of(team)
        await team.ivo.put(f"{path}/confirmation", json={"level": "yes"})
        body = {"claim_id": None, "reason": "Another candidate's recording."}
        seen = (await team.ivo.post(f"{path}/dismissals", json=body)).json()
        assert seen["draft_dismissed"]["reason"] == body["reason"]
        assert (seen["suggestion"]["state"], seen["suggestion"]["confirmation"]) == ("draft", None)
        refused = await team.rex.put(f"{path}/confirmation", json={"level": "yes"})
        assert (refused.status_code, refused.json()["code"]) == (409, "draft_dismissed")
        assert (await team.ivo.delete(f"{path}/dismissals/draft")).json()["draft_dismissed"] is None
        assert (await team.rex.put(f"{path}/confirmation", json={"level": "yes"})).status_code == 200

    async def test_the_whole_draft_is_never_dismissed_by_an_omission(self, team: Team) -> None:
        answer = await team.ivo.post(f"{await review_of(team)}/dismissals", json={"reason": "x"})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


class TestConfirmation:
    async def test_it_is_a_named_persons_word(self, team: Team) -> None:
        path = await review_of(team)
        assert (await team.rex.get(path)).json()["suggestion"]["state"] == "draft"
        for level, state in (("yes", "confirmed"), ("no", "changed"), (None, "changed")):
            answer = await team.rex.put(f"{path}/confirmation", json={"level": level})
            suggestion = answer.json()["suggestion"]
            assert (suggestion["level"], suggestion["state"]) == (level, state)
            assert (suggestion["original"], suggestion["confirmation"]["by_name"]) == ("yes", "Rex")
        undone = (await team.rex.delete(f"{path}/confirmation")).json()["suggestion"]
        assert (undone["level"], undone["state"]) == ("yes", "draft")


class TestMissing:
    async def test_it_has_a_code_of_its_own(self, team: Team) -> None:
        path = await review_of(team)
        rated = {"level": "yes", "reason": "x"}
        answers = [
            await team.ivo.put(f"{path}/overrides/charm", json=rated),
            await team.ivo.post(f"{path}/dismissals", json={"claim_id": "c99", "reason": "x"}),
            await team.ivo.delete(f"{path}/dismissals/c1"),
            await team.ivo.delete(f"{path}/confirmation"),
        ]
        assert [(a.status_code, a.json()["code"]) for a in answers] == [
            (404, "criterion_not_found"),
            (404, "claim_not_found"),
            (404, "nothing_to_take_back"),
            (404, "nothing_to_take_back"),
        ]

    async def test_a_revision_that_is_not_there_and_another_organisations_are_404(self, team: Team) -> None:
        path = await review_of(team)
        assert (await team.ivo.get(path.replace("/1/", "/2/"))).json()["code"] == "analysis_missing"
        eve = team.server.client("eve")
        assert (await eve.get(path)).json()["code"] == "interview_not_found"


async def test_without_levels_only_peoples_are_shown(team: Team) -> None:
    path = await review_of(team)
    await team.ivo.put(f"{path}/overrides/design", json={"level": "yes", "reason": "Heard it."})
    await team.ada.patch("/organisation", json={"analysis": {"levels": False}})
    seen = (await team.ivo.get(path)).json()
    assert [(c["level"], c["original"]) for c in seen["criteria"]] == [(None, None), ("yes", None)]
    assert (seen["suggestion"]["level"], seen["history"][0]["override"]["original"]) == (None, None)
