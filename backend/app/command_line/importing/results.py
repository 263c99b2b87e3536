"""What became of each item, in words, as a table and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from app.command_line.debrief.layout import columns
from app.command_line.debrief.words import said
from app.services.export.wording import clock


class Outcome(StrEnum):
    DONE = "done"
    SENT = "sent"
    """It is on its way through the pipeline, and nobody waits for it."""
    PRESENT = "present"
    """An earlier import brought it, and it is done."""
    DUPLICATE = "duplicate"
    """The same content as another file of this import."""
    PLANNED = "planned"
    """Would be sent, if this were no dry run."""
    SKIPPED = "skipped"
    FAILED = "failed"


_WORDS: Final = {Outcome.PRESENT: "already there", Outcome.PLANNED: "would be sent"}
STYLES: Final = {Outcome.DONE: "green", Outcome.FAILED: "red", Outcome.SENT: "cyan"}
_ROWS_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Result:
    files: tuple[Path, ...]
    outcome: Outcome
    interview_id: str | None = None
    detail: str = ""
    duration: float | None = None
    claims: int | None = None
    may_pass: bool = False
    """Whether what failed may work in a while, though nobody changes the file."""
    same_as: Path | None = None
    """Of a duplicate: the first file of the item with this content."""

    @property
    def name(self) -> str:
        return " + ".join(path.name for path in self.files)

    @property
    def words(self) -> str:
        return _WORDS.get(self.outcome, self.outcome.value)

    @property
    def figures(self) -> str:
        length = [] if self.duration is None else [clock(self.duration)]
        found = [] if self.claims is None else [f"{self.claims} claims"]
        return ", ".join(length + found)

    def as_json(self) -> dict[str, Any]:
        return {
            "files": [str(path) for path in self.files],
            "outcome": self.outcome.value,
            "interview_id": self.interview_id,
            "detail": self.detail or None,
            "duration": self.duration,
            "claims": self.claims,
        }

    def line(self) -> Text:
        """`done  talk.mp3  01k…  0:30, 12 claims`."""
        facts = [self.name, self.interview_id, self.figures, self.detail]
        return Text.assemble(
            (f"{self.words:<13}  ", STYLES.get(self.outcome, "")),
            said("  ".join(fact for fact in facts if fact).replace("\n", " ")),
        )


def summary(results: Sequence[Result]) -> RenderableType:
    """A row for each item; of very many, the failures alone. Then the totals."""
    shown = results
    if len(results) > _ROWS_SHOWN:
        shown = [result for result in results if result.outcome is Outcome.FAILED]
    totals = Text(counted(results), style="bold")
    return Group(Text(), _table(shown), Text(), totals) if shown else totals


def counted(results: Sequence[Result]) -> str:
    """`200 in all: 198 done, 2 failed`."""
    counts = Counter(result.outcome for result in results)
    parts = [
        f"{counts[outcome]} {_WORDS.get(outcome, outcome.value)}" for outcome in Outcome if counts[outcome]
    ]
    return f"{len(results)} in all" + (f": {', '.join(parts)}" if parts else "")


def _table(results: Sequence[Result]) -> Table:
    table = columns("file", "interview", "outcome", "")
    for result in results:
        table.add_row(
            said(result.name),
            said(result.interview_id or ""),
            Text(result.words, style=STYLES.get(result.outcome, "")),
            said(result.detail or result.figures),
        )
    return table
