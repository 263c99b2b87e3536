"""A language model as the analyzer sees it: one request, one structured answer. Vendors are behind it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict
from pydantic_core import to_json

from app.models.provenance import CallPurpose, Parameter


class Wire(BaseModel):
    """A part of an answer. No field has a default: strict structured output requires every one of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """`instructions` come first and are the same for every interview, so that vendors can cache them."""

    purpose: CallPurpose
    instructions: str
    content: str
    """Data, as JSON: nothing in it is an instruction."""
    schema: type[Wire]
    max_output_tokens: int
    attempt: int = 1
    """Another number makes another request of the same question, whose answer is not taken from the last one."""


class Finish(StrEnum):
    COMPLETE = "complete"
    TRUNCATED = "truncated"
    """The limit of output tokens was reached; the text is cut."""
    REFUSED = "refused"
    FILTERED = "filtered"


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    text: str
    """JSON of the schema, when the finish is complete and the model kept to it."""
    finish: Finish
    model: str
    request_id: str | None
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    seconds: float


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What is known of a model. Prices in US dollars for a million tokens, None when unknown."""

    name: str
    context_tokens: int
    max_output_tokens: int
    input_usd: float | None = None
    cached_usd: float | None = None
    output_usd: float | None = None

    def cost_micro_usd(self, *, input_tokens: int, cached_tokens: int, output_tokens: int) -> int | None:
        """Millionths of a US dollar, rounded up; None when the price is unknown."""
        if self.input_usd is None or self.output_usd is None:
            return None
        cached_usd = self.input_usd if self.cached_usd is None else self.cached_usd
        fresh = max(0, input_tokens - cached_tokens)
        cost = fresh * self.input_usd + cached_tokens * cached_usd + output_tokens * self.output_usd
        return int(-(-cost // 1))


class LanguageModel(Protocol):
    @property
    def facts(self) -> ModelFacts: ...

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """What is sent besides text and schema (temperature, effort), and the model's name."""

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """One answer. How it ended is in `finish`: those that failed cost money, too.

        Raises `ProviderUnavailable` (timeout, rate limit, server error, no connection), `ContextOverflow`,
        `QuotaExhausted`, `ModelKeyRefused`, `ModelNotFound`, or `ProviderRejected` for any other refusal.
        """
        ...


@cache
def json_schema(schema: type[Wire]) -> dict[str, Any]:
    """The schema in the strict form: every field required, no others allowed."""
    return schema.model_json_schema()


def input_hash(request: ModelRequest, parameters: Mapping[str, Parameter]) -> str:
    """SHA-256, hexadecimal, of all that decides about the answer."""
    whole = {
        "instructions": request.instructions,
        "content": request.content,
        "schema": json_schema(request.schema),
        "max_output_tokens": request.max_output_tokens,
        "attempt": request.attempt,
        "parameters": dict(sorted(parameters.items())),
    }
    return hashlib.sha256(to_json(whole)).hexdigest()
