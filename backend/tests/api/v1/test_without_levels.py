"""An organisation that wants evidence without levels sees no level of the machine's, whichever way it looks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.models.stability import CriterionStability
from app.models.template import Level
from app.repositories.base import Expect
from tests.fixtures.documents import a_stability_report
from tests.fixtures.panel import Team
from tests.fixtures.people import CRITERIA, an_assessment

LEVELS = frozenset(Level)
JSON = [
    "/interviews/{id}/analysis",
    "/interviews/{id}/analyses",
    "/interviews/{id}/analyses/compare?from=1&to=2",
    "/interviews/{id}/analyses/1/review",
    "/interviews/{id}/stability",
    "/interviews/{id}/stabilities",
    "/interviews/{id}/export?format=json",
    "/interviews/{id}/export?format=json&kind=explanation",
    "/panel?candidate=daniel reyes",
]
TEXT = ["/interviews/{id}/export?format=md", "/interviews/{id}/export?format=md&kind=explanation"]
SAID_FOR_A_LEVEL = ("Why ownership", "Ownership is a yes")


def levels_in(part: Any) -> Iterator[str]:
    match part:
        case dict():
            for inner in part.values():
                yield from levels_in(inner)
        case list():
            for inner in part:
                yield from levels_in(inner)
        case str() if part in LEVELS:
            yield part


async def judged_twice_and_measured(team: Team) -> str:
    """Two debriefs that differ, and a report about the first."""
    interview = await team.interview()
    pinned = (await team.rex.get(f"/interviews/{interview}")).json()["template"]
    second = an_assessment(
        interview,
        {"ownership": Level.NO, "design": Level.STRONG_YES},
        organisation_id=team.organisation,
        revision=2,
        template_id=pinned["id"],
        template_version=pinned["version"],
    )
    await team.stored.analyses(team.organisation).put(second)
    flips = CriterionStability(
        criterion_id="design", name="System design", levels=(Level.NO, Level.YES), agreement=0.5, flips=True
    )
    await team.stored.stability(team.organisation).put(
        a_stability_report(
            interview, team.organisation, criteria=(flips,), suggestions=(Level.NO, Level.YES), runs=2
        )
    )
    changes = {"analysis_revision": 2, "stability_revision": 1}
    assert await team.stored.interviews(team.organisation).compare_and_set(interview, Expect(), changes)
    return interview


async def found(team: Team, interview: str) -> dict[str, list[str]]:
    """The levels in every answer in JSON, and in every text the names of criteria that a level stands behind."""
    shown = {}
    for path in JSON:
        answer = await team.rex.get(path.format(id=interview))
        assert answer.status_code == 200, path
        shown[path] = list(levels_in(answer.json()))
        shown[path] += [said for said in SAID_FOR_A_LEVEL if said in answer.text]
    for path in TEXT:
        answer = await team.rex.get(path.format(id=interview))
        assert answer.status_code == 200, path
        rows = [line for line in answer.text.splitlines() if line.startswith("|")]
        judged = [r for r in rows if any(f"| {n} |" in r for n in CRITERIA.values())]
        shown[path] = [r for r in judged if "Not assessed" not in r and "not assessed" not in r]
        shown[path] += [said for said in SAID_FOR_A_LEVEL if said in answer.text]
    return shown


async def test_with_levels_they_are_everywhere(team: Team) -> None:
    interview = await judged_twice_and_measured(team)
    shown = await found(team, interview)
    assert [path for path, levels in shown.items() if not levels] == ["/interviews/{id}/analyses"]


async def test_without_levels_there_is_none_anywhere(team: Team) -> None:
    interview = await judged_twice_and_measured(team)
    await team.ada.patch("/organisation", json={"analysis": {"levels": False}})
    assert {path: levels for path, levels in (await found(team, interview)).items() if levels} == {}
    analysis = (await team.rex.get(f"/interviews/{interview}/analysis")).json()
    assert [c["evidence"][0]["quote"] for c in analysis["criteria"]] == ["I took the blame and fixed it."] * 2


async def test_what_a_person_says_is_shown_without_what_it_replaced(team: Team) -> None:
    interview = await judged_twice_and_measured(team)
    await team.ada.patch("/organisation", json={"analysis": {"levels": False}})
    review = f"/interviews/{interview}/analyses/2/review"
    await team.rex.put(f"{review}/overrides/ownership", json={"level": "strong_no", "reason": "Heard it."})
    await team.rex.put(f"{review}/confirmation", json={"level": "strong_no"})
    shown = await found(team, interview)
    assert {level for path in JSON for level in shown[path]} == {"strong_no"}
    answer = (await team.rex.get(review)).json()
    assert {e["override"]["original"] for e in answer["history"] if e["override"]} == {None}
