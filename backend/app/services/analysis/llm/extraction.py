"""One part of the transcript: read it, check every quote, give what failed back once.

How a request can end decides what happens next: an answer that was cut, or a part that is too long, is read again in
halves; so is one that the model refuses, because most of it is harmless; what is still refused then is left out, and
the debrief says which minutes those are. An answer of the wrong form is asked for once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from pydantic_core import to_json

from app.core.errors import ProviderRejected
from app.models.provenance import CallOutcome, CallPurpose
from app.models.template import TemplateVersion
from app.services.analysis.errors import ModelUnusable
from app.services.analysis.in_thread import in_thread
from app.services.analysis.llm.calls import Calls
from app.services.analysis.llm.claims import Checked, check_all, found_in
from app.services.analysis.llm.labels import shown_template
from app.services.analysis.llm.parts import halves
from app.services.analysis.llm.prompts import EXTRACT_WITHOUT_SENTIMENT, INSTRUCTIONS
from app.services.analysis.llm.repair import apply_repair, repair_request
from app.services.analysis.llm.sheet import Line, Sheet
from app.services.analysis.llm.wire import Reading, Repair, reading_schema
from app.services.analysis.model import ModelRequest

_DEEPEST: Final = 3
"""How often a part is halved: a refused stretch of six minutes is not worth more requests."""
_TRIES: Final = 2


@dataclass(frozen=True, slots=True)
class Wanted:
    template: TemplateVersion | None
    assess: bool
    sentiment: bool
    max_output_tokens: int


@dataclass(slots=True)
class Extracted:
    """What was found in the parts read so far."""

    claims: list[Checked] = field(default_factory=list)
    rejected: int = 0
    refused_wording: int = 0
    repaired: int = 0
    unread: list[tuple[float, float]] = field(default_factory=list)
    """Stretches that the model would not read, in seconds."""

    def add(self, other: Extracted) -> None:
        self.claims += other.claims
        self.rejected += other.rejected
        self.refused_wording += other.refused_wording
        self.repaired += other.repaired
        self.unread += other.unread


class Extractor:
    def __init__(self, calls: Calls, sheet: Sheet, wanted: Wanted) -> None:
        self._calls = calls
        self._sheet = sheet
        self._wanted = wanted

    async def read(self, lines: Sequence[Line], *, depth: int = 0) -> Extracted:
        """The verified claims of a part. Raises `ProviderUnavailable`, `ProviderRejected` and `ModelUnusable`."""
        schema = reading_schema(assess=self._wanted.assess, sentiment=self._wanted.sentiment)
        outcome = CallOutcome.INVALID
        for attempt in range(1, _TRIES + 1):
            reply = await self._calls.ask(self._request(lines, schema, attempt), schema)
            if reply.value is not None:
                return await self._verified(reply.value, lines)
            outcome = reply.outcome
            if outcome is not CallOutcome.INVALID:
                break
        if outcome is CallOutcome.INVALID:
            raise ModelUnusable("The model did not answer in the form that it was asked for.")
        return await self._in_halves(lines, depth)

    async def _in_halves(self, lines: Sequence[Line], depth: int) -> Extracted:
        two = halves(lines) if depth < _DEEPEST else None
        if two is None:
            return Extracted(unread=[(lines[0].utterance.start, lines[-1].utterance.end)])
        found = Extracted()
        for half in two:
            found.add(await self.read(half, depth=depth + 1))
        return found

    def _request(self, lines: Sequence[Line], schema: type[Reading], attempt: int) -> ModelRequest:
        content = {
            "template": shown_template(self._wanted.template, assess=self._wanted.assess),
            "lines": [[line.number, line.who, line.text] for line in lines],
        }
        return ModelRequest(
            purpose=CallPurpose.EXTRACT,
            instructions=(
                INSTRUCTIONS[CallPurpose.EXTRACT] if self._wanted.sentiment else EXTRACT_WITHOUT_SENTIMENT
            ),
            content=to_json(content).decode(),
            schema=schema,
            max_output_tokens=self._wanted.max_output_tokens,
            attempt=attempt,
        )

    async def _verified(self, reading: Reading, lines: Sequence[Line]) -> Extracted:
        here = frozenset(line.number for line in lines)
        first = await in_thread(partial(check_all, found_in(reading), self._sheet, here))
        second = await self._repaired(first, lines)
        kept = [claim for claim in second if claim.stands]
        dropped = [claim for claim in second if not claim.stands]
        before = {id(claim) for claim in first}
        return Extracted(
            claims=kept,
            rejected=sum(claim.missed for claim in kept) + sum(max(1, len(c.evidence)) for c in dropped),
            refused_wording=sum(max(1, len(claim.evidence)) for claim in dropped if claim.refused),
            repaired=sum(len(claim.verified) for claim in kept if id(claim) not in before),
        )

    async def _repaired(self, checked: list[Checked], lines: Sequence[Line]) -> list[Checked]:
        request = repair_request(checked, lines, max_output_tokens=self._wanted.max_output_tokens)
        if request is None:
            return checked
        try:
            reply = await self._calls.ask(request, Repair)
        except ProviderRejected:
            # Without a repair the claims that failed are dropped; those that stand are none the worse.
            return checked
        if reply.value is None:
            return checked
        return await in_thread(partial(apply_repair, checked, reply.value, self._sheet, lines))
