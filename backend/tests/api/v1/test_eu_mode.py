"""Where nobody wants sentiment it is not asked for, not made, not shown and not described."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from pydantic import SecretStr

from app.core.config import DeepgramDelivery
from app.main import create_app
from app.models.analysis import Analysis
from app.models.transcript import Finding, Intelligence, Polarity, Sentiment, Speaker, Utterance
from tests.fixtures.deepgram import RunningDeepgram
from tests.fixtures.documents import ENGINE, a_transcript
from tests.fixtures.drafting import drafted, drafting
from tests.fixtures.loopback import UNUSED_TLS
from tests.fixtures.openai import RunningOpenAI
from tests.fixtures.panel import Team
from tests.fixtures.people import an_assessment
from tests.fixtures.server import SAMPLES, SettingsFactory, make_settings, running, wait_until
from tests.jobs.test_vendor import office, transcript_of, upload

INTELLIGENCE: Final = Intelligence(
    engine=ENGINE,
    summary="They spoke of Kafka.",
    topics=(Finding(name="Kafka", confidence=0.9, utterance_ids=("u7",)),),
    sentiments=(Sentiment(utterance_id="u7", polarity=Polarity.POSITIVE, score=0.9),),
    average_sentiment=0.4,
)
WARNING: Final = "Sentiment is only supported for English."
SWITCHES: Final = [{"eu_mode": True}, {"sentiment": False}]
EU: Final = {"eu_mode": True}


async def with_vendor_findings(team: Team) -> str:
    """An interview whose transcript and debrief were made while sentiment was wanted."""
    interview = await team.interview()
    transcript = a_transcript(
        interview,
        team.organisation,
        speakers=(Speaker(id="s1", label="Speaker 1"),),
        utterances=(Utterance(id="u7", speaker="s1", start=61.5, end=64.0, text="I fixed it."),),
        intelligence=INTELLIGENCE,
        warnings=(WARNING, "Check the names."),
    )
    await team.stored.transcripts(team.organisation).put(transcript)
    return interview


async def everything(client: httpx.AsyncClient, interview: str) -> dict[str, httpx.Response]:
    """What the API has to say about an interview."""
    here = f"/interviews/{interview}"
    paths = [
        here,
        f"{here}/transcript",
        f"{here}/transcript/utterances",
        f"{here}/analysis",
        f"{here}/analyses",
        f"{here}/analyses/compare?from=1&to=1",
        f"{here}/analyses/1/review",
        f"{here}/export?format=json",
        f"{here}/export?format=md",
        f"{here}/export?format=md&kind=explanation",
        "/panel?candidate=daniel reyes",
        "/interviews",
    ]
    answers = {path: await client.get(path) for path in paths}
    assert {a.status_code for a in answers.values()} == {200}
    return answers


class TestOrganisation:
    @pytest.mark.parametrize("switch", SWITCHES, ids=str)
    async def test_what_was_made_before_the_switch_is_hidden_everywhere(
        self, team: Team, switch: dict[str, bool]
    ) -> None:
        interview = await with_vendor_findings(team)
        shown = (await team.rex.get(f"/interviews/{interview}/analysis")).json()
        assert [s["polarity"] for s in shown["sentiments"]] == ["positive"]
        await team.ada.patch("/organisation", json={"analysis": switch})
        answers = await everything(team.rex, interview)
        assert [path for path, a in answers.items() if "sentiment" in a.text.lower()] == []
        transcript = answers[f"/interviews/{interview}/transcript"].json()
        assert transcript["intelligence"]["summary"] == "They spoke of Kafka."
        assert transcript["warnings"] == ["Check the names."]

    async def test_what_the_vendor_was_asked_is_hidden_too(self, team: Team) -> None:
        interview = await with_vendor_findings(team)
        stored = await team.stored.analyses(team.organisation).get(interview, 1)
        assert isinstance(stored, Analysis)
        asked = stored.provenance.model_copy(update={"parameters": {"topics": True, "sentiment": True}})
        changed = stored.model_copy(update={"provenance": asked, "epoch": stored.epoch + 1})
        await team.stored.analyses(team.organisation).put(changed)
        path = f"/interviews/{interview}/analysis"
        assert (await team.rex.get(path)).json()["provenance"]["parameters"]["sentiment"] is True
        await team.ada.patch("/organisation", json={"analysis": EU})
        assert (await team.rex.get(path)).json()["provenance"]["parameters"] == {"topics": True}

    async def test_it_comes_back_when_the_switch_is_turned_back(self, team: Team) -> None:
        interview = await with_vendor_findings(team)
        before = await everything(team.rex, interview)
        for wanted in (False, True):
            await team.ada.patch("/organisation", json={"analysis": {"sentiment": wanted}})
        after = await everything(team.rex, interview)
        for path in (f"/interviews/{interview}/analysis", f"/interviews/{interview}/transcript"):
            assert after[path].json() == before[path].json()
        found = after[f"/interviews/{interview}/transcript"].json()["intelligence"]
        assert (found["sentiments"][0]["score"], found["average_sentiment"]) == (0.9, 0.4)

    @pytest.mark.parametrize("delivery", [DeepgramDelivery.CALLBACK, DeepgramDelivery.WAIT])
    @pytest.mark.parametrize("switch", SWITCHES, ids=str)
    async def test_no_voice_is_sent_to_be_read_for_it(
        self,
        settings_with: SettingsFactory,
        deepgram: RunningDeepgram,
        delivery: DeepgramDelivery,
        switch: dict[str, bool],
    ) -> None:
        async with office(settings_with, deepgram, deepgram_delivery=delivery) as server:
            api = server.client()
            await api.patch("/organisation", json={"analysis": switch})
            transcript = await transcript_of(api, await upload(api))
        [request] = deepgram.requests
        asked = {name for name, _ in request.query}
        assert {"summarize", "topics", "intents"} <= asked
        assert "sentiment" not in asked
        assert transcript["intelligence"]["summary"]
        assert "sentiment" not in json.dumps(transcript)

    async def test_another_organisation_goes_on_as_it_wants(self, team: Team) -> None:
        await team.server.client("eve").patch("/organisation", json={"analysis": EU})
        interview = await with_vendor_findings(team)
        assert (await team.rex.get(f"/interviews/{interview}/analysis")).json()["sentiments"]


class TestInstallation:
    def test_the_description_of_the_api_has_no_word_of_it(self, tmp_path: Path) -> None:
        usual = create_app(make_settings(tmp_path)).openapi()
        document = create_app(make_settings(tmp_path, analysis=EU)).openapi()
        assert "sentiment" in json.dumps(usual)
        assert "sentiment" not in json.dumps(document).lower()
        assert document["paths"].keys() == usual["paths"].keys()
        gone = usual["components"]["schemas"].keys() - document["components"]["schemas"].keys()
        assert gone == {"SentimentOut", "StatementSentimentOut", "Polarity"}
        assert "eu_mode" in document["components"]["schemas"]["AnalysisRulePatch"]["properties"]

    async def test_the_served_description_is_that_one(self, settings_with: SettingsFactory) -> None:
        settings = settings_with(analysis=EU, worker={"worker_in_process": False})
        async with running(settings) as server, httpx.AsyncClient(trust_env=False, verify=UNUSED_TLS) as http:
            for _ in range(2):
                served = await http.get(f"{server.url}/openapi.json")
                assert served.status_code == 200
                assert "sentiment" not in served.text.lower()

    async def test_an_organisation_has_no_such_switch(self, settings_with: SettingsFactory) -> None:
        async with running(settings_with(analysis=EU, worker={"worker_in_process": False})) as server:
            api = server.client()
            shown = await api.get("/organisation")
            changed = await api.patch("/organisation", json={"analysis": {"levels": False}})
            founded = await server.client("bo").post("/organisations", json={"name": "Northwind"})
            for answer in (shown, changed, founded):
                assert answer.json()["analysis"]["eu_mode"] is True
                assert "sentiment" not in answer.text
            for wanted in (True, False):
                refused = await api.patch("/organisation", json={"analysis": {"sentiment": wanted}})
                assert (refused.status_code, refused.json()["code"]) == (422, "eu_mode_in_force")
            assert (await api.get("/organisation")).json() == changed.json()

    async def test_the_model_reads_no_word_of_it_and_has_no_place_for_it(
        self, settings_with: SettingsFactory, openai: RunningOpenAI
    ) -> None:
        async with drafting(settings_with, openai, analysis=EU) as server:
            api = server.client()
            interview = await drafted(api)
            analysis = await api.get(f"/interviews/{interview}/analysis")
            replay = await api.get(f"/interviews/{interview}/analyses/1/replay")
        assert analysis.json()["summary"]
        assert {r.schema for r in openai.requests} >= {"assessing_reading", "judgement"}
        assert [r.schema for r in openai.requests if "sentiment" in r.text.lower()] == []
        assert replay.json()["verdict"] == "identical"
        assert "sentiment" not in (analysis.text + replay.text).lower()

    async def test_without_the_mode_the_model_is_asked(
        self, settings_with: SettingsFactory, openai: RunningOpenAI
    ) -> None:
        async with drafting(settings_with, openai) as server:
            api = server.client()
            analysis = (await api.get(f"/interviews/{await drafted(api)}/analysis")).json()
        assert analysis["sentiments"]
        assert "full_reading" in {r.schema for r in openai.requests}

    async def test_deepgrams_reading_of_the_text_does_not_ask_for_it(
        self, settings_with: SettingsFactory, deepgram: RunningDeepgram
    ) -> None:
        vendor: dict[str, Any] = {
            "deepgram_api_key": SecretStr(deepgram.key),
            "deepgram_base_url": deepgram.url,
        }
        async with running(settings_with(deepgram=vendor, analysis=EU)) as server:
            api = server.client()
            body = {"title": "First round", "language": "en"}
            interview = str((await api.post("/interviews", json=body)).json()["id"])
            sample = (SAMPLES / "script.json").read_bytes()
            await api.put(f"/interviews/{interview}/transcript", content=sample)
            await wait_until(api, interview, "done")
            answer = await api.get(f"/interviews/{interview}/analysis")
        assert answer.json()["engine"]["name"] == "deepgram-intelligence"
        assert answer.json()["topics"]
        assert "sentiment" not in answer.text.lower()
        assert deepgram.requests
        assert [r for r in deepgram.requests if "sentiment" in dict(r.query)] == []
        assert deepgram.violations == []


def test_a_debrief_of_the_fixtures_has_sentiment() -> None:
    """What the tests above hide is there to be hidden."""
    assert an_assessment().sentiments
