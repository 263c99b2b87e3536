"""Sending one recording: how long it is gone on with, and what a file that changes meanwhile does to it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import cast

import pytest
from anyio import to_thread

from app.command_line import patience
from app.command_line.api import Api, Json
from app.command_line.errors import ApiFailed, CommandFailed
from app.command_line.importing.content import Content
from app.command_line.importing.sending import IN_ONE_REQUEST, Sender
from app.command_line.patience import Patience
from tests.api.v1.test_recordings import tone
from tests.fixtures.server import RunningServer, token_for


class Clock(Event):
    """Time that passes while somebody waits, and only then."""

    now = 0.0

    def wait(self, timeout: float | None = None) -> bool:
        self.now += timeout or 0.0
        return self.is_set()


class Failing:
    """A server each of whose requests fails until the client has waited for so many seconds."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._until: dict[str, float] = {}
        self.made: list[str] = []

    @contextmanager
    def _request(self, name: str) -> Iterator[None]:
        if self._clock.now < self._until.setdefault(name, self._clock.now + self._seconds):
            raise ApiFailed("Busy.", status=503)
        self.made.append(name)
        yield

    def uploaded_parts(self, *_: object) -> Sequence[Json]:
        with self._request("parts"):
            return []

    def begin_upload(self, *_: object) -> Json:
        with self._request("begin"):
            return {"uploadId": "u", "partSize": IN_ONE_REQUEST}

    def send_part(self, _: str, __: str, number: int, content: Iterable[bytes], size: int) -> str:
        with self._request(f"part {number}"):
            assert sum(len(chunk) for chunk in content) == size
            return "etag"

    def complete_upload(self, *_: object) -> Json:
        with self._request("complete"):
            return {"id": "i"}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(patience, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


def content_of(file: Path, size: int) -> Content:
    with file.open("wb") as opened:
        opened.truncate(size)
    return Content.of(file)


class TestPatience:
    @pytest.mark.parametrize("pending", [None, {"id": "u", "part_size": IN_ONE_REQUEST}])
    def test_each_request_of_an_upload_in_parts_has_the_whole_of_it(
        self, tmp_path: Path, clock: Clock, pending: Json | None
    ) -> None:
        content = content_of(tmp_path / "long.wav", IN_ONE_REQUEST + 1)
        api = Failing(clock, 9.0)
        sender = Sender(cast(Api, api), Patience(10.0, clock))
        interview = {"id": "i", "pending_upload": pending}
        assert sender.send(interview, content, lambda _: None) == {"id": "i"}
        assert api.made == ["parts" if pending else "begin", "part 1", "part 2", "complete"]

    def test_it_ends(self, tmp_path: Path, clock: Clock) -> None:
        content = content_of(tmp_path / "long.wav", IN_ONE_REQUEST + 1)
        sender = Sender(cast(Api, Failing(clock, 11.0)), Patience(10.0, clock))
        with pytest.raises(ApiFailed, match="Busy"):
            sender.send({"id": "i", "pending_upload": None}, content, lambda _: None)
        assert clock.now == 10.0

    @pytest.mark.parametrize("status", [None, 408, 429, 500, 502, 503, 504, 507, 520])
    def test_what_passes_is_no_answer_too_many_and_what_is_wrong_with_a_server(
        self, status: int | None
    ) -> None:
        assert ApiFailed("x", status=status).passing

    @pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404, 409, 413, 415, 422])
    def test_a_refusal_does_not_pass(self, status: int) -> None:
        assert not ApiFailed("x", status=status).passing


def rewritten(file: Path) -> Callable[[int], None]:
    """Somebody writes to the file once the first bytes of it have gone."""

    def moved(_: int) -> None:
        data = file.read_bytes()
        file.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        os.utime(file, ns=(1, 1))

    return moved


class TestAFileThatChanges:
    def test_the_last_bytes_of_it_are_not_sent(self, tmp_path: Path) -> None:
        file = tmp_path / "growing.wav"
        content = content_of(file, 2**20)
        sent = 0
        with pytest.raises(CommandFailed, match=r"growing\.wav changed"):
            for chunk in content.chunks(0, content.size, stop=Event(), moved=rewritten(file)):
                sent += len(chunk)
        assert 0 < sent < content.size

    async def test_the_server_stores_nothing_of_it(self, server: RunningServer, tmp_path: Path) -> None:
        file = tmp_path / "growing.wav"
        file.write_bytes(tone(30.0))
        content = Content.of(file)
        assert content.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
        api = server.client()
        interview = (await api.post("/interviews", json={"title": "Growing"})).json()

        def send() -> None:
            with Api(server.url, token_for("ada")) as sending:
                Sender(sending, Patience(0.0)).send(interview, content, rewritten(file))

        with pytest.raises(CommandFailed, match="changed"):
            await to_thread.run_sync(send)
        now = (await api.get(f"/interviews/{interview['id']}")).json()
        assert (now["status"], now["recording"]) == ("created", None)
