"""Exports over HTTP: a debrief is in the database, with people's review of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import docx
import httpx
import pytest

from app.models.interview import Analysed, Interview, Participant, TemplateRef
from app.models.organisation import AnalysisRule, Visibility
from app.models.stability import CriterionStability, StabilityReport
from app.models.template import Level, Template
from app.models.transcript import Utterance
from app.repositories.base import Expect, Repositories
from app.repositories.factory import open_repositories
from tests.fixtures.documents import NOON
from tests.fixtures.server import RunningServer
from tests.services.export.analysed import ID, LIMITER, SAID_BY, TEMPLATE, a_full_analysis
from tests.services.export.facts import DRAFT_CARD, a_card, a_review, an_engineers_interview, the_transcript

PATH = f"/interviews/{ID}/export"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
async def repositories(server: RunningServer) -> AsyncIterator[Repositories]:
    database = server.settings.database.database_name
    async with open_repositories(
        database_url=None, database_name=database, data_dir=server.settings.server.data_dir
    ) as opened:
        yield opened


@pytest.fixture
async def organisation(api: httpx.AsyncClient, repositories: Repositories) -> str:
    """Ada's organisation with an interview that was analysed and reviewed."""
    organisation_id: str = (await api.get("/me")).json()["organisations"][0]["id"]
    mine = {"organisation_id": organisation_id}
    editions = [TEMPLATE.model_copy(update={"version": number}) for number in (1, 2)]
    template = Template(
        id="engineer", version=3, versions=(*editions, TEMPLATE), created_at=NOON, updated_at=NOON, **mine
    )
    utterances = tuple(
        Utterance(id=id, speaker=speaker, start=0, end=1, text="…") for id, speaker in SAID_BY.items()
    )
    await repositories.templates(organisation_id).insert(template)
    await repositories.interviews(organisation_id).insert(reviewed_interview(**mine))
    await repositories.transcripts(organisation_id).put(the_transcript(utterances=utterances, **mine))
    await repositories.analyses(organisation_id).put(a_full_analysis(**mine))
    await repositories.reviews(organisation_id).save(a_review(**mine), expected_version=0)
    for card in (a_card("Grace Hopper"), DRAFT_CARD):
        assert await repositories.scorecards(organisation_id).save(
            card.model_copy(update=mine), expected_version=0
        )
    return organisation_id


def reviewed_interview(**fields: Any) -> Interview:
    analysed = Analysed(transcript_revision=1, template=TemplateRef(id="engineer", version=3))
    return an_engineers_interview(analysed=analysed, **fields)


def file_name_of(answer: httpx.Response) -> str:
    """What a browser saves it as: the UTF-8 name wins over the plain one."""
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith('attachment; filename="')
    return unquote(disposition.partition("; filename*=UTF-8''")[2])


