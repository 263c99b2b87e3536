"""`search rebuild` on each database, beside a server that runs."""

from __future__ import annotations

from app.models.transcript import Utterance
from tests.command_line.administration.test_administration import Operator
from tests.fixtures.documents import a_transcript
from tests.fixtures.panel import Team


async def test_interviews_from_before_are_found_after_it(team: Team) -> None:
    interview = await team.interview()
    said = Utterance(id="u", speaker="s", start=0, end=1, text="We moved billing.")
    await team.stored.transcripts(team.organisation).put(
        a_transcript(interview, team.organisation, utterances=(said,))
    )
    assert (await team.vic.get("/search", params={"q": "billing"})).json()["items"] == []
    operator = Operator(team.server.settings)
    assert await operator.does("search", "rebuild") == "Interviews indexed: 1\n"
    (hit,) = (await team.vic.get("/search", params={"q": "billing"})).json()["items"]
    assert hit["interview"]["id"] == interview
