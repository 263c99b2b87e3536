"""The panel over HTTP, on both databases: one candidate, what people said and what the draft found."""

from __future__ import annotations

from typing import Any

import pytest

from app.services import panel as panel_service
from tests.fixtures.panel import Team


async def rate(client: Any, interview: str, decision: str | None = None, **levels: str) -> None:
    ratings = [{"criterion_id": c, "level": level, "notes": f"On {c}."} for c, level in levels.items()]
    body = {"ratings": ratings, "decision": decision, "submit": True}
    answer = await client.put(f"/interviews/{interview}/scorecard", json=body)
    assert answer.status_code == 200, answer.text


async def panel(client: Any, **query: str) -> dict[str, Any]:
    answer = await client.get("/panel", params=query or {"candidate": "daniel reyes"})
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


class TestMatrix:
    async def test_disagreements_come_first_with_the_drafts_evidence(self, team: Team) -> None:
        first, second = await team.interview(title="One"), await team.interview(title="Two")
        await rate(team.ivo, first, "yes", design="no", ownership="yes")
        await rate(team.ina, second, "no", design="no", ownership="strong_no")
        shown = await panel(team.rex)
        assert [(row["name"], row["agreement"]) for row in shown["rows"]] == [
            ("Ownership", "people_differ"),
            ("System design", "agreed"),
            ("Clarity", "unrated"),
        ]
        ownership = shown["rows"][0]
        assert [(c["interview_id"], c["user_name"], c["level"], c["notes"]) for c in ownership["people"]] == [
            (second, "Ina", "strong_no", "On ownership."),
            (first, "Ivo", "yes", "On ownership."),
        ]
        cell = ownership["machine"][0]
        assert (cell["interview_id"], cell["analysis_revision"], cell["level"]) == (second, 1, "yes")
        assert cell["evidence"][0]["start"] == 61.5
        assert [[(p["user_name"], p["decision"]) for p in i["people"]] for i in shown["interviews"]] == [
            [("Ina", "no")],
            [("Ivo", "yes")],
        ]
        assert [i["title"] for i in shown["interviews"]] == ["Two", "One"]
        assert shown["interviews"][0]["suggestion"]["state"] == "draft"

    async def test_an_override_and_a_dismissal_count(self, team: Team) -> None:
        first, second = await team.interview(), await team.interview()
        await team.rex.put(
            f"/interviews/{first}/analyses/1/review/overrides/ownership",
            json={"level": "no", "reason": "Heard it."},
        )
        await team.rex.post(
            f"/interviews/{second}/analyses/1/review/dismissals",
            json={"claim_id": None, "reason": "Wrong file."},
        )
        shown = await panel(team.rex)
        assert [i["draft"] for i in shown["interviews"]] == ["dismissed", "shown"]
        (cell,) = next(row for row in shown["rows"] if row["name"] == "Ownership")["machine"]
        assert (cell["interview_id"], cell["level"], cell["original"]) == (first, "no", "yes")
        assert cell["override"]["by_name"] == "Rex"


class TestVisibility:
    async def test_what_is_hidden_is_missing_and_counted(self, team: Team) -> None:
        mine, other = await team.interview(title="Mine"), await team.interview(title="Other")
        for interview in (mine, other):
            await rate(team.ina, interview, "yes", design="yes")
        await rate(team.ivo, mine, "no", design="no")
        await team.hide()
        shown = await panel(team.ivo)
        told = [(i["title"], i["draft"], i["hidden_cards"], len(i["people"])) for i in shown["interviews"]]
        assert told == [("Other", "hidden", 1, 0), ("Mine", "shown", 0, 2)]
        cells = [c["interview_id"] for row in shown["rows"] for c in (*row["people"], *row["machine"])]
        assert set(cells) == {mine}

    async def test_drafts_of_cards_are_counted_and_not_shown(self, team: Team) -> None:
        interview = await team.interview()
        await team.ivo.put(f"/interviews/{interview}/scorecard", json={"decision": "no"})
        (shown,) = (await panel(team.ada))["interviews"]
        assert (shown["people"], shown["pending_cards"]) == ([], 1)


class TestCandidate:
    async def test_the_whole_name_or_the_address_finds_them(self, team: Team) -> None:
        plain = await team.interview()
        accented = await team.interview(candidate={"name": "Daniél REYES"}, position="Designer")
        await team.interview(candidate={"name": "Daniel Reyes-Smith", "email": "smith@example.com"})
        await team.interview(candidate=None)

        async def found(**query: str) -> list[str]:
            return [i["id"] for i in (await panel(team.vic, **query))["interviews"]]

        assert await found(candidate="DANIEL reyes") == [accented, plain]
        assert await found(candidate="daniel") == []
        assert await found(email="Daniel@Example.com") == [plain]
        assert await found(candidate="daniel reyes", email="daniel@example.com") == [plain]
        assert await found(candidate="daniel reyes", position="design") == [accented]
        assert await found(candidate="nobody") == []
        names = (await panel(team.vic, candidate="daniel reyes"))["candidates"]
        assert [(c["name"], c["email"]) for c in names] == [
            ("Daniél REYES", None),
            ("Daniel Reyes", "daniel@example.com"),
        ]

    async def test_it_needs_a_candidate(self, team: Team) -> None:
        answer = await team.vic.get("/panel")
        assert (answer.status_code, answer.json()["code"]) == (422, "candidate_required")

    async def test_another_organisation_has_its_own(self, team: Team) -> None:
        await team.interview()
        shown = await panel(team.server.client("eve"))
        assert shown == {"candidates": [], "interviews": [], "rows": [], "has_more": False}

    async def test_older_interviews_are_left_out_and_it_says_so(
        self, team: Team, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(panel_service, "INTERVIEWS_SHOWN", 2)
        made = [await team.interview() for _ in range(3)]
        shown = await panel(team.rex)
        assert ([i["id"] for i in shown["interviews"]], shown["has_more"]) == (made[:0:-1], True)


async def test_lists_of_interviews_do_not_follow_levels(team: Team) -> None:
    """The order of people is the order of time, whatever anybody thinks of them."""
    made = [await team.interview(candidate={"name": name}) for name in ("Ann", "Bo", "Cy")]
    for interview, level in zip(made, ("no", "strong_yes", "strong_no"), strict=True):
        await rate(team.ivo, interview, level, ownership=level)
        await team.rex.put(f"/interviews/{interview}/analyses/1/review/confirmation", json={"level": level})
    listed = (await team.rex.get("/interviews")).json()["items"]
    assert [i["id"] for i in listed] == made[::-1]
    assert all("strong" not in str(row) for row in listed)
