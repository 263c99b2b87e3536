"""`make bench`: what Debrief costs on top of a bare server, as ratios measured side by side in one run."""

from __future__ import annotations

import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import broadcast, callbacks, reading, searching, startup, uploading, workers
from bench.report import Ratio


def main() -> None:
    console = Console()
    table = Table("what", "compared with", "ratio", "goal", "")
    for measure in (
        startup.measure,
        uploading.measure,
        reading.measure,
        searching.measure,
        callbacks.measure,
        broadcast.measure,
        workers.measure,
    ):
        with tempfile.TemporaryDirectory(prefix="debrief-bench-") as folder:
            ratios: list[Ratio] = measure(Path(folder))
        for ratio in ratios:
            table.add_row(
                ratio.what, ratio.peer, ratio.shown, ratio.goal_shown, "" if ratio.met else "missed"
            )
            console.print(f"{ratio.what}: {ratio.shown} ({ratio.peer}; goal {ratio.goal_shown})")
    console.print(table)


if __name__ == "__main__":
    main()
