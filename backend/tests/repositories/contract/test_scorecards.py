"""What both databases must do with scorecards."""

from __future__ import annotations

import asyncio

import pytest

from app.models.interview import TemplateRef
from app.models.scorecard import CardStatus, Rating, Scorecard, SubmittedCard
from app.models.template import Level
from app.repositories.base import Repositories
from tests.fixtures.databases import OpenDatabase
from tests.fixtures.documents import NOON, a_scorecard, minutes

RATED = (
    Rating(criterion_id="depth", level=Level.STRONG_YES, notes="Erklärt's prächtig 👏 e\u0301"),
    Rating(criterion_id="teamwork"),
)


def submitted(card: Scorecard) -> Scorecard:
    """The card's next version, with what stood before kept."""
    earlier = SubmittedCard(
        ratings=card.ratings, notes=card.notes, decision=card.decision, submitted_at=NOON + minutes(1)
    )
    return card.model_copy(
        update={
            "status": CardStatus.SUBMITTED,
            "decision": Level.NO,
            "earlier": (*card.earlier, earlier),
            "version": card.version + 1,
            "updated_at": NOON + minutes(2),
            "submitted_at": NOON + minutes(2),
        }
    )


class TestSave:
    async def test_gives_back_every_field(self, repositories: Repositories) -> None:
        cards = repositories.scorecards("acme")
        card = a_scorecard("i", template=TemplateRef(id="t", version=3), ratings=RATED, notes="حسنًا")
        assert await cards.save(card, expected_version=0)
        assert await cards.get("i", "ann") == card
        changed = submitted(card)
        assert await cards.save(changed, expected_version=1)
        assert await cards.get("i", "ann") == changed

    async def test_no_card_is_none(self, repositories: Repositories) -> None:
        await repositories.scorecards("acme").save(a_scorecard("i"), expected_version=0)
        assert await repositories.scorecards("acme").get("i", "bo") is None
        assert await repositories.scorecards("acme").get("i2", "ann") is None

    async def test_dates_are_kept_to_the_millisecond(self, repositories: Repositories) -> None:
        cards = repositories.scorecards("acme")
        exact = a_scorecard("i", created_at=NOON.replace(microsecond=123_987))
        assert await cards.save(exact, expected_version=0)
        found = await cards.get("i", "ann")
        assert found is not None
        assert found.created_at == NOON.replace(microsecond=123_000)

    async def test_a_person_has_one_card_whatever_its_id_says(self, repositories: Repositories) -> None:
        cards = repositories.scorecards("acme")
        assert await cards.save(a_scorecard("i", id="one"), expected_version=0)
        assert not await cards.save(a_scorecard("i", id="two"), expected_version=0)
        assert len(await cards.list_for(["i"])) == 1

    @pytest.mark.parametrize("expected_version", [0, 1, 3])
    async def test_another_version_than_expected_is_left_alone(
        self, repositories: Repositories, expected_version: int
    ) -> None:
        cards = repositories.scorecards("acme")
        standing = a_scorecard("i", version=2)
        await cards.save(standing, expected_version=0)
        late = a_scorecard("i", version=9, notes="late")
        assert not await cards.save(late, expected_version=expected_version)
        assert await cards.get("i", "ann") == standing

    async def test_a_version_of_nothing_is_not_replaced(self, repositories: Repositories) -> None:
        assert not await repositories.scorecards("acme").save(a_scorecard("i"), expected_version=1)
        assert await repositories.scorecards("acme").get("i", "ann") is None

    @pytest.mark.parametrize("expected_version", [0, 1])
    async def test_of_twelve_writers_one_wins(
        self, repositories: Repositories, expected_version: int
    ) -> None:
        cards = repositories.scorecards("acme")
        if expected_version:
            await cards.save(a_scorecard("i"), expected_version=0)
        writers = [a_scorecard("i", version=expected_version + 1, notes=f"{n}") for n in range(12)]
        won = await asyncio.gather(*(cards.save(c, expected_version=expected_version) for c in writers))
        assert won.count(True) == 1
        assert await cards.get("i", "ann") == writers[won.index(True)]

    async def test_survives_a_restart(self, open_database: OpenDatabase) -> None:
        card = a_scorecard("i", ratings=RATED)
        async with open_database() as first:
            await first.scorecards("acme").save(card, expected_version=0)
        async with open_database() as second:
            assert await second.scorecards("acme").get("i", "ann") == card


class TestScope:
    async def test_another_organisation_neither_reads_nor_writes(self, repositories: Repositories) -> None:
        standing = a_scorecard("i")
        await repositories.scorecards("acme").save(standing, expected_version=0)
        other = repositories.scorecards("other")
        assert await other.get("i", "ann") is None
        assert await other.list_for(["i"]) == []
        for expected_version in (0, 1):
            foreign = a_scorecard("i", organisation_id="other", version=2)
            assert not await other.save(foreign, expected_version=expected_version)
        assert await repositories.scorecards("acme").get("i", "ann") == standing

    async def test_a_card_of_another_organisation_is_refused(self, repositories: Repositories) -> None:
        with pytest.raises(ValueError, match="another organisation"):
            await repositories.scorecards("other").save(a_scorecard("i"), expected_version=0)


class TestListFor:
    async def test_gives_cards_by_interview_and_then_by_creation(self, repositories: Repositories) -> None:
        cards = repositories.scorecards("acme")
        for interview, user, age in (
            ("i2", "ann", 1),
            ("i1", "cy", 1),
            ("i1", "bo", 2),
            ("i1", "ann", 1),
            ("i3", "ann", 9),
        ):
            created = NOON - minutes(age)
            await cards.save(a_scorecard(interview, user, created_at=created), expected_version=0)
        foreign = a_scorecard("i1", "dee", "other")
        await repositories.scorecards("other").save(foreign, expected_version=0)
        found = await cards.list_for({"i2", "i1", "gone"})
        assert [card.id for card in found] == ["i1:bo", "i1:ann", "i1:cy", "i2:ann"]

    async def test_of_no_interviews_there_are_none(self, repositories: Repositories) -> None:
        await repositories.scorecards("acme").save(a_scorecard("i"), expected_version=0)
        assert await repositories.scorecards("acme").list_for([]) == []
