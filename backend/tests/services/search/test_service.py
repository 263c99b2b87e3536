"""Searching from the question to the marked hits, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.core.cursors import CursorInvalid
from app.models.interview import Interview, Participant, Status, TemplateRef
from app.models.transcript import Speaker, SpeakerRole, Transcript, Utterance
from app.repositories.base import Expect, Repositories, SearchOrder, SearchQuery
from app.services.search.service import FoundPage, SearchService
from tests.fixtures.documents import NOON, a_transcript, an_interview, an_organisation

SPEAKERS = (
    Speaker(id="i", label="Speaker 1", name="Sarah", role=SpeakerRole.INTERVIEWER),
    Speaker(id="c", label="Speaker 2", role=SpeakerRole.CANDIDATE),
)


def spoken(*texts: str, **fields: Any) -> tuple[Utterance, ...]:
    """By the interviewer and the candidate in turns."""
    return tuple(
        Utterance(id=f"u{n}", speaker="ic"[n % 2], start=n * 10, end=n * 10 + 9, text=text, **fields)
        for n, text in enumerate(texts)
    )


class Installation:
    def __init__(self, repositories: Repositories) -> None:
        self.repositories = repositories
        self.service = SearchService(repositories)

    async def interview(
        self, name: str, *texts: str, language: str | None = "en", **fields: Any
    ) -> Interview:
        """A finished one with these utterances."""
        interview = an_interview(
            **{"id": name, "title": name, "transcript_revision": 1, "status": Status.DONE} | fields
        )
        await self.repositories.interviews("acme").insert(interview)
        await self.says(interview, 1, *texts, language=language)
        return interview

    async def says(self, interview: Interview, revision: int, *texts: str, **fields: Any) -> Transcript:
        """Stores and indexes a revision, and does not commit it."""
        transcript = a_transcript(
            interview.id, revision=revision, speakers=SPEAKERS, utterances=spoken(*texts), **fields
        )
        await self.repositories.transcripts("acme").put(transcript)
        await self.service.index(interview, transcript)
        return transcript

    async def commits(self, interview: Interview, revision: int) -> None:
        changes = {"transcript_revision": revision}
        assert await self.repositories.interviews("acme").compare_and_set(interview.id, Expect(), changes)

    async def asks(self, text: str, **options: Any) -> FoundPage:
        defaults: dict[str, Any] = {"order": SearchOrder.NEWEST, "cursor": None, "limit": 20}
        organisation = options.pop("organisation", "acme")
        where = options.pop("where", SearchQuery())
        return await self.service.search(organisation, text, where, **defaults | options)

    async def finds(self, text: str, **options: Any) -> list[tuple[str, str]]:
        return [(hit.interview_id, hit.quote.utterance_id) for hit in (await self.asks(text, **options)).hits]


@pytest.fixture
def installation(repositories: Repositories) -> Installation:
    return Installation(repositories)


async def test_a_hit_says_who_said_what_where_and_when(installation: Installation) -> None:
    person = Participant(name="Zoë", email="zoe@example.com")
    await installation.interview(
        "first", "Tell me.", "I moved BILLING to events, then billing grew.", candidate=person, position="Dev"
    )
    page = await installation.asks("billing")
    (hit,) = page.hits
    assert page.next_cursor is None
    assert (hit.interview_id, hit.revision, hit.number) == ("first", 1, 1)
    quote = hit.quote
    assert (quote.title, quote.candidate, quote.position, quote.created_at) == ("first", "Zoë", "Dev", NOON)
    assert (quote.speaker, quote.role) == ("Speaker 2", SpeakerRole.CANDIDATE)
    assert (quote.start, quote.end) == (10, 19)
    marked = [hit.snippet.text[one.start : one.end] for one in hit.snippet.ranges]
    assert marked == ["BILLING", "billing"]


async def test_a_speaker_who_is_not_in_the_list_keeps_their_id(installation: Installation) -> None:
    interview = await installation.interview("a")
    said = (
        Utterance(id="u0", speaker="i", start=0, end=1, text="billing"),
        Utterance(id="u1", speaker="s9", start=1, end=2, text="billing"),
    )
    transcript = a_transcript("a", epoch=2, speakers=SPEAKERS, utterances=said)
    await installation.repositories.transcripts("acme").put(transcript)
    await installation.service.index(interview, transcript)
    page = await installation.asks("billing")
    assert [(hit.quote.speaker, hit.quote.role) for hit in page.hits] == [
        ("Sarah", SpeakerRole.INTERVIEWER),
        ("s9", SpeakerRole.UNKNOWN),
    ]


async def test_words_may_be_typed_in_another_way(installation: Installation) -> None:
    await installation.interview("a", "Zoë uses C++ and .NET — don't ask.", "使用日本語です", "حَسَنًا 👍🏽")
    assert await installation.finds("zoe") == [("a", "u0")]
    assert await installation.finds("ZOË c++ net") == [("a", "u0")]
    assert await installation.finds("don’t") == [("a", "u0")]
    assert await installation.finds("日本語") == [("a", "u1")]
    assert await installation.finds("語") == [("a", "u1")]
    assert await installation.finds("本日") == []
    assert await installation.finds("حسنا") == [("a", "u2")]
    assert await installation.finds("c#") == []


async def test_all_words_and_phrases_must_be_in_one_utterance(installation: Installation) -> None:
    await installation.interview("a", "We moved billing to events", "events moved us", "billing")
    assert await installation.finds("moved events") == [("a", "u0"), ("a", "u1")]
    assert await installation.finds('"events moved"') == [("a", "u1")]
    assert await installation.finds('"to events" billing') == [("a", "u0")]


async def test_pages_follow_one_another_in_either_order(installation: Installation) -> None:
    for number in range(4):
        at = NOON + timedelta(days=number)
        await installation.interview(f"i{number}", "billing", "and billing " * (number + 1), created_at=at)
    for order in SearchOrder:
        whole = await installation.finds("billing", order=order)
        assert len(whole) == 8
        parts: list[tuple[str, str]] = []
        cursor = None
        while len(parts) < 8:
            page = await installation.asks("billing", order=order, cursor=cursor, limit=3)
            parts += [(hit.interview_id, hit.quote.utterance_id) for hit in page.hits]
            cursor = page.next_cursor
            assert (cursor is None) == (len(parts) == 8)
        assert parts == whole
    newest = await installation.finds("billing")
    assert newest[:3] == [("i3", "u0"), ("i3", "u1"), ("i2", "u0")]


async def test_a_foreign_cursor_is_refused(installation: Installation) -> None:
    with pytest.raises(CursorInvalid):
        await installation.asks("billing", cursor="???")


async def test_filters_narrow_it(installation: Installation) -> None:
    await installation.interview(
        "a",
        "billing?",
        "billing!",
        candidate=Participant(name="Zoë Łu"),
        position="Backend",
        tags=("senior",),
        template=TemplateRef(id="t", version=2),
    )
    await installation.interview("b", "billing", created_at=NOON - timedelta(days=2))
    both = [("a", "u0"), ("a", "u1")]
    for where, expected in {
        SearchQuery(role=SpeakerRole.CANDIDATE): [("a", "u1")],
        SearchQuery(candidate="zoe l"): both,
        SearchQuery(position="BACK"): both,
        SearchQuery(tag="senior"): both,
        SearchQuery(template_id="t"): both,
        SearchQuery(created_from=NOON): both,
        SearchQuery(created_to=NOON): [("b", "u0")],
        SearchQuery(tag="junior"): [],
    }.items():
        assert await installation.finds("billing", where=where) == expected


async def test_other_organisations_find_nothing_of_it(installation: Installation) -> None:
    await installation.interview("a", "billing")
    assert await installation.finds("billing", organisation="other") == []


async def test_only_the_current_words_are_found(installation: Installation) -> None:
    interview = await installation.interview("a", "billing")
    await installation.says(interview, 2, "invoices")
    assert await installation.finds("invoices") == []
    assert await installation.finds("billing") == [("a", "u0")]
    await installation.commits(interview, 2)
    assert await installation.finds("invoices") == [("a", "u0")]
    assert await installation.finds("billing") == []


async def test_what_is_being_deleted_is_not_found(installation: Installation) -> None:
    await installation.interview("a", "billing", status=Status.DELETING)
    assert await installation.finds("billing") == []


async def test_an_index_can_be_made_again(installation: Installation) -> None:
    people = installation.repositories.people
    await people.insert_organisation(an_organisation(id="acme"))
    await people.insert_organisation(an_organisation(id="empty"))
    for name in ("a", "b"):
        await installation.interview(name, f"billing {name}")
    await installation.interview("silent", transcript_revision=0)
    for name in ("a", "b"):
        await installation.repositories.search("acme").delete(name)
    assert await installation.finds("billing") == []
    for _ in range(2):
        assert sorted([name async for name in installation.service.rebuild_all()]) == ["a", "b"]
        assert sorted(await installation.finds("billing")) == [("a", "u0"), ("b", "u0")]
