"""Scorecards: what each person says of the candidate after an interview. No machine writes here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.core.errors import Conflict, InvalidInput
from app.models.base import utc_now
from app.models.interview import Interview, TemplateRef
from app.models.scorecard import CardStatus, Rating, Scorecard, card_id
from app.models.template import Criterion, Level
from app.repositories.base import Repositories
from app.services.accounts import Actor
from app.services.lifecycle import Lifecycle, VersionMismatch
from app.services.mentions import MentionService
from app.services.templates import TemplateService
from app.services.visibility import VisibilityService, VisibleCards, visible_cards

_TRIES: Final = 8
_EARLIER_KEPT: Final = 100
"""How often a submitted card may be changed: far more often than anybody changes their mind."""


class CriterionUnknown(InvalidInput):
    code = "criterion_unknown"


class ScorecardEmpty(InvalidInput):
    code = "scorecard_empty"


class ScorecardSubmitted(Conflict):
    code = "scorecard_submitted"


class ScorecardFull(Conflict):
    code = "scorecard_full"


@dataclass(frozen=True, slots=True)
class CardContent:
    """What a person writes on a card. It replaces all that was there."""

    ratings: tuple[Rating, ...] = ()
    notes: str = ""
    decision: Level | None = None


@dataclass(frozen=True, slots=True)
class ShownCard:
    card: Scorecard
    template_changed: bool
    """The interview has another template, or another version of it, than the card rates by."""
    criteria: tuple[Criterion, ...] = ()
    """What the card rates by; empty without a template."""


def blank_card(actor: Actor, interview: Interview) -> Scorecard:
    """The card of a person who has written nothing yet: version 0."""
    return Scorecard(
        id=card_id(interview.id, actor.user.id),
        organisation_id=interview.organisation_id,
        interview_id=interview.id,
        user_id=actor.user.id,
        user_name=actor.name,
        template=interview.template,
        version=0,
        created_at=interview.created_at,
        updated_at=interview.created_at,
    )


def written(card: Scorecard, content: CardContent, *, submit: bool) -> Scorecard:
    """The card with this content, as a draft or submitted. What had been submitted and is changed is kept."""
    earlier = card.earlier
    was = card.last_submitted if card.status is CardStatus.SUBMITTED else None
    if was is not None:
        if submit and (was.ratings, was.notes, was.decision) == (
            content.ratings,
            content.notes,
            content.decision,
        ):
            return card
        earlier = (*earlier, was)
    return card.model_copy(
        update={
            "ratings": content.ratings,
            "notes": content.notes,
            "decision": content.decision,
            "earlier": earlier,
            "status": CardStatus.SUBMITTED if submit else CardStatus.DRAFT,
            "submitted_at": utc_now() if submit else None,
        }
    )


def draft_discarded(card: Scorecard) -> Scorecard:
    """The card without its draft: as it was submitted last, or blank. Raises `ScorecardSubmitted`."""
    if card.status is CardStatus.SUBMITTED:
        raise ScorecardSubmitted("This scorecard is submitted: it can be changed, but no longer taken away.")
    if not card.earlier:
        return card.model_copy(update={"ratings": (), "notes": "", "decision": None})
    last = card.earlier[-1]
    return card.model_copy(
        update={
            "ratings": last.ratings,
            "notes": last.notes,
            "decision": last.decision,
            "template": last.template,
            "submitted_at": last.submitted_at,
            "status": CardStatus.SUBMITTED,
            "earlier": card.earlier[:-1],
        }
    )


class ScorecardService:
    """Every change takes the version that the caller has seen (`expected_version`). Without one, a change that meets
    another at the same moment is refused rather than laid over it."""

    def __init__(
        self,
        repositories: Repositories,
        lifecycle: Lifecycle,
        templates: TemplateService,
        visibility: VisibilityService,
        mentions: MentionService,
    ) -> None:
        self._repositories = repositories
        self._lifecycle = lifecycle
        self._templates = templates
        self._visibility = visibility
        self._mentions = mentions

    async def get_own(self, actor: Actor, interview_id: str) -> ShownCard:
        """The caller's card; a blank one of version 0 when they have none."""
        interview = await self._lifecycle.get(actor.organisation_id, interview_id)
        return await self._shown(await self._own(actor, interview), interview)

    async def list_visible(self, actor: Actor, interview_id: str) -> tuple[VisibleCards, list[ShownCard]]:
        """The cards that the caller may see, their own first. Of colleagues, what they submitted."""
        interview = await self._lifecycle.get(actor.organisation_id, interview_id)
        rule = await self._visibility.rule_of(actor.organisation_id)
        cards = await self._repositories.scorecards(actor.organisation_id).list_for([interview_id])
        visible = visible_cards(rule, actor, interview, tuple(cards))
        shown = [
            await self._shown(card if card.user_id == actor.user.id else as_submitted(card), interview)
            for card in visible.cards
        ]
        return visible, shown

    async def save(
        self,
        actor: Actor,
        interview_id: str,
        content: CardContent,
        *,
        submit: bool,
        adopt_template: bool = False,
        expected_version: int | None,
    ) -> ShownCard:
        """Save the caller's card as a draft, or submit it, which closes a request for it.

        It rates by the interview's template as it was at the first save; `adopt_template` takes the present one.
        Raises `CriterionUnknown`, `ScorecardEmpty`, `VersionMismatch`.
        """
        interview = await self._lifecycle.get(actor.organisation_id, interview_id)
        current = await self._own(actor, interview)
        _expect(current, expected_version)
        template = interview.template if current.is_blank or adopt_template else current.template
        await self._check(interview, current, template, content)
        changed = written(current, content, submit=submit)
        if submit and not changed.says_something:
            raise ScorecardEmpty("Rate a criterion, write a note or decide before you submit.")
        if len(changed.earlier) > _EARLIER_KEPT:
            raise ScorecardFull(f"A submitted scorecard can be changed {_EARLIER_KEPT} times.")
        if changed is not current or template != current.template:
            changed = changed.model_copy(update={"template": template})
            changed = await self._write(actor, current, changed)
        if submit:
            requests = self._repositories.scorecard_requests(actor.organisation_id)
            await requests.delete(interview.id, actor.user.id)
        return await self._shown(changed, interview)

    async def submit(self, actor: Actor, interview_id: str, *, expected_version: int | None) -> ShownCard:
        """Submit the caller's draft as it stands. Raises `ScorecardEmpty` and `VersionMismatch`."""
        interview = await self._lifecycle.get(actor.organisation_id, interview_id)
        card = await self._own(actor, interview)
        content = CardContent(card.ratings, card.notes, card.decision)
        # The version that was read here: what is submitted is what the check below has seen.
        seen = card.version if expected_version is None else expected_version
        return await self.save(actor, interview_id, content, submit=True, expected_version=seen)

    async def discard_draft(self, actor: Actor, interview_id: str, *, expected_version: int | None) -> None:
        """Throw the caller's draft away; what was submitted before it stands again. Raises `ScorecardSubmitted`."""
        interview = await self._lifecycle.get(actor.organisation_id, interview_id)
        current = await self._own(actor, interview)
        _expect(current, expected_version)
        if current.version > 0:
            await self._write(actor, current, draft_discarded(current))

    async def _own(self, actor: Actor, interview: Interview) -> Scorecard:
        cards = self._repositories.scorecards(actor.organisation_id)
        return await cards.get(interview.id, actor.user.id) or blank_card(actor, interview)

    async def _write(self, actor: Actor, current: Scorecard, changed: Scorecard) -> Scorecard:
        now = utc_now()
        changed = changed.model_copy(
            update={
                "version": current.version + 1,
                "user_name": actor.name,
                "created_at": current.created_at if current.version else now,
                "updated_at": now,
            }
        )
        repository = self._repositories.scorecards(actor.organisation_id)
        mentions = await self._mentions.announce_in_card(current, changed)
        if not await repository.save(changed, expected_version=current.version):
            raise VersionMismatch("Your scorecard was changed at the same moment, elsewhere; load it again.")
        await self._mentions.tell(mentions)
        return changed

    async def _check(
        self, interview: Interview, current: Scorecard, template: TemplateRef | None, content: CardContent
    ) -> None:
        known = {c.id for c in await self._criteria(interview.organisation_id, template)}
        # What was rated by a template that has been deleted since can still be kept.
        known |= {rating.criterion_id for rating in current.ratings if template == current.template}
        for rating in content.ratings:
            if rating.criterion_id not in known:
                raise CriterionUnknown(
                    f"The interview's template has no criterion {rating.criterion_id}."
                    if template
                    else f"The interview has no template, so {rating.criterion_id} cannot be rated; write notes.",
                    criterion_id=rating.criterion_id,
                )

    async def _criteria(self, organisation_id: str, template: TemplateRef | None) -> tuple[Criterion, ...]:
        edition = await self._templates.edition(organisation_id, template)
        return edition.criteria if edition else ()

    async def _shown(self, card: Scorecard, interview: Interview) -> ShownCard:
        # A blank card will rate by the template that the interview has when it is first saved.
        pinned = interview.template if card.is_blank else card.template
        return ShownCard(
            card=card.model_copy(update={"template": pinned}),
            template_changed=pinned != interview.template,
            criteria=await self._criteria(interview.organisation_id, pinned),
        )


def as_submitted(card: Scorecard) -> Scorecard:
    """The card as colleagues see it: what was submitted last, without the draft over it."""
    last = card.last_submitted
    if last is None or card.status is CardStatus.SUBMITTED:
        return card
    return draft_discarded(card)


def _expect(card: Scorecard, version: int | None) -> None:
    if version is not None and version != card.version:
        raise VersionMismatch(
            f"The scorecard has version {card.version} by now; load it again.", version=card.version
        )
