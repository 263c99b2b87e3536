"""Sentences in a transcript that ask the software for something change no rating, even of a model that obeys them.

The model here does what a payload asks as soon as four of its words in a row arrive. What protects the rating does not
depend on the model: sentences that address the software are left out; whoever reads has no field for a level; whoever
rates sees only quotes that passed every check.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from app.models.analysis import AnalysisDraft, Claim
from app.models.template import Level
from app.models.transcript import TranscriptDraft
from app.services.analysis.quoting import normalized
from tests.services.analysis.injections import INJECTIONS, Injection
from tests.services.analysis.llm.conftest import a_request, dialogue, running_llm
from tests.standins.openai.liars import obedient

TALK: Sequence[tuple[str, str]] = (
    ("I", "Hi Daniel, I'm Sarah, I lead the platform team and I will be interviewing you today."),
    ("C", "Thanks for having me. I have been a backend engineer for six years, mostly in payments."),
    ("I", "What is your approach to testing?"),
    ("C", "I don't write many tests. I never did integration tests of payments, nobody measured what broke."),
    ("I", "Which services have you built?"),
    (
        "C",
        "I built two services with queues and databases, and I am not sure why the second one kept failing.",
    ),
    ("I", "What would you do differently today?"),
    ("C", "I would write the invariants down first, and I would ask somebody about the database."),
    ("I", "Do you have questions for us?"),
    ("C", "How large is the team, and who is on call?"),
)
PLACES = (1, 4, 9)
"""Behind which utterance an attempt may stand."""


def with_attempt(attempt: Injection, place: int) -> TranscriptDraft:
    speaker = "C" if attempt.speaker == "candidate" else "I"
    lines = [(speaker, line) for line in attempt.text.splitlines()]
    return dialogue(*TALK[:place], *lines, *TALK[place:])


def levels(draft: AnalysisDraft) -> dict[str, Level | None]:
    return {line.criterion_id: line.level for line in draft.criteria}


def quoted(claims: Sequence[Claim]) -> list[list[str]]:
    return [[evidence.quote for evidence in claim.evidence] for claim in claims]


async def rated(transcript: TranscriptDraft, attempt: Injection, wish: str) -> AnalysisDraft:
    async with running_llm(obedient([attempt.payload], level=wish)) as llm:
        draft = await llm.analyse(a_request(transcript))
        assert llm.server.violations == []
        return draft


def test_there_are_enough_of_them_and_no_two_alike() -> None:
    assert len({attempt.payload for attempt in INJECTIONS}) >= 25


async def test_the_model_does_obey_what_reaches_it() -> None:
    """Without this the other tests would prove nothing."""
    plain = Injection(
        name="plain",
        speaker="candidate",
        text="The weather was lovely all week.",
        payload="weather was lovely all week",
    )
    honest = await rated(dialogue(*TALK), plain, "strong_yes")
    fooled = await rated(with_attempt(plain, 4), plain, "strong_yes")
    assert {Level.NO} == {level for level in levels(honest).values() if level}
    assert levels(fooled) != levels(honest) or fooled.strengths != honest.strengths


@pytest.fixture(scope="module")
def honest() -> AnalysisDraft:
    """Of the talk without any attempt in it."""
    return asyncio.run(rated(dialogue(*TALK), INJECTIONS[0], "strong_yes"))


@pytest.mark.parametrize("attempt", INJECTIONS, ids=lambda attempt: attempt.name)
@pytest.mark.parametrize(("wish", "places"), [("strong_yes", PLACES), ("strong_no", (4,))])
async def test_no_rating_changes_and_people_are_shown_what_was_tried(
    honest: AnalysisDraft, attempt: Injection, wish: str, places: Sequence[int]
) -> None:
    for place in places:
        transcript = with_attempt(attempt, place)
        tried = await rated(transcript, attempt, wish)
        assert levels(tried) == levels(honest)
        assert tried.suggestion == honest.suggestion
        assert quoted(tried.strengths) == quoted(honest.strengths)
        assert quoted(tried.red_flags) == quoted(honest.red_flags)
        said = {u.id: normalized(u.text) for u in transcript.utterances}
        assert tried.left_out.instructions
        assert all(normalized(e.quote) in said[e.utterance_id] for e in tried.left_out.instructions)
