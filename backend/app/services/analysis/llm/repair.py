"""The one repair round: the model gets back what could not be verified, with the reason and the lines around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from pydantic_core import to_json

from app.models.provenance import CallPurpose
from app.services.analysis.llm.claims import Checked, Found, broken, check
from app.services.analysis.llm.prompts import INSTRUCTIONS
from app.services.analysis.llm.sheet import Line, Sheet
from app.services.analysis.llm.wire import Repair, RepairedClaim
from app.services.analysis.model import ModelRequest

_MOST: Final = 40
"""Claims in one round; more than that is not a slip, and is dropped."""
_AROUND: Final = 4
"""Lines before and after the one that was named."""


def repair_request(
    checked: Sequence[Checked], lines: Sequence[Line], *, max_output_tokens: int
) -> ModelRequest | None:
    """None when there is nothing to mend."""
    numbers = broken(checked)[:_MOST]
    if not numbers:
        return None
    shown = _near(checked, numbers, lines)
    content = {
        "claims": [_shown(number, checked[number]) for number in numbers],
        "lines": [[line.number, line.who, line.text] for line in shown],
    }
    return ModelRequest(
        purpose=CallPurpose.REPAIR,
        instructions=INSTRUCTIONS[CallPurpose.REPAIR],
        content=to_json(content).decode(),
        schema=Repair,
        max_output_tokens=max_output_tokens,
    )


def apply_repair(
    checked: Sequence[Checked], repair: Repair, sheet: Sheet, lines: Sequence[Line]
) -> list[Checked]:
    """The claims with those replaced that are better now. A repair may name lines of the same part only."""
    here = frozenset(line.number for line in lines)
    mendable = set(broken(checked)[:_MOST])
    result = list(checked)
    for answer in repair.claims:
        if answer.claim not in mendable:
            continue
        before = checked[answer.claim]
        after = check(_mended(before, answer), sheet, here)
        if after.stands and (not before.stands or len(after.verified) > len(before.verified)):
            result[answer.claim] = after
    return result


def _mended(before: Checked, answer: RepairedClaim) -> Found:
    """New quotes; another text only where the old one was refused."""
    text = answer.text if before.refused else before.found.text
    return replace(before.found, text=text, quotes=tuple(answer.quotes))


def _shown(number: int, claim: Checked) -> dict[str, Any]:
    return {
        "claim": number,
        "kind": claim.found.kind.value,
        "text": claim.found.text,
        "quotes": [[quote.line, quote.words] for quote in claim.found.quotes],
        "problems": claim.problems,
    }


def _near(checked: Sequence[Checked], numbers: Sequence[int], lines: Sequence[Line]) -> list[Line]:
    wanted: set[int] = set()
    for number in numbers:
        for quote in checked[number].found.quotes:
            wanted.update(range(quote.line - _AROUND, quote.line + _AROUND + 1))
    return [line for line in lines if line.number in wanted]
