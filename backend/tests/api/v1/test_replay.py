"""Rebuilding the input of a debrief over HTTP."""

from __future__ import annotations

import json

from app.repositories.factory import open_repositories
from tests.fixtures.drafting import drafted, drafting
from tests.fixtures.openai import RunningOpenAI
from tests.fixtures.panel import Team
from tests.fixtures.server import SettingsFactory


async def test_the_exact_requests_come_back_and_nothing_is_asked_again(
    settings_with: SettingsFactory, openai: RunningOpenAI
) -> None:
    async with drafting(settings_with, openai) as server:
        api = server.client()
        interview = await drafted(api)
        sent = {(r.instructions, r.content) for r in openai.requests}
        answer = await api.get(f"/interviews/{interview}/analyses/1/replay")
        assert answer.status_code == 200
        replay = answer.json()
        assert {(r["instructions"], r["content"]) for r in replay["requests"]} == sent
        assert len(openai.requests) == len(sent), "nothing was asked for the replay"
    assert (replay["verdict"], replay["missing"], replay["differing"]) == ("identical", [], [])
    assert all(r["expected"] for r in replay["requests"])


async def test_a_transcript_that_was_tampered_with_is_found_out(
    settings_with: SettingsFactory, openai: RunningOpenAI
) -> None:
    async with drafting(settings_with, openai) as server:
        api = server.client()
        interview = await drafted(api)
        organisation = (await api.get("/me")).json()["organisations"][0]["id"]
        async with open_repositories(None, "unused", server.settings.server.data_dir) as other:
            transcripts = other.transcripts(organisation)
            transcript = await transcripts.get(interview, 1)
            assert transcript is not None
            changed = transcript.utterances[0].model_copy(update={"text": "Never said."})
            forged = {"utterances": (changed, *transcript.utterances[1:]), "epoch": transcript.epoch + 1}
            await transcripts.put(transcript.model_copy(update=forged))
        replay = (await api.get(f"/interviews/{interview}/analyses/1/replay")).json()
    assert replay["verdict"] == "input_gone"
    assert replay["requests"] == []


async def test_the_names_of_people_are_in_no_rebuilt_request(
    settings_with: SettingsFactory, openai: RunningOpenAI
) -> None:
    async with drafting(settings_with, openai) as server:
        api = server.client()
        replay = (await api.get(f"/interviews/{await drafted(api)}/analyses/1/replay")).json()
    said = json.dumps(replay["requests"])
    assert "[CANDIDATE]" in said
    assert "Daniel" not in said


async def test_a_debrief_without_a_model_has_no_request(team: Team) -> None:
    interview = await team.interview()
    answer = await team.rex.get(f"/interviews/{interview}/analyses/1/replay")
    assert (answer.status_code, answer.json()["code"]) == (404, "analysis_not_replayable")
    for revision, status, code in ((2, 404, "analysis_missing"), (0, 422, "invalid_input")):
        refused = await team.rex.get(f"/interviews/{interview}/analyses/{revision}/replay")
        assert (refused.status_code, refused.json()["code"]) == (status, code)


async def test_a_recruiter_who_interviewed_waits_for_their_own_card(team: Team) -> None:
    rex = {"name": "Rex", "email": "rex@example.com", "role": "interviewer"}
    interview = await team.interview(participants=[rex])
    await team.hide()
    refused = await team.rex.get(f"/interviews/{interview}/analyses/1/replay")
    assert (refused.status_code, refused.json()["code"]) == (403, "draft_hidden")
