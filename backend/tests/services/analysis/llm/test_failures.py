"""What becomes of an analysis when a request ends otherwise than it should: one defined path for each way."""

from __future__ import annotations

import json

import pytest

from app.core.errors import ProviderError, ProviderRejected, ProviderUnavailable
from app.models.provenance import CallOutcome, CallPurpose
from app.models.transcript import TranscriptDraft
from app.services.analysis.base import AnalysisRun
from app.services.analysis.errors import (
    BudgetSpent,
    ModelKeyRefused,
    ModelNotFound,
    ModelUnusable,
    QuotaExhausted,
)
from app.services.analysis.llm.judging import NO_ANSWER
from tests.services.analysis.llm.conftest import a_request, running_llm
from tests.services.analysis.quotes import quotes_of

READING = "full_reading"


class Memory:
    """`AnswerBook` in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    async def find(self, input_hash: str) -> bytes | None:
        return self.kept.get(input_hash)

    async def keep(self, input_hash: str, answer: bytes) -> None:
        self.kept[input_hash] = answer


class Purse:
    """`Budget` of so many tokens."""

    def __init__(self, tokens: int) -> None:
        self.left = tokens
        self.settled = 0

    async def reserve(self, *, tokens: int, cost_micro_usd: int) -> None:  # noqa: ARG002 - counts tokens alone
        if tokens > self.left:
            raise BudgetSpent("Nothing is left.")
        self.left -= tokens

    async def settle(
        self,
        *,
        reserved_tokens: int,
        reserved_cost: int,  # noqa: ARG002 - counts tokens alone
        tokens: int,
        cost_micro_usd: int,  # noqa: ARG002
    ) -> None:
        self.left += reserved_tokens - tokens
        self.settled += tokens


class TestReading:
    async def test_a_cut_answer_is_asked_for_in_halves(self, sample: TranscriptDraft) -> None:
        async with running_llm(only_for_schema=READING, truncate=1) as llm:
            draft = await llm.analyse(a_request(sample))
        outcomes = [c.outcome for c in draft.provenance.calls if c.purpose is CallPurpose.EXTRACT]
        assert sorted(outcomes) == [CallOutcome.COMPLETE, CallOutcome.COMPLETE, CallOutcome.TRUNCATED]
        assert len(draft.question_answers) > 4
        assert draft.warnings == ()

    async def test_a_part_that_is_too_long_is_read_in_halves(self, sample: TranscriptDraft) -> None:
        async with running_llm(only_for_schema=READING, fail_with=["context_length_exceeded"]) as llm:
            draft = await llm.analyse(a_request(sample))
        outcomes = [c.outcome for c in draft.provenance.calls if c.purpose is CallPurpose.EXTRACT]
        assert sorted(outcomes) == [CallOutcome.COMPLETE, CallOutcome.COMPLETE, CallOutcome.OVERFLOW]
        assert draft.question_answers

    @pytest.mark.parametrize(("switch", "outcome"), [("refuse", "refused"), ("content_filter", "filtered")])
    async def test_what_is_refused_once_is_read_in_halves(
        self, sample: TranscriptDraft, switch: str, outcome: str
    ) -> None:
        async with running_llm(only_for_schema=READING, **{switch: 1}) as llm:
            draft = await llm.analyse(a_request(sample))
        assert [c.outcome.value for c in draft.provenance.calls].count(outcome) == 1
        assert draft.warnings == ()
        assert draft.question_answers

    async def test_a_stretch_that_stays_refused_is_left_out_and_named(self, sample: TranscriptDraft) -> None:
        async with running_llm(only_for_schema=READING, refuse=4) as llm:
            draft = await llm.analyse(a_request(sample))
        assert len(draft.warnings) == 1
        assert "would not read 0:0" in draft.warnings[0]
        assert draft.question_answers

    async def test_when_all_is_refused_the_model_is_unusable(self, sample: TranscriptDraft) -> None:
        async with running_llm(only_for_schema=READING, refuse=1000) as llm:
            with pytest.raises(ModelUnusable):
                await llm.analyse(a_request(sample))
            assert len(llm.server.requests) == 15

    @pytest.mark.parametrize("switch", ["invalid_json", "wrong_schema"])
    async def test_an_answer_of_another_form_is_asked_for_once_more(
        self, sample: TranscriptDraft, switch: str
    ) -> None:
        async with running_llm(only_for_schema=READING, **{switch: 1}) as llm:
            draft = await llm.analyse(a_request(sample))
            assert len(llm.asked(READING)) == 2
        assert draft.question_answers
        async with running_llm(only_for_schema=READING, **{switch: 2}) as llm:
            with pytest.raises(ModelUnusable):
                await llm.analyse(a_request(sample))

    @pytest.mark.parametrize(
        ("failures", "error"),
        [
            ([500, 503, 500], ProviderUnavailable),
            ([429, 429, 429], ProviderUnavailable),
            (["insufficient_quota"], QuotaExhausted),
            ([401], ModelKeyRefused),
            ([404], ModelNotFound),
            ([400], ProviderRejected),
        ],
    )
    async def test_a_failing_vendor_is_reported_by_what_can_be_done(
        self, sample: TranscriptDraft, failures: list[int | str], error: type[ProviderError]
    ) -> None:
        async with running_llm(fail_with=list(failures)) as llm:
            with pytest.raises(error) as raised:
                await llm.analyse(a_request(sample))
            assert type(raised.value) is error
            assert len(llm.server.requests) == len(failures)

    async def test_a_passing_failure_is_not_seen(self, sample: TranscriptDraft) -> None:
        async with running_llm(fail_with=[429, 500]) as llm:
            draft = await llm.analyse(a_request(sample))
        assert draft.question_answers

    async def test_an_answer_that_never_comes_is_a_passing_failure(self, sample: TranscriptDraft) -> None:
        async with running_llm(settings={"openai_timeout_seconds": 0.2}, hang=3) as llm:
            with pytest.raises(ProviderUnavailable):
                await llm.analyse(a_request(sample))


class TestRepair:
    async def test_a_slip_of_the_quote_is_mended(self, sample: TranscriptDraft) -> None:
        async with running_llm() as llm:
            honest = llm.server.brains[READING]

            def careless(request: object) -> dict[str, object]:
                answer = honest(request)  # type: ignore[arg-type]
                assert isinstance(answer, dict)
                answer["strengths"][0]["quotes"][0]["words"] += " and more"
                return answer

            llm.server.brains[READING] = careless
            draft = await llm.analyse(a_request(sample))
            assert len(llm.asked("repair")) == 1
        assert draft.coverage.repaired == 1
        assert draft.coverage.rejected == 0
        assert draft.strengths[0].evidence

    @pytest.mark.parametrize(
        "failure", [{"refuse": 1}, {"truncate": 1}, {"invalid_json": 1}, {"fail_with": [400]}]
    )
    async def test_without_a_repair_only_what_failed_is_dropped(
        self, sample: TranscriptDraft, failure: dict[str, object]
    ) -> None:
        async with running_llm(only_for_schema="repair", **failure) as llm:
            honest = llm.server.brains[READING]

            def careless(request: object) -> dict[str, object]:
                answer = honest(request)  # type: ignore[arg-type]
                assert isinstance(answer, dict)
                answer["summary"].append({"text": "Invented.", "quotes": [{"line": 3, "words": "not said"}]})
                return answer

            llm.server.brains[READING] = careless
            draft = await llm.analyse(a_request(sample))
        assert draft.coverage.rejected == 1
        assert draft.coverage.repaired == 0
        assert "Invented." not in [claim.text for claim in draft.summary]
        assert draft.strengths

    async def test_refused_wording_is_worded_anew_or_dropped(self, sample: TranscriptDraft) -> None:
        async with running_llm() as llm:
            honest = llm.server.brains[READING]

            def rude(request: object) -> dict[str, object]:
                answer = honest(request)  # type: ignore[arg-type]
                assert isinstance(answer, dict)
                answer["strengths"][0]["text"] = "The candidate seemed nervous."
                return answer

            llm.server.brains[READING] = rude
            draft = await llm.analyse(a_request(sample))
        texts = [claim.text for claim in draft.strengths]
        assert "What was said there." in texts
        assert not any("nervous" in text for text in texts)


class TestRating:
    @pytest.mark.parametrize("switch", ["refuse", "content_filter", "truncate"])
    async def test_a_criterion_without_a_usable_answer_is_not_assessed(
        self, sample: TranscriptDraft, switch: str
    ) -> None:
        async with running_llm(only_for_schema="judgement", **{switch: 100}) as llm:
            draft = await llm.analyse(a_request(sample))
        assert {c.level for c in draft.criteria} == {None}
        assert NO_ANSWER in {c.reason for c in draft.criteria}
        assert draft.question_answers

    async def test_a_spent_budget_keeps_what_was_found(self, sample: TranscriptDraft) -> None:
        purse = Purse(18_000)
        async with running_llm() as llm:
            llm.server.switches.output_tokens = 16_384
            whole = Purse(10**9)
            await llm.analyse(a_request(sample), AnalysisRun(budget=whole))
            purse.left = whole.settled // 2 + 12_500
            draft = await llm.analyse(a_request(sample), AnalysisRun(budget=purse))
        assert draft.question_answers
        assert purse.left >= 0

    async def test_nothing_is_asked_without_a_budget(self, sample: TranscriptDraft) -> None:
        async with running_llm() as llm:
            with pytest.raises(BudgetSpent):
                await llm.analyse(a_request(sample), AnalysisRun(budget=Purse(100)))
            assert llm.server.requests == []

    async def test_what_is_not_used_of_a_reservation_is_given_back(self, sample: TranscriptDraft) -> None:
        purse = Purse(10**6)
        async with running_llm() as llm:
            draft = await llm.analyse(a_request(sample), AnalysisRun(budget=purse))
        used = draft.provenance.input_tokens + draft.provenance.output_tokens
        assert (purse.left, purse.settled) == (10**6 - used, used)

    async def test_a_failed_call_costs_nothing(self, sample: TranscriptDraft) -> None:
        purse = Purse(10**6)
        async with running_llm(fail_with=[401]) as llm:
            with pytest.raises(ModelKeyRefused):
                await llm.analyse(a_request(sample), AnalysisRun(budget=purse))
        assert purse.left == 10**6


class TestAnswersThatAreKept:
    async def test_a_second_attempt_asks_only_what_was_not_answered(self, sample: TranscriptDraft) -> None:
        book = Memory()
        async with running_llm(only_for_schema="judgement", fail_with=[500] * 6) as llm:
            with pytest.raises(ProviderUnavailable):
                await llm.analyse(a_request(sample), AnalysisRun(answers=book))
            llm.server.switches.fail_with.clear()
            before = len(llm.server.requests)
            draft = await llm.analyse(a_request(sample), AnalysisRun(answers=book))
            later = [r.schema for r in llm.server.requests[before:]]
        assert READING not in later
        assert draft.criteria[0].level is not None

    async def test_a_whole_analysis_can_be_made_again_without_the_vendor(
        self, sample: TranscriptDraft
    ) -> None:
        book = Memory()
        async with running_llm() as llm:
            first = await llm.analyse(a_request(sample), AnalysisRun(answers=book))
            asked = len(llm.server.requests)
            again = await llm.analyse(a_request(sample), AnalysisRun(answers=book))
            assert len(llm.server.requests) == asked
        assert again == first

    async def test_a_request_that_was_too_long_is_not_tried_again(self, sample: TranscriptDraft) -> None:
        book = Memory()
        async with running_llm(only_for_schema=READING, fail_with=["context_length_exceeded"]) as llm:
            first = await llm.analyse(a_request(sample), AnalysisRun(answers=book))
            again = await llm.analyse(a_request(sample), AnalysisRun(answers=book))
        assert again == first
        assert quotes_of(again)

    async def test_they_hold_no_name(self, sample: TranscriptDraft) -> None:
        book = Memory()
        async with running_llm() as llm:
            await llm.analyse(a_request(sample), AnalysisRun(answers=book))
        assert book.kept
        assert not any(
            name in json.dumps([k.decode() for k in book.kept.values()]) for name in ("Daniel", "Sarah")
        )