@pytest.mark.usefixtures("organisation")
class TestDebrief:
    async def test_a_pdf_is_what_one_gets_without_asking_for_more(self, api: httpx.AsyncClient) -> None:
        answer = await api.get(PATH)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert file_name_of(answer) == "Debrief - Backend engineer, second round - Zoë Ångström.pdf"
        assert answer.content.startswith(b"%PDF-")

    async def test_markdown_has_evidence_review_and_scorecards(self, api: httpx.AsyncClient) -> None:
        answer = await api.get(PATH, params={"format": "md"})
        assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
        assert f"> {LIMITER.quote}\n>\n> — Zoë Ångström, 20:47" in answer.text
        assert "Confirmed by Ada Lovelace on 1 March 2026." in answer.text
        assert "| Quality | Yes | Ada Lovelace (draft: no) |" in answer.text
        assert "### Grace Hopper" in answer.text
        assert "Linus" not in answer.text

    async def test_a_word_document_can_be_opened(self, api: httpx.AsyncClient) -> None:
        answer = await api.get(PATH, params={"format": "docx"})
        assert answer.headers["content-type"] == WORD
        opened = docx.Document(BytesIO(answer.content))
        assert "Backend engineer, second round" in [p.text for p in opened.paragraphs]

    async def test_json_is_for_programs(self, api: httpx.AsyncClient) -> None:
        answer = await api.get(PATH, params={"format": "json"})
        assert answer.headers["content-type"] == "application/json"
        assert answer.json()["criteria"][0]["name"] == "System design"
        assert answer.json()["outdated"] == []

    async def test_an_earlier_version_has_its_own_review(
        self, api: httpx.AsyncClient, repositories: Repositories, organisation: str
    ) -> None:
        second = a_full_analysis(organisation_id=organisation, revision=2, id="second")
        await repositories.analyses(organisation).put(second)
        await repositories.interviews(organisation).compare_and_set(ID, Expect(), {"analysis_revision": 2})
        newest = (await api.get(PATH, params={"format": "json"})).json()
        first = (await api.get(PATH, params={"format": "json", "revision": 1})).json()
        assert (newest["draft"]["revision"], first["draft"]["revision"]) == (2, 1)
        assert newest["decision"]["confirmation"] is None
        assert first["decision"]["confirmation"]["by_name"] == "Ada Lovelace"

    async def test_a_changed_transcript_makes_it_outdated(
        self, api: httpx.AsyncClient, repositories: Repositories, organisation: str
    ) -> None:
        await repositories.interviews(organisation).compare_and_set(ID, Expect(), {"transcript_revision": 2})
        answer = await api.get(PATH, params={"format": "md"})
        assert "**This debrief is outdated**" in answer.text

    @pytest.mark.parametrize("kind", ["debrief", "explanation"])
    @pytest.mark.parametrize("format", ["md", "json"])
    async def test_in_eu_mode_there_is_no_word_of_sentiment(
        self, api: httpx.AsyncClient, repositories: Repositories, organisation: str, kind: str, format: str
    ) -> None:
        rule = AnalysisRule(eu_mode=True)
        await repositories.people.update_organisation(organisation, NOON, analysis=rule)
        answer = await api.get(PATH, params={"format": format, "kind": kind})
        assert answer.status_code == 200
        assert "sentiment" not in answer.text.lower()

    async def test_a_title_cannot_break_out_of_the_header(
        self, api: httpx.AsyncClient, repositories: Repositories, organisation: str
    ) -> None:
        title = 'x"; filename="evil.exe\r\nSet-Cookie: a=b\r\n\r\n'
        candidate = Participant(name="../../Łukasz")
        changes = {"title": title, "candidate": candidate}
        await repositories.interviews(organisation).compare_and_set(ID, Expect(), changes)
        answer = await api.get(PATH, params={"format": "md"})
        assert "set-cookie" not in answer.headers
        assert file_name_of(answer) == "Debrief - x ; filename= evil.exe Set-Cookie a=b - Łukasz.md"


class TestRulesOfTheOrganisation:
    async def test_who_is_to_rate_gets_it_after_their_own_scorecard(
        self, server: RunningServer, api: httpx.AsyncClient, repositories: Repositories, organisation: str
    ) -> None:
        invitation = {"email": "bo@example.com", "role": "interviewer"}
        invited = (await api.post("/organisation/invitations", json=invitation)).json()
        bo = server.client("bo", **{"X-Organization": organisation})
        await bo.post(f"/me/invitations/{invited['id']}/accept")
        await repositories.people.update_organisation(organisation, NOON, visibility=Visibility.AFTER_OWN)
        refused = await bo.get(PATH, params={"format": "md"})
        assert (refused.status_code, refused.json()["code"]) == (403, "draft_hidden")
        await bo.put(f"/interviews/{ID}/scorecard", json={"decision": "yes"})
        await bo.post(f"/interviews/{ID}/scorecard/submission")
        assert (await bo.get(PATH, params={"format": "md"})).status_code == 200

    @pytest.mark.usefixtures("organisation")
    async def test_a_card_that_is_being_changed_shows_what_was_submitted(
        self, api: httpx.AsyncClient
    ) -> None:
        await api.put(f"/interviews/{ID}/scorecard", json={"decision": "yes", "notes": "as submitted"})
        await api.post(f"/interviews/{ID}/scorecard/submission")
        await api.put(f"/interviews/{ID}/scorecard", json={"decision": "no", "notes": "second thoughts"})
        answer = await api.get(PATH, params={"format": "md"})
        assert "as submitted" in answer.text
        assert "second thoughts" not in answer.text

    async def test_without_levels_there_is_evidence_only(
        self, api: httpx.AsyncClient, repositories: Repositories, organisation: str
    ) -> None:
        rule = AnalysisRule(levels=False)
        await repositories.people.update_organisation(organisation, NOON, analysis=rule)
        answer = await api.get(PATH, params={"format": "md"})
        assert "| System design | Not assessed |" in answer.text
        assert "| Quality | Yes | Ada Lovelace (draft: no level) |" in answer.text
        assert LIMITER.quote in answer.text

    async def test_a_level_that_flips_is_not_passed_on(
        self, api: httpx.AsyncClient, repositories: Repositories, organisation: str
    ) -> None:
        flipping = CriterionStability(
            criterion_id="design",
            name="System design",
            levels=(Level.YES, Level.NO),
            agreement=0.5,
            flips=True,
        )
        report = StabilityReport(
            id="report",
            organisation_id=organisation,
            interview_id=ID,
            revision=1,
            epoch=1,
            runs=2,
            engine=a_full_analysis().engine,
            transcript_revision=1,
            template=TemplateRef(id="engineer", version=3),
            criteria=(flipping,),
            suggestions=(Level.YES, Level.NO),
            claims_kept=0.5,
            created_at=NOON,
        )
        await repositories.stability(organisation).put(report)
        answer = await api.get(PATH, params={"format": "md"})
        assert "| System design | Not assessed |" in answer.text
        assert "The software gave other levels when it was asked again, so none is shown." in answer.text
        assert "| Ownership | Strong yes | Draft |" in answer.text


