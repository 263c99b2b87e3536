"""Many interviews at once: in order, only a little ahead, and left alone when somebody has enough."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from app.command_line.choosing import side_by_side
from tests.command_line.conftest import BACKEND, invoked
from tests.command_line.importing.conftest import rows_of
from tests.command_line.importing.line import BUSY, Fault, a_line
from tests.fixtures.server import RunningServer, token_for


class TestSideBySide:
    def test_the_results_come_in_the_order_of_what_is_given(self) -> None:
        later = Event()

        def work(number: int) -> int:
            if number == 0:
                later.wait()
            elif number == 3:
                later.set()
            return number

        assert list(side_by_side(work, range(20), jobs=2, stop=Event())) == list(range(20))

    def test_a_long_list_is_not_read_to_its_end_before_the_first_result(self) -> None:
        taken: list[int] = []

        def given() -> Iterator[int]:
            for number in range(1000):
                taken.append(number)
                yield number

        results = side_by_side(lambda number: number, given(), jobs=2, stop=Event())
        assert next(results) == 0
        assert len(taken) == 4

    @pytest.mark.parametrize("end", [KeyboardInterrupt, GeneratorExit])
    def test_who_has_enough_does_not_wait_and_what_is_under_way_is_told(
        self, end: type[BaseException]
    ) -> None:
        stop = Event()
        results = side_by_side(lambda number: number or stop.wait(), range(1, -1, -1), jobs=1, stop=stop)
        assert next(results) == 1
        with pytest.raises(end):
            results.throw(end)
        assert stop.is_set()

    def test_what_goes_wrong_with_one_is_raised_in_its_place(self) -> None:
        results = side_by_side(lambda number: 1 // number, [1, 0, 1], jobs=1, stop=Event())
        assert next(results) == 1
        with pytest.raises(ZeroDivisionError):
            next(results)


class TestAgainstAServer:
    async def test_a_page_of_the_list_is_asked_for_again(self, server: RunningServer, tmp_path: Path) -> None:
        api = server.client()
        for number in range(3):
            await api.post("/interviews", json={"title": f"{number}"})
        async with a_line(server) as line:
            elsewhere = RunningServer(line.url, server.settings)
            line.faults = deque([Fault(answer=BUSY)])
            exported = await invoked(elsewhere, "export", "--all", "--to", str(tmp_path / "x"), "--json")
            assert exported.exit_code == 0, exported.output
            assert {row["title"] for row in rows_of(exported)} == {"0", "1", "2"}
            line.faults = deque([Fault(answer=BUSY)])
            retried = await invoked(elsewhere, "retry", "--failed")
            assert (retried.exit_code, retried.output) == (0, "No interview has failed.\n")

    async def test_ctrl_c_ends_it_although_a_request_is_not_answered(self, server: RunningServer) -> None:
        async with a_line(server) as line:
            line.holds = lambda request: request.endswith("/retry")
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "app.cli", "retry", "a", "b"),
                *("--server", line.url, "--token", token_for("ada")),
                cwd=BACKEND,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            async with asyncio.timeout(30):
                await line.held.wait()
                process.send_signal(signal.SIGINT)
                assert process.stdout is not None
                assert b"Traceback" not in await process.stdout.read()
                assert await process.wait() == 130
