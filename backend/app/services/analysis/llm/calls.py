"""Every request of one analysis: counted, paid for, remembered.

An answer that is in the book is not asked for again, so an attempt that was cut off goes on where it stood, and an old
analysis can be made again from its answers alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import anyio
from pydantic import ValidationError

from app.core.errors import ProviderError
from app.core.metrics import count_tokens
from app.models.provenance import CallOutcome, ModelCall
from app.services.analysis.base import AnalysisRun
from app.services.analysis.errors import ContextOverflow
from app.services.analysis.llm.answers import KEPT_ANSWER, KeptAnswer
from app.services.analysis.model import (
    Finish,
    LanguageModel,
    ModelAnswer,
    ModelRequest,
    Wire,
    input_hash,
    json_schema,
)
from app.services.analysis.tokens import estimate_tokens

W = TypeVar("W", bound=Wire)

_OUTCOMES: Final = {
    Finish.COMPLETE: CallOutcome.COMPLETE,
    Finish.TRUNCATED: CallOutcome.TRUNCATED,
    Finish.REFUSED: CallOutcome.REFUSED,
    Finish.FILTERED: CallOutcome.FILTERED,
}


@dataclass(frozen=True, slots=True)
class Reply(Generic[W]):
    """`value` is there exactly when the outcome is complete."""

    outcome: CallOutcome
    value: W | None


class Calls:
    def __init__(self, model: LanguageModel, run: AnalysisRun) -> None:
        self._model = model
        self._run = run
        self._made: list[ModelCall] = []

    @property
    def made(self) -> tuple[ModelCall, ...]:
        """In a stable order, whatever order concurrent answers came in."""
        return tuple(sorted(self._made, key=lambda call: (call.purpose, call.input_hash)))

    async def ask(self, request: ModelRequest, schema: type[W]) -> Reply[W]:
        """One answer of the given form. Raises what the model raises, except for a request that is too long."""
        key = input_hash(request, self._model.parameters)
        known = await self._run.answers.find(key)
        if known is None:
            kept = await self._first_time(request, key)
        else:
            kept = KEPT_ANSWER.validate_json(known)
        value, outcome = _read(kept.answer, schema)
        self._made.append(self._record(request, key, kept.answer, outcome))
        return Reply(outcome, value)

    async def _first_time(self, request: ModelRequest, key: str) -> KeptAnswer:
        try:
            kept = await self._complete(request)
        except ProviderError as error:
            # Whoever goes on without this answer can still say, and repeat, what was asked.
            failed = CallOutcome.FAILED
            self._made.append(
                ModelCall(purpose=request.purpose, input_hash=key, outcome=failed, detail=error.detail)
            )
            raise
        await self._run.answers.keep(key, KEPT_ANSWER.dump_json(kept))
        return kept

    async def _complete(self, request: ModelRequest) -> KeptAnswer:
        facts = self._model.facts
        text = request.instructions + request.content + str(json_schema(request.schema))
        expected = estimate_tokens(text)
        tokens = expected + request.max_output_tokens
        cost = facts.cost_micro_usd(
            input_tokens=expected, cached_tokens=0, output_tokens=request.max_output_tokens
        )
        await self._run.budget.reserve(tokens=tokens, cost_micro_usd=cost or 0)
        answer = None
        try:
            answer = await self._model.complete(request)
            self._count(answer)
        except ContextOverflow:
            return KeptAnswer(None)
        finally:
            # A reservation that is not given back would be missing for the rest of the day.
            with anyio.CancelScope(shield=True):
                await self._run.budget.settle(
                    reserved_tokens=tokens,
                    reserved_cost=cost or 0,
                    tokens=answer.input_tokens + answer.output_tokens if answer else 0,
                    cost_micro_usd=self._cost(answer) or 0,
                )
        return KeptAnswer(answer)

    def _count(self, answer: ModelAnswer) -> None:
        count_tokens(
            # The name in the settings: the one in the answer is the server's, and may be anything.
            self._model.facts.name,
            input_tokens=answer.input_tokens,
            cached_tokens=answer.cached_tokens,
            output_tokens=answer.output_tokens,
            cost_micro_usd=self._cost(answer),
        )

    def _cost(self, answer: ModelAnswer | None) -> int | None:
        if answer is None:
            return None
        return self._model.facts.cost_micro_usd(
            input_tokens=answer.input_tokens,
            cached_tokens=answer.cached_tokens,
            output_tokens=answer.output_tokens,
        )

    def _record(
        self, request: ModelRequest, key: str, answer: ModelAnswer | None, outcome: CallOutcome
    ) -> ModelCall:
        if answer is None:
            return ModelCall(purpose=request.purpose, input_hash=key, outcome=outcome)
        cost = self._cost(answer)
        return ModelCall(
            purpose=request.purpose,
            input_hash=key,
            model=answer.model,
            request_id=answer.request_id,
            outcome=outcome,
            input_tokens=answer.input_tokens,
            cached_tokens=answer.cached_tokens,
            output_tokens=answer.output_tokens,
            cost_usd=None if cost is None else cost / 1_000_000,
            seconds=answer.seconds,
        )


def _read(answer: ModelAnswer | None, schema: type[W]) -> tuple[W | None, CallOutcome]:
    if answer is None:
        return None, CallOutcome.OVERFLOW
    if answer.finish is not Finish.COMPLETE:
        return None, _OUTCOMES[answer.finish]
    try:
        return schema.model_validate_json(answer.text), CallOutcome.COMPLETE
    except ValidationError:
        return None, CallOutcome.INVALID
