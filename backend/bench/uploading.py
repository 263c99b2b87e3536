"""A streaming upload, against a bare ASGI application that streams to disk with SHA-256."""

from __future__ import annotations

import os
import wave
from datetime import timedelta
from pathlib import Path

import httpx

from app.core.security import mint_session
from bench.load import alternating, upload_seconds
from bench.report import Ratio
from bench.servers import SECRET, serve

_BYTES = 512_000_000
_ROUNDS = 5
_GROWTH_BYTES = 2_000_000_000


def measure(folder: Path) -> list[Ratio]:
    recording = _recording(folder / "recording.wav", _BYTES)
    token = mint_session({"sub": "bench"}, SECRET, max_age=timedelta(hours=1))
    with (
        serve("app.main:app", ready="/api/v1/health", data_dir=folder / "ours") as ours,
        serve("bench.peers:upload", ready="/", data_dir=folder) as bare,
        httpx.Client(
            base_url=f"http://127.0.0.1:{ours.port}/api/v1",
            headers={"Authorization": f"Bearer {token}"},
            trust_env=False,
            timeout=120,
        ) as api,
    ):
        made: list[str] = []

        def to_us() -> float:
            for interview in made:
                api.delete(f"/interviews/{interview}").raise_for_status()
            made[:] = [api.post("/interviews", json={"title": "bench"}).raise_for_status().json()["id"]]
            return upload_seconds(ours.port, f"/api/v1/interviews/{made[0]}/recording", recording, token)

        def to_bare() -> float:
            return upload_seconds(bare.port, "/", recording, None)

        ours_seconds, bare_seconds = alternating(_ROUNDS, to_us, to_bare)
        before = ours.memory()
        recording.unlink()
        large = _recording(folder / "large.wav", _GROWTH_BYTES - 1000)
        made.append(api.post("/interviews", json={"title": "bench"}).raise_for_status().json()["id"])
        upload_seconds(ours.port, f"/api/v1/interviews/{made[-1]}/recording", large, token)
        growth = (ours.memory() - before) / 1e6
    return [
        Ratio("upload throughput", "bare ASGI, disk + sha256", bare_seconds / ours_seconds, at_least=0.8),
        Ratio("memory growth by a 2 GB upload", "before it", growth, at_most=24.0, unit="MB"),
    ]


def _recording(path: Path, size: int) -> Path:
    """A WAV file of about `size` bytes of noise: incompressible, and quick to probe."""
    noise = os.urandom(2**20)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(48_000)
        for _ in range(size // len(noise)):
            file.writeframesraw(noise)
    return path
