"""Analyses one transcript several times and says which criteria can be relied on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from itertools import combinations
from typing import Final

from app.models.analysis import AnalysisDraft
from app.models.base import new_id, utc_now
from app.models.interview import Interview
from app.models.organisation import WhenDown
from app.models.provenance import Provenance
from app.models.stability import CriterionStability, StabilityReport
from app.models.template import Level, TemplateVersion
from app.services.analysis.base import AnswerBook, ReportProgress
from app.services.debriefing.writer import DebriefWriter

FEWEST_RUNS: Final = 2
MOST_RUNS: Final = 10


class StabilityMeter:
    def __init__(self, writer: DebriefWriter) -> None:
        self._writer = writer

    async def measure(
        self, interview: Interview, books: Sequence[AnswerBook], report: ReportProgress
    ) -> StabilityReport:
        """The report, not stored yet, of as many runs as there are books. Raises what an analysis raises: another
        engine in one of the runs would measure the difference between engines."""
        material = await self._writer.material(interview)
        rule = material.rule.model_copy(update={"when_down": WhenDown.FAIL})
        runs = len(books)
        drafts = []
        for number, answers in enumerate(books):
            part = partial(_report_part, report, number, runs)
            drafts.append(
                await self._writer.analyse(
                    interview, material.with_rule(rule), answers, part, tries=interview.attempt
                )
            )
        return StabilityReport(
            id=new_id(),
            organisation_id=interview.organisation_id,
            interview_id=interview.id,
            revision=interview.stability_revision + 1,
            epoch=interview.epoch,
            runs=runs,
            engine=drafts[0].engine,
            transcript_revision=material.transcript.revision,
            template=interview.template,
            criteria=criteria_of(drafts, material.request.template),
            suggestions=tuple(d.suggestion.level if d.suggestion else None for d in drafts),
            claims_kept=claims_kept(drafts),
            provenance=_all(drafts),
            created_at=utc_now(),
        )


async def _report_part(report: ReportProgress, number: int, runs: int, done: float) -> None:
    await report((number + done) / runs)


def criteria_of(
    drafts: Sequence[AnalysisDraft], template: TemplateVersion | None
) -> tuple[CriterionStability, ...]:
    """One row for each criterion of the template."""
    rows = []
    for criterion in template.criteria if template else ():
        levels = tuple(_level(draft, criterion.id) for draft in drafts)
        most = Counter(levels).most_common(1)[0][1]
        rows.append(
            CriterionStability(
                criterion_id=criterion.id,
                name=criterion.name,
                levels=levels,
                agreement=round(most / len(levels), 4),
                flips=most < len(levels),
            )
        )
    return tuple(rows)


def claims_kept(drafts: Sequence[AnalysisDraft]) -> float:
    """The mean, over all pairs of runs, of the share of claims that both made; a claim is known by its places."""
    made = [_places(draft) for draft in drafts]
    shares = [len(a & b) / len(a | b) if a | b else 1.0 for a, b in combinations(made, 2)]
    return round(sum(shares) / len(shares), 4) if shares else 1.0


def _places(draft: AnalysisDraft) -> frozenset[tuple[str, str]]:
    listed = (
        ("summary", draft.summary),
        ("strength", draft.strengths),
        ("red flag", draft.red_flags),
        ("fact", draft.facts),
    )
    places = {(kind, e.utterance_id) for kind, claims in listed for c in claims for e in c.evidence}
    return frozenset(places | {("question", p.question.utterance_id) for p in draft.question_answers})


def _level(draft: AnalysisDraft, criterion_id: str) -> Level | None:
    return next((c.level for c in draft.criteria if c.criterion_id == criterion_id), None)


def _all(drafts: Sequence[AnalysisDraft]) -> Provenance:
    """Of the first run, with the cost of all."""
    costs = [draft.provenance.cost_usd for draft in drafts]
    known = [cost for cost in costs if cost is not None]
    return drafts[0].provenance.model_copy(
        update={
            "calls": tuple(call for draft in drafts for call in draft.provenance.calls),
            "input_tokens": sum(draft.provenance.input_tokens for draft in drafts),
            "output_tokens": sum(draft.provenance.output_tokens for draft in drafts),
            "cost_usd": round(sum(known), 6) if known and len(known) == len(costs) else None,
            "seconds": round(sum(draft.provenance.seconds for draft in drafts), 3),
        }
    )
