"""How an analysis came to be: which requests to which model, with which input, at which cost."""

from __future__ import annotations

from enum import StrEnum

from app.models.base import Stored


class CallPurpose(StrEnum):
    EXTRACT = "extract"
    """Reads a part of the transcript and points at places; sees no rating."""
    REPAIR = "repair"
    """Gets the claims back whose quotes were not found, once."""
    JUDGE = "judge"
    """Gives one criterion a level; sees verified quotes, never the transcript."""
    FOLLOW_UP = "follow_up"
    """Writes questions for the gaps; sees the template alone."""
    READ = "read"
    """Text intelligence of the transcription vendor."""


class CallOutcome(StrEnum):
    COMPLETE = "complete"
    TRUNCATED = "truncated"
    REFUSED = "refused"
    FILTERED = "filtered"
    OVERFLOW = "overflow"
    """The input was longer than the model takes."""
    INVALID = "invalid"
    """Not of the form that was asked for."""
    FAILED = "failed"
    """There was no answer; `detail` says why."""


class ModelCall(Stored):
    purpose: CallPurpose
    input_hash: str
    """SHA-256 of the whole request, hexadecimal: model, parameters, schema and text."""
    model: str | None = None
    """As the answer names it."""
    request_id: str | None = None
    outcome: CallOutcome
    detail: str | None = None
    input_tokens: int = 0
    cached_tokens: int = 0
    """Of the input tokens: those that the vendor had read before."""
    output_tokens: int = 0
    cost_usd: float | None = None
    """None when the model's price is not known."""
    seconds: float = 0.0


class EngineFailure(Stored):
    """An engine that was tried before the one that made the analysis."""

    engine: str
    code: str
    detail: str


Parameter = str | int | float | bool | None


class Provenance(Stored):
    model: str | None = None
    prompt_version: str | None = None
    prompt_hash: str | None = None
    parameters: dict[str, Parameter] = {}
    transcript_hash: str | None = None
    calls: tuple[ModelCall, ...] = ()
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None
    seconds: float = 0.0
    failed: tuple[EngineFailure, ...] = ()
