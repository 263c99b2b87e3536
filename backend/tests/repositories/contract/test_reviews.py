"""What both databases must do with the reviews of analyses."""

from __future__ import annotations

import asyncio

import pytest

from app.models.scorecard import Confirmation, Dismissal, LevelOverride, Review, ReviewEvent
from app.models.template import Level
from app.repositories.base import Repositories
from tests.fixtures.databases import OpenDatabase
from tests.fixtures.documents import NOON, a_review, minutes

_ANN = {"by": "ann", "by_name": "Änn 👩‍⚖️", "at": NOON}
OVERRIDE = LevelOverride(
    criterion_id="depth", level=Level.YES, original=None, reason="“Ja”, sie sagt es selbst", **_ANN
)
DISMISSED = Dismissal(claim_id=None, reason="wrong candidate", **_ANN)
CONFIRMED = Confirmation(level=Level.NO, original=Level.YES, **_ANN)


def full_review() -> Review:
    return a_review(
        "i",
        revision=2,
        overrides=(OVERRIDE,),
        dismissals=(DISMISSED,),
        confirmation=CONFIRMED,
        history=(
            ReviewEvent(override=OVERRIDE, by="ann", at=NOON),
            ReviewEvent(dismissal=DISMISSED, withdrawn=True, by="bo", at=NOON + minutes(1)),
        ),
    )


class TestSave:
    async def test_gives_back_every_field(self, repositories: Repositories) -> None:
        review = full_review()
        assert await repositories.reviews("acme").save(review, expected_version=0)
        assert await repositories.reviews("acme").get("i", 2) == review

    async def test_each_analysis_has_its_own(self, repositories: Repositories) -> None:
        reviews = repositories.reviews("acme")
        stored = [a_review("i", revision=n) for n in (1, 2)]
        for review in stored:
            assert await reviews.save(review, expected_version=0)
        assert [await reviews.get("i", n) for n in (1, 2, 3)] == [*stored, None]

    async def test_is_replaced_when_the_version_is_the_expected_one(self, repositories: Repositories) -> None:
        reviews = repositories.reviews("acme")
        await reviews.save(a_review("i"), expected_version=0)
        newer = a_review("i", version=2, overrides=(OVERRIDE,))
        assert not await reviews.save(newer, expected_version=0)
        assert not await reviews.save(newer, expected_version=2)
        assert await reviews.save(newer, expected_version=1)
        assert await reviews.get("i", 1) == newer
        assert not await reviews.save(a_review("gone", version=2), expected_version=1)

    @pytest.mark.parametrize("expected_version", [0, 1])
    async def test_of_twelve_writers_one_wins(
        self, repositories: Repositories, expected_version: int
    ) -> None:
        reviews = repositories.reviews("acme")
        if expected_version:
            await reviews.save(a_review("i"), expected_version=0)
        writers = [
            a_review("i", version=2, dismissals=(DISMISSED.model_copy(update={"reason": f"{n}"}),))
            for n in range(12)
        ]
        won = await asyncio.gather(*(reviews.save(r, expected_version=expected_version) for r in writers))
        assert won.count(True) == 1
        assert await reviews.get("i", 1) == writers[won.index(True)]

    async def test_another_organisation_neither_reads_nor_writes(self, repositories: Repositories) -> None:
        standing = a_review("i")
        await repositories.reviews("acme").save(standing, expected_version=0)
        other = repositories.reviews("other")
        assert await other.get("i", 1) is None
        for expected_version in (0, 1):
            assert not await other.save(a_review("i", "other"), expected_version=expected_version)
        with pytest.raises(ValueError, match="another organisation"):
            await other.save(standing, expected_version=1)
        assert await repositories.reviews("acme").get("i", 1) == standing

    async def test_survives_a_restart(self, open_database: OpenDatabase) -> None:
        async with open_database() as first:
            await first.reviews("acme").save(full_review(), expected_version=0)
        async with open_database() as second:
            assert await second.reviews("acme").get("i", 2) == full_review()
