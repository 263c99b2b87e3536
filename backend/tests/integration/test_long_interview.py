"""Two hours of talk, analysed within what the model takes at once and writes at most."""

from __future__ import annotations

import asyncio
import itertools
import json
from typing import Any

import pytest

from app.models.provenance import CallPurpose
from bench.quality.interview import load, names
from tests.fixtures.debriefing import office
from tests.fixtures.openai import running_openai
from tests.fixtures.server import PATIENCE, SettingsFactory
from tests.services.analysis.llm.test_hostile import wrong
from tests.services.analysis.quotes import quotes_of
from tests.standins.openai.brains import diligent
from tests.standins.openai.server import tokens

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("short_waits")]

WORDS = 18_000
SECONDS = 2 * 3600.0
LAST_ANSWER = (
    "I built the tide gauge of Port Lowen, and I measured it for 41 weeks before anybody relied on it."
)


def two_hours() -> bytes:
    """The invented interviews one after the other, as one talk of two people, with an answer at its very end."""
    said: list[tuple[str, str]] = []
    for name in itertools.cycle(names()):
        interview = load(name)
        for utterance in interview.utterances:
            role = interview.gold.speakers[utterance.speaker].role
            said.append(("C" if role == "candidate" else "I", utterance.text))
        if sum(len(text.split()) for _, text in said) >= WORDS:
            break
    said.append(("I", "And to come to an end, which thing that you built would you show to a visitor?"))
    said.append(("C", LAST_ANSWER))
    step = SECONDS / len(said)
    utterances = [
        {"speaker": s, "start": n * step, "end": (n + 0.95) * step, "text": text}
        for n, (s, text) in enumerate(said)
    ]
    speakers = {
        "I": {"name": "Robin Vale", "role": "interviewer"},
        "C": {"name": "Kim Orchard", "role": "candidate"},
    }
    whole = {"language": "en", "speakers": speakers, "utterances": utterances}
    return json.dumps(whole).encode()


@pytest.fixture(scope="module")
def talk() -> bytes:
    return two_hours()


def prompt_of(parameters: dict[str, Any]) -> int:
    """Tokens of everything that the model has to read."""
    schema = json.dumps(parameters["response_format"]["json_schema"]["schema"])
    return tokens("\n".join([schema, *(message["content"] for message in parameters["messages"])]))


@pytest.mark.parametrize(
    ("context", "output", "least_parts"),
    [(128_000, 16_384, 3), (8_192, 2_048, 10)],
    ids=["gpt-4o-mini", "a small model"],
)
async def test_two_hours_keep_within_the_models_limits(
    settings_with: SettingsFactory, talk: bytes, context: int, output: int, least_parts: int
) -> None:
    limits = {"context_tokens": context, "output_tokens": output}
    async with running_openai(brains=diligent(), **limits) as openai:
        settings = {"openai_context_tokens": context, "openai_max_output_tokens": output}
        async with office(settings_with, openai, openai=settings) as desk:
            interview = await desk.begin(
                talk,
                candidate={"name": "Kim Orchard"},
                participants=[{"name": "Robin Vale", "role": "interviewer"}],
            )
            await desk.done(interview)
            analysis, transcript = await desk.analysis(interview), await desk.transcript(interview)
    assert sum(len(u.text.split()) for u in transcript.utterances) >= WORDS
    assert len({u.id for u in transcript.utterances}) == len(transcript.utterances)

    assert openai.violations == []
    assert {request.status for request in openai.requests} == {200}, "nothing was too long"
    for request in openai.requests:
        allowed = request.parameters.get("max_tokens") or request.parameters["max_completion_tokens"]
        assert prompt_of(request.parameters) + allowed <= context
        assert allowed <= output

    assert (analysis.engine.name, analysis.outcome.value, analysis.warnings) == ("openai", "complete", ())
    readings = [c for c in analysis.provenance.calls if c.purpose is CallPurpose.EXTRACT]
    assert len(readings) >= least_parts
    assert list(wrong(analysis, transcript)) == []

    by_id = {u.id: n for n, u in enumerate(transcript.utterances)}
    last = transcript.utterances[-1]
    assert last.text == LAST_ANSWER
    assert last.id in {e.utterance_id for pair in analysis.question_answers for e in pair.answer}
    hours = [by_id[e.utterance_id] / len(by_id) for e in quotes_of(analysis)]
    assert {int(place * 10) for place in hours} == set(range(10)), "claims from every tenth of the talk"
    assert len({claim.id for claim in analysis.question_answers}) == len(analysis.question_answers)


async def test_the_server_answers_meanwhile(settings_with: SettingsFactory, talk: bytes) -> None:
    async with running_openai(brains=diligent()) as openai, office(settings_with, openai) as desk:
        interview = await desk.begin(talk)
        answered = 0
        async with asyncio.timeout(PATIENCE):
            while (await desk.api.get(f"/interviews/{interview}")).json()["status"] not in ("done", "failed"):
                answered += 1
        await desk.done(interview)
    assert answered > 20, "requests were answered while the debrief was made"
