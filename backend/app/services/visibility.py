"""When a person sees colleagues' scorecards and the machine's draft: not before they have made up their own mind.

The rule is for those who are to rate. Whoever is not on the panel, a recruiter who prepares the meeting for example,
sees everything, because nothing of theirs could be swayed.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.core.errors import Forbidden
from app.models.interview import Interview
from app.models.organisation import Role, Visibility
from app.models.scorecard import Scorecard
from app.models.transcript import SpeakerRole
from app.repositories.base import Repositories
from app.services.accounts import Actor


class DraftHidden(Forbidden):
    code = "draft_hidden"


def is_to_rate(actor: Actor, interview: Interview, own: Scorecard | None) -> bool:
    """Whether a card of this person is expected, or has been begun."""
    if actor.role is Role.INTERVIEWER or (own is not None and not own.is_blank):
        return True
    email = (actor.user.email or "").casefold()
    return bool(email) and any(
        person.role is SpeakerRole.INTERVIEWER and (person.email or "").casefold() == email
        for person in interview.participants
    )


def may_see(rule: Visibility, actor: Actor, interview: Interview, own: Scorecard | None) -> bool:
    """Whether colleagues' cards, the draft and all that follows from it are open to this person.

    A card that was submitted once counts for good, also while it is being changed.
    """
    if rule is Visibility.OPEN or not is_to_rate(actor, interview, own):
        return True
    return own is not None and own.last_submitted is not None


@dataclass(frozen=True, slots=True)
class VisibleCards:
    """The cards of one interview that a person may read; `hidden` is the number of the others.

    Drafts of colleagues are neither: nobody has said anything yet. `pending` is how many there are.
    """

    cards: tuple[Scorecard, ...]
    hidden: int
    pending: int
    sees_draft: bool


def visible_cards(
    rule: Visibility, actor: Actor, interview: Interview, cards: tuple[Scorecard, ...]
) -> VisibleCards:
    own = next((card for card in cards if card.user_id == actor.user.id), None)
    colleagues = [card for card in cards if card is not own and not card.is_blank]
    submitted = tuple(card for card in colleagues if card.last_submitted is not None)
    sees = may_see(rule, actor, interview, own)
    mine = (own,) if own is not None and not own.is_blank else ()
    return VisibleCards(
        cards=(*mine, *submitted) if sees else mine,
        hidden=0 if sees else len(submitted),
        pending=len(colleagues) - len(submitted),
        sees_draft=sees,
    )


class VisibilityService:
    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    async def rule_of(self, organisation_id: str) -> Visibility:
        organisation = await self._repositories.people.get_organisation(organisation_id)
        return organisation.visibility if organisation else Visibility.OPEN

    async def may_see_draft(self, actor: Actor, interview: Interview) -> bool:
        rule = await self.rule_of(actor.organisation_id)
        if rule is Visibility.OPEN:
            return True
        cards = self._repositories.scorecards(actor.organisation_id)
        return may_see(rule, actor, interview, await cards.get(interview.id, actor.user.id))

    async def require_draft(self, actor: Actor, interview: Interview) -> None:
        """Raises `DraftHidden`, which says how to get to see it."""
        if await self.may_see_draft(actor, interview):
            return
        if actor.role is Role.VIEWER:
            raise DraftHidden(
                "You are named as an interviewer, and interviewers see the debrief after their own scorecard. "
                "Viewers cannot submit one: ask an admin for the role interviewer."
            )
        raise DraftHidden(
            "Your organisation shows the debrief and colleagues' scorecards after your own: submit yours with "
            f"PUT /api/v1/interviews/{interview.id}/scorecard."
        )
