"""A recording for an interview whose debrief is being made."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

import pytest

from app.command_line.api import Api, Json
from app.command_line.errors import ApiFailed, CommandFailed
from app.command_line.importing import bringing
from app.command_line.importing.bringing import Bringer, Contents
from app.command_line.importing.details import Details
from app.command_line.importing.finding import Item
from app.command_line.patience import Patience


class Debriefing:
    """A server that has the interview, in one state after the other, and takes a recording when it is at rest."""

    def __init__(self, *statuses: str, external_id: str) -> None:
        self._statuses = deque(statuses)
        self._interview: Json = {
            "id": "i",
            "external_id": external_id,
            "imported": {"size": 1},
            "recording": None,
            "pending_upload": None,
            "progress": None,
        }
        self.uploads = 0

    def list_interviews(self, where: dict[str, str], **_: object) -> Json:
        there = where["external_id"] == self._interview["external_id"]
        return {"items": [self._now()] if there else [], "next_cursor": None}

    def interview(self, _: str) -> Json:
        if len(self._statuses) > 1:
            self._statuses.popleft()
        return self._now()

    def upload(self, _: str, __: str, content: Iterable[bytes], size: int) -> Json:
        self.uploads += 1
        assert sum(len(chunk) for chunk in content) == size
        if len(self._statuses) > 1:
            self._statuses.popleft()
        if self._statuses[0] != "done":
            raise ApiFailed("wrong_state: no.", status=409, code="wrong_state")
        self._interview["recording"] = {"size": size}
        return self._now()

    def update_interview(self, _: str, changes: Json) -> Json:
        self._interview |= changes
        return self._now()

    def _now(self) -> Json:
        return {**self._interview, "status": self._statuses[0]}


@pytest.fixture
def contents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Contents:
    monkeypatch.setattr(bringing, "ASK_EVERY", 0.0)
    recording, transcript = tmp_path / "a.wav", tmp_path / "a.txt"
    recording.write_bytes(b"sound")
    transcript.write_bytes(b"words")
    return Contents.of(Item(recording, transcript))


def brought(contents: Contents, *statuses: str, seconds: float = 60.0) -> tuple[Any, Debriefing]:
    assert contents.transcript
    server = Debriefing(*statuses, external_id=f"sha256:{contents.transcript.sha256}")
    bringer = Bringer(cast(Api, server), Patience(seconds))
    return bringer.bring(contents, Details(), lambda _: None), server


class TestARecordingForADebriefedInterview:
    def test_it_is_not_sent_before_the_debrief_is_made(self, contents: Contents) -> None:
        result, server = brought(contents, "analysing", "analysing", "notifying", "measuring", "done")
        assert (result.sent, server.uploads) == (True, 1)
        assert result.interview["external_id"] == contents.identity

    def test_it_is_sent_again_when_a_debrief_was_begun_meanwhile(self, contents: Contents) -> None:
        result, server = brought(contents, "done", "done", "analysing", "analysing", "done")
        assert (result.sent, server.uploads) == (True, 2)
        assert result.interview["recording"]

    def test_a_debrief_that_does_not_move_is_given_up(self, contents: Contents) -> None:
        with pytest.raises(CommandFailed, match="Its debrief is being made"):
            brought(contents, "analysing", seconds=0.0)
