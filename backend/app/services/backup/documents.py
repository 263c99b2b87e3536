"""Documents as lines: the same text for the same document, whichever database it is in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Final

from app.models.base import Stored
from app.repositories.base import MODELS, Archive, Kind

_PAGE: Final = 500
_LONG: Final = {Kind.TRANSCRIPTS: 4, Kind.ANALYSES: 50, Kind.STABILITY: 50}
"""Documents that may have many megabytes: fewer at a time."""
_BATCH_BYTES: Final = 4 * 2**20


async def stored_documents(archive: Archive, kind: Kind) -> AsyncIterator[Stored]:
    """All of a kind, by rising key; never more than some in memory."""
    after: str | None = None
    while page := await archive.page(kind, after=after, limit=_LONG.get(kind, _PAGE)):
        for each in page:
            yield each.document
        after = page[-1].key


def to_line(document: Stored) -> bytes:
    return document.model_dump_json().encode() + b"\n"


def from_line(kind: Kind, line: bytes) -> Stored:
    """Raises `ValueError` for what is no such document. What came after its release has the model's default."""
    return MODELS[kind].model_validate_json(line)


def batches(kind: Kind, lines: Iterable[bytes]) -> Iterator[list[Stored]]:
    """As many at a time as make sense in one write."""
    batch: list[Stored] = []
    held = 0
    for line in lines:
        batch.append(from_line(kind, line))
        held += len(line)
        if len(batch) >= _PAGE or held >= _BATCH_BYTES:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch
