"""The matrix of a panel: criteria by interviews and the people who rated there, with the machine's evidence.

It puts what was said side by side and what differs first. It never adds levels up and never sets people in an order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from app.models.interview import Interview, TemplateRef
from app.models.scorecard import Scorecard
from app.models.template import Level
from app.repositories.folding import fold
from app.services.analysis_view import ReviewedAnalysis, ReviewedCriterion

_SCALE: Final = tuple(Level)


class Agreement(StrEnum):
    """What a row is about; the rows of a panel come in this order."""

    PEOPLE_DIFFER = "people_differ"
    MACHINE_DIFFERS = "machine_differs"
    AGREED = "agreed"
    """Nothing said differs, which one rating alone never does."""
    UNRATED = "unrated"
    """No person gave a level."""


class DraftState(StrEnum):
    NONE = "none"
    SHOWN = "shown"
    HIDDEN = "hidden"
    """By the visibility rule, until the reader's own card is submitted."""
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class PanelColumn:
    """One interview of the candidate: the submitted cards that the reader may see, and the reviewed draft."""

    interview: Interview
    cards: tuple[Scorecard, ...]
    hidden_cards: int
    pending_cards: int
    draft: DraftState
    view: ReviewedAnalysis | None = None
    """Given only when the draft is shown."""


@dataclass(frozen=True, slots=True)
class PersonCell:
    interview_id: str
    user_id: str
    user_name: str
    level: Level | None
    notes: str


@dataclass(frozen=True, slots=True)
class MachineCell:
    interview_id: str
    analysis_revision: int
    criterion: ReviewedCriterion


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One criterion. `criteria` are its ids: (template, criterion) in each template that has it."""

    name: str
    criteria: tuple[tuple[str, str], ...]
    agreement: Agreement
    people: tuple[PersonCell, ...]
    machine: tuple[MachineCell, ...]


Names = Mapping[TemplateRef, Sequence[tuple[str, str]]]
"""Id and name of the criteria of each template version in use, in the template's order."""


@dataclass(slots=True)
class _Row:
    name: str
    ids: dict[str, str] = field(default_factory=dict)
    """Criterion id by template id: within one template a criterion is itself, whatever it is called."""
    people: list[PersonCell] = field(default_factory=list)
    machine: list[MachineCell] = field(default_factory=list)


class _Rows:
    """Rows in the order in which their criteria were first met."""

    def __init__(self) -> None:
        self.rows: list[_Row] = []
        self._by_id: dict[tuple[str, str], _Row] = {}
        self._by_name: dict[str, list[_Row]] = {}

    def of(self, template_id: str, criterion_id: str, name: str) -> _Row:
        """The criterion's row: by its id within its template, else by its name."""
        key = (template_id, criterion_id)
        if key in self._by_id:
            return self._by_id[key]
        alike = self._by_name.setdefault(fold(name), [])
        row = next((row for row in alike if template_id not in row.ids), None)
        if row is None:
            row = _Row(name)
            self.rows.append(row)
            alike.append(row)
        row.ids[template_id] = criterion_id
        self._by_id[key] = row
        return row


def matrix(columns: Sequence[PanelColumn], names: Names) -> list[PanelRow]:
    """Rows with disagreements first, the widest of them first; those that nobody rated last."""
    rows = _Rows()
    for column in columns:
        if column.interview.template is not None:
            for criterion_id, name in names.get(column.interview.template, ()):
                rows.of(column.interview.template.id, criterion_id, name)
        for card in column.cards:
            _add_card(rows, card, names)
        if column.view is not None:
            _add_draft(rows, column.interview.id, column.view)
    # Stable, so that within one kind the order of the template stays.
    return [_finished(row) for row in sorted(rows.rows, key=_place)]


def _add_card(rows: _Rows, card: Scorecard, names: Names) -> None:
    if card.template is None:
        return
    known = dict(names.get(card.template, ()))
    for rating in card.ratings:
        if rating.level is None and not rating.notes:
            continue
        row = rows.of(
            card.template.id, rating.criterion_id, known.get(rating.criterion_id, rating.criterion_id)
        )
        row.people.append(
            PersonCell(card.interview_id, card.user_id, card.user_name, rating.level, rating.notes)
        )


def _add_draft(rows: _Rows, interview_id: str, view: ReviewedAnalysis) -> None:
    template_id = view.analysis.template_id
    if template_id is None:
        return
    for criterion in view.criteria:
        row = rows.of(template_id, criterion.assessment.criterion_id, criterion.assessment.name)
        row.machine.append(MachineCell(interview_id, view.analysis.revision, criterion))


def _levels_of_people(row: _Row) -> set[Level]:
    """An override is a person's word as much as a rating on a card."""
    given = [cell.level for cell in row.people]
    given += [cell.criterion.override.level for cell in row.machine if cell.criterion.override]
    return {level for level in given if level is not None}


def _agreement(row: _Row) -> Agreement:
    people = _levels_of_people(row)
    if not people:
        return Agreement.UNRATED
    if len(people) > 1:
        return Agreement.PEOPLE_DIFFER
    machine = {cell.criterion.original for cell in row.machine} - {None}
    return Agreement.AGREED if machine <= people else Agreement.MACHINE_DIFFERS


def _steps(levels: set[Level]) -> int:
    """How far apart the outermost are, in steps of the scale."""
    places = [_SCALE.index(level) for level in levels]
    return max(places) - min(places) if places else 0


def _place(row: _Row) -> tuple[int, int]:
    agreement = _agreement(row)
    people = _levels_of_people(row)
    machine = {c.criterion.original for c in row.machine if c.criterion.original is not None}
    apart = {
        Agreement.PEOPLE_DIFFER: _steps(people),
        Agreement.MACHINE_DIFFERS: _steps(people | machine),
    }.get(agreement, 0)
    return tuple(Agreement).index(agreement), -apart


def _finished(row: _Row) -> PanelRow:
    return PanelRow(
        name=row.name,
        criteria=tuple(row.ids.items()),
        agreement=_agreement(row),
        people=tuple(row.people),
        machine=tuple(row.machine),
    )
