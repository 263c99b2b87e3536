"""Scorecards: drafts and submissions, what they rate by, and edits at the same moment."""

from __future__ import annotations

import asyncio

import pytest

from app.models.interview import TemplateRef
from app.models.organisation import Role, Visibility
from app.models.scorecard import CardStatus, Rating
from app.models.template import Level
from app.repositories.base import Expect, Repositories
from app.services.events.local import LocalEventBus
from app.services.lifecycle import InterviewNotFound, Lifecycle, VersionMismatch
from app.services.scorecards import (
    CardContent,
    CriterionUnknown,
    ScorecardEmpty,
    ScorecardService,
    ScorecardSubmitted,
    ShownCard,
)
from app.services.templates import TemplateService
from app.services.visibility import VisibilityService
from tests.fixtures.documents import an_interview, an_organisation
from tests.fixtures.people import a_template_with, an_actor, an_edition
from tests.fixtures.telling import Acme

ANN, BO = an_actor("ann"), an_actor("bo")
FIRST, SECOND = TemplateRef(id="eng", version=1), TemplateRef(id="eng", version=2)
NOTES = CardContent(notes="Clear about trade-offs.")
RATED = CardContent((Rating(criterion_id="ownership", level=Level.YES, notes="Said so."),), "", Level.YES)
CHANGED = CardContent((Rating(criterion_id="ownership", level=Level.NO),), "", Level.NO)


@pytest.fixture
async def cards(repositories: Repositories) -> ScorecardService:
    """With interview `i` of organisation `acme`, which has version 1 of a template."""
    await repositories.people.insert_organisation(an_organisation(id="acme", visibility=Visibility.AFTER_OWN))
    editions = an_edition(), an_edition(2, speed="Speed")
    await repositories.templates("acme").insert(a_template_with(*editions))
    await repositories.interviews("acme").insert(an_interview(id="i", template=FIRST))
    return ScorecardService(
        repositories,
        Lifecycle(repositories, LocalEventBus()),
        TemplateService(repositories),
        VisibilityService(repositories),
        Acme(repositories).mentions,
    )


async def save(cards: ScorecardService, content: CardContent, version: int | None = None) -> ShownCard:
    return await cards.save(ANN, "i", content, submit=False, expected_version=version)


async def submit(cards: ScorecardService, content: CardContent, version: int | None = None) -> ShownCard:
    return await cards.save(ANN, "i", content, submit=True, expected_version=version)


class TestDrafts:
    async def test_nobody_has_written_anything_yet(self, cards: ScorecardService) -> None:
        shown = await cards.get_own(ANN, "i")
        assert (shown.card.version, shown.card.status, shown.card.is_blank) == (0, CardStatus.DRAFT, True)
        assert [criterion.id for criterion in shown.criteria] == ["ownership", "design", "clarity"]

    async def test_a_draft_is_replaced_as_a_whole(self, cards: ScorecardService) -> None:
        await save(cards, RATED)
        assert (await save(cards, NOTES, 1)).card.version == 2
        card = (await cards.get_own(ANN, "i")).card
        assert (card.ratings, card.notes, card.decision, card.user_name) == ((), NOTES.notes, None, "Ann")

    async def test_an_edit_that_was_not_seen_is_not_overwritten(self, cards: ScorecardService) -> None:
        await save(cards, RATED, 0)
        with pytest.raises(VersionMismatch):
            await save(cards, NOTES, 0)
        assert (await cards.get_own(ANN, "i")).card.ratings == RATED.ratings

    async def test_of_many_saves_of_one_version_one_wins(self, cards: ScorecardService) -> None:
        contents = [CardContent(notes=f"Draft {n}.") for n in range(8)]
        answers = await asyncio.gather(*(save(cards, c, 0) for c in contents), return_exceptions=True)
        won = [answer for answer in answers if isinstance(answer, ShownCard)]
        assert len(won) == 1
        assert sum(isinstance(answer, VersionMismatch) for answer in answers) == 7
        assert (await cards.get_own(ANN, "i")).card.notes == won[0].card.notes

    async def test_a_discarded_draft_leaves_nothing_and_cannot_be_overwritten_by_an_old_page(
        self, cards: ScorecardService
    ) -> None:
        await save(cards, RATED)
        await cards.discard_draft(ANN, "i", expected_version=1)
        card = (await cards.get_own(ANN, "i")).card
        assert (card.is_blank, card.version) == (True, 2)
        with pytest.raises(VersionMismatch):
            await save(cards, NOTES, 1)

    async def test_discarding_what_is_not_there_is_fine(
        self, cards: ScorecardService, repositories: Repositories
    ) -> None:
        await cards.discard_draft(ANN, "i", expected_version=None)
        assert await repositories.scorecards("acme").get("i", "ann") is None

    async def test_another_organisations_interview_is_not_found(self, cards: ScorecardService) -> None:
        stranger = an_actor("eve", organisation_id="other")
        with pytest.raises(InterviewNotFound):
            await cards.save(stranger, "i", NOTES, submit=False, expected_version=None)


