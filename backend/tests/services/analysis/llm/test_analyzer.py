"""A whole debrief by a language model, over the real SDK and a server on loopback."""

from __future__ import annotations

import json

import pytest

from app.models.analysis import AnalysisDraft, AnalysisOptions, Asked, Outcome, SpeakerVerdict
from app.models.provenance import CallOutcome, CallPurpose
from app.models.transcript import EngineKind, SpeakerRole, TranscriptDraft
from app.services.analysis.base import AnalysisRun
from app.services.analysis.llm.prompts import PROMPT_HASH, PROMPT_VERSION
from tests.services.analysis.llm.conftest import Llm, a_request, dialogue, running_llm
from tests.services.analysis.quotes import quotes_of


def roles(sample: TranscriptDraft, **by_id: SpeakerRole) -> TranscriptDraft:
    speakers = [s.model_copy(update={"role": by_id.get(s.id, SpeakerRole.UNKNOWN)}) for s in sample.speakers]
    return sample.model_copy(update={"speakers": tuple(speakers)})


class TestDebrief:
    async def test_has_every_part_and_nothing_unproven(self, llm: Llm, sample: TranscriptDraft) -> None:
        draft = await llm.analyse(a_request(sample))
        assert draft.outcome is Outcome.COMPLETE
        assert draft.engine.kind is EngineKind.VENDOR
        assert draft.speaker_check is not None
        assert draft.speaker_check.verdict is SpeakerVerdict.CONFIRMED
        filled = ("summary", "question_answers", "topics", "intents", "strengths", "criteria", "talk_time")
        assert [name for name in filled if not getattr(draft, name)] == []
        assert draft.coverage.verified == len(quotes_of(draft))
        said = {u.id: u.text for u in sample.utterances}
        assert all(e.quote in said[e.utterance_id] for e in quotes_of(draft))
        assert llm.server.violations == []

    async def test_criteria_without_evidence_are_not_assessed(
        self, llm: Llm, sample: TranscriptDraft
    ) -> None:
        draft = await llm.analyse(a_request(sample))
        lines = {line.criterion_id: line for line in draft.criteria}
        assert lines["c-testing"].level is not None
        assert lines["c-testing"].evidence
        assert lines["c-beekeeping"].level is None
        assert lines["c-beekeeping"].reason
        assert [f.criterion_id for f in draft.follow_ups if f.criterion_id] == ["c-beekeeping"]

    async def test_says_which_questions_of_the_template_were_asked(
        self, llm: Llm, sample: TranscriptDraft
    ) -> None:
        draft = await llm.analyse(a_request(sample))
        states = {row.question_id: row.state for row in draft.template_coverage}
        assert states["t-budget"] is Asked.NOT_ASKED
        asked = [row for row in draft.template_coverage if row.state is Asked.ASKED]
        pairs = {pair.id: pair for pair in draft.question_answers}
        for row in asked:
            assert {pairs[i].template_question_id for i in row.question_answer_ids} == {row.question_id}
        assert draft.follow_ups[0].question_id == "t-budget"

    async def test_the_suggestion_follows_from_the_levels(self, llm: Llm, sample: TranscriptDraft) -> None:
        draft = await llm.analyse(a_request(sample))
        assert draft.suggestion is not None
        assert "2 of 3 criteria" in draft.suggestion.reasons[0]

    async def test_without_a_template_it_reads_all_the_same(self, llm: Llm, sample: TranscriptDraft) -> None:
        draft = await llm.analyse(a_request(sample, template=None))
        assert draft.question_answers
        assert draft.strengths
        assert (draft.criteria, draft.template_coverage, draft.suggestion) == ((), (), None)
        assert llm.asked("judgement", "follow_ups") == []


