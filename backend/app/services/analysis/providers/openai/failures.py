"""OpenAI's failures, and those of servers with its interface, in our terms.

The texts are shown to people and kept with the analysis: they say what to do, and quote nothing but the vendor's code.
Its messages are read here, since several servers say in no other way what is wrong, and never passed on: they may repeat
what was sent, candidates' words and keys included.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Final

import openai

from app.core.errors import ProviderError, ProviderRejected, ProviderUnavailable
from app.models.base import utc_now
from app.services.analysis.errors import ContextOverflow, ModelKeyRefused, ModelNotFound, QuotaExhausted

_PASSING: Final = frozenset({408, 409, 425, 429})
_OUT_OF_CREDIT: Final = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
_FILTERED: Final = frozenset({"content_filter", "content_policy_violation"})
_TOO_LONG: Final = frozenset(
    {
        "context_length_exceeded",
        "string_above_max_length",
        "exceed_context_size_error",  # llama.cpp
    }
)
_SAYS_TOO_LONG: Final = re.compile(
    r"maximum context length"  # vLLM, and OpenAI itself
    r"|longer than the (?:maximum model|model's context) length"  # vLLM
    r"|available context size"  # llama.cpp, and Ollama that runs on it
    r"|exceed(?:s|ed)? (?:the |max )?context (?:length|window)"  # Ollama, llama-cpp-python
    r"|prompt too long"  # Ollama
    r"|greater than the context length"  # LM Studio
    # OpenAI, with 429: one request that alone is larger than a minute's allowance never gets through.
    r"|request too large",
    re.IGNORECASE,
)
_LONGEST_WAIT: Final = 3600.0
_SETTINGS: Final = {
    "temperature": "OPENAI_TEMPERATURE",
    "reasoning_effort": "OPENAI_EFFORT",
    "max_tokens": "OPENAI_MAX_OUTPUT_TOKENS",
    "max_completion_tokens": "OPENAI_MAX_OUTPUT_TOKENS",
}
"""Parameters that a model may refuse, and what sets them."""


def is_filtered(error: openai.OpenAIError) -> bool:
    """Whether the vendor refused to read the content at all: an answer of a kind, not a failure of the call."""
    return isinstance(error, openai.BadRequestError) and bool(_names(error) & _FILTERED)


def translated(error: openai.OpenAIError, *, vendor: str, model: str) -> ProviderError:
    if isinstance(error, openai.APITimeoutError):
        return late(vendor)
    if isinstance(error, openai.APIConnectionError):
        cause = type(error.__cause__ or error).__name__
        return ProviderUnavailable(f"{vendor} could not be reached ({cause}).")
    if not isinstance(error, openai.APIStatusError):
        return ProviderUnavailable(f"{vendor} gave an answer that cannot be read ({type(error).__name__}).")
    return _of_status(error, vendor=vendor, model=model)


def _of_status(error: openai.APIStatusError, *, vendor: str, model: str) -> ProviderError:
    status, names, reason = error.status_code, _names(error), _reason(error)
    if names & _TOO_LONG or status == 413 or _SAYS_TOO_LONG.search(_message(error)):
        return ContextOverflow(f"The text is longer than {model} takes at once ({reason}).")
    if status == 402 or names & _OUT_OF_CREDIT:
        return QuotaExhausted(f"The account has no credit left at {vendor} ({reason}). Add credit to it.")
    if status in _PASSING or status >= 500:
        return ProviderUnavailable(
            f"{vendor} cannot answer now ({reason}).", retry_after=retry_after(error.response.headers)
        )
    if status < 400:
        return ProviderRejected(f"{vendor} has moved ({reason}). Set OPENAI_BASE_URL to its new address.")
    return _refused(error, vendor=vendor, model=model)


def _refused(error: openai.APIStatusError, *, vendor: str, model: str) -> ProviderRejected:
    reason = _reason(error)
    if error.status_code == 401:
        return ModelKeyRefused(
            f"{vendor} does not accept the key ({reason}). Set OPENAI_API_KEY to a good one."
        )
    if error.status_code == 403:
        return ModelKeyRefused(
            f"{vendor} does not let this key use {model} ({reason}). See that its project has the model and that its "
            "rights allow chat completions."
        )
    if error.status_code == 404:
        return ModelNotFound(
            f"{vendor} does not know the model {model} ({reason}). Set OPENAI_MODEL to one that it offers to this key, "
            "and see that OPENAI_BASE_URL ends where the interface begins (/v1)."
        )
    parameter = error.param if isinstance(error.param, str) else ""
    if name := _SETTINGS.get(parameter):
        return ProviderRejected(
            f"{model} does not take this {parameter} ({reason}). Change {name}, or leave it empty."
        )
    if parameter.startswith("response_format"):
        return ProviderRejected(
            f"{model} does not give structured output ({reason}). Set OPENAI_MODEL to one that does."
        )
    return ProviderRejected(f"{vendor} refused the request ({reason}).")


def late(vendor: str) -> ProviderUnavailable:
    return ProviderUnavailable(f"{vendor} did not answer in time.")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, from `retry-after-ms` or from either form of `Retry-After`."""
    for name, divisor in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            seconds = float(headers.get(name, "")) / divisor
        except ValueError:
            continue
        if math.isfinite(seconds):
            return min(max(0.0, seconds), _LONGEST_WAIT)
    try:
        when = parsedate_to_datetime(headers["retry-after"])
        return min(max(0.0, (when - utc_now()).total_seconds()), _LONGEST_WAIT)
    except (KeyError, ValueError, TypeError):
        return None


def _names(error: openai.OpenAIError) -> set[str]:
    """The code and the type: vendors put the same names into either."""
    given = (getattr(error, "code", None), getattr(error, "type", None))
    return {name for name in given if isinstance(name, str)}


def _reason(error: openai.APIStatusError) -> str:
    """The status, and the vendor's name for the failure if it is one: one word, nothing that could be a sentence."""
    for name in (error.code, error.type):
        if isinstance(name, str) and re.fullmatch(r"[A-Za-z][A-Za-z_]{1,59}", name):
            return f"{error.status_code}, {name}"
    return str(error.status_code)


def _message(error: openai.APIStatusError) -> str:
    """Where servers say it: `{"error": {"message": …}}`, `{"message": …}`, `{"error": "…"}` or plain text."""
    body = error.body
    if isinstance(body, Mapping):
        body = body.get("message") or body.get("detail")
    return body[:2000] if isinstance(body, str) else ""
