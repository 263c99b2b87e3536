"""Levels: one request for each criterion, which sees its verified quotes and nothing else.

Whoever reads the transcript cannot rate, and whoever rates has not read the transcript. So a sentence in it that asks
for a rating reaches nobody who could give one: it would have to be a quote of the candidate that passed every check, and
then it would count for one criterion, in front of the hiring team's eyes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic_core import to_json

from app.core.errors import ProviderRejected
from app.models.analysis import CriterionAssessment, Evidence
from app.models.provenance import CallOutcome, CallPurpose
from app.models.template import Criterion
from app.services.analysis.guards.wording import refused_wording
from app.services.analysis.llm.calls import Calls
from app.services.analysis.llm.prompts import INSTRUCTIONS
from app.services.analysis.llm.sheet import Sheet
from app.services.analysis.llm.spread import spread
from app.services.analysis.llm.wire import Judgement
from app.services.analysis.model import ModelRequest

NO_EVIDENCE: Final = "Nothing in the interview speaks to it."
NO_LEVEL: Final = "The quotes do not allow a level."
NO_ANSWER: Final = "The model gave no usable answer for it."
_MOST_QUOTES: Final = 10
_MOST_CRITERIA: Final = 3
"""A quote that is to prove more than so many criteria proves none."""
_OUTPUT_TOKENS: Final = 1500
_TRIES: Final = 2


def shared_out(evidence: Mapping[str, Sequence[Evidence]]) -> dict[str, tuple[Evidence, ...]]:
    """For each criterion its quotes without repetitions, and without those that are used for everything."""
    unique = {criterion: tuple(dict.fromkeys(quotes)) for criterion, quotes in evidence.items()}
    used = Counter(quote for quotes in unique.values() for quote in quotes)
    return {
        criterion: tuple(spread([q for q in quotes if used[q] <= _MOST_CRITERIA], _MOST_QUOTES))
        for criterion, quotes in unique.items()
    }


async def judge(
    calls: Calls,
    sheet: Sheet,
    criterion: Criterion,
    evidence: Sequence[Evidence],
    asked: Mapping[str, str],
) -> CriterionAssessment:
    """`asked` gives the question for the utterance of an answer. Raises `ProviderUnavailable`."""
    line = CriterionAssessment(
        criterion_id=criterion.id, name=criterion.name, evidence=tuple(evidence), reason=NO_EVIDENCE
    )
    if not evidence:
        return line
    for attempt in range(1, _TRIES + 1):
        request = _request(sheet, criterion, evidence, asked, attempt)
        try:
            reply = await calls.ask(request, Judgement)
        except ProviderRejected as error:
            # The claims that were found stay worth having; the reason says why there is no level.
            return line.model_copy(update={"reason": error.detail})
        said = [sheet.hidden(quote) for quote in evidence]
        if reply.value is not None and not refused_wording(reply.value.rationale, said):
            return _assessed(sheet, line, reply.value)
        if reply.outcome is not CallOutcome.INVALID and reply.outcome is not CallOutcome.COMPLETE:
            break
    return line.model_copy(update={"reason": NO_ANSWER})


def _assessed(sheet: Sheet, line: CriterionAssessment, judgement: Judgement) -> CriterionAssessment:
    """Evidence first that the level rests on; a level that rests on none of it is no level."""
    rests_on = [line.evidence[n - 1] for n in dict.fromkeys(judgement.quotes) if 1 <= n <= len(line.evidence)]
    if judgement.level is None or not rests_on:
        return line.model_copy(update={"reason": NO_LEVEL})
    return line.model_copy(
        update={
            "level": judgement.level,
            "rationale": sheet.pseudonyms.reveal(judgement.rationale.strip()),
            "evidence": tuple(dict.fromkeys((*rests_on, *line.evidence))),
            "reason": None,
        }
    )


def _request(
    sheet: Sheet,
    criterion: Criterion,
    evidence: Sequence[Evidence],
    asked: Mapping[str, str],
    attempt: int,
) -> ModelRequest:
    content: dict[str, Any] = {
        "criterion": {
            "name": criterion.name,
            "description": criterion.description,
            "levels": {level.value: text for level, text in criterion.anchors.items()},
        },
        "quotes": [
            {"id": n, "asked": asked.get(e.utterance_id), "words": sheet.hidden(e)}
            for n, e in enumerate(evidence, start=1)
        ],
    }
    return ModelRequest(
        purpose=CallPurpose.JUDGE,
        instructions=INSTRUCTIONS[CallPurpose.JUDGE],
        content=to_json(content).decode(),
        schema=Judgement,
        max_output_tokens=_OUTPUT_TOKENS,
        attempt=attempt,
    )
