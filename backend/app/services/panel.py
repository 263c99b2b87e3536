"""The panel: one candidate across interviews, what people said beside the machine's evidence.

It is about one candidate at a time. Nothing here compares candidates, and nothing should.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.core.errors import InvalidInput
from app.models.interview import Interview, Participant, TemplateRef
from app.models.organisation import Visibility
from app.models.scorecard import Scorecard
from app.repositories.base import InterviewFilter, Repositories
from app.services.accounts import Actor
from app.services.panel_matrix import DraftState, Names, PanelColumn, PanelRow, matrix
from app.services.reviews import ReviewService
from app.services.scorecards import as_submitted
from app.services.templates import TemplateService
from app.services.visibility import VisibilityService, visible_cards

INTERVIEWS_SHOWN: Final = 50


class CandidateNotNamed(InvalidInput):
    code = "candidate_required"


@dataclass(frozen=True, slots=True)
class Panel:
    """`people` are the spellings and addresses that were found: two addresses under one name may be two people."""

    people: tuple[Participant, ...]
    columns: tuple[PanelColumn, ...]
    rows: tuple[PanelRow, ...]
    has_more: bool
    """There are older interviews, which are left out."""


class PanelService:
    def __init__(
        self,
        repositories: Repositories,
        templates: TemplateService,
        visibility: VisibilityService,
        reviews: ReviewService,
    ) -> None:
        self._repositories = repositories
        self._templates = templates
        self._visibility = visibility
        self._reviews = reviews

    async def of_candidate(
        self, actor: Actor, *, name: str | None, email: str | None, position: str | None
    ) -> Panel:
        """Everything said of the candidate with this whole name, or this address, or both.

        Raises `CandidateNotNamed` when neither is given.
        """
        if name is None and email is None:
            raise CandidateNotNamed("Say whose panel: send candidate, their full name, or email.")
        where = InterviewFilter(candidate_name=name, candidate_email=email, position=position)
        found = await self._repositories.interviews(actor.organisation_id).list_newest(
            where, after=None, limit=INTERVIEWS_SHOWN + 1
        )
        interviews = found[:INTERVIEWS_SHOWN]
        columns = await self._columns(actor, interviews)
        return Panel(
            people=tuple(dict.fromkeys(i.candidate for i in interviews if i.candidate)),
            columns=columns,
            rows=tuple(matrix(columns, await self._names(actor.organisation_id, columns))),
            has_more=len(found) > INTERVIEWS_SHOWN,
        )

    async def _columns(self, actor: Actor, interviews: Sequence[Interview]) -> tuple[PanelColumn, ...]:
        rule = await self._visibility.rule_of(actor.organisation_id)
        cards: defaultdict[str, list[Scorecard]] = defaultdict(list)
        repository = self._repositories.scorecards(actor.organisation_id)
        for card in await repository.list_for([interview.id for interview in interviews]):
            cards[card.interview_id].append(card)
        return tuple([await self._column(actor, rule, i, tuple(cards[i.id])) for i in interviews])

    async def _column(
        self, actor: Actor, rule: Visibility, interview: Interview, cards: tuple[Scorecard, ...]
    ) -> PanelColumn:
        visible = visible_cards(rule, actor, interview, cards)
        analysis = None
        if visible.sees_draft and interview.analysis_revision:
            analyses = self._repositories.analyses(actor.organisation_id)
            analysis = await analyses.get(interview.id, interview.analysis_revision)
        view = await self._reviews.view(analysis) if analysis else None
        if interview.analysis_revision and not visible.sees_draft:
            draft = DraftState.HIDDEN
        elif view is None:
            draft = DraftState.NONE
        else:
            draft = DraftState.DISMISSED if view.draft_dismissed else DraftState.SHOWN
        return PanelColumn(
            interview=interview,
            cards=tuple(as_submitted(card) for card in visible.cards if card.last_submitted),
            hidden_cards=visible.hidden,
            pending_cards=visible.pending,
            draft=draft,
            view=view if draft is DraftState.SHOWN else None,
        )

    async def _names(self, organisation_id: str, columns: Sequence[PanelColumn]) -> Names:
        used: set[TemplateRef] = set()
        for column in columns:
            pinned = (column.interview.template, *(card.template for card in column.cards))
            used |= {reference for reference in pinned if reference is not None}
        names: dict[TemplateRef, list[tuple[str, str]]] = {}
        for reference in used:
            edition = await self._templates.edition(organisation_id, reference)
            names[reference] = [(c.id, c.name) for c in edition.criteria] if edition else []
        return names
