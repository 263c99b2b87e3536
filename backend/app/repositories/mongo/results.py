"""Transcripts, their changes, analyses, stability reports: written once for each revision, under its writer's epoch."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Generic, TypeVar

from pymongo.errors import DuplicateKeyError

from app.models.analysis import Analysis
from app.models.edit import TranscriptEdit
from app.models.stability import StabilityReport
from app.models.transcript import Transcript
from app.repositories.base import Fenced, TranscriptJson
from app.repositories.mongo.store import Collection, Document, many, one, to_document, to_model, translating
from app.repositories.transcript_parts import cut, join, span, split
from app.repositories.values import result_id

Result = TypeVar("Result", Analysis, StabilityReport, TranscriptEdit)


@translating
class MongoTranscripts:
    """`TranscriptRepository`. The utterances are stored as parts of JSON text, see `transcript_parts`."""

    def __init__(self, transcripts: Collection, organisation_id: str) -> None:
        self._transcripts = transcripts
        self._organisation_id = organisation_id

    async def put(self, transcript: Transcript) -> None:
        document = await asyncio.to_thread(transcript_document, transcript)
        await _put(self._transcripts, document, self._organisation_id)

    async def get(self, interview_id: str, revision: int) -> Transcript | None:
        key = result_id(interview_id, revision)
        document = await self._transcripts.find_one({"_id": key, "organisation_id": self._organisation_id})
        if document is None:
            return None
        return await asyncio.to_thread(to_transcript, document)

    async def get_json(
        self, interview_id: str, revision: int, *, after: int = 0, limit: int | None = None
    ) -> TranscriptJson | None:
        condition = {"_id": result_id(interview_id, revision), "organisation_id": self._organisation_id}
        found = await self._transcripts.find_one(condition, {"parts": False})
        if found is None:
            return None
        head, sizes = to_model(Transcript, found), found["sizes"]
        where = span(sizes, after=after, limit=limit)
        # The epoch: a newer one may have replaced the document in between, and its parts are cut elsewhere.
        parts = await self._transcripts.find_one(
            {**condition, "epoch": head.epoch}, {"parts": {"$slice": [where.first, max(1, where.parts)]}}
        )
        if parts is None:
            return await self.get_json(interview_id, revision, after=after, limit=limit)
        some = parts["parts"] if where.parts else []
        return TranscriptJson(head, sum(sizes), await asyncio.to_thread(cut, some, where))

    async def forget(self, interview_id: str, revision: int) -> None:
        condition = {"_id": result_id(interview_id, revision), "organisation_id": self._organisation_id}
        await self._transcripts.delete_one(condition)


@translating
class MongoResults(Generic[Result]):
    """`AnalysisRepository`, `StabilityRepository` or `EditRepository`."""

    def __init__(self, results: Collection, model: type[Result], organisation_id: str) -> None:
        self._results = results
        self._model: type[Result] = model
        self._organisation_id = organisation_id

    async def put(self, result: Result) -> None:
        await _put(self._results, result_document(result), self._organisation_id)

    async def get(self, interview_id: str, revision: int) -> Result | None:
        condition = {"_id": result_id(interview_id, revision), "organisation_id": self._organisation_id}
        return await one(self._results, self._model, condition)

    async def list_newest(self, interview_id: str, *, before: int | None, limit: int) -> Sequence[Result]:
        condition: Document = {"interview_id": interview_id, "organisation_id": self._organisation_id}
        if before is not None:
            condition["revision"] = {"$lt": before}
        return await many(self._results, self._model, condition, sort=[("revision", -1)], limit=limit)


def transcript_document(transcript: Transcript) -> Document:
    head, parts, sizes = split(transcript)
    return result_document(head) | {"parts": parts, "sizes": sizes}


def to_transcript(document: Document) -> Transcript:
    return join(to_model(Transcript, document), document["parts"])


def result_document(result: Transcript | Analysis | StabilityReport | TranscriptEdit) -> Document:
    return to_document(result, key=result_id(result.interview_id, result.revision))


async def _put(collection: Collection, document: Document, organisation_id: str) -> None:
    """Insert, or replace what an older epoch of the same organisation wrote. Raises `Fenced`.

    When something else stands there the filter finds nothing, so the upsert inserts and meets the key.
    """
    fenced = Fenced("A newer claim has written this revision already.")
    if document["organisation_id"] != organisation_id:
        raise fenced
    older = {
        "_id": document["_id"],
        "organisation_id": organisation_id,
        "epoch": {"$lt": document["epoch"]},
    }
    try:
        await collection.replace_one(older, document, upsert=True)
    except DuplicateKeyError as error:
        raise fenced from error