@pytest.mark.usefixtures("organisation")
class TestExplanation:
    @pytest.mark.parametrize("format", ["pdf", "docx", "md", "json"])
    async def test_it_comes_in_every_format(self, api: httpx.AsyncClient, format: str) -> None:
        answer = await api.get(PATH, params={"kind": "explanation", "format": format})
        assert answer.status_code == 200
        assert file_name_of(answer).startswith("Explanation - Backend engineer")

    async def test_it_keeps_inside_what_is_not_for_the_candidate(self, api: httpx.AsyncClient) -> None:
        answer = await api.get(PATH, params={"kind": "explanation", "format": "md"})
        assert "Given by Ada Lovelace" in answer.text
        assert "cannot both hold" not in answer.text
        assert "I would like to work with her" not in answer.text

    @pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("interviewer", 403), ("recruiter", 200)])
    async def test_only_recruiters_may_have_it(
        self, server: RunningServer, api: httpx.AsyncClient, organisation: str, role: str, status: int
    ) -> None:
        invitation = {"email": "bo@example.com", "role": role}
        invited = (await api.post("/organisation/invitations", json=invitation)).json()
        bo = server.client("bo", **{"X-Organization": organisation})
        await bo.post(f"/me/invitations/{invited['id']}/accept")
        answer = await bo.get(PATH, params={"kind": "explanation", "format": "md"})
        assert answer.status_code == status
        if status == 403:
            assert answer.json()["code"] == "role_too_low"
        assert (await bo.get(PATH, params={"format": "md"})).status_code == 200


class TestRefusals:
    @pytest.mark.usefixtures("organisation")
    @pytest.mark.parametrize(
        ("params", "status", "code"),
        [
            ({"revision": 7}, 404, "analysis_missing"),
            ({"revision": 0}, 422, "invalid_input"),
            ({"format": "odt"}, 422, "invalid_input"),
            ({"kind": "gossip"}, 422, "invalid_input"),
        ],
    )
    async def test_what_does_not_exist_is_a_clear_problem(
        self, api: httpx.AsyncClient, params: dict[str, Any], status: int, code: str
    ) -> None:
        answer = await api.get(PATH, params=params)
        assert (answer.status_code, answer.json()["code"]) == (status, code)

    @pytest.mark.usefixtures("organisation")
    async def test_another_organisation_does_not_find_it(self, server: RunningServer) -> None:
        answer = await server.client("eve").get(PATH)
        assert (answer.status_code, answer.json()["code"]) == (404, "interview_not_found")

    async def test_an_interview_without_an_analysis_has_nothing_to_export(
        self, api: httpx.AsyncClient
    ) -> None:
        created = (await api.post("/interviews", json={"title": "New"})).json()
        answer = await api.get(f"/interviews/{created['id']}/export")
        assert (answer.status_code, answer.json()["code"]) == (404, "analysis_missing")
