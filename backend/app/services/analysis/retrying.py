"""What surrounds every model: another try when the failure is a passing one, and a limit to what runs at once.

Put the tries outside and the limit inside, so that nobody who waits for another try takes a place:
`RetryingModel(LimitedModel(model, limit=4))`.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Protocol

import anyio

from app.core.errors import ProviderUnavailable
from app.models.provenance import Parameter
from app.services.analysis.model import LanguageModel, ModelAnswer, ModelFacts, ModelRequest

Sleep = Callable[[float], Awaitable[None]]

_MORE_TRIES: Final = 2
_LONGEST_WAIT: Final = 30.0
"""Seconds. Who is told to wait longer is better served by the job's own next attempt."""
_FIRST_WAIT: Final = 1.0


class ClosableModel(LanguageModel, Protocol):
    async def close(self) -> None: ...


class _AroundModel:
    def __init__(self, model: ClosableModel) -> None:
        self._model = model

    @property
    def facts(self) -> ModelFacts:
        return self._model.facts

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        return self._model.parameters

    async def close(self) -> None:
        await self._model.close()


class RetryingModel(_AroundModel):
    """`LanguageModel`. Asks up to twice more when the model is unavailable for a moment; no other failure is repeated.

    It waits as long as the vendor says, or one second and then two, and up to a quarter more: requests that failed
    together do not come back together. `sleep` and `jitter` (0 to 1) are for tests.
    """

    def __init__(
        self, model: ClosableModel, *, sleep: Sleep = anyio.sleep, jitter: Callable[[], float] = random.random
    ) -> None:
        super().__init__(model)
        self._sleep = sleep
        self._jitter = jitter

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        for failures in range(_MORE_TRIES):
            try:
                return await self._model.complete(request)
            except ProviderUnavailable as error:
                told = error.retry_after
                if told is not None and told > _LONGEST_WAIT:
                    raise
            wait = _FIRST_WAIT * 2**failures if told is None else told
            await self._sleep(wait * (1 + self._jitter() / 4))
        return await self._model.complete(request)


class LimitedModel(_AroundModel):
    """`LanguageModel`. At most `limit` requests are under way; the others wait for their turn."""

    def __init__(self, model: ClosableModel, *, limit: int) -> None:
        super().__init__(model)
        self._places = anyio.CapacityLimiter(limit)

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        async with self._places:
            return await self._model.complete(request)
