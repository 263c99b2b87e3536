"""What people read of a debrief: the machine's draft, what people said of it, and what the rules hide."""

from __future__ import annotations

import pytest

from app.models.interview import TemplateRef
from app.models.organisation import AnalysisRule
from app.models.scorecard import Confirmation, Dismissal, LevelOverride, Review, ReviewEvent
from app.models.stability import CriterionStability, StabilityReport
from app.models.template import Level
from app.services.analysis_view import (
    LevelSource,
    SuggestionState,
    apply_review,
    by_rule,
    review_by_rule,
    with_stability,
    without_levels,
    without_sentiment,
)
from tests.fixtures.documents import NOON, a_review, a_stability_report
from tests.fixtures.people import QUOTE, an_assessment, an_edition

YES, NO, STRONG_NO = Level.YES, Level.NO, Level.STRONG_NO
WHO = {"by": "ann", "by_name": "Ann", "at": NOON}
OVERRIDE = LevelOverride(criterion_id="ownership", level=NO, original=YES, reason="Heard it.", **WHO)


def a_confirmation(level: Level | None, original: Level | None = YES) -> Confirmation:
    return Confirmation(level=level, original=original, **WHO)


class TestApplyReview:
    def test_without_a_review_it_is_the_machines_draft(self) -> None:
        analysis = an_assessment(levels={"ownership": YES, "design": None})
        view = apply_review(analysis, None)
        assert [(c.level, c.source, c.original) for c in view.criteria] == [
            (YES, LevelSource.MACHINE, YES),
            (None, LevelSource.NOBODY, None),
        ]
        assert (view.suggestion.level, view.suggestion.state) == (YES, SuggestionState.DRAFT)
        assert (view.dismissed, view.draft_dismissed) == ({}, None)

    def test_a_persons_level_is_in_force_and_the_machines_stays_beside_it(self) -> None:
        analysis = an_assessment()
        view = apply_review(analysis, a_review("i", overrides=(OVERRIDE,)))
        first, second = view.criteria
        assert (first.level, first.source, first.original) == (NO, LevelSource.PERSON, YES)
        assert first.override == OVERRIDE
        assert second.source is LevelSource.MACHINE
        assert view.analysis == an_assessment(id=analysis.id)

    def test_a_person_may_say_that_nobody_can_tell(self) -> None:
        override = OVERRIDE.model_copy(update={"level": None})
        first = apply_review(an_assessment(), a_review("i", overrides=(override,))).criteria[0]
        assert (first.level, first.source, first.original) == (None, LevelSource.PERSON, YES)

    @pytest.mark.parametrize("named", [True, False])
    def test_a_criterion_that_the_machine_left_out_comes_with_the_persons_level(self, named: bool) -> None:
        override = LevelOverride(criterion_id="clarity", level=YES, original=None, reason="x", **WHO)
        review = a_review("i", overrides=(override,))
        last = apply_review(an_assessment(), review, an_edition() if named else None).criteria[-1]
        assert (last.level, last.original, last.assessment.evidence) == (YES, None, ())
        assert last.assessment.name == ("Clarity" if named else "clarity")

    def test_dismissed_claims_are_marked_and_stay(self) -> None:
        claim = Dismissal(claim_id="c1", reason="Misheard.", **WHO)
        view = apply_review(an_assessment(), a_review("i", dismissals=(claim,)))
        assert (view.dismissed, view.draft_dismissed) == ({"c1": claim}, None)
        assert view.analysis.summary[0].id == "c1"

    def test_a_dismissed_draft_says_so(self) -> None:
        whole = Dismissal(claim_id=None, reason="Wrong recording.", **WHO)
        view = apply_review(an_assessment(), a_review("i", dismissals=(whole,)))
        assert (view.dismissed, view.draft_dismissed) == ({}, whole)

    @pytest.mark.parametrize(
        ("level", "state"),
        [(YES, SuggestionState.CONFIRMED), (NO, SuggestionState.CHANGED), (None, SuggestionState.CHANGED)],
    )
    def test_the_suggestion_is_a_draft_until_a_person_confirms_or_changes_it(
        self, level: Level | None, state: SuggestionState
    ) -> None:
        review = a_review("i", confirmation=a_confirmation(level))
        suggestion = apply_review(an_assessment(), review).suggestion
        assert (suggestion.level, suggestion.state, suggestion.original) == (level, state, YES)


