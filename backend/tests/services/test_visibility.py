"""Who sees the draft and colleagues' cards before having written their own."""

from __future__ import annotations

import pytest

from app.models.base import utc_now
from app.models.interview import Participant
from app.models.organisation import Role, Visibility
from app.models.scorecard import CardStatus, Rating, Scorecard, SubmittedCard
from app.models.template import Level
from app.models.transcript import SpeakerRole
from app.repositories.base import Repositories
from app.services.visibility import DraftHidden, VisibilityService, may_see, visible_cards
from tests.fixtures.documents import NOON, a_scorecard, an_interview, an_organisation
from tests.fixtures.people import an_actor

NAMED = Participant(name="Ann", email="Ann@Example.com", role=SpeakerRole.INTERVIEWER)
SUBMITTED = {"status": CardStatus.SUBMITTED, "submitted_at": NOON, "decision": Level.YES}
BLANK = a_scorecard("i")
BEGUN = a_scorecard("i", ratings=(Rating(criterion_id="a", notes="Asked twice."),))
DONE = a_scorecard("i", **SUBMITTED)
REOPENED = a_scorecard(
    "i", earlier=(SubmittedCard(ratings=(), notes="", decision=Level.NO, submitted_at=NOON),)
)


class TestRule:
    @pytest.mark.parametrize("role", Role)
    @pytest.mark.parametrize("card", [None, BEGUN])
    def test_open_hides_nothing(self, role: Role, card: Scorecard | None) -> None:
        interview = an_interview(id="i", participants=(NAMED,))
        assert may_see(Visibility.OPEN, an_actor("ann", role), interview, card)

    @pytest.mark.parametrize(
        ("role", "is_named", "card", "sees"),
        [
            (Role.INTERVIEWER, False, None, False),
            (Role.INTERVIEWER, False, BEGUN, False),
            (Role.INTERVIEWER, False, DONE, True),
            (Role.INTERVIEWER, False, REOPENED, True),
            (Role.RECRUITER, False, None, True),
            (Role.RECRUITER, False, BLANK, True),
            (Role.RECRUITER, False, BEGUN, False),
            (Role.RECRUITER, True, None, False),
            (Role.RECRUITER, True, DONE, True),
            (Role.ADMIN, False, None, True),
            (Role.ADMIN, True, None, False),
            (Role.VIEWER, False, None, True),
            (Role.VIEWER, True, None, False),
        ],
    )
    def test_after_own_hides_from_those_who_are_to_rate_until_they_have(
        self, role: Role, is_named: bool, card: Scorecard | None, sees: bool
    ) -> None:
        interview = an_interview(id="i", participants=(NAMED,) if is_named else ())
        assert may_see(Visibility.AFTER_OWN, an_actor("ann", role), interview, card) is sees

    @pytest.mark.parametrize(
        "other",
        [
            Participant(name="Ann", email=None, role=SpeakerRole.INTERVIEWER),
            Participant(name="Ann", email="ann@example.org", role=SpeakerRole.INTERVIEWER),
            Participant(name="Ann", email="ann@example.com", role=SpeakerRole.OBSERVER),
        ],
    )
    def test_only_an_interviewers_address_names_a_person(self, other: Participant) -> None:
        interview = an_interview(id="i", participants=(other,))
        assert may_see(Visibility.AFTER_OWN, an_actor("ann", Role.RECRUITER), interview, None)


class TestCards:
    CARDS = (DONE, a_scorecard("i", "bo", **SUBMITTED), a_scorecard("i", "cy", notes="Not done yet."))

    def test_drafts_of_colleagues_are_nobodys_business(self) -> None:
        visible = visible_cards(Visibility.OPEN, an_actor("ann"), an_interview(id="i"), self.CARDS)
        assert [card.user_id for card in visible.cards] == ["ann", "bo"]
        assert (visible.hidden, visible.pending) == (0, 1)

    def test_who_has_not_submitted_sees_their_own_and_how_many_are_hidden(self) -> None:
        visible = visible_cards(Visibility.AFTER_OWN, an_actor("cy"), an_interview(id="i"), self.CARDS)
        assert [card.user_id for card in visible.cards] == ["cy"]
        assert (visible.hidden, visible.pending, visible.sees_draft) == (2, 0, False)

    def test_a_blank_card_is_no_card(self) -> None:
        cards = (BLANK, a_scorecard("i", "bo"))
        visible = visible_cards(Visibility.OPEN, an_actor("ann"), an_interview(id="i"), cards)
        assert (visible.cards, visible.hidden, visible.pending) == ((), 0, 0)


class TestService:
    async def test_the_organisations_rule_and_the_stored_card_decide(
        self, repositories: Repositories
    ) -> None:
        await repositories.people.insert_organisation(an_organisation(id="acme"))
        interview, ann = an_interview(id="i"), an_actor("ann")
        visibility = VisibilityService(repositories)
        await visibility.require_draft(ann, interview)
        await repositories.people.update_organisation("acme", utc_now(), visibility=Visibility.AFTER_OWN)
        with pytest.raises(DraftHidden, match=r"PUT /api/v1/interviews/i/scorecard"):
            await visibility.require_draft(ann, interview)
        await repositories.scorecards("acme").save(DONE, expected_version=0)
        await visibility.require_draft(ann, interview)
        assert not await visibility.may_see_draft(an_actor("bo"), interview)

    async def test_a_viewer_on_the_panel_is_told_whom_to_ask(self, repositories: Repositories) -> None:
        await repositories.people.insert_organisation(
            an_organisation(id="acme", visibility=Visibility.AFTER_OWN)
        )
        interview = an_interview(id="i", participants=(NAMED,))
        with pytest.raises(DraftHidden, match="ask an admin"):
            await VisibilityService(repositories).require_draft(an_actor("ann", Role.VIEWER), interview)
