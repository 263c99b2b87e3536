"""Every way in which OpenAI fails becomes one of ours, and says what to do without saying what was said."""

from __future__ import annotations

import logging
import traceback
from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import ProviderError, ProviderRejected, ProviderUnavailable
from app.models.base import utc_now
from app.services.analysis.errors import ContextOverflow, ModelKeyRefused, ModelNotFound, QuotaExhausted
from app.services.analysis.providers.openai.client import OpenAIModel
from app.services.analysis.providers.openai.failures import retry_after
from app.services.analysis.retrying import RetryingModel
from tests.fixtures.openai import RunningOpenAI
from tests.services.analysis.openai.asking import SAID, asked, model_of


@pytest.fixture
async def model(openai: RunningOpenAI) -> AsyncIterator[OpenAIModel]:
    async with model_of(openai) as made:
        yield made


async def failure_of(model: OpenAIModel) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await model.complete(asked())
    return caught.value


class TestEachFailure:
    @pytest.mark.parametrize(
        ("failure", "kind", "detail"),
        [
            (408, ProviderUnavailable, "cannot answer now (408"),
            (409, ProviderUnavailable, "cannot answer now (409"),
            (429, ProviderUnavailable, "cannot answer now (429, rate_limit_exceeded)"),
            (500, ProviderUnavailable, "cannot answer now (500, server_error)"),
            (503, ProviderUnavailable, "cannot answer now (503, server_error)"),
            ("insufficient_quota", QuotaExhausted, "Add credit"),
            (402, QuotaExhausted, "Add credit"),
            (401, ModelKeyRefused, "Set OPENAI_API_KEY"),
            (403, ModelKeyRefused, "See that its project has the model"),
            (404, ModelNotFound, "Set OPENAI_MODEL"),
            ("model_not_found", ModelNotFound, "gpt-4o-mini"),
            ("context_length_exceeded", ContextOverflow, "longer than gpt-4o-mini takes"),
            ("request_too_large", ContextOverflow, "longer than gpt-4o-mini takes"),
            (413, ContextOverflow, "longer than gpt-4o-mini takes"),
            ("unsupported_value", ProviderRejected, "Change OPENAI_TEMPERATURE"),
            (400, ProviderRejected, "refused the request (400, invalid_request_error)"),
            (418, ProviderRejected, "refused the request (418, invalid_request_error)"),
            (422, ProviderRejected, "refused the request (422, invalid_request_error)"),
        ],
    )
    async def test_by_status_and_code(
        self,
        openai: RunningOpenAI,
        model: OpenAIModel,
        failure: int | str,
        kind: type[ProviderError],
        detail: str,
    ) -> None:
        openai.switches.fail_with = [failure]
        error = await failure_of(model)
        assert type(error) is kind
        assert detail in error.detail
        assert len(openai.requests) == 1, "nothing is repeated here"

    @pytest.mark.parametrize(
        "failure",
        [
            "vllm_too_long",
            "vllm_prompt_too_long",
            "llama_cpp_too_long",
            "llama_cpp_python_too_long",
            "ollama_too_long",
            "ollama_input_too_long",
        ],
    )
    async def test_other_servers_say_in_their_own_words_that_a_text_is_too_long(
        self, openai: RunningOpenAI, model: OpenAIModel, failure: str
    ) -> None:
        openai.switches.fail_with = [failure]
        assert type(await failure_of(model)) is ContextOverflow

    async def test_more_than_the_context(self, openai: RunningOpenAI, model: OpenAIModel) -> None:
        openai.switches.context_tokens = 600
        with pytest.raises(ContextOverflow):
            await model.complete(asked("w" * 4000))

    async def test_no_answer_in_time(self, openai: RunningOpenAI) -> None:
        openai.switches.hang = 1
        async with model_of(openai, openai_timeout_seconds=0.2) as model:
            error = await failure_of(model)
        assert type(error) is ProviderUnavailable
        assert error.detail == "The model's server did not answer in time."

    async def test_an_answer_that_breaks_off(self, openai: RunningOpenAI, model: OpenAIModel) -> None:
        openai.switches.drop_answer = 1
        error = await failure_of(model)
        assert type(error) is ProviderUnavailable
        assert "could not be reached" in error.detail

    async def test_nobody_there(self, openai: RunningOpenAI) -> None:
        async with model_of(openai, openai_base_url="http://127.0.0.1:1/v1") as model:
            error = await failure_of(model)
        assert type(error) is ProviderUnavailable
        assert "127.0.0.1" not in error.detail

    async def test_openai_is_called_by_its_name_and_others_are_not(
        self, openai: RunningOpenAI, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        openai.switches.fail_with = [500, 500]
        async with model_of(openai) as model:
            assert (await failure_of(model)).detail.startswith("The model's server cannot answer now")
        monkeypatch.setenv("HTTP_PROXY", openai.address)
        async with model_of(openai, openai_base_url="http://api.openai.com/v1") as model:
            assert (await failure_of(model)).detail.startswith("OpenAI cannot answer now")


class TestWhenToComeBack:
    async def test_seconds(self, openai: RunningOpenAI, model: OpenAIModel) -> None:
        openai.switches.fail_with, openai.switches.retry_after = [429], "17"
        error = await failure_of(model)
        assert isinstance(error, ProviderUnavailable)
        assert error.retry_after == 17

    async def test_milliseconds_come_first(self, openai: RunningOpenAI, model: OpenAIModel) -> None:
        openai.switches.fail_with, openai.switches.retry_after = [429], "17"
        openai.switches.retry_after_ms = 250
        error = await failure_of(model)
        assert isinstance(error, ProviderUnavailable)
        assert error.retry_after == 0.25

    async def test_a_date(self, openai: RunningOpenAI, model: OpenAIModel) -> None:
        openai.switches.retry_after = format_datetime(utc_now() + timedelta(seconds=600), usegmt=True)
        openai.switches.fail_with = [503]
        error = await failure_of(model)
        assert isinstance(error, ProviderUnavailable)
        assert error.retry_after is not None
        assert 500 < error.retry_after <= 600

    async def test_nothing_is_said(self, openai: RunningOpenAI, model: OpenAIModel) -> None:
        openai.switches.fail_with = [429]
        error = await failure_of(model)
        assert isinstance(error, ProviderUnavailable)
        assert error.retry_after is None

    @given(
        st.dictionaries(
            st.sampled_from(["retry-after", "retry-after-ms"]), st.text(max_size=40) | st.floats().map(str)
        )
    )
    def test_whatever_the_headers_hold(self, headers: dict[str, str]) -> None:
        seconds = retry_after(headers)
        assert seconds is None or 0 <= seconds <= 3600

    @pytest.mark.parametrize(
        "value", ["nan", "inf", "soon", "", "Wed, 99 Foo 2026 25:00:00 GMT", "Wed, 21 Oct 2026 07:28:00"]
    )
    def test_what_is_no_time_says_nothing(self, value: str) -> None:
        assert retry_after({"retry-after": value}) is None

    def test_a_time_that_has_passed_is_now(self) -> None:
        assert retry_after({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0
        assert retry_after({"retry-after": "-5"}) == 0
        assert retry_after({"retry-after": "1e300"}) == 3600


class TestWhatIsNeverSaid:
    @pytest.mark.parametrize(
        "failure",
        [400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 503, "insufficient_quota", "unsupported_value"],
    )
    async def test_no_word_of_the_candidate_no_key_and_no_address(
        self, openai: RunningOpenAI, model: OpenAIModel, failure: int | str
    ) -> None:
        # The tail of the body holds the candidate's words, and the stand-in quotes it.
        openai.switches.fail_with = [failure]
        openai.switches.no_usage = True
        error = await failure_of(model)
        quoted = str(openai.requests[0].answer)
        assert SAID in openai.requests[0].text
        assert "Near:" in quoted
        shown = "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error))
        for secret in ("Kraken", "Near:", openai.key, "127.0.0.1"):
            assert secret not in shown

    async def test_the_log_holds_neither_key_nor_words(
        self, openai: RunningOpenAI, caplog: pytest.LogCaptureFixture
    ) -> None:
        # As an installation logs in which somebody asked for everything: the SDK's loggers are kept quiet.
        openai.switches.fail_with = [429, 500]
        openai.switches.retry_after = "0"
        caplog.set_level(logging.DEBUG)
        for library in ("openai", "httpx2", "httpcore2"):
            caplog.set_level(logging.WARNING, logger=library)
        async with model_of(openai) as model:
            await RetryingModel(model).complete(asked())
            assert openai.key not in repr(model) + repr(vars(model)) + repr(model.parameters)
        assert openai.key not in caplog.text
        assert "Kraken" not in caplog.text
