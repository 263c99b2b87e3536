"""Questions for the next interview: what was not asked, and what nothing was said about."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic_core import to_json

from app.core.errors import ProviderError
from app.models.analysis import Asked, CriterionAssessment, FollowUp, QuestionCoverage
from app.models.provenance import CallPurpose
from app.models.template import Criterion
from app.services.analysis.guards.wording import refused_wording
from app.services.analysis.llm.calls import Calls
from app.services.analysis.llm.prompts import INSTRUCTIONS
from app.services.analysis.llm.wire import FollowUps
from app.services.analysis.model import ModelRequest

_OUTPUT_TOKENS = 1500
_LONGEST = 400


def not_asked(coverage: Sequence[QuestionCoverage]) -> list[FollowUp]:
    """The template's own words, the required ones first."""
    gaps = [row for row in coverage if row.state is Asked.NOT_ASKED]
    ordered = sorted(gaps, key=lambda row: not row.required)
    return [FollowUp(text=row.question, question_id=row.question_id) for row in ordered]


async def for_gaps(
    calls: Calls,
    criteria: Sequence[Criterion],
    assessed: Sequence[CriterionAssessment],
    language: str | None,
) -> list[FollowUp]:
    """One question for each criterion without evidence. The model is told of the template, not of the interview."""
    without = {line.criterion_id for line in assessed if not line.evidence}
    gaps = [criterion for criterion in criteria if criterion.id in without]
    if not gaps:
        return []
    labels = {f"C{n}": criterion for n, criterion in enumerate(gaps, start=1)}
    content = {
        "language": language or "en",
        "criteria": [
            {"id": label, "name": c.name, "description": c.description} for label, c in labels.items()
        ],
    }
    request = ModelRequest(
        purpose=CallPurpose.FOLLOW_UP,
        instructions=INSTRUCTIONS[CallPurpose.FOLLOW_UP],
        content=to_json(content).decode(),
        schema=FollowUps,
        max_output_tokens=_OUTPUT_TOKENS,
    )
    try:
        reply = await calls.ask(request, FollowUps)
    except ProviderError:
        # A convenience: a debrief without it is still a debrief.
        return []
    found: dict[str, FollowUp] = {}
    for proposed in reply.value.questions if reply.value else ():
        criterion = labels.get(proposed.criterion.strip().upper())
        text = proposed.question.strip()
        # The request has no placeholder: a text with one is made up.
        if criterion and 0 < len(text) <= _LONGEST and "[" not in text and not refused_wording(text):
            found.setdefault(criterion.id, FollowUp(text=text, criterion_id=criterion.id))
    return list(found.values())
