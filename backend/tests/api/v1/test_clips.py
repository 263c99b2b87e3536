"""Clips over HTTP: the stretch that was asked for, under a safe name, and nothing left behind."""

from __future__ import annotations

from math import inf
from pathlib import Path

import httpx
import pytest

from app.services.media.probe import probe
from tests.api.v1.test_recordings import new_interview, tone
from tests.fixtures.server import SAMPLES, RunningServer


async def recorded(api: httpx.AsyncClient, sample: str, name: str = "talk") -> str:
    """The address of the recording."""
    path = f"/interviews/{await new_interview(api)}/recording"
    content = (SAMPLES / sample).read_bytes()
    answer = await api.put(path, content=content, headers={"X-Filename": name})
    assert answer.status_code == 202, answer.text
    return path


@pytest.mark.parametrize(
    ("sample", "content_type"),
    [
        ("interview-stereo.m4a", "audio/mp4"),
        ("interview.webm", "audio/webm"),
        ("interview-30s.wav", "audio/mp4"),
    ],
)
async def test_a_clip_can_be_played(
    sample: str, content_type: str, server: RunningServer, tmp_path: Path
) -> None:
    api = server.client()
    path = await recorded(api, sample, "R%C3%A9union%20%22Z%22.final.wav")
    answer = await api.get(f"{path}/clip", params={"start": 2.5, "end": 6.5})
    assert (answer.status_code, answer.headers["content-type"]) == (200, content_type)
    assert int(answer.headers["content-length"]) == len(answer.content)
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith("attachment;")
    assert "R%C3%A9union" in disposition
    assert "0m02s-0m06s" in disposition
    assert answer.headers["cache-control"] == "private, no-store"
    clip = tmp_path / "clip"
    clip.write_bytes(answer.content)
    assert probe(clip, max_duration=inf).duration == pytest.approx(4, abs=0.13)
    scratch = server.settings.server.data_dir / "scratch"
    assert list(scratch.iterdir()) == []


async def test_what_is_not_there_is_refused(api: httpx.AsyncClient) -> None:
    path = await recorded(api, "interview-30s.wav")
    for start, end, code in [
        (5, 5, "clip_out_of_range"),
        (9, 5, "clip_out_of_range"),
        (31, 32, "clip_out_of_range"),
        (20, 45, "clip_out_of_range"),
        (-1, 5, "invalid_input"),
        ("nan", 5, "invalid_input"),
        (0, "inf", "invalid_input"),
    ]:
        answer = await api.get(f"{path}/clip", params={"start": start, "end": end})
        assert (start, end, answer.status_code, answer.json()["code"]) == (start, end, 422, code)


async def test_a_clip_lasts_ten_minutes_at_most(api: httpx.AsyncClient) -> None:
    path = f"/interviews/{await new_interview(api)}/recording"
    await api.put(path, content=tone(700, rate=100))
    answer = await api.get(f"{path}/clip", params={"start": 10, "end": 611})
    assert (answer.status_code, answer.json()["code"]) == (422, "clip_too_long")


async def test_without_a_recording_there_is_no_clip(api: httpx.AsyncClient) -> None:
    path = f"/interviews/{await new_interview(api)}/recording/clip"
    answer = await api.get(path, params={"start": 0, "end": 1})
    assert (answer.status_code, answer.json()["code"]) == (404, "recording_missing")