class TestSubmission:
    async def test_the_draft_is_submitted_as_it_stands(self, cards: ScorecardService) -> None:
        await save(cards, RATED)
        card = (await cards.submit(ANN, "i", expected_version=1)).card
        assert (card.status, card.ratings, card.earlier) == (CardStatus.SUBMITTED, RATED.ratings, ())
        assert card.submitted_at is not None

    @pytest.mark.parametrize(
        "content",
        [
            CardContent((Rating(criterion_id="design", level=Level.NO),)),
            CardContent((Rating(criterion_id="design", notes="Not asked."),)),
            NOTES,
            CardContent(decision=Level.NO),
        ],
        ids=["a rating", "a note on a criterion", "a note", "a decision"],
    )
    async def test_one_word_is_enough(self, cards: ScorecardService, content: CardContent) -> None:
        assert (await submit(cards, content)).card.status is CardStatus.SUBMITTED

    async def test_an_empty_one_is_refused(self, cards: ScorecardService) -> None:
        empty = CardContent((Rating(criterion_id="design"),))
        with pytest.raises(ScorecardEmpty):
            await submit(cards, empty)
        with pytest.raises(ScorecardEmpty):
            await cards.submit(ANN, "i", expected_version=None)

    async def test_a_change_keeps_what_was_submitted(self, cards: ScorecardService) -> None:
        await submit(cards, RATED)
        card = (await submit(cards, CHANGED)).card
        assert [(e.ratings, e.decision) for e in card.earlier] == [(RATED.ratings, Level.YES)]
        assert (card.ratings, card.status) == (CHANGED.ratings, CardStatus.SUBMITTED)

    async def test_the_same_again_is_no_change(self, cards: ScorecardService) -> None:
        first = await submit(cards, RATED)
        assert (await submit(cards, RATED)).card == first.card

    async def test_while_it_is_being_changed_colleagues_see_what_was_submitted(
        self, cards: ScorecardService
    ) -> None:
        await submit(cards, RATED)
        await save(cards, CHANGED)
        _, seen = await cards.list_visible(an_actor("rex", Role.RECRUITER), "i")
        assert [(s.card.ratings, s.card.status) for s in seen] == [(RATED.ratings, CardStatus.SUBMITTED)]
        own = await cards.get_own(ANN, "i")
        assert (own.card.ratings, own.card.status) == (CHANGED.ratings, CardStatus.DRAFT)

    async def test_discarding_the_change_brings_it_back(self, cards: ScorecardService) -> None:
        submitted = (await submit(cards, RATED)).card
        await save(cards, CHANGED)
        await cards.discard_draft(ANN, "i", expected_version=None)
        card = (await cards.get_own(ANN, "i")).card
        assert (card.status, card.ratings, card.decision, card.earlier) == (
            CardStatus.SUBMITTED,
            RATED.ratings,
            Level.YES,
            (),
        )
        assert card.submitted_at == submitted.submitted_at

    async def test_a_submitted_card_is_not_taken_away(self, cards: ScorecardService) -> None:
        await submit(cards, RATED)
        with pytest.raises(ScorecardSubmitted):
            await cards.discard_draft(ANN, "i", expected_version=None)


