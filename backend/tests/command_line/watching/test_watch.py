"""`watch` in a process of its own, against a real server."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import shutil
import signal
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.command_line.conftest import BACKEND, Ended, invoked
from tests.command_line.importing.conftest import a_talk, by_name, interviews, outcomes, rows_of, write_talks
from tests.command_line.importing.line import BUSY, Fault, a_line
from tests.fixtures.server import RunningServer, SettingsFactory, running, token_for


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "incoming"
    made.mkdir()
    return made


@dataclass
class Watching:
    process: asyncio.subprocess.Process

    async def next(self) -> dict[str, Any]:
        """What is said next."""
        assert self.process.stdout is not None
        async with asyncio.timeout(60):
            return dict(json.loads(await self.process.stdout.readline()))

    async def stop(self) -> bytes:
        """As Ctrl-C does; everything that is said after it."""
        assert self.process.stdout is not None
        self.process.send_signal(signal.SIGINT)
        async with asyncio.timeout(60):
            rest = await self.process.stdout.read()
            assert await self.process.wait() == 0, rest
        return rest


@asynccontextmanager
async def watching(server: RunningServer, folder: Path, *options: str) -> AsyncIterator[Watching]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app.cli", "watch", str(folder), "--json", *options),
        *("--server", server.url, "--token", token_for("ada")),
        cwd=BACKEND,
        env={**os.environ, "XDG_STATE_HOME": str(folder.parent / "state")},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield Watching(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def once(server: RunningServer, folder: Path, *options: str) -> Ended:
    return await invoked(
        server,
        *("watch", str(folder), "--once", "--settle", "0.2", "--json", *options),
        environment={"XDG_STATE_HOME": str(folder.parent / "state")},
    )


class TestWatching:
    @pytest.mark.parametrize("options", [[], ["--poll", "0.2"]], ids=["told by the system", "polling"])
    async def test_what_is_there_and_what_comes_is_imported_to_its_end(
        self, settings_with: SettingsFactory, folder: Path, options: list[str]
    ) -> None:
        write_talks(folder, range(1))
        async with running(settings_with()) as server:
            async with watching(server, folder, "--settle", "0.2", *options) as watch:
                assert (await watch.next())["outcome"] == "done"
                write_talks(folder / "later", range(1, 2))
                row = await watch.next()
                assert row["outcome"] == "done"
                assert row["files"] == [str(folder / "later" / "talk-001.txt")]
                assert await watch.stop() == b""
            listed = await interviews(server.client())
            assert {row["title"] for row in listed} == {"talk-000", "talk-001"}

    async def test_a_file_that_grows_is_sent_when_it_is_complete(
        self, settings_with: SettingsFactory, folder: Path
    ) -> None:
        enough = threading.Event()

        def grow() -> None:
            # In a thread: the server and this test share a loop that may be busy for longer than a file settles.
            with (folder / "growing.txt").open("w") as file:
                for number in itertools.count(1):
                    file.write(a_talk(number))
                    file.flush()
                    if enough.wait(0.05):
                        return

        async with running(settings_with()) as server, watching(server, folder, "--settle", "2") as watch:
            (folder / "marker.txt").write_text(a_talk(0))
            growing = asyncio.create_task(asyncio.to_thread(grow))
            try:
                # It grows until the other one, which came at the same time, has settled and is done.
                assert Path((await watch.next())["files"][0]).name == "marker.txt"
            finally:
                enough.set()
                await growing
            row = await watch.next()
            assert (Path(row["files"][0]).name, row["outcome"]) == ("growing.txt", "done")
            path = f"/interviews/{row['interview_id']}"
            imported = (await server.client().get(path)).json()["imported"]
            assert imported["size"] == (folder / "growing.txt").stat().st_size
            assert len(await interviews(server.client())) == 2

    async def test_what_is_refused_does_not_end_it_and_is_tried_once_it_has_changed(
        self, settings_with: SettingsFactory, folder: Path
    ) -> None:
        async with running(settings_with()) as server:
            (folder / "a.txt").write_text("")
            async with watching(server, folder, "--settle", "0.2") as watch:
                refused = await watch.next()
                assert refused["outcome"] == "failed"
                (folder / "a.txt").write_text(a_talk(1))
                assert (await watch.next())["outcome"] == "done"

    async def test_a_server_that_is_still_booting_is_waited_for(
        self, settings_with: SettingsFactory, folder: Path
    ) -> None:
        write_talks(folder, range(1))
        async with running(settings_with()) as server, a_line(server) as line:
            line.faults.extend([Fault(answer=BUSY)] * 3)
            elsewhere = RunningServer(line.url, server.settings)
            async with watching(elsewhere, folder, "--settle", "0.2", "--patience", "0") as watch:
                assert (await watch.next())["outcome"] == "done"
                assert await watch.stop() == b""


class TestOnce:
    async def test_a_duplicate_is_looked_up_the_next_time_and_not_taken_for_sent(
        self, server: RunningServer, folder: Path
    ) -> None:
        [file] = write_talks(folder, range(1))
        shutil.copy(file, folder / "copy.txt")
        first = by_name(rows_of(await once(server, folder)))
        assert outcomes(list(first.values())) == {"sent": 1, "duplicate": 1}
        [interview] = await interviews(server.client())
        [again] = rows_of(await once(server, folder))
        assert (again["outcome"], again["interview_id"]) == ("sent", interview["id"])
        assert first[Path(again["files"][0]).name]["outcome"] == "duplicate"
        assert (await once(server, folder)).output == ""

    async def test_the_second_time_nothing_is_read_and_nothing_is_sent(
        self, server: RunningServer, folder: Path
    ) -> None:
        write_talks(folder, range(3))
        assert outcomes(rows_of(await once(server, folder))) == {"sent": 3}
        again = await once(server, folder)
        assert (again.exit_code, again.output) == (0, "")
        # Without what was noted down the server still knows each content.
        for file in (folder.parent / "state" / "debrief").iterdir():
            file.unlink()
        await once(server, folder)
        assert len(await interviews(server.client())) == 3

    async def test_a_download_that_is_not_finished_is_left_for_the_next_time(
        self, server: RunningServer, folder: Path
    ) -> None:
        write_talks(folder, range(1))
        (folder / "talk-001.txt.part").write_text(a_talk(1))
        assert outcomes(rows_of(await once(server, folder))) == {"sent": 1}
        (folder / "talk-001.txt.part").rename(folder / "talk-001.txt")
        assert outcomes(rows_of(await once(server, folder))) == {"sent": 1}

    async def test_what_failed_is_an_exit_code_and_is_tried_the_next_time(
        self, server: RunningServer, folder: Path
    ) -> None:
        [file] = write_talks(folder, range(1))
        async with a_line(server) as line:
            elsewhere = RunningServer(line.url, server.settings)
            line.faults.extend([Fault(), *[Fault(answer=BUSY)] * 50])
            first = await invoked(
                elsewhere,
                "watch",
                str(folder),
                "--once",
                "--settle",
                "0",
                "--patience",
                "0",
                "--template",
                "x",
            )
            assert first.exit_code == 1, first.output
        assert file.exists()
        assert outcomes(rows_of(await once(server, folder))) == {"sent": 1}
