"""Sending a recording: a small one in one request, a large one in parts that need not be sent twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from app.command_line.api import Api, Json
from app.command_line.errors import ApiFailed
from app.command_line.importing.content import Content
from app.command_line.patience import Patience

IN_ONE_REQUEST: Final = 16 * 2**20
"""Bytes up to which beginning again costs less than parts do."""


@dataclass(frozen=True, slots=True)
class Sender:
    api: Api
    patience: Patience

    def send(self, interview: Json, content: Content, moved: Callable[[int], None]) -> Json:
        """The interview with its recording. `moved` is told how many bytes are there.

        Also after a lost answer: what the server has is looked up before it is sent again.
        """
        way = self._whole if content.size <= IN_ONE_REQUEST else self._in_parts
        try:
            return way(interview, content, moved)
        except ApiFailed as failure:
            if failure.code != "recording_exists":
                raise
            # Another import of the same content was quicker.
            return self.api.interview(interview["id"])

    def _whole(self, interview: Json, content: Content, moved: Callable[[int], None]) -> Json:
        def once() -> Json:
            chunks = content.chunks(0, content.size, stop=self.patience.stop, moved=moved)
            return self.api.upload(interview["id"], content.name, chunks, content.size)

        def again() -> Json:
            current = self.api.interview(interview["id"])
            return current if current["recording"] else once()

        return self.patience.persist(once, again=again)

    def _in_parts(self, interview: Json, content: Content, moved: Callable[[int], None]) -> Json:
        """Each request has the whole of the patience: an hour of uploading is not lost to a minute without network.

        Each may be repeated, whether its answer was lost or it never arrived.
        """
        upload_id, part_size, there = self._begun(interview, content)
        parts: list[tuple[int, str]] = []
        for start in range(0, content.size, part_size):
            number, size = start // part_size + 1, min(part_size, content.size - start)
            known = there.get(number)
            if known is not None and known["Size"] == size:
                etag = str(known["ETag"])
            else:
                etag = self._part(interview["id"], upload_id, number, content, start, size, moved)
            moved(start + size)
            parts.append((number, etag))
        return self.patience.persist(partial(self.api.complete_upload, interview["id"], upload_id, parts))

    def _begun(self, interview: Json, content: Content) -> tuple[str, int, dict[int, Json]]:
        """An upload, its size of parts and the parts that are there: the unfinished one, or a new one.

        The interview is known by the content's hash, so the parts that are there are parts of this content.
        """
        pending = interview["pending_upload"]
        if pending is not None:
            try:
                listed = self.patience.persist(
                    partial(self.api.uploaded_parts, interview["id"], pending["id"])
                )
            except ApiFailed as failure:
                if failure.status != 404:
                    raise
            else:
                return pending["id"], pending["part_size"], {part["PartNumber"]: part for part in listed}
        begun = self.patience.persist(
            partial(self.api.begin_upload, interview["id"], content.name, content.size)
        )
        return begun["uploadId"], begun["partSize"], {}

    def _part(
        self,
        interview_id: str,
        upload_id: str,
        number: int,
        content: Content,
        start: int,
        size: int,
        moved: Callable[[int], None],
    ) -> str:
        def once() -> str:
            chunks = content.chunks(start, size, stop=self.patience.stop, moved=moved)
            return self.api.send_part(interview_id, upload_id, number, chunks, size)

        return self.patience.persist(once)
