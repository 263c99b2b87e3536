"""Another try for failures that pass, none for the others, and a limit to what runs at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.core.errors import ProviderUnavailable
from app.services.analysis.errors import QuotaExhausted
from app.services.analysis.model import Finish
from app.services.analysis.providers.openai.client import OpenAIModel
from app.services.analysis.retrying import LimitedModel, RetryingModel
from tests.fixtures.openai import RunningOpenAI
from tests.services.analysis.openai.asking import asked, model_of


class Clock:
    """Waits are noted, not made."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def model(openai: RunningOpenAI) -> AsyncIterator[OpenAIModel]:
    async with model_of(openai, openai_timeout_seconds=5.0) as made:
        yield made


def patient(model: OpenAIModel, clock: Clock, *, jitter: float = 0.0) -> RetryingModel:
    return RetryingModel(model, sleep=clock.sleep, jitter=lambda: jitter)


class TestTries:
    async def test_the_third_one_counts(
        self, openai: RunningOpenAI, model: OpenAIModel, clock: Clock
    ) -> None:
        openai.switches.fail_with = [429, 500]
        answer = await patient(model, clock).complete(asked())
        assert answer.finish is Finish.COMPLETE
        assert [seen.status for seen in openai.requests] == [429, 500, 200]
        assert clock.waits == [1.0, 2.0]
        assert openai.violations == []

    async def test_three_and_no_more(self, openai: RunningOpenAI, model: OpenAIModel, clock: Clock) -> None:
        openai.switches.fail_with = [500, 502, 503, 500]
        with pytest.raises(ProviderUnavailable, match="503"):
            await patient(model, clock).complete(asked())
        assert len(openai.requests) == 3

    async def test_none_where_it_cannot_help(
        self, openai: RunningOpenAI, model: OpenAIModel, clock: Clock
    ) -> None:
        openai.switches.fail_with = ["insufficient_quota"]
        with pytest.raises(QuotaExhausted):
            await patient(model, clock).complete(asked())
        assert len(openai.requests) == 1
        assert clock.waits == []

    async def test_none_for_an_answer_however_it_ends(
        self, openai: RunningOpenAI, model: OpenAIModel, clock: Clock
    ) -> None:
        openai.switches.truncate = 1
        assert (await patient(model, clock).complete(asked())).finish is Finish.TRUNCATED
        assert len(openai.requests) == 1

    async def test_after_silence(self, openai: RunningOpenAI, clock: Clock) -> None:
        openai.switches.hang = 1
        async with model_of(openai, openai_timeout_seconds=1.0) as model:
            answer = await patient(model, clock).complete(asked())
        assert answer.finish is Finish.COMPLETE
        assert [seen.status for seen in openai.requests] == [0, 200]

    async def test_after_a_connection_that_broke(
        self, openai: RunningOpenAI, model: OpenAIModel, clock: Clock
    ) -> None:
        openai.switches.drop_answer = 2
        assert (await patient(model, clock).complete(asked())).finish is Finish.COMPLETE
        assert [seen.status for seen in openai.requests] == [0, 0, 200]


class TestWaits:
    async def test_as_long_as_the_vendor_says(
        self, openai: RunningOpenAI, model: OpenAIModel, clock: Clock
    ) -> None:
        openai.switches.fail_with, openai.switches.retry_after = [429, 429], "30"
        await patient(model, clock).complete(asked())
        assert clock.waits == [30.0, 30.0]

    async def test_longer_waits_are_left_to_the_job(
        self, openai: RunningOpenAI, model: OpenAIModel, clock: Clock
    ) -> None:
        openai.switches.fail_with, openai.switches.retry_after = [429], "31"
        with pytest.raises(ProviderUnavailable) as caught:
            await patient(model, clock).complete(asked())
        assert caught.value.retry_after == 31
        assert (clock.waits, len(openai.requests)) == ([], 1)

    async def test_those_who_failed_together_do_not_come_back_together(
        self, openai: RunningOpenAI, model: OpenAIModel, clock: Clock
    ) -> None:
        openai.switches.fail_with = [500, 500]
        await patient(model, clock, jitter=1.0).complete(asked())
        assert clock.waits == [1.25, 2.5]


class TestAround:
    async def test_they_look_like_the_model_and_close_it(self, openai: RunningOpenAI, clock: Clock) -> None:
        model = OpenAIModel(openai.settings())
        around = RetryingModel(LimitedModel(model, limit=1), sleep=clock.sleep)
        assert around.facts == model.facts
        assert around.parameters == model.parameters
        await around.close()
        with pytest.raises(RuntimeError, match="closed"):
            await around.complete(asked())
        assert openai.requests == []

    async def test_who_waits_for_another_try_takes_no_place(
        self, openai: RunningOpenAI, model: OpenAIModel
    ) -> None:
        openai.switches.fail_with = [500]
        others_are_done = asyncio.Event()

        async def wait(_: float) -> None:
            await others_are_done.wait()

        around = RetryingModel(LimitedModel(model, limit=1), sleep=wait)
        first = asyncio.create_task(around.complete(asked()))
        while not openai.requests:
            await asyncio.sleep(0.005)
        await around.complete(asked())
        others_are_done.set()
        assert (await first).finish is Finish.COMPLETE
        assert [seen.status for seen in openai.requests] == [500, 200, 200]
