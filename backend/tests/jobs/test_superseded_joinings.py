"""What was joined before goes once it is the interview's no longer; what a later claim made does not."""

from __future__ import annotations

from pathlib import Path

from app.core.container import open_container
from app.jobs.joining import remove_superseded
from app.models.interview import Recording, RecordingPart
from app.services.storage.service import joined_key, joined_prefix
from tests.fixtures.documents import NOON, an_interview
from tests.fixtures.server import make_settings


def a_recording(key: str) -> Recording:
    return Recording(
        key=key,
        upload_id=None,
        filename="a.m4a",
        content_type="audio/mp4",
        size=1,
        etag="e",
        container="mp4",
        duration=1.0,
        channels=1,
        sample_rate=16_000,
        has_video=False,
        uploaded_at=NOON,
    )


async def test_a_late_worker_removes_nothing_that_is_newer_than_itself(tmp_path: Path) -> None:
    async with open_container(make_settings(tmp_path, worker={"worker_in_process": False})) as c:
        keys = {epoch: joined_key("acme", "i", epoch) for epoch in (2, 4, 5, 7)}
        for key in keys.values():
            await c.store.put_bytes(key, b"x", content_type="audio/mp4")
        part = RecordingPart(id="p", recording=a_recording("orgs/acme/interviews/i/recordings/p"))
        claimed = an_interview(id="i", epoch=5, recording=a_recording(keys[4]), parts=(part,))
        await remove_superseded(c, claimed)
        left = {key async for key in c.store.list_keys(joined_prefix("acme", "i"))}
        assert left == {keys[4], keys[5], keys[7]}
        await remove_superseded(c, claimed.model_copy(update={"parts": ()}))
        assert {key async for key in c.store.list_keys(joined_prefix("acme", "i"))} == left
