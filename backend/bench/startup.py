"""Cold start and idle memory, against a FastAPI application with one route."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from bench.report import Ratio
from bench.servers import serve

_ROUNDS = 5
_MEGABYTE = 1e6


def measure(folder: Path) -> list[Ratio]:
    ours: list[tuple[float, float]] = []
    bare: list[tuple[float, float]] = []
    for number in range(_ROUNDS + 1):
        for app, ready, kept in (("app.main:app", "/api/v1/health", ours), ("bench.peers:raw", "/", bare)):
            with serve(app, ready=ready, data_dir=folder) as server:
                if number:
                    kept.append((server.cold_start, server.memory() / _MEGABYTE))
    start = median(s for s, _ in ours) / median(s for s, _ in bare)
    memory = median(m for _, m in ours) - median(m for _, m in bare)
    return [
        Ratio("cold start", "bare FastAPI", start, at_most=2.0, unit="×"),
        Ratio("idle memory over", "bare FastAPI", memory, at_most=60.0, unit="MB"),
    ]
