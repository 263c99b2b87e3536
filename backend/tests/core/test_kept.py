"""A question that costs something is asked once, whoever and however many want to know."""

from __future__ import annotations

import asyncio
import traceback

import pytest

from app.core.kept import Kept


class Question:
    """Counts how often it was asked; answers when it is let."""

    def __init__(self, *, fails: bool = False) -> None:
        self.asked = 0
        self.may_answer = asyncio.Event()
        self._fails = fails

    async def __call__(self) -> int:
        self.asked += 1
        await self.may_answer.wait()
        if self._fails:
            raise LookupError(self.asked)
        return self.asked


async def test_all_who_want_to_know_at_once_get_one_answer() -> None:
    question = Question()
    kept = Kept(question, seconds=60)
    waiting = [asyncio.create_task(kept.get()) for _ in range(5)]
    await asyncio.sleep(0)
    question.may_answer.set()
    assert await asyncio.gather(*waiting) == [1] * 5
    assert await kept.get() == 1


async def test_an_old_answer_is_asked_for_again() -> None:
    question = Question()
    question.may_answer.set()
    kept = Kept(question, seconds=0)
    assert [await kept.get(), await kept.get()] == [1, 2]


async def test_a_failure_is_kept_too() -> None:
    question = Question(fails=True)
    question.may_answer.set()
    kept = Kept(question, seconds=60)
    for _ in range(3):
        with pytest.raises(LookupError):
            await kept.get()
    assert question.asked == 1


async def test_a_kept_failure_does_not_grow() -> None:
    question = Question(fails=True)
    question.may_answer.set()
    kept = Kept(question, seconds=60)
    depths = []
    for _ in range(4):
        with pytest.raises(LookupError) as caught:
            await kept.get()
        depths.append(len(list(traceback.walk_tb(caught.value.__traceback__))))
    assert len(set(depths)) == 1


async def test_whoever_gives_up_leaves_the_question_to_the_next() -> None:
    question = Question()
    kept = Kept(question, seconds=60)
    for _ in range(3):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await kept.get()
    assert question.asked == 1, "an answer that is long in coming is not asked for once more by every try"
    question.may_answer.set()
    assert await kept.get() == 1
