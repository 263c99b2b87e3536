"""What becomes of live recordings whose client, or whose server, did not live to finish them."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
import time
import wave
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from app.core.config import Settings
from app.core.container import Container, open_container
from app.models.base import new_id, utc_now
from app.models.interview import Interview, Status
from app.models.live import LiveEncoding, RecordingState
from app.services.interviews import InterviewDraft
from app.services.lifecycle import InterviewNotFound
from app.services.live.journal import Begun, Ended
from app.services.live.spool import Spool
from app.services.live_sessions.service import LiveStart
from app.services.storage.base import StorageFull
from tests.fixtures.live import SECOND, microphone, noise
from tests.fixtures.loopback import UNUSED_TLS
from tests.fixtures.server import SAMPLES, SECRET, RunningServer

ORGANISATION = "acme"
START = LiveStart(LiveEncoding.LINEAR16, 16_000, 1)
BACKEND = Path(__file__).resolve().parents[2]


@pytest.fixture
async def container(settings: Settings) -> AsyncIterator[Container]:
    async with open_container(settings) as opened:
        yield opened


@pytest.fixture
def spool(settings: Settings) -> Spool:
    return Spool(settings.server.data_dir / "live")


async def abandoned(container: Container, sound: bytes) -> Interview:
    """An interview whose client went away after some sound."""
    interview = await container.interviews.create(
        ORGANISATION, InterviewDraft(title="x"), created_by="ann", idempotency_key=None
    )
    async with container.live.open(ORGANISATION, interview.id, START) as session:
        await session.write(sound)
    return interview


async def now(container: Container, interview: Interview) -> Interview:
    return await container.interviews.get(ORGANISATION, interview.id)


async def samples(container: Container, interview: Interview) -> bytes:
    recording = (await now(container, interview)).recording
    assert recording is not None
    with wave.open(io.BytesIO(await container.store.get_bytes(recording.key)), "rb") as file:
        return file.readframes(file.getnframes())


class TestTheSweep:
    async def test_finishes_what_nobody_came_back_for(self, container: Container, spool: Spool) -> None:
        sound = noise(1)
        interview = await abandoned(container, sound)
        await container.live.sweep()
        assert (await now(container, interview)).status is Status.CREATED
        await container.live.sweep(idle_seconds=0)
        assert (await now(container, interview)).status is Status.PREPARING
        assert await samples(container, interview) == sound
        assert spool.waiting() == []

    async def test_leaves_a_live_one_alone(self, container: Container) -> None:
        interview = await abandoned(container, noise(1))
        goes_on = LiveStart(LiveEncoding.LINEAR16, 16_000, 1, resume_from=0)
        async with container.live.open(ORGANISATION, interview.id, goes_on) as session:
            await container.live.sweep(idle_seconds=0)
            await session.write(noise(1))
            assert session.received == 2 * SECOND
        assert (await now(container, interview)).status is Status.CREATED

    async def test_finishes_at_once_what_had_its_end(self, container: Container, spool: Spool) -> None:
        """The process ended between the client's `finish` and the storing."""
        interview = await abandoned(container, noise(1))
        spooled = spool.claim(interview.id)
        spooled.end(Ended())
        spooled.close()
        snapshot = await container.live.snapshot(interview.id)
        assert snapshot is not None
        assert snapshot.state is RecordingState.FINISHED
        await container.live.sweep()
        assert (await now(container, interview)).status is Status.PREPARING

    async def test_does_not_store_twice_what_was_stored_and_not_removed(
        self, container: Container, spool: Spool, settings: Settings
    ) -> None:
        interview = await abandoned(container, noise(1))
        folder = settings.server.data_dir / "live" / interview.id
        kept = {path.name: path.read_bytes() for path in folder.iterdir()}
        await container.live.sweep(idle_seconds=0)
        before = await now(container, interview)
        folder.mkdir()
        for name, content in kept.items():
            (folder / name).write_bytes(content)
        await container.live.sweep(idle_seconds=0)
        assert (await now(container, interview)).recording == before.recording
        assert spool.waiting() == []
        assert list(folder.parent.iterdir()) == []

    async def test_sets_aside_what_came_second_to_an_upload(
        self, container: Container, spool: Spool, settings: Settings
    ) -> None:
        interview = await abandoned(container, noise(1))

        async def upload() -> AsyncIterator[bytes]:
            yield (SAMPLES / "interview-30s.wav").read_bytes()

        await container.recordings.put(
            ORGANISATION, interview.id, upload(), filename="a.wav", content_type="", declared_size=None
        )
        await container.live.sweep(idle_seconds=0)
        assert spool.waiting() == []
        aside = settings.server.data_dir / "live" / f"{interview.id}.refused"
        assert (aside / "part-1.pcm16").read_bytes() == noise(1)

    async def test_tries_again_when_the_store_is_back(
        self, container: Container, spool: Spool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        interview = await abandoned(container, noise(1))

        async def full(*_: object, **__: object) -> Interview:
            raise StorageFull("The store is full.")

        with monkeypatch.context() as down:
            down.setattr(container.recordings, "put", full)
            await container.live.sweep(idle_seconds=0)
        assert spool.waiting() == [interview.id]
        await container.live.sweep(idle_seconds=0)
        assert (await now(container, interview)).status is Status.PREPARING

    async def test_removes_what_belongs_to_an_interview_that_is_gone(
        self, container: Container, spool: Spool
    ) -> None:
        """Deleted through another server, which does not see this one's disk."""
        spooled = spool.claim(new_id())
        about = {"organisation_id": ORGANISATION, "interview_id": spooled.folder.name}
        spooled.note(Begun(session_id="s", begun_at=utc_now(), **about))
        spooled.close()
        await container.live.sweep(idle_seconds=0)
        assert spool.waiting() == []


class TestDeletion:
    async def test_ends_a_session_that_is_about_to_be_stored(self, container: Container) -> None:
        interview = await abandoned(container, noise(1))
        goes_on = LiveStart(LiveEncoding.LINEAR16, 16_000, 1, resume_from=0)
        async with container.live.open(ORGANISATION, interview.id, goes_on) as session:
            await container.live.remove_leftovers(interview.id)
            with pytest.raises(InterviewNotFound):
                await session.write(b"\0\0")
            with pytest.raises(InterviewNotFound):
                await session.finish()

    async def test_leaves_nothing_of_an_interrupted_recording(
        self, container: Container, spool: Spool
    ) -> None:
        interview = await abandoned(container, noise(1))
        await container.interviews.delete(ORGANISATION, interview.id)
        assert spool.waiting() == []


@contextmanager
def api_process(settings: Settings, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """An API of its own, which can be killed."""
    env = {
        "PATH": os.defpath,
        "DATA_DIR": str(settings.server.data_dir),
        "AUTH_SECRET": SECRET,
        "WORKER_IN_PROCESS": "false",
    }
    command = [sys.executable, "-m", "uvicorn", "app.main:app", "--port", str(port), "--log-level", "warning"]
    with subprocess.Popen(command, cwd=BACKEND, env=env) as process:
        try:
            for _ in range(400):
                try:
                    httpx.get(f"http://127.0.0.1:{port}/api/v1/health", trust_env=False, verify=UNUSED_TLS)
                    break
                except httpx.TransportError:
                    time.sleep(0.05)
            yield process
        finally:
            process.kill()


@pytest.mark.crash
class TestKilled:
    async def test_nothing_that_was_acknowledged_is_lost_with_the_server(self, settings: Settings) -> None:
        with socket.socket() as chosen:
            chosen.bind(("127.0.0.1", 0))
            port = int(chosen.getsockname()[1])
        server = RunningServer(f"http://127.0.0.1:{port}", settings)
        api, sound = server.client("ada"), noise(6)
        received = 0
        with api_process(settings, port):
            interview = (await api.post("/interviews", json={"title": "x"})).json()["id"]
        for until in (2, 4, 6):
            with api_process(settings, port) as process:
                async with microphone(server, interview, resume_from=received) as mic:
                    assert mic.ready["received_bytes"] >= received
                    await mic.send(sound[mic.ready["received_bytes"] : until * SECOND])
                    if until == 6:
                        assert (await mic.finish())["status"] == "preparing"
                        stored = (await api.get(f"/interviews/{interview}/recording")).content
                    else:
                        received = (await mic.receive("ack"))["received_bytes"]
                        process.send_signal(signal.SIGKILL)
        await server.close()
        with wave.open(io.BytesIO(stored), "rb") as file:
            assert file.readframes(file.getnframes()) == sound
