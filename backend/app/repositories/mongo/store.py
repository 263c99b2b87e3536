"""What the MongoDB repositories share: errors in our terms, documents in and out, key paging."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from pymongo import ReturnDocument
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    DocumentTooLarge,
    DuplicateKeyError,
    ExecutionTimeout,
    InvalidOperation,
    WTimeoutError,
)

from app.core.errors import AppError, TooLarge
from app.models.base import Stored
from app.repositories.base import DatabaseUnavailable, Duplicate, PageKey
from app.repositories.values import if_readable, with_precision

C = TypeVar("C")
Model = TypeVar("Model", bound=Stored)
Document = dict[str, Any]
Collection = AsyncCollection[Document]

_UNAVAILABLE: Final = (ConnectionFailure, ExecutionTimeout, InvalidOperation, WTimeoutError)
_TAKEN: Final = 11000
"""The server's code for a unique key that is taken."""


class DocumentOverLimit(TooLarge):
    code = "document_too_large"


def translating(repository: type[C]) -> type[C]:
    """Class decorator: the verbs raise the errors of the protocols in place of the driver's."""
    for name, verb in list(vars(repository).items()):
        if inspect.iscoroutinefunction(verb) and not name.startswith("_"):
            setattr(repository, name, _translated(verb))
    return repository


def _translated(verb: Any) -> Any:
    @functools.wraps(verb)
    async def translated(*args: Any, **kwargs: Any) -> Any:
        try:
            return await verb(*args, **kwargs)
        except DuplicateKeyError:
            # Without its cause, here and below: it holds what was to be written, addresses and secrets and all.
            raise Duplicate("Something with this key exists already.") from None
        except BulkWriteError as error:
            raise _of_many(error) from None
        except _UNAVAILABLE as error:
            raise DatabaseUnavailable(f"MongoDB did not answer ({type(error).__name__}).") from error
        except DocumentTooLarge as error:
            raise DocumentOverLimit("This is larger than MongoDB can store (16 MB).") from error

    return translated


def _of_many(error: BulkWriteError) -> AppError:
    """What became of a write of many documents."""
    faults = [*error.details.get("writeErrors", ()), *error.details.get("writeConcernErrors", ())]
    codes = {fault.get("code") for fault in faults}
    if _TAKEN in codes:
        return Duplicate("Something with this key exists already.")
    return DatabaseUnavailable(f"MongoDB did not write everything (codes {sorted(map(str, codes))}).")


def to_document(model: Stored, *, key: str | None = None, **derived: Any) -> Document:
    """The stored form. `_id` is the model's id, or the given key, which is made of other fields."""
    document = with_precision(model).model_dump()
    if key is None:
        key = document.pop("id")
    return {"_id": key, **document, **derived}


async def insert_new(collection: Collection, document: Document) -> bool:
    """False when the key is taken."""
    try:
        await collection.insert_one(document)
    except DuplicateKeyError:
        return False
    return True


async def replace_version(collection: Collection, document: Document, expected_version: int) -> bool:
    """Replace the document of the same key and organisation that has this version; False when there is none."""
    expected = {
        "_id": document["_id"],
        "organisation_id": document["organisation_id"],
        "version": expected_version,
    }
    return (await collection.replace_one(expected, document)).matched_count == 1


async def save_version(collection: Collection, document: Document, expected_version: int) -> bool:
    """Insert the first version, or replace the expected one; False when something else stands there."""
    if expected_version == 0:
        return await insert_new(collection, document)
    return await replace_version(collection, document, expected_version)


def to_model(model: type[Model], document: Mapping[str, Any]) -> Model:
    return model.model_validate({"id": document["_id"], **document})


async def one(collection: Collection, model: type[Model], condition: Mapping[str, Any]) -> Model | None:
    document = await collection.find_one(condition)
    return None if document is None else to_model(model, document)


async def many(
    collection: Collection,
    model: type[Model],
    condition: Mapping[str, Any],
    *,
    sort: Sequence[tuple[str, int]],
    limit: int | None = None,
) -> Sequence[Model]:
    """All that match, or the first `limit` of them in one round trip."""
    if limit is not None and limit < 1:
        return []
    cursor = collection.find(condition, sort=sort, limit=limit or 0, batch_size=limit or 0)
    return [to_model(model, document) for document in await cursor.to_list()]


async def many_readable(
    collection: Collection,
    model: type[Model],
    condition: Mapping[str, Any],
    *,
    sort: Sequence[tuple[str, int]],
    limit: int,
) -> Sequence[Model]:
    """The first `limit` that match and can be read: the others must not keep these back."""
    found: list[Model] = []
    if limit < 1:
        return found
    async with collection.find(condition, sort=sort, batch_size=limit) as cursor:
        async for document in cursor:
            if (entry := readable(model, document)) is not None:
                found.append(entry)
            if len(found) == limit:
                break
    return found


async def claim_readable(
    collection: Collection, model: type[Model], due: Mapping[str, Any], claim: Mapping[str, Any]
) -> Model | None:
    """Claim what has been due longest. What cannot be read is thereby put off as well, and passed over."""
    while (claimed := await _claim(collection, due, claim)) is not None:
        document = readable(model, claimed)
        if document is not None:
            return document
    return None


async def _claim(collection: Collection, due: Mapping[str, Any], claim: Mapping[str, Any]) -> Document | None:
    return await collection.find_one_and_update(
        due, claim, sort=[("due_at", 1)], return_document=ReturnDocument.AFTER
    )


def readable(model: type[Model], document: Mapping[str, Any]) -> Model | None:
    return if_readable(model, lambda: to_model(model, document))


async def newest(
    collection: Collection,
    model: type[Model],
    condition: Document,
    *,
    after: PageKey | None,
    limit: int,
    id_field: str = "_id",
) -> Sequence[Model]:
    """A page of those that match, newest first."""
    query = condition if after is None else resumed(condition, after, id_field)
    return await many(collection, model, query, sort=[("created_at", -1), (id_field, -1)], limit=limit)


def at_or_after(field: str, since: datetime, after_id: str) -> Document:
    """The condition for what is at or after a moment; of what is at that very moment, for the ids beyond `after_id`.

    The bound on the field follows from the `$or`; it lets the index begin at the position.
    """
    condition: Document = {field: {"$gte": since}}
    if after_id:
        condition["$or"] = [{field: {"$gt": since}}, {field: since, "_id": {"$gt": after_id}}]
    return condition


def resumed(condition: Document, after: PageKey, id_field: str = "_id") -> Document:
    """The condition for the rows after a position.

    The bound on `created_at` follows from the `$or`; it lets the index begin at the position.
    """
    return condition | {
        "created_at": {**condition.get("created_at", {}), "$lte": after.created_at},
        "$or": [
            {"created_at": {"$lt": after.created_at}},
            {"created_at": after.created_at, id_field: {"$lt": after.id}},
        ],
    }
