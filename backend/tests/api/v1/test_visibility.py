"""The visibility rule over HTTP: nobody who is to rate sees the draft or what follows from it before they have."""

from __future__ import annotations

import httpx

from app.models.transcript import Intelligence, Utterance
from tests.fixtures.documents import ENGINE, a_transcript
from tests.fixtures.panel import Team

HIDDEN = [
    "/analysis",
    "/analyses",
    "/analyses/compare?from=1&to=1",
    "/analyses/1/review",
    "/stabilities",
    "/export?format=json",
]


async def codes(client: httpx.AsyncClient, interview: str) -> set[tuple[int, str | None]]:
    answers = [await client.get(f"/interviews/{interview}{path}") for path in HIDDEN]
    return {(a.status_code, a.json().get("code")) for a in answers}


async def vendors_summary(client: httpx.AsyncClient, interview: str) -> set[str | None]:
    """As the transcript shows it, whole and page by page."""
    whole = (await client.get(f"/interviews/{interview}/transcript")).json()
    page = (await client.get(f"/interviews/{interview}/transcript/utterances")).json()["transcript"]
    found = [head["intelligence"] for head in (whole, page)]
    return {None if intelligence is None else intelligence["summary"] for intelligence in found}


async def test_interviewers_see_it_after_their_own_card_and_others_at_once(team: Team) -> None:
    interview = await team.interview()
    assert await codes(team.ivo, interview) == {(200, None)}
    await team.hide()
    assert await codes(team.ivo, interview) == {(403, "draft_hidden")}
    for other in (team.ada, team.rex, team.vic):
        assert await codes(other, interview) == {(200, None)}
    refused = (await team.ivo.get(f"/interviews/{interview}/analysis")).json()
    assert f"PUT /api/v1/interviews/{interview}/scorecard" in refused["detail"]
    card = f"/interviews/{interview}/scorecard"
    await team.ivo.put(card, json={"decision": "no"})
    assert await codes(team.ivo, interview) == {(403, "draft_hidden")}
    await team.ivo.post(f"{card}/submission")
    assert await codes(team.ivo, interview) == {(200, None)}
    await team.ivo.put(card, json={"decision": "yes"})
    assert await codes(team.ivo, interview) == {(200, None)}


async def test_a_recruiter_who_interviewed_waits_too(team: Team) -> None:
    rex = {"name": "Rex", "email": "Rex@example.com", "role": "interviewer"}
    interview = await team.interview(participants=[rex])
    await team.hide()
    assert await codes(team.rex, interview) == {(403, "draft_hidden")}
    assert await codes(team.ada, interview) == {(200, None)}
    explanation = await team.rex.get(f"/interviews/{interview}/export?kind=explanation&format=json")
    assert (explanation.status_code, explanation.json()["code"]) == (403, "draft_hidden")


async def test_what_the_vendor_read_out_of_the_talk_waits_with_the_draft(team: Team) -> None:
    interview = await team.interview()
    intelligence = Intelligence(engine=ENGINE, summary="They spoke of Kafka.")
    utterance = Utterance(id="u1", speaker="s1", start=0, end=1, text="Kafka.")
    transcript = a_transcript(
        interview, team.organisation, intelligence=intelligence, utterances=(utterance,)
    )
    await team.stored.transcripts(team.organisation).put(transcript)
    assert await vendors_summary(team.ivo, interview) == {"They spoke of Kafka."}
    await team.hide()
    assert await vendors_summary(team.ivo, interview) == {None}
    words = (await team.ivo.get(f"/interviews/{interview}/transcript")).json()["utterances"]
    assert [said["text"] for said in words] == ["Kafka."]
    assert await vendors_summary(team.vic, interview) == {"They spoke of Kafka."}
    await team.ivo.put(f"/interviews/{interview}/scorecard", json={"decision": "no", "submit": True})
    assert await vendors_summary(team.ivo, interview) == {"They spoke of Kafka."}


async def test_nobody_reviews_what_they_may_not_see(team: Team) -> None:
    interview = await team.interview()
    await team.hide()
    body = {"level": "yes", "reason": "x"}
    for act in ("overrides/design", "confirmation"):
        refused = await team.ivo.put(f"/interviews/{interview}/analyses/1/review/{act}", json=body)
        assert (refused.status_code, refused.json()["code"]) == (403, "draft_hidden")
    assert await team.stored.reviews(team.organisation).get(interview, 1) is None
