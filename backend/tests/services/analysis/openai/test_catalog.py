"""What is known of models, what settings change of it, and which of them end."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.core.config import OpenAISettings
from app.services.analysis.model import ModelFacts
from app.services.analysis.providers.openai.catalog import (
    facts_of,
    is_openai,
    retirement_notice,
    retirement_of,
)


def facts(**settings: Any) -> ModelFacts:
    return facts_of(OpenAISettings(_env_file=None, **settings))


class TestFacts:
    def test_a_known_model_and_its_dated_snapshot(self) -> None:
        alias, dated = facts(openai_model="gpt-4o-mini"), facts(openai_model="gpt-4o-mini-2024-07-18")
        assert (alias.context_tokens, alias.max_output_tokens) == (128_000, 16_384)
        assert (alias.input_usd, alias.cached_usd, alias.output_usd) == (0.15, 0.075, 0.60)
        assert dated.name == "gpt-4o-mini-2024-07-18"
        assert dated.cost_micro_usd(input_tokens=1000, cached_tokens=0, output_tokens=0) == 150

    def test_the_one_that_takes_its_place(self) -> None:
        luna = facts(openai_model="gpt-6-luna")
        assert (luna.context_tokens, luna.max_output_tokens) == (1_050_000, 128_000)
        assert luna.cost_micro_usd(input_tokens=10**6, cached_tokens=10**6, output_tokens=10**6) == 510_000

    def test_an_unknown_model_has_a_common_size_and_no_price(self) -> None:
        own = facts(openai_model="llama3.1:8b")
        assert own == ModelFacts("llama3.1:8b", context_tokens=128_000, max_output_tokens=16_384)
        assert own.cost_micro_usd(input_tokens=1, cached_tokens=0, output_tokens=1) is None

    def test_settings_have_the_last_word(self) -> None:
        own = facts(
            openai_model="gpt-4o-mini",
            openai_context_tokens=8192,
            openai_max_output_tokens=1024,
            openai_input_usd=0.0,
            openai_output_usd=3.0,
        )
        assert (own.context_tokens, own.max_output_tokens) == (8192, 1024)
        assert own.cost_micro_usd(input_tokens=10**6, cached_tokens=10**6, output_tokens=1) == 3

    def test_a_discount_that_belongs_to_another_price_is_not_used(self) -> None:
        assert facts(openai_model="gpt-4o-mini", openai_input_usd=1.0).cached_usd is None


class TestRetirement:
    def test_what_a_start_says_before_and_after(self) -> None:
        before = retirement_notice("gpt-4o-mini", date(2026, 11, 23))
        after = retirement_notice("gpt-4o-mini-2024-07-18", date(2027, 1, 14))
        assert before == (
            "OpenAI retires the model gpt-4o-mini on 2027-01-14: set OPENAI_MODEL=gpt-6-luna before that day."
        )
        assert (
            after
            == "OpenAI retired the model gpt-4o-mini-2024-07-18 on 2027-01-14: set OPENAI_MODEL=gpt-6-luna."
        )

    def test_no_word_about_others(self) -> None:
        assert retirement_notice("gpt-6-luna", date(2027, 1, 14)) is None
        assert retirement_of("llama3.1:8b") is None


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://api.openai.com/v1", True),
        ("https://eu.api.openai.com/v1", True),
        ("https://ours.openai.azure.com/openai/v1", True),
        ("http://localhost:11434/v1", False),
        ("https://api.openai.com.example.net/v1", False),
        ("https://notapi.openai.com/v1", False),
        ("https://openrouter.ai/api/v1", False),
    ],
)
def test_who_is_openai(address: str, expected: bool) -> None:
    assert is_openai(address) is expected
