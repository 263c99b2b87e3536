"""The command line in a process that is forked from one in which it is loaded: real, and there in milliseconds."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from anyio import to_thread

from app.cli import cli
from app.core import container  # noqa: F401 - loaded once, for all the processes that are forked
from tests.fixtures.processes import forking

_SECONDS: Final = 120


def _main(arguments: Sequence[str], environment: Mapping[str, str], folder: str, output: str) -> None:
    os.environ.update(environment)
    os.chdir(folder)
    with Path(output).open("wb") as file:
        # Of both streams, so that a traceback would be seen.
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        sys.argv[0] = "debrief"
        cli(list(arguments))


async def forked(
    arguments: Sequence[str], *, environment: Mapping[str, str], folder: Path
) -> tuple[int, str]:
    """Exit code and output."""
    return await to_thread.run_sync(_run, list(arguments), dict(environment), folder)


def _run(arguments: list[str], environment: dict[str, str], folder: Path) -> tuple[int, str]:
    context = forking()
    with TemporaryDirectory() as place:
        output = Path(place) / "output"
        process = context.Process(target=_main, args=(arguments, environment, str(folder), str(output)))
        process.start()
        process.join(_SECONDS)
        if process.is_alive():
            process.kill()
            process.join()
            raise AssertionError(f"{arguments} did not end: {output.read_text()}")
        code = process.exitcode
        assert code is not None
        process.close()
        return code, output.read_text()
