"""What both databases must do with transcripts and analyses."""

from __future__ import annotations

import asyncio
import json

import pytest

from app.models.transcript import Speaker, Utterance, Word
from app.repositories.base import Fenced, Repositories
from tests.fixtures.documents import a_transcript, an_analysis

WORDS = tuple(
    Word(text=f"Wort{n}é", start=n * 0.31, end=n * 0.31 + 0.3, confidence=0.987) for n in range(100)
)


def utterances(count: int) -> tuple[Utterance, ...]:
    return tuple(
        Utterance(id=f"u{n}", speaker="s1", start=n, end=n + 0.9, text="حسنًا 👍 e\u0301", words=WORDS)
        for n in range(count)
    )


class TestTranscripts:
    async def test_gives_back_every_word(self, repositories: Repositories) -> None:
        stored = a_transcript("i", speakers=(Speaker(id="s1", label="Speaker 1"),), utterances=utterances(40))
        await repositories.transcripts("acme").put(stored)
        assert await repositories.transcripts("acme").get("i", 1) == stored

    async def test_an_empty_one_is_not_a_missing_one(self, repositories: Repositories) -> None:
        stored = a_transcript("i")
        await repositories.transcripts("acme").put(stored)
        assert await repositories.transcripts("acme").get("i", 1) == stored
        assert await repositories.transcripts("acme").get("i", 2) is None

    async def test_twelve_megabytes_fit(self, repositories: Repositories) -> None:
        stored = a_transcript("i", utterances=utterances(1_900))
        size = sum(len(u.model_dump_json().encode()) for u in stored.utterances)
        assert size > 12_000_000
        await repositories.transcripts("acme").put(stored)
        found = await repositories.transcripts("acme").get("i", 1)
        assert found == stored

    @pytest.mark.parametrize(
        ("after", "limit"), [(0, None), (0, 30), (70, 100), (199, 5), (200, 5), (9999, 1)]
    )
    async def test_gives_a_range_of_it_as_json(
        self, repositories: Repositories, after: int, limit: int | None
    ) -> None:
        stored = a_transcript("i", utterances=utterances(200))
        await repositories.transcripts("acme").put(stored)
        found = await repositories.transcripts("acme").get_json("i", 1, after=after, limit=limit)
        assert found is not None
        assert found.total == 200
        assert found.head == stored.model_copy(update={"utterances": ()})
        end = None if limit is None else after + limit
        expected = [u.model_dump(mode="json") for u in stored.utterances[after:end]]
        assert json.loads(b"[%b]" % found.utterances) == expected
        assert await repositories.transcripts("other").get_json("i", 1) is None

    async def test_a_newer_epoch_replaces_the_whole(self, repositories: Repositories) -> None:
        transcripts = repositories.transcripts("acme")
        await transcripts.put(a_transcript("i", epoch=1, utterances=utterances(50)))
        newer = a_transcript("i", epoch=2, utterances=utterances(2))
        await transcripts.put(newer)
        assert await transcripts.get("i", 1) == newer

    @pytest.mark.parametrize("epoch", [1, 2])
    async def test_an_older_or_equal_epoch_is_fenced(self, repositories: Repositories, epoch: int) -> None:
        transcripts = repositories.transcripts("acme")
        standing = a_transcript("i", epoch=2, utterances=utterances(3))
        await transcripts.put(standing)
        with pytest.raises(Fenced):
            await transcripts.put(a_transcript("i", epoch=epoch))
        assert await transcripts.get("i", 1) == standing

    async def test_of_many_writers_the_newest_stands(self, repositories: Repositories) -> None:
        transcripts = repositories.transcripts("acme")
        writers = [a_transcript("i", epoch=epoch, utterances=utterances(epoch)) for epoch in range(1, 13)]
        results = await asyncio.gather(
            *(transcripts.put(t) for t in reversed(writers)), return_exceptions=True
        )
        assert all(r is None or isinstance(r, Fenced) for r in results)
        assert await transcripts.get("i", 1) == writers[-1]

    async def test_another_organisation_neither_reads_nor_writes_it(self, repositories: Repositories) -> None:
        standing = a_transcript("i", epoch=1)
        await repositories.transcripts("acme").put(standing)
        other = repositories.transcripts("other")
        assert await other.get("i", 1) is None
        for foreign in (a_transcript("i", "other", epoch=9), a_transcript("i", "acme", epoch=9)):
            with pytest.raises(Fenced):
                await other.put(foreign)
        assert await repositories.transcripts("acme").get("i", 1) == standing


class TestAnalyses:
    async def test_are_fenced_and_scoped_like_transcripts(self, repositories: Repositories) -> None:
        analyses = repositories.analyses("acme")
        newer = an_analysis("i", epoch=2, warnings=("Very short.",))
        await analyses.put(an_analysis("i", epoch=1))
        await analyses.put(newer)
        with pytest.raises(Fenced):
            await analyses.put(an_analysis("i", epoch=2))
        with pytest.raises(Fenced):
            await repositories.analyses("other").put(an_analysis("i", "other", epoch=5))
        assert await analyses.get("i", 1) == newer
        assert await repositories.analyses("other").get("i", 1) is None

    async def test_are_listed_by_falling_revision(self, repositories: Repositories) -> None:
        analyses = repositories.analyses("acme")
        stored = [an_analysis("i", revision=n) for n in range(1, 13)]
        for analysis in (*stored, an_analysis("i2", revision=20)):
            await analyses.put(analysis)
        assert await analyses.list_newest("i", before=None, limit=2) == [stored[11], stored[10]]
        assert await analyses.list_newest("i", before=3, limit=9) == [stored[1], stored[0]]
        assert await repositories.analyses("other").list_newest("i", before=None, limit=9) == []
