"""The engines of an installation as its log names them."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from app.core.config import OpenAISettings
from app.models.organisation import Analyst
from app.services.analysis.providers.openai.catalog import is_openai


def chain_in_words(chain: Sequence[Analyst], openai: OpenAISettings) -> str:
    """`OpenAI (gpt-4o-mini), then Deepgram, then the offline baseline`."""
    names = {
        Analyst.OPENAI: _model(openai),
        Analyst.DEEPGRAM: "Deepgram",
        Analyst.OFFLINE: "the offline baseline",
    }
    return ", then ".join(names[analyst] for analyst in chain)


def _model(openai: OpenAISettings) -> str:
    """Who answers under another address is not OpenAI, whatever its interface."""
    if is_openai(openai.openai_base_url):
        return f"OpenAI ({openai.openai_model})"
    # Without what may stand before the host: it may be a password.
    host = urlsplit(openai.openai_base_url).netloc.rpartition("@")[2]
    return f"{openai.openai_model} at {host}"
