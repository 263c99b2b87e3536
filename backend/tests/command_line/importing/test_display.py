"""What an import shows in a terminal while it is at work."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from app.command_line.importing.display import Bars, JsonLines, Lines, display_for
from app.command_line.importing.results import Outcome, Result, summary

TALK = Result((Path("a/talk [x]\x1b[31m.mp3"),), Outcome.DONE, "01m8", duration=61.0, claims=12)


def a_terminal() -> tuple[Console, io.StringIO]:
    file = io.StringIO()
    return Console(file=file, force_terminal=True, width=100, color_system=None), file


class TestBars:
    def test_they_show_uploads_the_pipeline_and_what_is_done(self) -> None:
        console, file = a_terminal()
        bars = Bars(console)
        bars.expect(3)
        with bars.sending("talk [x].mp3", 2_000_000) as moved:
            moved(500_000)
            bars.under_way("other.mp3", {"status": "analysing", "progress": 0.4})
            with console.capture() as captured:
                console.print(bars._picture())
        shown = captured.get()
        assert "0/3" in shown
        assert "talk [x].mp3" in shown
        assert "0.5/2.0 MB" in shown
        assert "Pipeline: 1 analysing" in shown
        assert "analysing 40%" in shown

        bars.under_way("other.mp3", {"status": "done", "progress": None})
        bars.ended(TALK)
        bars.ended(Result((Path("notes.pdf"),), Outcome.SKIPPED))
        with console.capture() as captured:
            console.print(bars._picture())
        assert "1/3" in captured.get()
        assert "analysing" not in captured.get()
        assert "\x1b" not in file.getvalue().replace("\x1b[0m", "")

    def test_they_are_for_terminals_alone(self) -> None:
        terminal, _ = a_terminal()
        assert isinstance(display_for(terminal, as_json=False), Bars)
        assert type(display_for(Console(file=io.StringIO()), as_json=False)) is Lines
        assert isinstance(display_for(terminal, as_json=True), JsonLines)


class TestResults:
    def test_a_line_is_one_line_whatever_the_name(self) -> None:
        line = TALK.line().plain
        assert line == "done           talk [x]\ufffd[31m.mp3  01m8  01:01, 12 claims"

    def test_as_json_it_is_one_object(self, capsys: pytest.CaptureFixture[str]) -> None:
        JsonLines().ended(TALK)
        row = json.loads(capsys.readouterr().out)
        assert (row["outcome"], row["interview_id"], row["claims"]) == ("done", "01m8", 12)

    def test_of_very_many_the_failures_are_listed_and_all_are_counted(self) -> None:
        failed = Result((Path("bad.mp3"),), Outcome.FAILED, detail="why")
        file = io.StringIO()
        Console(file=file, width=80).print(summary([TALK] * 150 + [failed]))
        assert "bad.mp3" in file.getvalue()
        assert "talk" not in file.getvalue()
        assert "151 in all: 150 done, 1 failed" in file.getvalue()
