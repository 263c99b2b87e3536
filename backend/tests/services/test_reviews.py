"""Reviews in the database: acts of several people at once, and an analysis that stays as it was."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.models.analysis import Analysis
from app.models.base import utc_now
from app.models.interview import TemplateRef
from app.models.organisation import AnalysisRule, Analyst, Role
from app.models.stability import CriterionStability
from app.models.template import Level
from app.repositories.base import Repositories
from app.services.analysis_rules import AnalysisRules
from app.services.debriefs import AnalysisMissing, DebriefService
from app.services.events.local import LocalEventBus
from app.services.lifecycle import Lifecycle, VersionMismatch
from app.services.review_acts import NothingToTakeBack
from app.services.reviews import ClaimNotFound, CriterionNotFound, ReviewFull, ReviewService
from app.services.templates import TemplateService
from tests.fixtures.documents import a_stability_report, an_interview, an_organisation
from tests.fixtures.people import a_template_with, an_actor, an_assessment
from tests.fixtures.telling import Acme

ANN, BO = an_actor("ann", Role.RECRUITER), an_actor("bo", Role.RECRUITER)
CALL: dict[str, Any] = {"reason": "I was there.", "expected_version": None}


@pytest.fixture
def reviews(repositories: Repositories) -> ReviewService:
    return ReviewService(
        repositories,
        DebriefService(repositories, Lifecycle(repositories, LocalEventBus())),
        TemplateService(repositories),
        AnalysisRules(repositories, frozenset(), eu_mode=False, preferred=Analyst.AUTO),
        Acme(repositories).mentions,
    )


@pytest.fixture
async def analysis(repositories: Repositories) -> Analysis:
    """Of interview `i` in organisation `acme`, revision 1."""
    stored = an_assessment()
    await repositories.people.insert_organisation(an_organisation(id="acme"))
    await repositories.templates("acme").insert(a_template_with())
    await repositories.interviews("acme").insert(
        an_interview(id="i", analysis_revision=1, template=TemplateRef(id="eng", version=1))
    )
    await repositories.analyses("acme").put(stored)
    return stored


@pytest.mark.usefixtures("analysis")
class TestActs:
    async def test_nobody_has_said_anything_yet(self, reviews: ReviewService, analysis: Analysis) -> None:
        shown = await reviews.get("acme", "i", 1)
        assert (shown.review.version, shown.review.history) == (0, ())
        assert [c.level for c in shown.view.criteria] == [c.level for c in analysis.criteria]

    async def test_an_override_is_kept_and_the_analysis_is_not_touched(
        self, repositories: Repositories, reviews: ReviewService, analysis: Analysis
    ) -> None:
        await reviews.override(ANN, "i", 1, "ownership", level=Level.NO, **CALL)
        shown = await reviews.override(BO, "i", 1, "ownership", level=Level.STRONG_YES, **CALL)
        (standing,) = shown.review.overrides
        assert (standing.level, standing.original, standing.by_name) == (Level.STRONG_YES, Level.YES, "Bo")
        assert [e.override.by for e in shown.review.history if e.override] == ["ann", "bo"]
        assert await repositories.analyses("acme").get("i", 1) == analysis
        assert await repositories.reviews("acme").get("i", 1) == shown.review

    async def test_the_same_word_twice_is_said_once(self, reviews: ReviewService) -> None:
        for _ in range(2):
            shown = await reviews.override(ANN, "i", 1, "design", level=None, **CALL)
            shown = await reviews.dismiss(ANN, "i", 1, "c2", **CALL)
            shown = await reviews.confirm(ANN, "i", 1, level=None, **CALL)
        assert (shown.review.version, len(shown.review.history)) == (3, 3)

    async def test_a_criterion_of_the_template_may_be_rated_where_the_machine_said_nothing(
        self, reviews: ReviewService
    ) -> None:
        shown = await reviews.override(ANN, "i", 1, "clarity", level=Level.YES, **CALL)
        assert shown.review.overrides[0].original is None
        assert shown.view.criteria[-1].assessment.name == "Clarity"

    async def test_what_the_analysis_has_not_is_not_found(self, reviews: ReviewService) -> None:
        with pytest.raises(CriterionNotFound):
            await reviews.override(ANN, "i", 1, "nope", level=None, **CALL)
        with pytest.raises(ClaimNotFound):
            await reviews.dismiss(ANN, "i", 1, "nope", **CALL)
        with pytest.raises(AnalysisMissing):
            await reviews.confirm(ANN, "i", 2, level=None, **CALL)
        with pytest.raises(NothingToTakeBack):
            await reviews.take_back_override(ANN, "i", 1, "ownership", expected_version=None)

    async def test_a_stale_version_is_refused(self, reviews: ReviewService) -> None:
        seen = {**CALL, "expected_version": 0}
        await reviews.dismiss(ANN, "i", 1, "c1", **seen)
        with pytest.raises(VersionMismatch):
            await reviews.dismiss(BO, "i", 1, "c2", **seen)

    async def test_a_thousand_acts_are_enough(
        self, repositories: Repositories, reviews: ReviewService
    ) -> None:
        shown = await reviews.dismiss(ANN, "i", 1, "c1", **CALL)
        full = shown.review.model_copy(update={"history": shown.review.history * 1000, "version": 2})
        assert await repositories.reviews("acme").save(full, expected_version=1)
        with pytest.raises(ReviewFull):
            await reviews.dismiss(BO, "i", 1, "c2", **CALL)


@pytest.mark.usefixtures("analysis")
class TestAtOnce:
    async def test_of_many_at_once_none_is_lost(
        self, repositories: Repositories, reviews: ReviewService
    ) -> None:
        await asyncio.gather(
            reviews.override(ANN, "i", 1, "ownership", level=Level.NO, **CALL),
            reviews.override(BO, "i", 1, "design", level=Level.YES, **CALL),
            reviews.dismiss(ANN, "i", 1, "c1", **CALL),
            reviews.dismiss(BO, "i", 1, "q1", **CALL),
            reviews.confirm(ANN, "i", 1, level=Level.NO, **CALL),
        )
        stored = await repositories.reviews("acme").get("i", 1)
        assert stored is not None
        assert {o.criterion_id for o in stored.overrides} == {"ownership", "design"}
        assert {d.claim_id for d in stored.dismissals} == {"c1", "q1"}
        assert stored.confirmation is not None
        assert (stored.version, len(stored.history)) == (5, 5)


@pytest.mark.usefixtures("analysis")
class TestShown:
    async def test_levels_are_hidden_by_the_rule_in_reviews_too(
        self, repositories: Repositories, reviews: ReviewService
    ) -> None:
        await reviews.override(ANN, "i", 1, "ownership", level=Level.NO, **CALL)
        await reviews.confirm(ANN, "i", 1, level=Level.NO, **CALL)
        await repositories.people.update_organisation("acme", utc_now(), analysis=AnalysisRule(levels=False))
        shown = await reviews.get("acme", "i", 1)
        assert [c.level for c in shown.view.criteria] == [Level.NO, None]
        assert (shown.view.suggestion.level, shown.view.suggestion.original) == (Level.NO, None)
        assert '"original":"yes"' not in shown.review.model_dump_json()

    async def test_the_newest_report_about_the_same_input_counts(
        self, repositories: Repositories, reviews: ReviewService, analysis: Analysis
    ) -> None:
        template = TemplateRef(id="eng", version=1)
        levels = (Level.YES, Level.NO)
        for revision, transcript, flips in ((1, 1, False), (2, 1, True), (3, 2, False)):
            flipping = CriterionStability(
                criterion_id="design", name="System design", levels=levels, agreement=0.5, flips=flips
            )
            await repositories.stability("acme").put(
                a_stability_report(
                    "i",
                    revision=revision,
                    transcript_revision=transcript,
                    template=template,
                    criteria=(flipping,),
                )
            )
        view = await reviews.view(analysis)
        assert [(c.level, c.unstable) for c in view.criteria] == [(Level.YES, False), (None, True)]
