"""`make cloud` as a developer runs it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

BACKEND = Path(__file__).resolve().parents[2]


def free_ports(count: int) -> list[str]:
    """Chosen together, so that they differ."""
    chosen = [socket.socket() for _ in range(count)]
    try:
        for one in chosen:
            one.bind(("127.0.0.1", 0))
        return [str(one.getsockname()[1]) for one in chosen]
    finally:
        for one in chosen:
            one.close()


@pytest.mark.slow
class TestCloud:
    def test_a_recording_goes_through_every_vendor_and_a_debrief_is_printed(self) -> None:
        api, deepgram, openai = free_ports(3)
        ports = ["--port", api, "--deepgram-port", deepgram, "--openai-port", openai]
        ended = subprocess.run(
            [sys.executable, "-m", "tests.standins.cloud", *ports],
            cwd=BACKEND,
            env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=180,
            check=False,
        )
        shown = ended.stdout
        assert ended.returncode == 0, shown
        assert "interview.mp3 went to the bucket" in shown
        assert "draft, to be confirmed by a person" in shown
        assert "Transcript by deepgram (nova-3)." in shown
        assert "calls of the webhook: [200]" in shown
        assert "4 judgement" in shown
        assert shown.count("none\n") == 2, "no violations, of either vendor's contract"
        assert "Traceback" not in shown
