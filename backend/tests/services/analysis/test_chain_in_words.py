"""What a start says about who analyses."""

from __future__ import annotations

import pytest

from app.core.config import OpenAISettings
from app.models.organisation import Analyst
from app.services.analysis.chain_in_words import chain_in_words

DEFAULTS = {"openai_model": "gpt-4o-mini", "openai_base_url": "https://api.openai.com/v1"}
ALL = (Analyst.OPENAI, Analyst.DEEPGRAM, Analyst.OFFLINE)


@pytest.mark.parametrize(
    ("chain", "settings", "words"),
    [
        (ALL, {}, "OpenAI (gpt-4o-mini), then Deepgram, then the offline baseline"),
        (
            ALL[::2],
            {"openai_model": "gpt-6-luna", "openai_base_url": "https://eu.api.openai.com/v1"},
            "OpenAI (gpt-6-luna), then the offline baseline",
        ),
        (
            ALL[::2],
            {"openai_model": "llama3", "openai_base_url": "http://me:hunter2@models.internal:8080/v1"},
            "llama3 at models.internal:8080, then the offline baseline",
        ),
        (ALL[1:], {}, "Deepgram, then the offline baseline"),
        (ALL[2:], {}, "the offline baseline"),
    ],
)
def test_each_engine_is_named_in_the_order_of_trying(
    chain: tuple[Analyst, ...], settings: dict[str, str], words: str
) -> None:
    assert chain_in_words(chain, OpenAISettings.model_construct(**{**DEFAULTS, **settings})) == words