class TestWhatIsAskedFor:
    async def test_whoever_reads_has_no_place_for_a_level(self, llm: Llm, sample: TranscriptDraft) -> None:
        await llm.analyse(a_request(sample))
        (reading,) = llm.asked("full_reading")
        schema = json.dumps(reading["response_format"])
        assert "strong_yes" not in schema
        assert "anchors" not in reading["messages"][1]["content"]

    async def test_whoever_rates_sees_quotes_and_never_the_transcript(
        self, llm: Llm, sample: TranscriptDraft
    ) -> None:
        draft = await llm.analyse(a_request(sample))
        judged = llm.asked("judgement")
        assert len(judged) == 2
        for body in judged:
            content = json.loads(body["messages"][1]["content"])
            assert set(content) == {"criterion", "quotes"}
            line = next(c for c in draft.criteria if c.name == content["criterion"]["name"])
            assert len(content["quotes"]) == len(line.evidence)

    async def test_follow_ups_are_written_from_the_template_alone(
        self, llm: Llm, sample: TranscriptDraft
    ) -> None:
        await llm.analyse(a_request(sample))
        (body,) = llm.asked("follow_ups")
        assert set(json.loads(body["messages"][1]["content"])) == {"language", "criteria"}

    async def test_without_sentiment_there_is_no_place_for_it(
        self, llm: Llm, sample: TranscriptDraft
    ) -> None:
        draft = await llm.analyse(a_request(sample, options=AnalysisOptions(sentiment=False)))
        assert draft.sentiments is None
        (reading,) = llm.asked("assessing_reading")
        assert "sentiments" not in json.dumps(reading["response_format"])

    async def test_without_levels_nobody_is_asked_for_one(self, llm: Llm, sample: TranscriptDraft) -> None:
        draft = await llm.analyse(a_request(sample, options=AnalysisOptions(levels=False)))
        assert llm.asked("judgement") == []
        assert {c.level for c in draft.criteria} == {None}
        assert any(c.evidence for c in draft.criteria)
        assert draft.suggestion is None


class TestWithoutSureRoles:
    @pytest.mark.parametrize(
        "by_id", [{}, {"C": SpeakerRole.CANDIDATE}, {"I": SpeakerRole.CANDIDATE, "C": SpeakerRole.CANDIDATE}]
    )
    async def test_nobody_is_assessed_and_the_rest_is_there(
        self, llm: Llm, sample: TranscriptDraft, by_id: dict[str, SpeakerRole]
    ) -> None:
        draft = await llm.analyse(a_request(roles(sample, **by_id)))
        assert (draft.strengths, draft.red_flags, draft.criteria, draft.suggestion) == ((), (), (), None)
        assert draft.withheld
        assert draft.summary
        assert llm.asked("judgement", "full_reading", "assessing_reading") == []

    async def test_swapped_labels_are_noticed(self, llm: Llm, sample: TranscriptDraft) -> None:
        swapped = roles(sample, I=SpeakerRole.CANDIDATE, C=SpeakerRole.INTERVIEWER)
        names = {"I": "Daniel", "C": "Sarah"}
        speakers = [
            s.model_copy(update={"name": names[s.id], "label": names[s.id]}) for s in swapped.speakers
        ]
        draft = await llm.analyse(a_request(swapped.model_copy(update={"speakers": tuple(speakers)})))
        assert draft.speaker_check is not None
        assert draft.speaker_check.verdict is SpeakerVerdict.SWAPPED
        assert "swapped" in draft.withheld[0]
        assert draft.criteria == ()


class TestInsufficientData:
    async def test_no_vendor_hears_of_it(self, llm: Llm) -> None:
        draft = await llm.analyse(a_request(dialogue(("I", "Hello?"), ("C", "Hello."))))
        assert draft.outcome is Outcome.INSUFFICIENT_DATA
        assert draft.engine.name == "guards"
        assert llm.server.requests == []


