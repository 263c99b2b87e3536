"""The panel of one candidate as the API shows it."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from app.api.v1.schemas.common import Out
from app.api.v1.schemas.reviews import ReviewedCriterionOut, ReviewedSuggestionOut
from app.api.v1.schemas.scorecards import TemplateRefOut
from app.models.scorecard import Scorecard
from app.models.template import Level
from app.services.panel import Panel
from app.services.panel_matrix import Agreement, DraftState, MachineCell, PanelColumn, PanelRow


class CandidateOut(Out):
    name: str
    email: str | None


class PersonOut(Out):
    """What one interviewer says in the end."""

    user_id: str
    user_name: str
    decision: Level | None = Field(description="null: no decision")
    notes: str
    submitted_at: datetime | None

    @classmethod
    def of(cls, card: Scorecard) -> PersonOut:
        return cls.model_validate(card)


class PanelInterviewOut(Out):
    id: str
    title: str
    position: str | None
    scheduled_at: datetime | None
    created_at: datetime
    template: TemplateRefOut | None
    people: list[PersonOut]
    hidden_cards: int = Field(description="Submitted cards that you may not see yet")
    pending_cards: int = Field(description="Cards of colleagues that are begun and not submitted")
    draft: DraftState
    analysis_revision: int | None = Field(description="Given when the draft is shown")
    outdated: list[str] = Field(description="What changed since the draft was made")
    suggestion: ReviewedSuggestionOut | None

    @classmethod
    def of(cls, column: PanelColumn) -> PanelInterviewOut:
        interview, view = column.interview, column.view
        return cls(
            id=interview.id,
            title=interview.title,
            position=interview.position,
            scheduled_at=interview.scheduled_at,
            created_at=interview.created_at,
            template=TemplateRefOut.model_validate(interview.template) if interview.template else None,
            people=[PersonOut.of(card) for card in column.cards],
            hidden_cards=column.hidden_cards,
            pending_cards=column.pending_cards,
            draft=column.draft,
            analysis_revision=view.analysis.revision if view else None,
            outdated=list(interview.outdated) if view else [],
            suggestion=ReviewedSuggestionOut.model_validate(view.suggestion) if view else None,
        )


class RowCriterionOut(Out):
    template_id: str
    criterion_id: str


class PersonCellOut(Out):
    interview_id: str
    user_id: str
    user_name: str
    level: Level | None
    notes: str


class MachineCellOut(ReviewedCriterionOut):
    interview_id: str
    analysis_revision: int

    @classmethod
    def of_cell(cls, cell: MachineCell) -> MachineCellOut:
        shown = ReviewedCriterionOut.of(cell.criterion)
        return cls(**dict(shown), interview_id=cell.interview_id, analysis_revision=cell.analysis_revision)


class PanelRowOut(Out):
    name: str
    criteria: list[RowCriterionOut] = Field(description="The criterion in each template that has it")
    agreement: Agreement = Field(description="Rows come in this order, the widest disagreements first")
    people: list[PersonCellOut]
    machine: list[MachineCellOut] = Field(description="The draft's evidence, with the levels in force")

    @classmethod
    def of(cls, row: PanelRow) -> PanelRowOut:
        return cls(
            name=row.name,
            criteria=[RowCriterionOut(template_id=t, criterion_id=c) for t, c in row.criteria],
            agreement=row.agreement,
            people=[PersonCellOut.model_validate(cell) for cell in row.people],
            machine=[MachineCellOut.of_cell(cell) for cell in row.machine],
        )


class PanelOut(Out):
    candidates: list[CandidateOut] = Field(
        description="Every spelling and address that was found: different addresses may be different people"
    )
    interviews: list[PanelInterviewOut] = Field(description="Newest first")
    rows: list[PanelRowOut]
    has_more: bool = Field(description="There are older interviews, which are left out")

    @classmethod
    def of(cls, panel: Panel) -> PanelOut:
        return cls(
            candidates=[CandidateOut.model_validate(person) for person in panel.people],
            interviews=[PanelInterviewOut.of(column) for column in panel.columns],
            rows=[PanelRowOut.of(row) for row in panel.rows],
            has_more=panel.has_more,
        )
