"""Debriefs as the API shows them."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from app.api.v1.schemas.claims import (
    ClaimOut,
    CoverageOut,
    FollowUpOut,
    InterviewingNoteOut,
    KeyPhraseOut,
    LeftOutOut,
    PracticalFactOut,
    QuestionAnswerOut,
    QuestionCoverageOut,
    RedFlagOut,
    RelatedPassagesOut,
    SpeakerCheckOut,
    StatementSentimentOut,
    TalkTimeOut,
    TopicOut,
)
from app.api.v1.schemas.common import EngineOut, In, Out
from app.api.v1.schemas.reviews import DismissalOut, ReviewedCriterionOut, ReviewedSuggestionOut
from app.api.v1.schemas.scorecards import TemplateRefOut
from app.models.analysis import Outcome
from app.models.provenance import CallOutcome, CallPurpose, Parameter
from app.models.stability import StabilityReport
from app.models.template import Level
from app.services.debriefing.replay import Replay, Verdict
from app.services.debriefing.stability import FEWEST_RUNS, MOST_RUNS
from app.services.debriefs import Debrief
from app.services.reviews import ReadDebrief


class ModelCallOut(Out):
    purpose: CallPurpose
    input_hash: str
    model: str | None
    request_id: str | None
    outcome: CallOutcome
    detail: str | None = Field(description="With `failed`: why there was no answer")
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    cost_usd: float | None
    seconds: float


class EngineFailureOut(Out):
    engine: str
    code: str
    detail: str


class ProvenanceOut(Out):
    """How it was made. Money in US dollars, null where the model's price is not known."""

    model: str | None
    prompt_version: str | None
    prompt_hash: str | None
    parameters: dict[str, Parameter]
    transcript_hash: str | None
    input_tokens: int
    output_tokens: int
    cost_usd: float | None
    seconds: float
    calls: list[ModelCallOut]
    failed: list[EngineFailureOut] = Field(description="Engines that were tried before and did not work")


class AnalysisHead(Out):
    interview_id: str
    revision: int
    outcome: Outcome
    engine: EngineOut
    transcript_revision: int
    template_id: str | None
    template_version: int | None
    requested_by: str | None = Field(
        description="Id of who asked for it; null: it followed from the recording"
    )
    coverage: CoverageOut
    created_at: datetime
    outdated: list[str] = Field(default=[], description="What changed since: `transcript`, `template`")

    @classmethod
    def of(cls, debrief: Debrief) -> AnalysisHead:
        return cls.model_validate(debrief.analysis).model_copy(update={"outdated": list(debrief.outdated)})


class AnalysisOut(AnalysisHead):
    """The draft with what people said of it. What a person changed is marked, and the machine's word kept beside it."""

    reasons: list[str] = Field(description="With `insufficient_data`: what is missing")
    warnings: list[str]
    summary: list[ClaimOut]
    vendor_summary: str | None = Field(description="By a vendor, without evidence: not checked")
    question_answers: list[QuestionAnswerOut]
    template_coverage: list[QuestionCoverageOut]
    topics: list[TopicOut]
    intents: list[TopicOut]
    sentiments: list[StatementSentimentOut] | None = Field(
        default=None,
        description="Not there where the organisation wants none",
        exclude_if=lambda value: value is None,
    )
    strengths: list[ClaimOut]
    red_flags: list[RedFlagOut]
    criteria: list[ReviewedCriterionOut]
    suggestion: ReviewedSuggestionOut = Field(
        description="Counts for nothing until a named person confirms it"
    )
    withheld: list[str] = Field(description="Why nobody is assessed, if so")
    facts: list[PracticalFactOut]
    interviewing: list[InterviewingNoteOut]
    follow_ups: list[FollowUpOut]
    related: list[RelatedPassagesOut]
    talk_time: list[TalkTimeOut]
    key_phrases: list[KeyPhraseOut]
    speaker_check: SpeakerCheckOut | None
    left_out: LeftOutOut
    dismissed: list[DismissalOut] = Field(
        description="Claims that people took out; they are still listed above"
    )
    draft_dismissed: DismissalOut | None
    provenance: ProvenanceOut

    @classmethod
    def read(cls, read: ReadDebrief) -> AnalysisOut:
        analysis, view = read.view.analysis, read.view
        drafted = cls.model_fields.keys() & type(analysis).model_fields.keys()
        reviewed = {
            "outdated": read.outdated,
            "criteria": [ReviewedCriterionOut.of(criterion) for criterion in view.criteria],
            "suggestion": view.suggestion,
            "dismissed": list(view.dismissed.values()),
            "draft_dismissed": view.draft_dismissed,
        }
        return cls.model_validate({name: getattr(analysis, name) for name in drafted} | reviewed)


class StabilityBody(In):
    runs: int = Field(default=3, ge=FEWEST_RUNS, le=MOST_RUNS, description="Each costs as much as a debrief")


class CriterionStabilityOut(Out):
    criterion_id: str
    name: str
    levels: list[Level | None] = Field(description="One for each run; null: not assessed")
    agreement: float = Field(description="Part of the runs that gave the most frequent level")
    flips: bool


class StabilityOut(Out):
    """The same transcript analysed several times; `revision` is the number of the report.

    From then on the debrief shows a criterion that flips without the machine's level.
    """

    interview_id: str
    revision: int
    runs: int
    engine: EngineOut
    transcript_revision: int
    template: TemplateRefOut | None
    criteria: list[CriterionStabilityOut] = Field(description="Empty where the organisation wants no levels")
    suggestions: list[Level | None] = Field(description="One for each run; empty likewise")
    claims_kept: float = Field(description="Mean part of a run's claims that another run made as well")
    input_tokens: int
    output_tokens: int
    cost_usd: float | None
    created_at: datetime

    @classmethod
    def of(cls, report: StabilityReport) -> StabilityOut:
        cost = {
            name: getattr(report.provenance, name) for name in ("input_tokens", "output_tokens", "cost_usd")
        }
        own = cls.model_fields.keys() & type(report).model_fields.keys()
        return cls.model_validate({name: getattr(report, name) for name in own} | cost)


class RebuiltRequestOut(Out):
    purpose: CallPurpose
    input_hash: str
    expected: bool = Field(description="The analysis names a request with this hash")
    instructions: str
    content: str


class ReplayOut(Out):
    """A past analysis made again from what is stored, without asking any vendor."""

    verdict: Verdict
    detail: str
    requests: list[RebuiltRequestOut]
    missing: list[str] = Field(description="Hashes that the analysis names and that were not rebuilt")
    differing: list[str] = Field(description="Parts of the result that came out otherwise")

    @classmethod
    def of(cls, replay: Replay) -> ReplayOut:
        return cls.model_validate(replay)