class TestTemplate:
    async def choose(self, repositories: Repositories, template: TemplateRef | None) -> None:
        await repositories.interviews("acme").compare_and_set("i", Expect(), {"template": template})

    async def test_an_unknown_criterion_is_named(self, cards: ScorecardService) -> None:
        with pytest.raises(CriterionUnknown, match="speed") as raised:
            await save(cards, CardContent((Rating(criterion_id="speed", level=Level.YES),)))
        assert raised.value.extra == {"criterion_id": "speed"}

    async def test_without_a_template_there_are_notes_and_a_decision(
        self, cards: ScorecardService, repositories: Repositories
    ) -> None:
        await self.choose(repositories, None)
        with pytest.raises(CriterionUnknown, match="no template"):
            await save(cards, RATED)
        shown = await submit(cards, CardContent(notes="Good.", decision=Level.YES))
        assert (shown.card.template, shown.criteria, shown.template_changed) == (None, (), False)

    async def test_a_card_keeps_the_version_of_its_first_save_and_says_when_that_is_old(
        self, cards: ScorecardService, repositories: Repositories
    ) -> None:
        await save(cards, RATED)
        await self.choose(repositories, SECOND)
        shown = await save(cards, CHANGED)
        assert (shown.card.template, shown.template_changed) == (FIRST, True)
        with pytest.raises(CriterionUnknown):
            await save(cards, CardContent((Rating(criterion_id="speed", level=Level.YES),)))

    async def test_it_can_take_over_the_present_one(
        self, cards: ScorecardService, repositories: Repositories
    ) -> None:
        await submit(cards, RATED)
        await self.choose(repositories, SECOND)
        content = CardContent((Rating(criterion_id="speed", level=Level.YES),))
        shown = await cards.save(ANN, "i", content, submit=True, adopt_template=True, expected_version=None)
        assert (shown.card.template, shown.template_changed) == (SECOND, False)
        assert shown.card.earlier[0].template == FIRST

    async def test_a_blank_card_goes_by_the_present_one(
        self, cards: ScorecardService, repositories: Repositories
    ) -> None:
        await save(cards, RATED)
        await cards.discard_draft(ANN, "i", expected_version=None)
        await self.choose(repositories, SECOND)
        shown = await cards.get_own(ANN, "i")
        assert (shown.card.template, shown.template_changed) == (SECOND, False)
        shown = await save(cards, CardContent((Rating(criterion_id="speed", level=Level.YES),)))
        assert shown.card.template == SECOND

    async def test_what_was_rated_outlives_the_template(
        self, cards: ScorecardService, repositories: Repositories
    ) -> None:
        await save(cards, RATED)
        await repositories.templates("acme").delete("eng")
        assert (await submit(cards, CHANGED)).card.ratings == CHANGED.ratings
        with pytest.raises(CriterionUnknown):
            await save(cards, CardContent((Rating(criterion_id="design", level=Level.NO),)))


class TestVisible:
    async def test_colleagues_are_hidden_until_ones_own_is_submitted(self, cards: ScorecardService) -> None:
        await submit(cards, RATED)
        await cards.save(BO, "i", NOTES, submit=False, expected_version=None)
        visible, shown = await cards.list_visible(BO, "i")
        assert ([s.card.user_id for s in shown], visible.hidden) == (["bo"], 1)
        await cards.submit(BO, "i", expected_version=None)
        visible, shown = await cards.list_visible(BO, "i")
        assert ([s.card.user_id for s in shown], visible.hidden) == (["bo", "ann"], 0)
