"""Searching as the API takes and shows it."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from app.api.v1.schemas.common import In, Language, Moment, Out
from app.api.v1.schemas.interviews import Filter
from app.models.transcript import SpeakerRole
from app.repositories.base import SearchOrder, SearchQuery
from app.services.search.service import Found, FoundPage


class SearchParameters(In):
    """Filters are combined with AND. An unknown one is refused: ignored, it would show more than was asked for."""

    q: str = Field(
        max_length=2000,
        description='Words and "phrases", all of which one utterance must have; case, accents and endings do not matter',
        examples=['billing "moved to events"'],
    )
    language: Language | None = Field(
        default=None,
        description="Of the words, to find their other forms in interviews of that language; left out = any",
    )
    role: SpeakerRole | None = Field(default=None, description="Only what these speakers said")
    candidate: Filter = Field(
        default=None, description="Beginning of the name; case and accents do not matter"
    )
    position: Filter = Field(default=None, description="Beginning of the position, likewise")
    tag: Filter = None
    template: Filter = Field(default=None, description="Id of a template")
    created_from: Moment | None = Field(default=None, alias="from", description="Of the interview; inclusive")
    created_to: Moment | None = Field(default=None, alias="to", description="Exclusive")
    order: SearchOrder = Field(
        default=SearchOrder.NEWEST,
        alias="by",
        description="Of the hits: what says most of the words, or the newest",
    )
    cursor: str | None = Field(default=None, max_length=500, description="`next_cursor` of the last page")
    limit: int = Field(default=20, ge=1, le=100)

    def to_query(self) -> SearchQuery:
        """The filters; the words are read by the service."""
        return SearchQuery(
            role=self.role,
            candidate=self.candidate,
            position=self.position,
            tag=self.tag,
            template_id=self.template,
            created_from=self.created_from,
            created_to=self.created_to,
        )


class RangeOut(Out):
    start: int
    end: int


class SnippetOut(Out):
    text: str
    ranges: list[RangeOut] = Field(
        description="What was found: characters (Unicode code points) of `text` from `start` to before `end`"
    )
    cut_before: bool
    cut_after: bool = Field(description="Whether the utterance goes on there")


class FoundInterviewOut(Out):
    id: str
    title: str
    candidate: str | None
    position: str | None
    created_at: datetime


class FoundSpeakerOut(Out):
    name: str = Field(description="The person's name, or a neutral label")
    role: SpeakerRole


class FoundOut(Out):
    interview: FoundInterviewOut
    revision: int = Field(description="Of the transcript")
    utterance_id: str
    number: int = Field(description="Position of the utterance in the transcript, from 0")
    start: float = Field(description="Seconds from the beginning of the recording")
    end: float
    speaker: FoundSpeakerOut
    snippet: SnippetOut

    @classmethod
    def of(cls, found: Found) -> FoundOut:
        quote = found.quote
        return cls(
            interview=FoundInterviewOut(
                id=found.interview_id,
                title=quote.title,
                candidate=quote.candidate,
                position=quote.position,
                created_at=quote.created_at,
            ),
            revision=found.revision,
            utterance_id=quote.utterance_id,
            number=found.number,
            start=quote.start,
            end=quote.end,
            speaker=FoundSpeakerOut(name=quote.speaker, role=quote.role),
            snippet=SnippetOut.model_validate(found.snippet),
        )


class FoundPageOut(Out):
    items: list[FoundOut]
    next_cursor: str | None = Field(description="Send as `cursor` for the next page; null on the last one.")

    @classmethod
    def of(cls, page: FoundPage) -> FoundPageOut:
        return cls(items=[FoundOut.of(found) for found in page.hits], next_cursor=page.next_cursor)