class TestRules:
    def test_without_sentiment_only_sentiment_goes(self) -> None:
        analysis = an_assessment()
        hidden = without_sentiment(analysis)
        assert hidden.sentiments is None
        assert hidden.model_copy(update={"sentiments": analysis.sentiments}) == analysis

    def test_without_levels_the_evidence_stays(self) -> None:
        hidden = without_levels(an_assessment())
        assert hidden.suggestion is None
        for criterion in hidden.criteria:
            assert (criterion.level, criterion.rationale, criterion.evidence) == (None, "", (QUOTE,))
            assert criterion.reason

    @pytest.mark.parametrize(
        ("rule", "has_sentiment", "has_levels"),
        [
            (AnalysisRule(), True, True),
            (AnalysisRule(sentiment=False), False, True),
            (AnalysisRule(eu_mode=True), False, True),
            (AnalysisRule(levels=False), True, False),
            (AnalysisRule(eu_mode=True, levels=False), False, False),
        ],
    )
    def test_an_older_analysis_is_shown_by_the_rule_of_today(
        self, rule: AnalysisRule, has_sentiment: bool, has_levels: bool
    ) -> None:
        shown = by_rule(an_assessment(), rule)
        assert (shown.sentiments is not None) == has_sentiment
        assert (shown.suggestion is not None) == has_levels

    def test_where_levels_are_hidden_no_review_gives_the_machines_away(self) -> None:
        event = ReviewEvent(override=OVERRIDE, by="ann", at=NOON)
        other = ReviewEvent(confirmation=a_confirmation(YES), by="ann", at=NOON)
        review = a_review(
            "i", overrides=(OVERRIDE,), confirmation=a_confirmation(YES), history=(event, other)
        )
        assert review_by_rule(review, AnalysisRule()) == review
        hidden = review_by_rule(review, AnalysisRule(levels=False))
        assert '"original":"yes"' not in hidden.model_dump_json()
        assert [o.level for o in hidden.overrides] == [NO]
        assert len(hidden.history) == 2


def a_report(*flipping: str, suggestions: tuple[Level | None, ...] = (), **fields: object) -> StabilityReport:
    criteria = tuple(
        CriterionStability(criterion_id=i, name=i, levels=(YES, NO), agreement=0.5, flips=i in flipping)
        for i in ("ownership", "design")
    )
    template = TemplateRef(id="eng", version=1)
    defaults = {"template": template, "criteria": criteria, "suggestions": suggestions}
    return a_stability_report("i", **{**defaults, **fields})


class TestStability:
    def test_a_criterion_that_flips_is_shown_without_its_level(self) -> None:
        first, second = with_stability(apply_review(an_assessment(), None), a_report("ownership")).criteria
        assert (first.unstable, first.level, first.source, first.original) == (
            True,
            None,
            LevelSource.NOBODY,
            None,
        )
        assert (first.assessment.level, first.assessment.evidence) == (None, (QUOTE,))
        assert (second.unstable, second.level) == (False, NO)

    def test_a_persons_level_does_not_flip(self) -> None:
        view = apply_review(an_assessment(), a_review("i", overrides=(OVERRIDE,)))
        first = with_stability(view, a_report("ownership")).criteria[0]
        assert (first.unstable, first.level, first.source) == (True, NO, LevelSource.PERSON)

    @pytest.mark.parametrize(
        "other",
        [
            None,
            a_report("ownership", transcript_revision=2),
            a_report("ownership", template=TemplateRef(id="eng", version=2)),
            a_report("ownership", template=None),
        ],
        ids=["none", "another transcript", "another version", "no template"],
    )
    def test_a_report_about_something_else_says_nothing(self, other: StabilityReport | None) -> None:
        view = apply_review(an_assessment(), None)
        assert with_stability(view, other) == view

    @pytest.mark.parametrize(("confirmation", "level"), [(None, None), (a_confirmation(NO), NO)])
    def test_a_suggestion_that_flips_goes_unless_a_person_gave_it(
        self, confirmation: Confirmation | None, level: Level | None
    ) -> None:
        review: Review = a_review("i", confirmation=confirmation)
        view = with_stability(apply_review(an_assessment(), review), a_report(suggestions=(YES, STRONG_NO)))
        assert (view.suggestion.unstable, view.suggestion.level) == (True, level)
        assert (view.suggestion.original, view.suggestion.reasons) == (None, ())
