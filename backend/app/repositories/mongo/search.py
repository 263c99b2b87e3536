"""Search in MongoDB: a document for each passage, found by its terms from an index that has the order of the newest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from pymongo import ReplaceOne
from pymongo.errors import BulkWriteError

from app.models.interview import Status
from app.models.transcript import SpeakerRole
from app.repositories.base import (
    RELEVANCE_WINDOW,
    IndexedTranscript,
    InterviewFilter,
    Passage,
    Quote,
    SearchHit,
    SearchOrder,
    SearchQuery,
)
from app.repositories.mongo.interviews import list_condition
from app.repositories.mongo.store import Collection, Document, translating
from app.repositories.quoting import QuotedInterview, interview_from
from app.repositories.search_positions import Position, occurrences, read_newest, read_scored, relevance
from app.repositories.values import from_milliseconds, result_id, to_milliseconds, to_precision

ORDER: Final = [("created_at", -1), ("interview_id", -1), ("number", 1)]
_WRITTEN_AT_ONCE: Final = 200
"""Passages: turning more of them into BSON would hold other requests up."""
_READ_AT_ONCE: Final = 64
_READ_AT_MOST: Final = 1024
_FEW: Final = 100
"""Interviews that can be named in the condition."""
_COUNTED: Final = 1000
_SHOWN: Final = ["transcript_revision", "title", "candidate.name", "position"]
_GONE: Final = [Status.DELETING.value, Status.DELETED.value]
_TAKEN: Final = 11000
"""The server's code for a key that is there already."""

Hit = tuple[Document, QuotedInterview]
"""A passage, and its interview."""


@translating
class MongoSearch:
    """`SearchRepository`."""

    def __init__(
        self, passages: Collection, interviews: Collection, transcripts: Collection, organisation_id: str
    ) -> None:
        self._passages = passages
        self._interviews = interviews
        self._transcripts = transcripts
        self._organisation_id = organisation_id

    async def put(self, indexed: IndexedTranscript) -> None:
        if await self._current_revision(indexed) is None:
            return
        await self._write(indexed)
        current = await self._current_revision(indexed)
        mine = {**self._of(indexed.interview_id), "revision": indexed.revision}
        if current is None:
            # It came too late while it was written. What a higher epoch has written is left.
            await self._passages.delete_many({**mine, "epoch": {"$lte": indexed.epoch}})
            return
        older = {"$lt": indexed.revision, "$ne": current}
        await self._passages.delete_many({**mine, "revision": older})

    async def _write(self, indexed: IndexedTranscript) -> None:
        """Over what an older epoch has written of the revision, and in place of the rest of that."""
        passages = [passage for passage in indexed.passages if any(passage.terms)]
        not_newer = {"epoch": {"$lte": indexed.epoch}}
        for start in range(0, len(passages), _WRITTEN_AT_ONCE):
            some = passages[start : start + _WRITTEN_AT_ONCE]
            documents = [passage_document(indexed, passage, self._organisation_id) for passage in some]
            written = [ReplaceOne({"_id": each["_id"], **not_newer}, each, upsert=True) for each in documents]
            await self._write_over(written)
        left_over = {"revision": indexed.revision, "number": {"$nin": [p.number for p in passages]}}
        await self._passages.delete_many({**self._of(indexed.interview_id), **left_over, **not_newer})

    async def _write_over(self, written: Sequence[ReplaceOne[Document]]) -> None:
        """Where something newer stands the filter finds nothing, so the upsert inserts and meets the key."""
        try:
            await self._passages.bulk_write(written, ordered=False)
        except BulkWriteError as error:
            if any(failed["code"] != _TAKEN for failed in error.details["writeErrors"]):
                raise

    async def delete(self, interview_id: str) -> None:
        await self._passages.delete_many(self._of(interview_id))

    async def search(
        self, query: SearchQuery, *, order: SearchOrder, cursor: str | None, limit: int
    ) -> Sequence[SearchHit]:
        if not _phrases(query):
            return []
        if order is SearchOrder.NEWEST:
            after = None if cursor is None else read_newest(cursor)
            found = await self._newest(query, after, limit)
            return [_hit(hit, _position(hit[0]).cursor()) for hit in found]
        last = None if cursor is None else read_scored(cursor)
        window = await self._newest(query, None, RELEVANCE_WINDOW)
        return await asyncio.to_thread(_most_relevant, window, _phrases(query), last, limit)

    async def _current_revision(self, indexed: IndexedTranscript) -> int | None:
        """The interview's; None when what is to be indexed comes too late."""
        mine = {"organisation_id": self._organisation_id}
        wanted = {"_id": indexed.interview_id, **mine, "status": {"$nin": _GONE}}
        key = result_id(indexed.interview_id, indexed.revision)
        interview, overtaken = await asyncio.gather(
            self._interviews.find_one(wanted, ["transcript_revision"]),
            self._transcripts.find_one({"_id": key, **mine, "epoch": {"$gt": indexed.epoch}}, ["_id"]),
        )
        if interview is None or overtaken is not None:
            return None
        current: int = interview["transcript_revision"]
        return current if current <= indexed.revision else None

    async def _newest(self, query: SearchQuery, after: Position | None, limit: int) -> list[Hit]:
        found: list[Hit] = []
        async for hit in self._hits(query, after, limit):
            found.append(hit)
            if len(found) == limit:
                break
        return found

    async def _hits(self, query: SearchQuery, after: Position | None, limit: int) -> AsyncIterator[Hit]:
        """What matches, the newest first, without what is of no current transcript or no wanted interview."""
        condition = words_condition(self._organisation_id, query)
        wanted = interview_condition(self._organisation_id, query)
        if query.candidate is not None or query.position is not None or query.tag or query.template_id:
            ids = await self._interviews.find(wanted, ["_id"], limit=_FEW + 1).to_list()
            if len(ids) <= _FEW:
                condition["interview_id"] = {"$in": [found["_id"] for found in ids]}
        condition["terms"] = {"$all": await self._rarest_first(condition["terms"]["$all"])}
        phrases = [phrase for phrase in _phrases(query) if len(phrase) > 1]
        size = max(_READ_AT_ONCE, min(2 * limit, _READ_AT_MOST))
        while True:
            resumed = condition if after is None else resumed_after(condition, after)
            cursor = self._passages.find(resumed, sort=ORDER, limit=size, batch_size=size)
            documents = await cursor.to_list()
            interviews = await self._interviews_of(wanted, documents)
            for document in documents:
                interview = interviews.get((document["interview_id"], document["revision"]))
                if interview and all(occurrences(document["terms"], phrase) for phrase in phrases):
                    yield document, interview
            if len(documents) < size:
                return
            after, size = _position(documents[-1]), min(2 * size, _READ_AT_MOST)

    async def _rarest_first(self, terms: list[str]) -> list[str]:
        """A server reads what has the first term and looks at each for the others."""
        if len(terms) < 2:
            return terms
        counts = await asyncio.gather(*(self._count(term) for term in terms))
        return [term for _, term in sorted(zip(counts, terms, strict=True), key=lambda each: each[0])]

    async def _count(self, term: str) -> int:
        condition = {"organisation_id": self._organisation_id, "terms": term}
        return await self._passages.count_documents(condition, limit=_COUNTED)

    async def _interviews_of(
        self, wanted: Document, documents: Sequence[Document]
    ) -> dict[tuple[str, int], QuotedInterview]:
        """Those of the documents' interviews that are asked for, by their ids and current revisions."""
        condition = {**wanted, "_id": {"$in": list({document["interview_id"] for document in documents})}}
        found = await self._interviews.find(condition, _SHOWN).to_list()
        return {(one["_id"], one["transcript_revision"]): interview_from(one) for one in found}

    def _of(self, interview_id: str) -> Document:
        return {"interview_id": interview_id, "organisation_id": self._organisation_id}


