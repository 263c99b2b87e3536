"""Finding what was said, in all interviews of an organisation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Final

from app.core.cursors import CursorInvalid
from app.models.interview import Interview
from app.models.transcript import Transcript
from app.repositories.base import (
    InterviewFilter,
    PageKey,
    Quote,
    Repositories,
    SearchOrder,
    SearchQuery,
)
from app.services.search.indexing import index_transcript
from app.services.search.questions import read_question
from app.services.search.snippets import Snippet, snippet

_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Found:
    """An utterance that answers, and the interview that it is from."""

    interview_id: str
    revision: int
    number: int
    quote: Quote
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class FoundPage:
    hits: tuple[Found, ...]
    next_cursor: str | None


class SearchService:
    """What is said in an interview is open to every member; the rule of visibility concerns drafts and scorecards."""

    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    async def index(self, interview: Interview, transcript: Transcript) -> None:
        """As `index_transcript`."""
        await index_transcript(self._repositories, interview, transcript)

    async def search(
        self,
        organisation_id: str,
        text: str,
        where: SearchQuery,
        *,
        language: str | None = None,
        order: SearchOrder,
        cursor: str | None,
        limit: int,
    ) -> FoundPage:
        """Utterances that have all words and phrases of the text; `where` gives the other conditions.

        Raises `QuestionEmpty`, `QuestionTooLong` and `CursorInvalid`.
        """
        question = read_question(text, language)
        query = replace(where, terms=question.terms, phrases=question.phrases)
        try:
            hits = await self._repositories.search(organisation_id).search(
                query, order=order, cursor=cursor, limit=limit + 1
            )
        except ValueError:
            raise CursorInvalid("This cursor is not one of ours; begin again without it.") from None
        shown = hits[:limit]
        found = tuple(
            Found(
                hit.interview_id,
                hit.revision,
                hit.number,
                hit.quote,
                snippet(hit.quote.text, question, hit.quote.language, indexed=hit.terms),
            )
            for hit in shown
        )
        return FoundPage(found, shown[-1].cursor if len(hits) > limit else None)

    async def rebuild_all(self) -> AsyncIterator[str]:
        """As `rebuild`, of all organisations."""
        people, after = self._repositories.people, None
        while page := await people.list_organisations(after=after, limit=_PAGE):
            for organisation in page:
                async for interview_id in self.rebuild(organisation.id):
                    yield interview_id
            after = page[-1].id

    async def rebuild(self, organisation_id: str) -> AsyncIterator[str]:
        """Index all interviews of an organisation again, newest first; gives the id of each that has words.

        It may run beside everything else: an interview that gets another transcript meanwhile is indexed anew.
        """
        interviews = self._repositories.interviews(organisation_id)
        after: PageKey | None = None
        while page := await interviews.list_newest(InterviewFilter(), after=after, limit=_PAGE):
            for interview in page:
                if await self._index_again(interview):
                    yield interview.id
            after = PageKey(page[-1].created_at, page[-1].id)

    async def _index_again(self, interview: Interview) -> bool:
        """False when it has no transcript, or is gone."""
        repositories, current = self._repositories, interview
        while current.transcript_revision:
            revision = current.transcript_revision
            transcript = await repositories.transcripts(current.organisation_id).get(current.id, revision)
            if transcript is not None:
                await self.index(current, transcript)
            now = await repositories.interviews(current.organisation_id).get(current.id)
            if now is None:
                # Deleted while it was indexed: nothing of it may stay.
                await repositories.search(current.organisation_id).delete(current.id)
                return False
            if now.transcript_revision == revision:
                return transcript is not None
            current = now
        return False
