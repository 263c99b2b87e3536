"""Debriefs over HTTP: compare two, and make many anew."""

from __future__ import annotations

from typing import Any, ClassVar

import httpx
import pytest

from app.models.analysis import Claim, CriterionAssessment, Evidence, FlagType, RedFlag, Severity, Suggestion
from app.models.interview import Analysed, Status, TemplateRef
from app.models.organisation import AnalysisRule, Role, Visibility
from app.models.stability import CriterionStability
from app.models.template import Level
from app.repositories.base import Expect, Repositories
from app.repositories.factory import open_repositories
from tests.api.test_roles import member_with
from tests.fixtures.documents import NOON, a_stability_report, an_analysis, an_interview, minutes
from tests.fixtures.server import RunningServer

PLACE = (Evidence(utterance_id="u1", quote="I moved our billing to Kafka", start=1, end=2),)
STRENGTH = Claim(id="s1", text="Moved billing to Kafka", evidence=PLACE)
FLAG = RedFlag(
    id="f1",
    text="Blamed the team for it",
    evidence=(Evidence(utterance_id="u2", quote="they broke it", start=3, end=4),),
    type=FlagType.CONDUCT,
    severity=Severity.HIGH,
)


def judged(level: Level | None, rationale: str) -> tuple[CriterionAssessment, ...]:
    return (CriterionAssessment(criterion_id="depth", name="Depth", level=level, rationale=rationale),)


async def organisation_of(api: httpx.AsyncClient) -> str:
    return str((await api.get("/me")).json()["organisations"][0]["id"])


async def store_two_debriefs(repositories: Repositories, organisation: str, interview_id: str = "i") -> None:
    interview = an_interview(
        organisation, id=interview_id, status=Status.DONE, transcript_revision=1, analysis_revision=2
    )
    await repositories.interviews(organisation).insert(interview)
    first: dict[str, Any] = {
        "strengths": (STRENGTH,),
        "criteria": judged(Level.NO, "It was vague."),
        "suggestion": Suggestion(level=Level.NO, reasons=("depth is no",)),
    }
    second: dict[str, Any] = {
        "strengths": (STRENGTH.model_copy(update={"id": "s9", "text": "Billing runs on Kafka since"}),),
        "red_flags": (FLAG,),
        "criteria": judged(Level.YES, "He explained it."),
        "suggestion": Suggestion(level=Level.YES, reasons=("depth is yes",)),
    }
    for revision, fields in enumerate((first, second), start=1):
        await repositories.analyses(organisation).put(
            an_analysis(interview_id, organisation, revision=revision, **fields)
        )


@pytest.fixture
async def other_process(server: RunningServer) -> Any:
    """The server's database, as another process has it open."""
    async with open_repositories(None, "unused", server.settings.server.data_dir) as repositories:
        yield repositories


class TestCompare:
    PATH = "/interviews/i/analyses/compare"
    REVISIONS: ClassVar = {"from": 1, "to": 2}

    async def test_says_what_changed_and_only_that(
        self, api: httpx.AsyncClient, other_process: Repositories
    ) -> None:
        await store_two_debriefs(other_process, await organisation_of(api))
        found = (await api.get(self.PATH, params=self.REVISIONS)).json()
        assert (found["before"]["revision"], found["after"]["revision"]) == (1, 2)
        assert found["before"]["coverage"]["claims"] == 0
        (criterion,) = found["criteria"]
        assert (criterion["before"]["level"], criterion["before"]["rationale"]) == ("no", "It was vague.")
        assert (criterion["after"]["level"], criterion["after"]["rationale"]) == ("yes", "He explained it.")
        (kept,) = found["claims"]["kept"]
        assert (kept["kind"], kept["before"]["id"], kept["after"]["id"]) == ("strength", "s1", "s9")
        (added,) = found["claims"]["added"]
        assert (added["kind"], added["claim"]["severity"]) == ("red_flag", "high")
        assert added["claim"]["evidence"][0]["quote"] == "they broke it"
        assert found["claims"]["removed"] == found["made_otherwise"] == found["questions"] == []
        assert found["suggestion"]["after"] == {"level": "yes", "reasons": ["depth is yes"]}
        assert "sentiment" not in str(found)

    async def test_the_other_way_round_too(self, api: httpx.AsyncClient, other_process: Repositories) -> None:
        await store_two_debriefs(other_process, await organisation_of(api))
        found = (await api.get(self.PATH, params={"from": 2, "to": 1})).json()
        assert [c["claim"]["id"] for c in found["claims"]["removed"]] == ["f1"]
        assert found["claims"]["added"] == []

    @pytest.mark.parametrize(
        ("params", "status"),
        [
            ({"from": 1, "to": 3}, 404),
            ({"from": 99, "to": 1}, 404),
            ({"from": 0, "to": 1}, 422),
            ({"from": 1}, 422),
            ({"from": "x", "to": 1}, 422),
        ],
    )
    async def test_versions_that_never_were_are_refused(
        self, api: httpx.AsyncClient, other_process: Repositories, params: dict[str, Any], status: int
    ) -> None:
        await store_two_debriefs(other_process, await organisation_of(api))
        assert (await api.get(self.PATH, params=params)).status_code == status

    async def test_another_organisation_finds_nothing(
        self, server: RunningServer, other_process: Repositories
    ) -> None:
        await store_two_debriefs(other_process, await organisation_of(server.client("ada")))
        assert (await server.client("bob").get(self.PATH, params=self.REVISIONS)).status_code == 404

    async def test_is_hidden_like_the_draft(self, server: RunningServer, other_process: Repositories) -> None:
        from_admin = server.client("ada")
        organisation = await organisation_of(from_admin)
        await store_two_debriefs(other_process, organisation)
        interviewer = await member_with(server, Role.INTERVIEWER)
        assert (await interviewer.get(self.PATH, params=self.REVISIONS)).status_code == 200
        await other_process.people.update_organisation(organisation, NOON, visibility=Visibility.AFTER_OWN)
        refused = await interviewer.get(self.PATH, params=self.REVISIONS)
        assert (refused.status_code, refused.json()["code"]) == (403, "draft_hidden")
        assert (await from_admin.get(self.PATH, params=self.REVISIONS)).status_code == 200

    async def test_shows_no_levels_where_the_organisation_wants_none(
        self, api: httpx.AsyncClient, other_process: Repositories
    ) -> None:
        organisation = await organisation_of(api)
        await store_two_debriefs(other_process, organisation)
        await other_process.people.update_organisation(
            organisation, NOON, analysis=AnalysisRule(levels=False)
        )
        found = (await api.get(self.PATH, params=self.REVISIONS)).json()
        assert (found["criteria"], found["suggestion"]) == ([], None)

    async def test_shows_no_level_that_flips(
        self, api: httpx.AsyncClient, other_process: Repositories
    ) -> None:
        organisation = await organisation_of(api)
        await store_two_debriefs(other_process, organisation)
        flips = CriterionStability(
            criterion_id="depth", name="Depth", levels=(Level.NO, Level.YES), agreement=0.5, flips=True
        )
        await other_process.stability(organisation).put(
            a_stability_report(
                "i", organisation, criteria=(flips,), suggestions=(Level.NO, Level.YES), runs=2
            )
        )
        await other_process.interviews(organisation).compare_and_set("i", Expect(), {"stability_revision": 1})
        found = (await api.get(self.PATH, params=self.REVISIONS)).json()
        assert (found["criteria"], found["suggestion"]) == ([], None)