def passage_document(indexed: IndexedTranscript, passage: Passage, organisation_id: str) -> Document:
    return {
        "_id": f"{organisation_id}:{indexed.interview_id}:{indexed.revision}:{passage.number}",
        "organisation_id": organisation_id,
        "interview_id": indexed.interview_id,
        "revision": indexed.revision,
        "epoch": indexed.epoch,
        "created_at": to_precision(indexed.created_at),
        "number": passage.number,
        "utterance_id": passage.utterance_id,
        "start": passage.start,
        "end": passage.end,
        "speaker": passage.speaker,
        "role": passage.role.value,
        "text": passage.text,
        "language": passage.language,
        "terms": [term for term in passage.terms if term],
    }


def words_condition(organisation_id: str, query: SearchQuery) -> Document:
    """All words, those of phrases among them, in one passage."""
    terms = list(dict.fromkeys(term for phrase in _phrases(query) for term in phrase))
    condition: Document = {"organisation_id": organisation_id, "terms": {"$all": terms}}
    if query.role is not None:
        condition["role"] = query.role.value
    bounds = {"$gte": query.created_from, "$lt": query.created_to}
    if given := {operator: at for operator, at in bounds.items() if at is not None}:
        condition["created_at"] = given
    return condition


def interview_condition(organisation_id: str, query: SearchQuery) -> Document:
    where = InterviewFilter(candidate=query.candidate, position=query.position, tag=query.tag)
    condition = list_condition(organisation_id, where)
    if query.template_id is not None:
        condition["template.id"] = query.template_id
    return condition


def resumed_after(condition: Document, after: Position) -> Document:
    """The condition for what comes after a position. The bound on `created_at` lets the index begin there."""
    at = from_milliseconds(after.at)
    same: Document = {"created_at": at, "interview_id": after.interview_id}
    return condition | {
        "created_at": {**condition.get("created_at", {}), "$lte": at},
        "$or": [
            {"created_at": {"$lt": at}},
            {"created_at": at, "interview_id": {"$lt": after.interview_id}},
            {**same, "number": {"$gt": after.number}},
        ],
    }


def _phrases(query: SearchQuery) -> list[list[str]]:
    found = ([term for term in phrase if term] for phrase in (*((t,) for t in query.terms), *query.phrases))
    return [phrase for phrase in found if phrase]


def _most_relevant(
    window: Sequence[Hit],
    phrases: Sequence[Sequence[str]],
    last: tuple[int, Position] | None,
    limit: int,
) -> list[SearchHit]:
    scored = [(relevance(hit[0]["terms"], phrases), hit) for hit in window]
    scored.sort(key=lambda each: -each[0])
    if last is not None:
        scored = [(score, hit) for score, hit in scored if _position(hit[0]).comes_after(score, last)]
    return [_hit(hit, _position(hit[0]).cursor(score)) for score, hit in scored[:limit]]


def _position(document: Document) -> Position:
    return Position(to_milliseconds(document["created_at"]), document["interview_id"], document["number"])


def _hit(hit: Hit, cursor: str) -> SearchHit:
    document, interview = hit
    names = ("created_at", "utterance_id", "speaker", "start", "end", "text", "language")
    said: dict[str, Any] = {name: document[name] for name in names}
    quote = Quote(
        title=interview.title,
        candidate=interview.candidate_name,
        position=interview.position,
        role=SpeakerRole(document["role"]),
        **said,
    )
    return SearchHit(
        document["interview_id"],
        document["revision"],
        document["number"],
        quote,
        document["terms"],
        cursor,
    )
