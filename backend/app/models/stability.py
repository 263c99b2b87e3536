"""How far an analysis can be repeated: the same transcript analysed several times."""

from __future__ import annotations

from datetime import datetime

from app.models.base import Stored
from app.models.interview import TemplateRef
from app.models.provenance import Provenance
from app.models.template import Level
from app.models.transcript import Engine


class CriterionStability(Stored):
    """`levels` are those of the runs, in their order; None: not assessed."""

    criterion_id: str
    name: str
    levels: tuple[Level | None, ...]
    agreement: float
    """Part of the runs that gave the most frequent level, 0 to 1."""
    flips: bool
    """The runs do not agree; the level should not be relied on."""


class StabilityReport(Stored):
    id: str
    organisation_id: str
    interview_id: str
    revision: int
    """Number of the report, from 1."""
    epoch: int
    runs: int
    engine: Engine
    transcript_revision: int
    template: TemplateRef | None = None
    criteria: tuple[CriterionStability, ...] = ()
    suggestions: tuple[Level | None, ...] = ()
    claims_kept: float
    """Mean part of a run's claims that another run made as well, 0 to 1."""
    provenance: Provenance = Provenance()
    created_at: datetime
