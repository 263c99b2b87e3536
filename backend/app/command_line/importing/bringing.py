"""Bringing one item to the server: whatever of it is there already is found, the rest is sent."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

from app.command_line.api import Api, Json
from app.command_line.errors import ApiFailed, CommandFailed
from app.command_line.following import ASK_EVERY
from app.command_line.importing.content import Content
from app.command_line.importing.details import Details
from app.command_line.importing.finding import Item
from app.command_line.importing.sending import Sender
from app.command_line.patience import Patience

_REFUSED: Final = frozenset({413, 415, 422})
"""The server looked at the file and does not want it."""
_DEBRIEFED: Final = frozenset({"analysing", "notifying", "measuring"})
"""The server takes no recording while a debrief is made."""
_KEYS: Final = 5


@dataclass(frozen=True, slots=True)
class Contents:
    """An item whose files have been read."""

    item: Item
    recording: Content | None
    transcript: Content | None

    @classmethod
    def of(cls, item: Item) -> Contents:
        """Raises `CommandFailed`."""
        try:
            return cls(
                item,
                Content.of(item.recording) if item.recording else None,
                Content.of(item.transcript) if item.transcript else None,
            )
        except OSError as error:
            raise _unreadable(item, error) from error

    @property
    def identity(self) -> str:
        """What the interview is known by: the content of its recording, or of the transcript that is all there is."""
        content = self.recording or self.transcript
        assert content is not None  # noqa: S101 - an item has a file
        return f"sha256:{content.sha256}"

    @property
    def size(self) -> int:
        return sum(content.size for content in (self.recording, self.transcript) if content)


@dataclass(frozen=True, slots=True)
class Brought:
    interview: Json
    sent: bool
    """False when everything was there already."""


@dataclass(frozen=True, slots=True)
class Bringer:
    api: Api
    patience: Patience

    def find(self, contents: Contents) -> Json | None:
        """The row of the interview that an earlier import made, also of the transcript before its recording came."""
        names = [contents.identity]
        if contents.recording and contents.transcript:
            names.append(f"sha256:{contents.transcript.sha256}")
        for name in names:
            page = self.patience.persist(partial(self.api.list_interviews, {"external_id": name}, limit=1))
            rows = page["items"]
            if rows:
                row: Json = rows[0]
                return row
        return None

    def bring(self, contents: Contents, details: Details, moved: Callable[[int], None]) -> Brought:
        """Raises `CommandFailed`; what the server refuses leaves no interview behind."""
        row = self.find(contents)
        if row and row["status"] != "created" and not (contents.recording and contents.transcript):
            return Brought(row, sent=False)
        try:
            interview = self._whole(row["id"]) if row else self._create(contents, details)
            return self._complete(interview, contents, moved)
        except OSError as error:
            raise _unreadable(contents.item, error) from error

    def _complete(self, interview: Json, contents: Contents, moved: Callable[[int], None]) -> Brought:
        sent = False
        try:
            if contents.recording:
                interview = self._at_rest(interview)
            if contents.recording and not interview["recording"]:
                interview = self._send_recording(interview, contents.recording, moved)
                sent = True
            interview = self._renamed(interview, contents)
            if contents.transcript and not interview["imported"]:
                interview = self._send_transcript(interview, contents.transcript)
                sent = True
        except ApiFailed as failure:
            if failure.status in _REFUSED:
                self._withdraw(interview["id"])
            raise
        moved(contents.size)
        return Brought(interview, sent=sent)

    def _create(self, contents: Contents, details: Details) -> Json:
        """A new interview. Its key follows from the content, so that two imports at once make one of them.

        The key of an interview that was deleted stays taken for a while, then another one serves.
        """
        body = details.body(stem=contents.item.stem, external_id=contents.identity)
        for number in range(_KEYS):
            key = f"import-{contents.identity}" + (f":{number}" if number else "")
            try:
                return self.patience.persist(partial(self.api.create_interview, body, idempotency_key=key))
            except ApiFailed as failure:
                if failure.code != "idempotency_key_reused":
                    raise
            # Another import may have made it at this moment, with other details.
            row = self.find(contents)
            if row:
                return self._whole(row["id"])
        raise CommandFailed(
            f"{contents.item.name} was imported and deleted several times, and the server still remembers; "
            "try again later."
        )

    def _at_rest(self, interview: Json) -> Json:
        """The interview once it can take a recording: a long one is not sent to be refused at its end.

        Patience ends when nothing has changed for that long.
        """
        seen, give_up_at = None, 0.0
        while interview["status"] in _DEBRIEFED and not interview["recording"]:
            now, stands = time.monotonic(), (interview["status"], interview["progress"])
            if stands != seen:
                seen, give_up_at = stands, now + self.patience.seconds
            if now >= give_up_at:
                raise CommandFailed("Its debrief is being made; a recording can be sent once that has ended.")
            self.patience.stop.wait(ASK_EVERY)
            interview = self._whole(interview["id"])
        return interview

    def _send_recording(self, interview: Json, content: Content, moved: Callable[[int], None]) -> Json:
        sender = Sender(self.api, self.patience)
        try:
            return sender.send(interview, content, moved)
        except ApiFailed as failure:
            if failure.code != "wrong_state":
                raise
        # A debrief was begun while it was sent.
        interview = self._at_rest(self._whole(interview["id"]))
        return interview if interview["recording"] else sender.send(interview, content, moved)

    def _renamed(self, interview: Json, contents: Contents) -> Json:
        """What was known by its transcript is known by its recording from now on, also when that comes alone.

        Not before the recording is there, and only if it is this one: an import that was cut off goes on with it.
        """
        recording, transcript = contents.recording, contents.transcript
        if not (recording and transcript) or interview["external_id"] != f"sha256:{transcript.sha256}":
            return interview
        if not interview["recording"] or interview["recording"]["size"] != recording.size:
            return interview
        change = {"external_id": contents.identity}
        return self.patience.persist(partial(self.api.update_interview, interview["id"], change))

    def _send_transcript(self, interview: Json, content: Content) -> Json:
        data = content.path.read_bytes()
        content.check()

        def send() -> Json:
            return self.api.import_transcript(interview["id"], content.name, data)

        def again() -> Json:
            current = self.api.interview(interview["id"])
            return current if current["imported"] else send()

        return self.patience.persist(send, again=again)

    def _whole(self, interview_id: str) -> Json:
        return self.patience.persist(lambda: self.api.interview(interview_id))

    def _withdraw(self, interview_id: str) -> None:
        """Delete an interview that got nothing. Who may not delete leaves it: the next import finds it again."""
        with suppress(ApiFailed):
            if self.api.interview(interview_id)["status"] == "created":
                self.api.delete_interview(interview_id)


def _unreadable(item: Item, error: OSError) -> CommandFailed:
    return CommandFailed(f"{item.name} cannot be read: {error.strerror or error}.")
