"""The clock, judged by several servers."""

from __future__ import annotations

from pathlib import Path

from app.command_line.doctor.finding import Examined
from app.command_line.doctor.server import check_clock
from tests.fixtures.server import make_settings


async def test_our_own_server_does_not_outvote_a_vendor(tmp_path: Path) -> None:
    skews = {"localhost": 0.1, "api.deepgram.com": 4000.0}
    [finding] = await check_clock(Examined(make_settings(tmp_path), skews))
    assert finding.status == "failed"
    assert "api.deepgram.com" in finding.what
