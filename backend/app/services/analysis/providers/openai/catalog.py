"""What is known of OpenAI's models: sizes, prices, and when they will be gone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from app.core.config import OpenAISettings
from app.services.analysis.model import ModelFacts

_GPT_4O_MINI: Final = ModelFacts(
    "gpt-4o-mini",
    context_tokens=128_000,
    max_output_tokens=16_384,
    input_usd=0.15,
    cached_usd=0.075,
    output_usd=0.60,
)
_GPT_6_LUNA: Final = ModelFacts(
    "gpt-6-luna",
    context_tokens=1_050_000,
    max_output_tokens=128_000,
    input_usd=0.10,
    cached_usd=0.01,
    output_usd=0.50,
)
_KNOWN: Final = {
    "gpt-4o-mini": _GPT_4O_MINI,
    "gpt-4o-mini-2024-07-18": _GPT_4O_MINI,
    "gpt-6-luna": _GPT_6_LUNA,
}
_UNKNOWN: Final = ModelFacts("", context_tokens=128_000, max_output_tokens=16_384)


@dataclass(frozen=True, slots=True)
class Retirement:
    """The announced end of a model, and what is to take its place."""

    day: date
    successor: str


_GPT_4O_MINI_ENDS: Final = Retirement(date(2027, 1, 14), "gpt-6-luna")
_RETIRING: Final = {"gpt-4o-mini": _GPT_4O_MINI_ENDS, "gpt-4o-mini-2024-07-18": _GPT_4O_MINI_ENDS}


def is_openai(base_url: str) -> bool:
    """Whether OpenAI itself answers there, in one of its regions or through Azure; else it is some server with the same
    interface, which may not know every field of it."""
    host = urlsplit(base_url).hostname or ""
    return host == "api.openai.com" or host.endswith((".api.openai.com", ".openai.azure.com"))


def facts_of(settings: OpenAISettings) -> ModelFacts:
    """The configured model: what the settings say, else what is known, else a common size without a price."""
    known = replace(_KNOWN.get(settings.openai_model, _UNKNOWN), name=settings.openai_model)
    if settings.openai_input_usd is not None:
        # The discount that is known belongs to the price that is known.
        known = replace(known, input_usd=settings.openai_input_usd, cached_usd=None)
    return replace(
        known,
        context_tokens=settings.openai_context_tokens or known.context_tokens,
        max_output_tokens=settings.openai_max_output_tokens or known.max_output_tokens,
        output_usd=known.output_usd if settings.openai_output_usd is None else settings.openai_output_usd,
    )


def retirement_of(model: str) -> Retirement | None:
    return _RETIRING.get(model)


def retirement_notice(model: str, today: date) -> str | None:
    """What a start says about a model whose end is announced; None for all others."""
    end = retirement_of(model)
    if end is None:
        return None
    if today >= end.day:
        return f"OpenAI retired the model {model} on {end.day}: set OPENAI_MODEL={end.successor}."
    return f"OpenAI retires the model {model} on {end.day}: set OPENAI_MODEL={end.successor} before that day."
