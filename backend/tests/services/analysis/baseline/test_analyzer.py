"""What a debrief of the baseline has, and what it never claims."""

from __future__ import annotations

from app.models.analysis import Asked, FactKind
from app.models.base import utc_now
from app.models.template import Criterion, TemplateQuestion, TemplateVersion
from app.models.transcript import TranscriptDraft
from app.services.analysis.base import AnalysisInput
from app.services.analysis.providers.baseline.analyzer import analyze

TEMPLATE = TemplateVersion(
    version=1,
    name="Backend",
    questions=(
        TemplateQuestion(id="q1", text="How do you test your code?", required=True),
        TemplateQuestion(id="q2", text="Zeppelin xylophone?"),
    ),
    criteria=(Criterion(id="c1", name="Testing"),),
    created_at=utc_now(),
)


class TestWhatItFinds:
    def test_practical_facts(self, sample: TranscriptDraft) -> None:
        facts = {fact.kind: fact.text for fact in analyze(AnalysisInput(sample)).facts}
        assert facts == {
            FactKind.SALARY_EXPECTATION: "around ninety thousand euros",
            FactKind.NOTICE_PERIOD: "two months",
        }

    def test_no_facts_where_its_rules_do_not_apply(self, sample: TranscriptDraft) -> None:
        draft = analyze(AnalysisInput(sample.model_copy(update={"language": "de"})))
        assert draft.facts == ()
        assert "practical facts" in draft.warnings[0]


class TestWhatItNeverClaims:
    def test_that_a_question_of_the_template_was_asked_or_was_not(self, sample: TranscriptDraft) -> None:
        draft = analyze(AnalysisInput(sample, template=TEMPLATE))
        assert [(c.question_id, c.required, c.state) for c in draft.template_coverage] == [
            ("q1", True, Asked.UNKNOWN),
            ("q2", False, Asked.UNKNOWN),
        ]
        assert {c.question_answer_ids for c in draft.template_coverage} == {()}
        assert draft.related[0].passages
        assert draft.related[1].passages == ()

    def test_anything_about_the_candidates_worth(self, sample: TranscriptDraft) -> None:
        draft = analyze(AnalysisInput(sample, template=TEMPLATE))
        assert (draft.strengths, draft.red_flags, draft.criteria, draft.follow_ups) == ((), (), (), ())
        assert (draft.suggestion, draft.sentiments, draft.vendor_summary) == (None, None, None)

    def test_a_template_where_there_is_none(self, sample: TranscriptDraft) -> None:
        draft = analyze(AnalysisInput(sample))
        assert (draft.template_coverage, draft.related) == ((), ())
