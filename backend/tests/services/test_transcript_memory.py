"""Whole transcripts stay in memory for a moment, and within bounds."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from app.repositories.base import TranscriptJson
from app.services.transcript_memory import TranscriptMemory
from tests.fixtures.documents import a_transcript


def of_size(size: int) -> TranscriptJson:
    return TranscriptJson(a_transcript("i"), 1, b"x" * size)


async def test_the_oldest_make_room() -> None:
    memory = TranscriptMemory(most_bytes=10)
    for number, size in enumerate((4, 4, 4), start=1):
        memory.keep(("o", "i", number), of_size(size))
    assert [memory.get(("o", "i", number)) is not None for number in (1, 2, 3)] == [False, True, True]


async def test_what_is_larger_than_all_the_room_is_not_kept() -> None:
    memory = TranscriptMemory(most_bytes=10)
    memory.keep(("o", "i", 1), of_size(10))
    memory.keep(("o", "i", 2), of_size(11))
    assert memory.get(("o", "i", 1)) is not None
    assert memory.get(("o", "i", 2)) is None


async def test_after_a_while_it_is_gone() -> None:
    memory = TranscriptMemory(seconds=0.0)
    memory.keep(("o", "i", 1), of_size(1))
    while memory.get(("o", "i", 1)) is not None:
        await asyncio.sleep(0)


async def test_what_is_sent_is_written_once_for_all_who_see_the_same() -> None:
    memory, found, written = TranscriptMemory(most_bytes=10), of_size(4), []

    def write(one: TranscriptJson) -> bytes:
        written.append(one)
        return b"<" + one.utterances + b">"

    key = ("o", "i", 1)
    assert memory.written(key, found, write) == b"<xxxx>"  # not kept
    memory.keep(key, found)
    for _ in range(2):
        assert memory.written(key, found, write) == b"<xxxx>"
    hidden = replace(found, head=found.head.model_copy(update={"intelligence": None}))
    assert memory.written(key, hidden, write) == b"<xxxx>"
    assert written == [found, found, hidden]


async def test_what_was_written_counts_as_well() -> None:
    memory = TranscriptMemory(most_bytes=10)
    first, second = of_size(4), of_size(4)
    for number, found in enumerate((first, second), start=1):
        memory.keep(("o", "i", number), found)
    assert memory.written(("o", "i", 2), second, lambda found: found.utterances) == b"xxxx"
    assert memory.get(("o", "i", 1)) is None
    assert memory.written(("o", "i", 2), second, lambda _: b"other") == b"xxxx"
    assert (
        memory.written(("o", "i", 1), first, lambda _: b"longer than all the room")
        == b"longer than all the room"
    )
    memory.keep(("o", "i", 3), of_size(10))
    assert memory.get(("o", "i", 3)) is not None
