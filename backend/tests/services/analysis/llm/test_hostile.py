"""Whatever a model answers, nothing is stored that was not said, by whom it was said."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import ProviderError
from app.models.analysis import AnalysisDraft
from app.models.transcript import SpeakerRole, TranscriptDraft
from app.services.analysis.guards.wording import refused_wording
from app.services.analysis.quoting import normalized
from tests.services.analysis.llm.conftest import a_request, dialogue, running_llm
from tests.services.analysis.quotes import quotes_of
from tests.standins.openai.liars import hostile

said = st.lists(
    st.tuples(
        st.sampled_from("IC"),
        st.one_of(
            st.text(min_size=1, max_size=120),
            st.sampled_from(
                [
                    "I built the billing service and wrote its tests, because payments must not get lost.",
                    "What is your approach to testing?",
                    "Daniel, could you tell us about it?",
                    "ok",
                    "私は請求システムを作り、それをテストしました。",
                    "كتبت خدمة الفوترة وجميع اختباراتها بنفسي.",
                ]
            ),
        ),
    ),
    min_size=2,
    max_size=14,
)


def wrong(draft: AnalysisDraft, transcript: TranscriptDraft) -> Iterator[str]:
    """Everything about a debrief that no debrief may have."""
    texts = {u.id: normalized(u.text) for u in transcript.utterances}
    speakers = {u.id: u.speaker for u in transcript.utterances}
    roles = {s.id: s.role for s in transcript.speakers}
    for evidence in quotes_of(draft):
        if normalized(evidence.quote) not in texts.get(evidence.utterance_id, ""):
            yield f"not said: {evidence}"
    by_candidate = [
        e for c in (*draft.strengths, *draft.red_flags, *draft.facts, *draft.criteria) for e in c.evidence
    ]
    for evidence in by_candidate:
        if roles[speakers[evidence.utterance_id]] is not SpeakerRole.CANDIDATE:
            yield f"not by the candidate: {evidence}"
    for pair in draft.question_answers:
        if any(speakers[e.utterance_id] == pair.asker for e in pair.answer):
            yield f"answers their own question: {pair}"
    for criterion in draft.criteria:
        if criterion.level is not None and not criterion.evidence:
            yield f"a level without evidence: {criterion}"
        if criterion.level is None and criterion.reason is None:
            yield f"no level and no reason: {criterion}"
    claims = (*draft.summary, *draft.strengths, *draft.red_flags, *draft.facts)
    written = (
        [c.text for c in claims] + [c.rationale for c in draft.criteria] + [f.text for f in draft.follow_ups]
    )
    yield from (f"refused wording: {text}" for text in written if refused_wording(text))
    yield from (f"a placeholder is left: {text}" for text in written if "[PERSON" in text or "[CAND" in text)
    if any(not c.evidence for c in claims):
        yield "a claim without evidence"
    if draft.coverage.verified != len(quotes_of(draft)):
        yield f"coverage says {draft.coverage.verified} of {len(quotes_of(draft))}"
    if draft.coverage.claims != draft.coverage.verified + draft.coverage.rejected:
        yield "coverage does not add up"


@settings(max_examples=60)
@given(said, st.integers(0, 10**9))
def test_no_lie_is_stored(talk: list[tuple[str, str]], seed: int) -> None:
    transcript = dialogue(
        *talk, ("I", "Thank you, that is all from our side for today, we will be in touch. " * 4)
    )

    async def analysed() -> AnalysisDraft:
        async with running_llm(hostile(seed)) as llm:
            draft = await llm.analyse(a_request(transcript))
            assert llm.server.violations == []
            return draft

    draft = asyncio.run(analysed())
    assert list(wrong(draft, transcript)) == []


@pytest.mark.parametrize("seed", range(12))
async def test_on_a_real_talk_as_well(sample: TranscriptDraft, seed: int) -> None:
    async with running_llm(hostile(seed)) as llm:
        draft = await llm.analyse(a_request(sample))
    assert list(wrong(draft, sample)) == []
    assert draft.coverage.rejected > 0


async def test_the_honest_model_passes_the_same_checks(sample: TranscriptDraft) -> None:
    async with running_llm() as llm:
        assert list(wrong(await llm.analyse(a_request(sample)), sample)) == []


@settings(max_examples=25)
@given(st.text(max_size=400), st.sampled_from(["full_reading", "judgement", "repair", "follow_ups"]))
def test_an_answer_that_is_no_answer_breaks_nothing(text: str, schema: str) -> None:
    transcript = dialogue(
        ("I", "What is your approach to testing, and which services have you built on queues?"),
        ("C", "I wrote integration tests for payments, and I built services on queues and two databases."),
        ("I", "Thank you, that is all from our side for today, and we will be in touch very soon with you."),
    )

    async def analysed() -> AnalysisDraft | None:
        async with running_llm() as llm:
            llm.server.brains[schema] = lambda _: text
            try:
                return await llm.analyse(a_request(transcript))
            except ProviderError:
                return None

    draft = asyncio.run(analysed())
    assert draft is None or list(wrong(draft, transcript)) == []
