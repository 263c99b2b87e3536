"""Join the parts of a recording that was interrupted.

The joined file lies under the epoch of its claim and counts once it is committed. Until then the recording is what it
was, and the parts themselves stay for good: a further one is joined with them as they were uploaded.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Final

import anyio
from anyio import Path as AsyncPath

from app.core.container import Container
from app.jobs.recording import RecordingLost
from app.jobs.steps import Advance, ReportProgress
from app.models.audio import Joint
from app.models.interview import Interview, Recording, Status
from app.services.storage.service import joined_key, joined_prefix

_BLOCK: Final = 2**20
_JOINED: Final = 0.8
"""The part of the step that is done once the file is made; storing it follows."""


async def join(c: Container, interview: Interview, report: ReportProgress) -> Advance:
    """Make one recording of the parts. What was transcribed or brought along before has no words of the new one."""
    if not interview.parts:
        raise RecordingLost("The parts of the recording are gone; upload it again.")
    await report(0.0)
    scratch = c.settings.server.data_dir / "scratch"
    await AsyncPath(scratch).mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryDirectory(dir=scratch, prefix=f"{interview.id}-", ignore_cleanup_errors=True) as folder:
        target = Path(folder) / "joined.m4a"
        joint = await _joined(c, interview, target)
        await report(_JOINED)
        recording = await _stored(c, interview, target)
    parts = tuple(
        part.model_copy(update={"start": start})
        for part, start in zip(interview.parts, joint.starts, strict=True)
    )
    changes = {"recording": recording, "parts": parts, "imported": None, "transcription": None}
    return Advance(Status.PREPARING, changes)


async def _joined(c: Container, interview: Interview, target: Path) -> Joint:
    async with AsyncExitStack() as files:
        parts = [
            (await files.enter_async_context(c.store.as_file(part.recording.key)), part.gap)
            for part in interview.parts
        ]
        return await c.media.join(parts, target)


async def _stored(c: Container, interview: Interview, path: Path) -> Recording:
    first = interview.parts[0].recording.filename
    return await c.recordings.keep(
        joined_key(interview.organisation_id, interview.id, interview.epoch),
        _chunks(path),
        filename=f"{PurePath(first).stem[:180]} (joined).m4a",
        content_type="audio/mp4",
        declared_size=None,
    )


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    async with await anyio.open_file(path, "rb") as file:
        while block := await file.read(_BLOCK):
            yield block


async def remove_superseded(c: Container, interview: Interview) -> None:
    """Remove what was joined before and is the interview's no longer, or never became it because a worker ended.

    What a later claim made stays: this one may have lost its lease long ago.
    """
    if not interview.parts or interview.recording is None:
        return
    async for key in c.store.list_keys(joined_prefix(interview.organisation_id, interview.id)):
        made_by = key.rpartition("/")[2]
        if key != interview.recording.key and made_by.isdigit() and int(made_by) < interview.epoch:
            await c.store.delete(key)
