"""Imports over a bad line, and while the server is busy or away."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import deque
from pathlib import Path

import pytest

from tests.api.v1.test_recordings import tone
from tests.command_line.conftest import BACKEND, invoked
from tests.command_line.importing.conftest import imported, interviews, outcomes, write_talks
from tests.command_line.importing.line import BUSY, Fault, a_line
from tests.fixtures.server import RunningServer, SettingsFactory, running, token_for


def noise(file: Path, size: int) -> Path:
    """A recording of that many bytes and a little more."""
    header = bytearray(tone(1.0, rate=48_000)[:44])
    header[4:8], header[40:44] = (size + 36).to_bytes(4, "little"), size.to_bytes(4, "little")
    file.write_bytes(bytes(header) + os.urandom(size))
    return file


class TestABadLine:
    @pytest.mark.parametrize(
        "fault",
        [Fault(sent=0), Fault(sent=20_000), Fault(lose_answer=True), Fault(answer=BUSY)],
        ids=["cut at once", "cut in the middle", "answers lost", "busy"],
    )
    async def test_it_goes_on_and_nothing_is_there_twice(
        self, server: RunningServer, talks: Path, fault: Fault
    ) -> None:
        write_talks(talks, range(4))
        (talks / "talk-001.wav").write_bytes(tone(3.0))
        (talks / "alone.wav").write_bytes(tone(4.0))
        async with a_line(server) as line:
            # Every other connection is a bad one.
            line.faults = deque([fault, Fault()] * 8)
            rows = await imported(RunningServer(line.url, server.settings), str(talks), "--no-wait")
        assert outcomes(rows) == {"sent": 5}
        api = server.client()
        listed = await interviews(api)
        assert len(listed) == 5
        whole = [(await api.get(f"/interviews/{row['id']}")).json() for row in listed]
        assert sorted(one["recording"]["size"] for one in whole if one["recording"]) == [48_044, 64_044]
        assert sum(one["imported"] is not None for one in whole) == 4

    async def test_a_server_that_stays_away_is_given_up_and_everything_is_named(
        self, server: RunningServer, talks: Path
    ) -> None:
        write_talks(talks, range(3))
        async with a_line(server) as line:
            line.faults = deque([Fault(answer=BUSY)] * 500)
            elsewhere = RunningServer(line.url, server.settings)
            ended = await invoked(elsewhere, "import", str(talks), "--patience", "0.3")
        assert ended.exit_code == 1
        assert "3 in all: 3 failed" in ended.output
        assert "503" in ended.output

    async def test_a_refusal_is_not_tried_again(self, server: RunningServer, talks: Path) -> None:
        [file] = write_talks(talks, range(1))
        async with a_line(server) as line:
            elsewhere = RunningServer(line.url, server.settings)
            ended = await invoked(elsewhere, "import", str(file), "--template", "nobodys")
            assert ended.exit_code == 1
            assert [request.split()[0] for request in line.requests] == ["GET", "POST"]


class TestParts:
    SIZE = 18 * 2**20

    async def test_killed_in_the_middle_only_the_missing_parts_are_sent(
        self, settings_with: SettingsFactory, talks: Path
    ) -> None:
        file = noise(talks / "long talk.wav", self.SIZE)
        settings = settings_with(
            worker={"worker_in_process": False}, storage={"upload_part_bytes": 5 * 2**20}
        )
        async with running(settings) as server, a_line(server) as line:
            line.holds = lambda request: request.endswith("/3")
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "app.cli", "import", str(file), "--no-wait"),
                *("--server", line.url, "--token", token_for("ada")),
                cwd=BACKEND,
            )
            async with asyncio.timeout(60):
                await line.held.wait()
            process.send_signal(signal.SIGKILL)
            await process.wait()
            assert line.signed_parts() == [1, 2, 3]

            line.requests.clear()
            line.holds = lambda _: False
            [row] = await imported(RunningServer(line.url, server.settings), str(file), "--no-wait")
            assert row["outcome"] == "sent"
            assert line.signed_parts() == [3, 4], "what was there was not sent again"
            api = server.client()
            assert len(await interviews(api)) == 1
            back = await api.get(f"/interviews/{row['interview_id']}/recording")
            assert back.content == file.read_bytes()


class TestCtrlC:
    async def test_it_ends_with_what_is_known_and_the_next_import_goes_on(
        self, server: RunningServer, talks: Path
    ) -> None:
        write_talks(talks, range(3))
        # Without a worker nothing is ever done: it waits until somebody has enough.
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "app.cli", "import", str(talks)),
            *("--server", server.url, "--token", token_for("ada")),
            cwd=BACKEND,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        assert process.stdout is not None
        async with asyncio.timeout(60):
            for _ in range(3):
                assert (await process.stdout.readline()).startswith(b"sent")
            process.send_signal(signal.SIGINT)
            rest = await process.stdout.read()
            assert await process.wait() == 130
        assert b"Run the same command again" in rest
        assert b"Traceback" not in rest
        rows = await imported(server, str(talks), "--no-wait")
        assert outcomes(rows) == {"sent": 3}
        assert {row["transcript_revision"] for row in await interviews(server.client())} == {0}
