"""An installation to be examined, and how to read what was found."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from app.command_line.doctor.finding import Subject
from app.command_line.doctor.run import run_doctor
from tests.core.test_config import known_names

STRONG = "q7R2m9Xw4Lk8Vb3Nz6Tj1Hd5Gf0Ys-pA_cE"
Findings = list[dict[str, Any]]


class Patient:
    """An installation on this machine, by its environment."""

    def __init__(
        self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in known_names():
            monkeypatch.delenv(name, raising=False)
        monkeypatch.chdir(folder)
        self.folder = folder
        self.environment = {"DATA_DIR": str(folder / "data"), "AUTH_SECRET": STRONG}
        self._capsys = capsys

    async def examine(self, *only: Subject, strict: bool = False) -> tuple[int, Findings]:
        """The exit code and the findings."""
        code, text = await self.output(only, as_json=True, strict=strict)
        # A server that runs in this process logs to the same place, before and after.
        findings: Findings = json.JSONDecoder().raw_decode(text[text.index("[\n") :])[0]
        return code, findings

    async def output(
        self, only: tuple[Subject, ...] = (), *, as_json: bool, strict: bool = False
    ) -> tuple[int, str]:
        file = self.folder / "settings"
        file.write_text("".join(f"{name}={value}\n" for name, value in self.environment.items()))
        file.chmod(0o600)
        with (self.folder / "shown").open("w+") as shown:
            console = Console(file=shown, width=200)
            code = await asyncio.to_thread(
                run_doctor, console, as_json=as_json, only=only, strict=strict, env_file=file
            )
            shown.seek(0)
            return code, shown.read() + self._capsys.readouterr().out


def found(findings: Findings, text: str) -> str:
    """The status of the finding that says this; it must advise something unless all is well."""
    [finding] = [f for f in findings if text in f["what"]]
    assert finding["status"] in ("ok", "skipped") or finding["fix"]
    return str(finding["status"])
