"""What both databases must do with changes of transcripts and with highlights."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.models.edit import (
    DescribeSpeaker,
    EditText,
    JoinUtterances,
    MergeSpeakers,
    Reassign,
    ReplacedText,
    ReplaceText,
    SplitOffSpeaker,
    SplitUtterance,
    SwapSpeakers,
    Undo,
)
from app.models.transcript import SpeakerRole
from app.repositories.base import Duplicate, Fenced, PageKey, Repositories
from tests.fixtures.databases import OpenDatabase
from tests.fixtures.documents import NOON, a_highlight, a_transcript, an_edit, minutes
from tests.fixtures.everything import TEXT, spoken

OPERATIONS = (
    EditText(utterance_id="u1", text=TEXT),
    ReplaceText(find="a", replace="", changes=(ReplacedText(utterance_id="u1", text="b"),)),
    SplitUtterance(utterance_id="u1", at=3, new_id="u1b"),
    JoinUtterances(utterance_ids=("u1", "u2")),
    DescribeSpeaker(speaker="s1", name="", role=SpeakerRole.OBSERVER),
    SwapSpeakers(first="s1", second="s2"),
    MergeSpeakers(into="s1", others=("s2", "s3")),
    SplitOffSpeaker(utterance_ids=("u1",), new_speaker="s3", name="Zoë"),
    Reassign(utterance_ids=("u1",), speaker="s2"),
    Undo(revision=2),
)


class TestForget:
    async def test_takes_one_revision_and_its_words(self, repositories: Repositories) -> None:
        transcripts = repositories.transcripts("acme")
        kept = a_transcript("i", utterances=spoken(2))
        for transcript in (kept, a_transcript("i", revision=2, base=1, utterances=spoken(3))):
            await transcripts.put(transcript)
        await transcripts.forget("i", 2)
        assert await transcripts.get("i", 2) is None
        assert await transcripts.get_json("i", 2) is None
        assert await transcripts.get("i", 1) == kept

    async def test_a_forgotten_revision_can_be_written_again(self, repositories: Repositories) -> None:
        transcripts = repositories.transcripts("acme")
        transcript = a_transcript("i", revision=2, base=1, utterances=spoken(3))
        await transcripts.put(transcript)
        await transcripts.forget("i", 2)
        await transcripts.put(transcript)
        assert await transcripts.get("i", 2) == transcript

    async def test_what_is_not_there_or_another_organisations_stays_so(
        self, repositories: Repositories
    ) -> None:
        transcript = a_transcript("i")
        await repositories.transcripts("acme").put(transcript)
        await repositories.transcripts("other").forget("i", 1)
        await repositories.transcripts("acme").forget("i", 2)
        assert await repositories.transcripts("acme").get("i", 1) == transcript


class TestEdits:
    @pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.kind)
    async def test_every_operation_is_given_back(self, repositories: Repositories, operation: Any) -> None:
        edit = an_edit("i", operation=operation)
        await repositories.edits("acme").put(edit)
        assert await repositories.edits("acme").get("i", 2) == edit

    async def test_are_fenced_and_scoped_like_transcripts(self, repositories: Repositories) -> None:
        edits = repositories.edits("acme")
        newer = an_edit("i", epoch=2, by_name=TEXT)
        await edits.put(an_edit("i", epoch=1))
        await edits.put(newer)
        with pytest.raises(Fenced):
            await edits.put(an_edit("i", epoch=2))
        with pytest.raises(Fenced):
            await repositories.edits("other").put(an_edit("i", "other", epoch=5))
        assert await edits.get("i", 2) == newer
        assert await repositories.edits("other").get("i", 2) is None

    async def test_are_listed_by_falling_revision(self, repositories: Repositories) -> None:
        edits = repositories.edits("acme")
        stored = [an_edit("i", revision=n) for n in range(2, 13)]
        for edit in (*stored, an_edit("i2", revision=20)):
            await edits.put(edit)
        assert await edits.list_newest("i", before=None, limit=2) == [stored[10], stored[9]]
        assert await edits.list_newest("i", before=4, limit=9) == [stored[1], stored[0]]
        assert await repositories.edits("other").list_newest("i", before=None, limit=9) == []


class TestHighlights:
    async def test_gives_back_every_field(self, open_database: OpenDatabase) -> None:
        highlight = a_highlight(
            "i", utterance_ids=("u1", "u2"), quote=TEXT, comment="👏", tags=("a", "ü"), version=7
        )
        async with open_database() as first:
            await first.highlights("acme").insert(highlight)
        async with open_database() as again:
            assert await again.highlights("acme").get("i", highlight.id) == highlight

    async def test_an_id_is_taken_once(self, repositories: Repositories) -> None:
        await repositories.highlights("acme").insert(a_highlight("i", id="h"))
        with pytest.raises(Duplicate):
            await repositories.highlights("acme").insert(a_highlight("i", id="h"))

    async def test_newest_first_in_pages_of_one_interview(self, repositories: Repositories) -> None:
        highlights = repositories.highlights("acme")
        for n in range(5):
            await highlights.insert(a_highlight("i", id=f"h{n}", created_at=NOON + minutes(n // 2)))
        await highlights.insert(a_highlight("i2", id="h9"))
        first = await highlights.list_newest("i", after=None, limit=3)
        rest = await highlights.list_newest("i", after=PageKey(first[-1].created_at, first[-1].id), limit=3)
        assert [h.id for h in (*first, *rest)] == ["h4", "h3", "h2", "h1", "h0"]

    async def test_of_two_editors_one_wins(self, repositories: Repositories) -> None:
        highlights = repositories.highlights("acme")
        highlight = a_highlight("i")
        await highlights.insert(highlight)
        changed = [highlight.model_copy(update={"version": 2, "comment": f"{n}"}) for n in range(8)]
        results = await asyncio.gather(*(highlights.replace(each, expected_version=1) for each in changed))
        assert results.count(True) == 1
        assert await highlights.get("i", highlight.id) == changed[results.index(True)]

    async def test_deletes_once(self, repositories: Repositories) -> None:
        highlights = repositories.highlights("acme")
        await highlights.insert(a_highlight("i", id="h"))
        assert await highlights.delete("i", "h")
        assert not await highlights.delete("i", "h")
        assert await highlights.get("i", "h") is None

    @pytest.mark.parametrize(("organisation", "interview"), [("other", "i"), ("acme", "i2")])
    async def test_are_found_in_their_interview_and_organisation_alone(
        self, repositories: Repositories, organisation: str, interview: str
    ) -> None:
        highlight = a_highlight("i", id="h")
        await repositories.highlights("acme").insert(highlight)
        others = repositories.highlights(organisation)
        assert await others.get(interview, "h") is None
        assert await others.list_newest(interview, after=None, limit=9) == []
        foreign = highlight.model_copy(update={"organisation_id": organisation, "interview_id": interview})
        assert not await others.replace(foreign, expected_version=1)
        assert not await others.delete(interview, "h")
        with pytest.raises(ValueError, match="another organisation"):
            await others.insert(highlight.model_copy(update={"organisation_id": "third"}))
        assert await repositories.highlights("acme").get("i", "h") == highlight
