"""The parts of a recording become one, on one timeline, and are transcribed as one."""

from __future__ import annotations

import wave
from io import BytesIO
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.core.config import Settings
from tests.api.v1.test_recordings import new_interview, stored_objects
from tests.fixtures.server import SAMPLES, make_settings, running, wait_until


def stretch(start: float, end: float) -> bytes:
    """Of the sample, in its own format."""
    with wave.open(str(SAMPLES / "interview-30s.wav"), "rb") as source:
        source.setpos(int(start * source.getframerate()))
        frames = source.readframes(int((end - start) * source.getframerate()))
        buffer = BytesIO()
        with wave.open(buffer, "wb") as target:
            target.setparams(source.getparams())
            target.writeframes(frames)
    return buffer.getvalue()


@pytest.fixture(params=["sqlite", "mongo"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    database = {}
    if request.param == "mongo":
        database = {
            "database_url": SecretStr(request.getfixturevalue("mongodb_url")),
            "database_name": request.getfixturevalue("mongodb_name"),
        }
    return make_settings(tmp_path, database=database)


async def test_two_files_are_one_interview(settings: Settings) -> None:
    async with running(settings) as server:
        api = server.client()
        path = f"/interviews/{await new_interview(api)}"
        await api.put(f"{path}/recording", content=stretch(0, 4), headers={"X-Filename": "call.wav"})
        interview = path.rpartition("/")[2]
        first = await wait_until(api, interview, "done", "failed", seconds=300)
        assert first["status"] == "done", first["failure"]

        await api.post(f"{path}/recording/parts", content=stretch(8, 13), params={"gap_seconds": 1.5})
        done = await wait_until(api, interview, "done", "failed", seconds=300)
        assert done["status"] == "done", done["failure"]
        assert done["recording"]["duration"] == pytest.approx(4 + 1.5 + 5, abs=0.1)
        assert done["recording"]["filename"] == "call (joined).m4a"
        assert [part["start"] for part in done["parts"]] == pytest.approx([0, 5.5], abs=0.05)
        assert [p["duration"] for p in done["parts"]] == pytest.approx([4, 5], abs=0.05)
        assert (done["transcript_revision"], done["outdated"]) == (2, [])
        said = (await api.get(f"{path}/transcript")).json()["utterances"]
        assert said[-1]["end"] > 5.5, "what the second part has is later than the gap"
        assert sorted(u["start"] for u in said) == [u["start"] for u in said]
        before = (await api.get(f"{path}/transcript", params={"revision": 1})).json()["utterances"]
        assert all(u["end"] <= 4.1 for u in before), "what was transcribed before stays"

        await api.post(f"{path}/recording/parts", content=stretch(20, 22), params={"position": 1})
        again = await wait_until(
            api, interview, "transcribing", "analysing", "notifying", "done", "failed", seconds=300
        )
        assert again["recording"]["duration"] == pytest.approx(2 + 10.5, abs=0.15)
        kept = [o.parent.name for o in await stored_objects(server) if not o.name.startswith(".")]
        assert (kept.count("recordings"), kept.count("joined")) == (3, 1), "what was joined before is gone"
        assert (await api.delete(path)).status_code == 200
