"""The service does the work elsewhere: the server stays light, responsive, and gets the same errors."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import anyio
import psutil
import pytest

from app.models.audio import ProblemCode
from app.services.media.errors import EmptyFile, NotMedia, TooLong, Truncated
from app.services.media.service import MediaService
from tests.services.media.conftest import SAMPLES

BACKEND = Path(__file__).parents[3]
HEAVY = ("av", "numpy", "scipy")


@pytest.fixture
def media() -> MediaService:
    return MediaService(max_duration=3600, limiter=2)


class TestImport:
    def test_the_server_never_loads_the_heavy_libraries(self) -> None:
        script = (
            "import sys, anyio; from pathlib import Path\n"
            "from app.services.media.service import MediaService\n"
            "service = MediaService(3600, 1)\n"
            f"info = anyio.run(service.probe, Path({str(SAMPLES / 'interview-30s.wav')!r}))\n"
            f"print(info.duration, [name for name in {HEAVY!r} if name in sys.modules])"
        )
        environment = {**os.environ, "PYTHONPATH": str(BACKEND)}
        done = subprocess.run(
            [sys.executable, "-c", script], env=environment, check=True, capture_output=True, text=True
        )
        assert done.stdout.split(maxsplit=1) == ["30.0", "[]\n"]


class TestResults:
    async def test_probe(self, media: MediaService) -> None:
        info = await media.probe(SAMPLES / "interview.mp3")
        assert (info.container, info.channels) == ("mp3", 1)

    async def test_prepare(self, media: MediaService, tmp_path: Path) -> None:
        prepared = await media.prepare(SAMPLES / "interview-30s.wav", tmp_path, peaks_per_second=10)
        assert prepared.pcm is not None
        assert prepared.pcm.path.stat().st_size == 44 + 30 * 16_000 * 2
        assert (prepared.peaks.length, prepared.peaks.samples_per_pixel) == (300, 1600)

    async def test_decode(self, media: MediaService, tmp_path: Path) -> None:
        pcm = await media.decode(SAMPLES / "interview-30s.wav", tmp_path / "low.wav", sample_rate=8000)
        assert (pcm.sample_rate, pcm.duration) == (8000, 30.0)

    async def test_problems_arrive_with_the_result(
        self, media: MediaService, record: Callable[..., Path], cut: Callable[..., Path]
    ) -> None:
        info = await media.probe(cut(record("wav")))
        assert [problem.code for problem in info.problems] == [ProblemCode.TRUNCATED]


class TestErrors:
    async def test_arrive_as_the_class_they_were_raised_with(
        self, media: MediaService, record: Callable[..., Path], cut: Callable[..., Path], tmp_path: Path
    ) -> None:
        (tmp_path / "empty").touch()
        (tmp_path / "cv.mp3").write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 20)
        with pytest.raises(EmptyFile):
            await media.probe(tmp_path / "empty")
        with pytest.raises(NotMedia) as caught:
            await media.prepare(tmp_path / "cv.mp3")
        assert caught.value.extra == {"looks_like": "a PDF document"}
        assert "PDF" in caught.value.detail
        with pytest.raises(Truncated):
            await media.decode(cut(record("m4a")), tmp_path / "out.wav")

    async def test_too_long(self, record: Callable[..., Path]) -> None:
        with pytest.raises(TooLong) as caught:
            await MediaService(max_duration=1, limiter=1).probe(record("mp3"))
        assert caught.value.extra == {"max_seconds": 1}


class TestConcurrency:
    async def test_the_event_loop_stays_free_while_a_recording_is_read(self, media: MediaService) -> None:
        await media.probe(SAMPLES / "interview-30s.wav")  # the worker is warm
        turns = 0

        async def count() -> None:
            nonlocal turns
            while True:
                await anyio.sleep(0.001)
                turns += 1

        async with anyio.create_task_group() as group:
            group.start_soon(count)
            await media.prepare(SAMPLES / "interview.mp3")
            group.cancel_scope.cancel()
        assert turns > 20

    async def test_a_cancelled_call_ends_its_worker(self, media: MediaService, tmp_path: Path) -> None:
        before = {child.pid for child in psutil.Process().children()}
        with anyio.move_on_after(1.0) as scope:
            while True:
                await media.decode(SAMPLES / "interview.mp3", tmp_path / "out.wav")
        assert scope.cancelled_caught
        after = {child.pid for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE}
        assert after <= before
