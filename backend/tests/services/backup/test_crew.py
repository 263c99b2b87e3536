"""Several hands, one error."""

from __future__ import annotations

from collections.abc import AsyncIterator

import anyio
import pytest

from app.services.backup.crew import for_each


async def counted(count: int) -> AsyncIterator[int]:
    for number in range(count):
        yield number


class TestForEach:
    @pytest.mark.parametrize("count", [0, 1, 100])
    async def test_every_item_is_worked_on_once(self, count: int) -> None:
        done: list[int] = []

        async def work(item: int) -> None:
            await anyio.lowlevel.checkpoint()
            done.append(item)

        await for_each(counted(count), work)
        await for_each(range(count), work)
        assert sorted(done) == sorted([*range(count), *range(count)])

    async def test_some_at_once_and_no_more_than_eight(self) -> None:
        at_work, most = 0, 0
        everybody = anyio.Event()

        async def work(_: int) -> None:
            nonlocal at_work, most
            at_work += 1
            most = max(most, at_work)
            if at_work == 8:
                everybody.set()
            with anyio.fail_after(30):
                await everybody.wait()
            await anyio.lowlevel.checkpoint()
            at_work -= 1

        await for_each(range(40), work)
        assert most == 8

    async def test_the_first_error_ends_it_and_is_raised_as_it_is(self) -> None:
        done: list[int] = []

        async def work(item: int) -> None:
            if item == 5:
                raise KeyError(item)
            done.append(item)

        with pytest.raises(KeyError):
            await for_each(counted(10_000), work)
        assert len(done) < 10_000

    async def test_an_error_of_the_list_is_raised_as_it_is(self) -> None:
        async def listed() -> AsyncIterator[int]:
            yield 1
            raise KeyError(1)

        async def work(_: int) -> None:
            await anyio.lowlevel.checkpoint()

        with pytest.raises(KeyError):
            await for_each(listed(), work)
