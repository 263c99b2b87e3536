"""Clips: a stretch of a recording as a file to take along. Made when asked for, and kept nowhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final

from anyio import Path as AsyncPath
from anyio import to_thread

from app.core.errors import InvalidInput
from app.services.lifecycle import Lifecycle
from app.services.media.service import MediaService
from app.services.recordings import RecordingMissing
from app.services.storage.base import ObjectStore

LONGEST_CLIP: Final = 600.0
"""Seconds. A clip is a moment to show; who wants more has the recording."""
_BLOCK: Final = 2**18
_SLACK: Final = 0.5
"""Seconds a clip may be asked for past the end: players and transcripts count a little differently."""


class ClipOutOfRange(InvalidInput):
    code = "clip_out_of_range"


class ClipTooLong(InvalidInput):
    code = "clip_too_long"


@dataclass(frozen=True, slots=True)
class Clip:
    """`file` is open and has no name any more: what is left of it goes when it is closed."""

    filename: str
    content_type: str
    size: int
    file: BinaryIO

    async def chunks(self) -> AsyncIterator[bytes]:
        with self.file:
            while block := await to_thread.run_sync(self.file.read, _BLOCK):
                yield block


class ClipService:
    def __init__(
        self, lifecycle: Lifecycle, store: ObjectStore, media: MediaService, *, scratch: Path
    ) -> None:
        self._lifecycle = lifecycle
        self._store = store
        self._media = media
        self._scratch = scratch

    async def cut(self, organisation_id: str, interview_id: str, start: float, end: float) -> Clip:
        """The sound between two times, in seconds. Raises `RecordingMissing`, `ClipOutOfRange`, `ClipTooLong`."""
        interview = await self._lifecycle.get(organisation_id, interview_id)
        recording = interview.recording
        if recording is None:
            raise RecordingMissing("This interview has no recording.")
        _refuse(start, end, recording.duration)
        await AsyncPath(self._scratch).mkdir(parents=True, exist_ok=True, mode=0o700)
        with TemporaryDirectory(
            dir=self._scratch, prefix=f"{interview_id}-", ignore_cleanup_errors=True
        ) as folder:
            target = Path(folder) / "clip"
            async with self._store.as_file(recording.key) as path:
                made = await self._media.cut(path, target, start=start, end=min(end, recording.duration))
            size = (await AsyncPath(target).stat()).st_size
            file = await to_thread.run_sync(target.open, "rb")
        return Clip(
            filename=f"{PurePath(recording.filename).stem[:100]} {_clock(start)}-{_clock(end)}.{made.suffix}",
            content_type=made.content_type,
            size=size,
            file=file,
        )


def _refuse(start: float, end: float, duration: float) -> None:
    if not 0 <= start < end:
        raise ClipOutOfRange("A clip begins before it ends, and not before the recording.")
    if start >= duration or end > duration + _SLACK:
        raise ClipOutOfRange(f"The recording ends after {duration:.1f} seconds.", duration=duration)
    if end - start > LONGEST_CLIP:
        raise ClipTooLong(f"A clip may last {LONGEST_CLIP:.0f} seconds.", max_seconds=LONGEST_CLIP)


def _clock(seconds: float) -> str:
    """For a file's name, where a colon may not be."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}m{rest:02}s"