class TestPrivacy:
    async def test_no_name_address_or_number_leaves(self, llm: Llm) -> None:
        talk = dialogue(
            ("I", "Hi Daniel, I'm Sarah, I lead the platform team and I'll be interviewing you today."),
            ("C", "Hello Sarah, thanks for having me. I applied in May; I'm Daniel Reyes."),
            ("I", "What is the best way to reach you, Daniel?"),
            ("C", "Write to daniel@example.com or daniel.reyes@mail.example.org, or call +44 20 7946 0321."),
            ("I", "Thanks. How do you decide what to test and what not to test?"),
            (
                "C",
                "I write integration tests around payments first, because testing there prevents the worst.",
            ),
            ("I", "Which services have you built on queues and databases?"),
            (
                "C",
                "I built the billing service on queues, and Reyes's law, as Sarah may know, says two databases.",
            ),
        )
        draft = await llm.analyse(a_request(talk))
        left = "\n".join(received.text for received in llm.server.requests)
        assert len(llm.server.requests) >= 3
        for secret in ("Daniel", "Reyes", "Sarah", "daniel", "example.com", "example.org", "7946"):
            assert secret not in left, secret
        assert any("Reyes" in e.quote for e in quotes_of(draft))

    async def test_names_come_back_in_what_the_model_writes(self, sample: TranscriptDraft) -> None:
        def judged(request: object) -> dict[str, object]:
            return {"level": "yes", "rationale": "[CANDIDATE] tells how it was tested.", "quotes": [1]}

        async with running_llm() as llm:
            llm.server.brains["judgement"] = judged
            draft = await llm.analyse(a_request(sample))
        rationales = [c.rationale for c in draft.criteria if c.level]
        assert rationales
        assert set(rationales) == {"Daniel tells how it was tested."}


class TestProvenance:
    async def test_names_model_prompts_parameters_and_cost(self, llm: Llm, sample: TranscriptDraft) -> None:
        made_by = (await llm.analyse(a_request(sample))).provenance
        assert (made_by.model, made_by.prompt_version, made_by.prompt_hash) == (
            "gpt-4o-mini",
            PROMPT_VERSION,
            PROMPT_HASH,
        )
        assert made_by.parameters["model"] == "gpt-4o-mini"
        assert [call.purpose for call in made_by.calls] == [
            CallPurpose.EXTRACT,
            CallPurpose.FOLLOW_UP,
            CallPurpose.JUDGE,
            CallPurpose.JUDGE,
        ]
        assert {call.outcome for call in made_by.calls} == {CallOutcome.COMPLETE}
        assert made_by.input_tokens == sum(call.input_tokens for call in made_by.calls) > 1000
        assert made_by.cost_usd == pytest.approx(
            (made_by.input_tokens * 0.15 + made_by.output_tokens * 0.6) / 1e6, abs=1e-5
        )

    async def test_the_price_of_an_unknown_model_is_not_guessed(self, sample: TranscriptDraft) -> None:
        async with running_llm(settings={"openai_model": "llama-9"}) as llm:
            llm.server.openai.models["llama-9"] = None
            draft = await llm.analyse(a_request(sample))
        assert draft.provenance.cost_usd is None
        assert draft.provenance.input_tokens > 0

    async def test_the_same_input_makes_the_same_requests(self, llm: Llm, sample: TranscriptDraft) -> None:
        first = await llm.analyse(a_request(sample))
        second = await llm.analyse(a_request(sample))
        assert [c.input_hash for c in first.provenance.calls] == [
            c.input_hash for c in second.provenance.calls
        ]
        assert _told(first) == _told(second)


class TestProgress:
    async def test_is_told_part_by_part(self, llm: Llm, sample: TranscriptDraft) -> None:
        told: list[float] = []

        async def report(part: float) -> None:
            told.append(part)

        await llm.analyse(a_request(sample), AnalysisRun(report=report))
        assert told
        assert told == sorted(told)
        assert told[-1] <= 1


def _told(draft: AnalysisDraft) -> dict[str, object]:
    return draft.model_dump(exclude={"provenance"})