class TestRerun:
    async def outdated_interviews(
        self, repositories: Repositories, organisation: str, count: int
    ) -> list[str]:
        ids = [f"i{n}" for n in range(count)]
        for n, interview_id in enumerate(ids):
            interview = an_interview(
                organisation,
                id=interview_id,
                status=Status.DONE,
                transcript_revision=2,
                analysis_revision=1,
                analysed=Analysed(transcript_revision=1),
                template=TemplateRef(id="t", version=1) if n % 2 else None,
                created_at=NOON + minutes(n),
            )
            await repositories.interviews(organisation).insert(interview)
        return ids

    async def test_named_interviews_are_accepted_or_skipped_with_a_reason(
        self, api: httpx.AsyncClient, other_process: Repositories
    ) -> None:
        ids = await self.outdated_interviews(other_process, await organisation_of(api), 2)
        answer = await api.post("/analyses/rerun", json={"interview_ids": [*ids, "gone", ids[0]]})
        assert answer.status_code == 202
        reruns = answer.json()
        assert (reruns["accepted"], reruns["next_cursor"]) == (ids, None)
        assert [(s["id"], s["code"]) for s in reruns["skipped"]] == [("gone", "interview_not_found")]
        assert (await api.get("/interviews/i0")).json()["status"] == "analysing"
        again = (await api.post("/analyses/rerun", json={"interview_ids": ids})).json()
        assert again["accepted"] == []
        assert {s["code"] for s in again["skipped"]} == {"wrong_state"}

    async def test_all_outdated_ones_are_found_page_by_page(
        self, api: httpx.AsyncClient, other_process: Repositories
    ) -> None:
        await self.outdated_interviews(other_process, await organisation_of(api), 5)
        assert (await api.get("/interviews/i1")).json()["outdated"] == ["transcript", "template"]
        body = {"outdated": True, "template_id": "t"}
        first = (await api.post("/analyses/rerun", params={"limit": 3}, json=body)).json()
        assert first["accepted"] == ["i3"]
        rest = {"limit": 3, "cursor": first["next_cursor"]}
        second = (await api.post("/analyses/rerun", params=rest, json=body)).json()
        assert (second["accepted"], second["next_cursor"]) == (["i1"], None)

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"interview_ids": []},
            {"interview_ids": ["i"] * 101},
            {"interview_ids": ["i"], "outdated": True},
            {"interview_ids": ["i"], "template_id": "t"},
            {"template_id": "t"},
            {"outdated": False},
        ],
    )
    async def test_a_body_that_names_nothing_or_too_much_is_422(
        self, api: httpx.AsyncClient, body: dict[str, Any]
    ) -> None:
        assert (await api.post("/analyses/rerun", json=body)).status_code == 422

    async def test_a_single_rerun_says_who_asked(
        self, api: httpx.AsyncClient, other_process: Repositories
    ) -> None:
        organisation = await organisation_of(api)
        await self.outdated_interviews(other_process, organisation, 1)
        assert (await api.post("/interviews/i0/analysis")).status_code == 202
        interview = (await api.get("/interviews/i0")).json()
        assert interview["analysis_requested_by"] == (await api.get("/me")).json()["user"]["id"]
