"""Mentions: put down before the text is saved, told once it is, and never for a text that was not."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.core.errors import ProviderUnavailable
from app.models.base import utc_now
from app.models.notification import Notice, Topic
from app.models.organisation import Analyst, Role
from app.models.scorecard import CardStatus, Rating, Scorecard
from app.models.template import Level
from app.repositories.base import Repositories
from app.services.analysis_rules import AnalysisRules
from app.services.debriefs import DebriefService
from app.services.events.local import LocalEventBus
from app.services.lifecycle import Lifecycle
from app.services.mentions import MentionService
from app.services.reviews import ReviewService
from app.services.scorecards import CardContent, ScorecardService
from app.services.templates import TemplateService
from app.services.visibility import VisibilityService
from tests.fixtures.documents import a_scorecard
from tests.fixtures.people import an_actor, an_assessment
from tests.fixtures.telling import Acme, an_acme, join

IVO, REX = an_actor("ivo"), an_actor("rex", Role.RECRUITER)
CALL: dict[str, Any] = {"expected_version": None}
TO_REX = "@rex@example.com, what do you think?"


@pytest.fixture
async def acme(repositories: Repositories) -> Acme:
    return await an_acme(repositories)


@pytest.fixture
def cards(acme: Acme, repositories: Repositories) -> ScorecardService:
    return ScorecardService(
        repositories,
        Lifecycle(repositories, LocalEventBus()),
        TemplateService(repositories),
        VisibilityService(repositories),
        acme.mentions,
    )


@pytest.fixture
async def reviews(acme: Acme, repositories: Repositories) -> ReviewService:
    """With a debrief of interview `i`, revision 1."""
    await repositories.analyses("acme").put(an_assessment())
    changed = await repositories.interviews("acme").get("i")
    assert changed is not None
    lifecycle = Lifecycle(repositories, LocalEventBus())
    await lifecycle.edit("acme", "i", lambda _: {"analysis_revision": 1})
    return ReviewService(
        repositories,
        DebriefService(repositories, lifecycle),
        TemplateService(repositories),
        AnalysisRules(repositories, frozenset(), eu_mode=False, preferred=Analyst.AUTO),
        acme.mentions,
    )


async def write(cards: ScorecardService, notes: str, *, submit: bool = True) -> None:
    await cards.save(IVO, "i", CardContent(notes=notes), submit=submit, expected_version=None)


async def waiting(acme: Acme) -> list[Notice]:
    return list(await acme.repositories.notices.list_due(utc_now() + timedelta(days=1), limit=100))


class TestScorecards:
    async def test_who_is_mentioned_is_told_once_the_card_is_submitted(
        self, acme: Acme, cards: ScorecardService
    ) -> None:
        await write(cards, TO_REX, submit=False)
        assert await acme.readers() == set()
        await write(cards, TO_REX)
        assert await acme.readers() == {"rex"}
        [item] = await acme.items_of("rex")
        assert (item.topic, item.interview_id) == (Topic.MENTION, "i")
        assert item.payload == {"place": "scorecard", "version": 2, "by": "ivo", "user_id": "rex"}
        assert await waiting(acme) == []

    async def test_the_notice_holds_nothing_of_the_text(self, acme: Acme, cards: ScorecardService) -> None:
        await write(cards, f"{TO_REX} Daniel was late.")
        [item] = await acme.items_of("rex")
        assert "Daniel" not in str(item.payload)
        assert [d.payload for d in await acme.deliveries()] == [item.payload]

    async def test_notes_on_a_criterion_count_as_well(self, acme: Acme, repositories: Repositories) -> None:
        before = a_scorecard("i", "ivo", version=0)
        after = submitted(ratings=(Rating(criterion_id="a", level=Level.YES, notes=TO_REX),))
        notices = await acme.mentions.announce_in_card(before, after)
        assert await repositories.scorecards("acme").save(after, expected_version=0)
        await acme.mentions.tell(notices)
        assert await acme.readers() == {"rex"}

    async def test_only_who_was_not_mentioned_before_is_told(
        self, acme: Acme, cards: ScorecardService
    ) -> None:
        await write(cards, TO_REX)
        await write(cards, f"{TO_REX} And @vic@example.com?")
        assert (len(await acme.items_of("rex")), len(await acme.items_of("vic"))) == (1, 1)

    async def test_strangers_and_oneself_are_not(self, acme: Acme, cards: ScorecardService) -> None:
        await write(cards, "@ivo@example.com @eve@example.com @nobody")
        assert (await acme.readers(), await waiting(acme)) == (set(), [])

    async def test_members_are_found_page_by_page(
        self, acme: Acme, cards: ScorecardService, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("app.services.mentions._PAGE", 1)
        await write(cards, "@REX@example.com, @ada@example.com")
        assert await acme.readers() == {"rex", "ada"}

    async def test_two_members_with_one_address_are_both_told(
        self, acme: Acme, cards: ScorecardService, repositories: Repositories
    ) -> None:
        await join(repositories, "rex2", Role.VIEWER, email="rex@example.com")
        await write(cards, TO_REX)
        assert await acme.readers() == {"rex", "rex2"}


class TestReviews:
    async def test_reasons_of_every_act(self, acme: Acme, reviews: ReviewService) -> None:
        await reviews.override(REX, "i", 1, "ownership", level=Level.NO, reason="@ivo@example.com?", **CALL)
        await reviews.dismiss(REX, "i", 1, "c2", reason="See @vic@example.com.", **CALL)
        await reviews.confirm(REX, "i", 1, level=Level.YES, reason="As @ada@example.com said.", **CALL)
        assert await acme.readers() == {"ivo", "vic", "ada"}
        [item] = await acme.items_of("ivo")
        assert (item.payload["place"], item.payload["revision"], item.payload["by"]) == ("review", 1, "rex")
        assert await waiting(acme) == []

    async def test_a_changed_reason_tells_only_who_is_new_in_it(
        self, acme: Acme, reviews: ReviewService
    ) -> None:
        for reason in ("@ivo@example.com", "@ivo@example.com and @vic@example.com"):
            await reviews.override(REX, "i", 1, "ownership", level=Level.NO, reason=reason, **CALL)
        assert (len(await acme.items_of("ivo")), len(await acme.items_of("vic"))) == (1, 1)

    async def test_another_place_is_another_mention(self, acme: Acme, reviews: ReviewService) -> None:
        for criterion in ("ownership", "design"):
            await reviews.override(REX, "i", 1, criterion, level=Level.NO, reason="@ivo@example.com", **CALL)
        assert len(await acme.items_of("ivo")) == 2

    async def test_acts_at_the_same_moment_are_each_told_once(
        self, acme: Acme, reviews: ReviewService
    ) -> None:
        acts = [
            reviews.dismiss(REX, "i", 1, c, reason="@ivo@example.com", **CALL) for c in ("c1", "c2", "c3")
        ]
        await asyncio.gather(*acts)
        assert len(await acme.items_of("ivo")) == 3
        assert await waiting(acme) == []

    async def test_taking_back_mentions_nobody(self, acme: Acme, reviews: ReviewService) -> None:
        await reviews.dismiss(REX, "i", 1, "c2", reason="@ivo@example.com", **CALL)
        await reviews.take_back_dismissal(REX, "i", 1, "c2", **CALL)
        assert len(await acme.items_of("ivo")) == 1


def submitted(**fields: Any) -> Scorecard:
    return a_scorecard("i", "ivo", status=CardStatus.SUBMITTED, submitted_at=utc_now(), **fields)


class TestBeforeAndAfterSaving:
    """A notice lies there before the card does; what becomes of it depends on the card."""

    @pytest.fixture
    async def notice(self, acme: Acme) -> Notice:
        """Of a card whose saving is still to come: version 1, with Rex in its notes."""
        blank = a_scorecard("i", "ivo", version=0)
        [notice] = await acme.mentions.announce_in_card(blank, submitted(notes=TO_REX))
        return notice

    async def settled(self, acme: Acme, notice: Notice) -> tuple[bool, bool]:
        """Whether Rex was told, and whether the notice still lies there."""
        await acme.mentions.settle(notice)
        return "rex" in await acme.readers(), notice.id in [n.id for n in await waiting(acme)]

    def old(self, notice: Notice) -> Notice:
        return notice.model_copy(update={"created_at": utc_now() - timedelta(minutes=1)})

    async def test_not_saved_yet_it_waits(self, acme: Acme, notice: Notice) -> None:
        assert await self.settled(acme, notice) == (False, True)

    async def test_never_saved_it_is_forgotten(self, acme: Acme, notice: Notice) -> None:
        assert await self.settled(acme, self.old(notice)) == (False, False)

    async def test_saved_it_is_told_however_late(
        self, acme: Acme, notice: Notice, repositories: Repositories
    ) -> None:
        await repositories.scorecards("acme").save(submitted(notes=TO_REX), expected_version=0)
        assert await self.settled(acme, self.old(notice)) == (True, False)
        assert await self.settled(acme, notice) == (True, False)
        assert len(await acme.items_of("rex")) == 1

    async def test_something_else_was_saved(
        self, acme: Acme, notice: Notice, repositories: Repositories
    ) -> None:
        await repositories.scorecards("acme").save(submitted(notes="Fine."), expected_version=0)
        assert await self.settled(acme, notice) == (False, True)
        assert await self.settled(acme, self.old(notice)) == (False, False)

    async def test_a_draft_says_nothing(self, acme: Acme, notice: Notice, repositories: Repositories) -> None:
        draft = a_scorecard("i", "ivo", notes=TO_REX)
        await repositories.scorecards("acme").save(draft, expected_version=0)
        assert await self.settled(acme, self.old(notice)) == (False, False)

    async def test_the_same_request_again_puts_down_the_same_notice(self, acme: Acme, notice: Notice) -> None:
        [again] = await acme.mentions.announce_in_card(
            a_scorecard("i", "ivo", version=0), submitted(notes=TO_REX)
        )
        assert again.id == notice.id
        assert len(await waiting(acme)) == 1

    async def test_what_cannot_be_told_now_is_left_to_the_sweep(
        self, acme: Acme, notice: Notice, repositories: Repositories
    ) -> None:
        class Broken:
            async def tell(self, _: Notice) -> None:
                raise ProviderUnavailable("Away.")

        await repositories.scorecards("acme").save(submitted(notes=TO_REX), expected_version=0)
        await MentionService(repositories, Broken()).tell([notice])  # type: ignore[arg-type]
        assert [n.id for n in await waiting(acme)] == [notice.id]
