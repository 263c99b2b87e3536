"""Talks to import, and what the server has of them afterwards."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.command_line.conftest import Ended, invoked
from tests.fixtures.server import RunningServer


def a_talk(number: int) -> str:
    """A transcript of its own, cheap to analyse."""
    return (
        f"Sarah: Thank you for coming, this is talk number {number}. What did you build last?\n"
        f"Daniel: I built a payment service with {number + 2} queues, and I measured it under load.\n"
        "Sarah: When can you start?\n"
        "Daniel: My notice period is three months.\n"
    )


def write_talks(folder: Path, numbers: range) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"talk-{number:03}.txt" for number in numbers]
    for number, file in zip(numbers, files, strict=True):
        file.write_text(a_talk(number))
    return files


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    """A folder for the files, beside the server's own."""
    folder = tmp_path / "talks"
    folder.mkdir()
    return folder


async def imported(server: RunningServer, *arguments: str) -> list[dict[str, Any]]:
    """What `import --json` says of each item."""
    return rows_of(await invoked(server, "import", *arguments, "--json"))


def rows_of(ended: Ended) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ended.output.splitlines()]


def by_name(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Of each item the row, by the name of its first file."""
    return {Path(row["files"][0]).name: row for row in rows}


def outcomes(rows: list[dict[str, Any]]) -> Counter[str]:
    return Counter(row["outcome"] for row in rows)


async def interviews(api: httpx.AsyncClient) -> list[dict[str, Any]]:
    """All that the organisation has."""
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        position = {"cursor": cursor} if cursor else {}
        page = (await api.get("/interviews", params={"limit": 100, **position})).json()
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found
