"""Models' answers next to the recording: asked once, kept until the interview is deleted."""

from __future__ import annotations

from app.services.storage.base import ObjectNotFound, ObjectStore
from app.services.storage.service import answer_key, answers_prefix


class StoredAnswers:
    """`AnswerBook` in the object store, for one analysis.

    An answer is found by the hash of its request, so a worker that takes over asks only what was not asked yet.
    """

    def __init__(self, store: ObjectStore, organisation_id: str, interview_id: str, name: str) -> None:
        """`name` tells the analyses of an interview apart."""
        self._store = store
        self._place = (organisation_id, interview_id, name)

    async def find(self, input_hash: str) -> bytes | None:
        try:
            return await self._store.get_bytes(answer_key(*self._place, input_hash))
        except ObjectNotFound:
            return None

    async def keep(self, input_hash: str, answer: bytes) -> None:
        """The first answer stays: a worker that wakes after its lease must not replace what another one went by."""
        key = answer_key(*self._place, input_hash)
        if await self._store.head(key) is None:
            await self._store.put_bytes(key, answer, content_type="application/json")

    async def forget(self) -> None:
        """Of an analysis that came to nothing: what it was answered would be its end again, whenever it is retried."""
        await self._store.delete_prefix(answers_prefix(*self._place))
