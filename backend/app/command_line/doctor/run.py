"""All checks at once, and what came out of them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Collection
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Final

import anyio
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.command_line.doctor.database import check_database
from app.command_line.doctor.finding import Examined, Finding, Status, Subject
from app.command_line.doctor.mail import check_mail
from app.command_line.doctor.redis import check_redis
from app.command_line.doctor.server import check_address, check_clock, check_secrets
from app.command_line.doctor.settings import read_settings
from app.command_line.doctor.storage import check_storage
from app.command_line.doctor.vendors import check_deepgram, check_openai

Check = Callable[[Examined], Awaitable[list[Finding]]]

_CHECKS: Final[dict[Subject, Check]] = {
    Subject.DATABASE: check_database,
    Subject.STORAGE: check_storage,
    Subject.DEEPGRAM: check_deepgram,
    Subject.OPENAI: check_openai,
    Subject.MAIL: check_mail,
    Subject.REDIS: check_redis,
    Subject.ADDRESS: check_address,
    Subject.SECRETS: check_secrets,
}
_SECONDS: Final = 20.0
_MARKS: Final = {
    Status.OK: ("✓", "green"),
    Status.WARNING: ("!", "yellow"),
    Status.FAILED: ("✗", "red"),
    Status.SKIPPED: ("–", "dim"),
}


def run_doctor(
    console: Console,
    *,
    as_json: bool = False,
    only: Collection[Subject] = (),
    strict: bool = False,
    env_file: Path | None = None,
) -> int:
    """Exit code: 0 fit, 1 something failed (with `strict`: or is doubtful), 2 the settings cannot be used.

    What can be examined in spite of wrong settings is examined.
    """
    settings, problems, unseen = read_settings(env_file)
    examined = Examined(settings)
    wanted = set(only or Subject)
    findings = [_of_settings(problem) for problem in problems]
    with nullcontext() if as_json else console.status("Examining…"):
        findings += anyio.run(_examine, examined, wanted - unseen)
    findings += [_unseen(subject) for subject in Subject if subject in unseen & wanted]
    _show(console, findings, as_json=as_json)
    if problems:
        return 2
    bad = {Status.FAILED, Status.WARNING} if strict else {Status.FAILED}
    return 1 if any(finding.status in bad for finding in findings) else 0


async def _examine(examined: Examined, wanted: Collection[Subject]) -> list[Finding]:
    found: dict[Subject, list[Finding]] = {}

    async def run(subject: Subject, check: Check) -> None:
        found[subject] = await _bounded(subject, check, examined)

    async with anyio.create_task_group() as group:
        for subject, check in _CHECKS.items():
            if subject in wanted:
                group.start_soon(run, subject, check)
    if Subject.CLOCK in wanted:
        await run(Subject.CLOCK, check_clock)
    return [finding for subject in Subject for finding in found.get(subject, ())]


async def _bounded(subject: Subject, check: Check, examined: Examined) -> list[Finding]:
    """A check that does not end, or that fails itself, is a finding like any other."""
    try:
        with anyio.fail_after(_SECONDS):
            return await check(examined)
    except TimeoutError:
        what = f"The check did not end within {_SECONDS:.0f} seconds."
    except Exception as error:
        # The kind only: a message may quote an address with its password.
        what = f"The check itself failed ({type(error).__name__})."
    return [Finding(subject, Status.FAILED, what, "Please report this, with the name of the error.")]


def _of_settings(problem: str) -> Finding:
    name, _, reason = problem.partition(": ")
    return Finding(
        Subject.SETTINGS, Status.FAILED, f"{name} {reason}.", f"Mend {name} in the environment or .env."
    )


def _unseen(subject: Subject) -> Finding:
    return Finding(subject, Status.SKIPPED, "The settings that this needs cannot be read.")


def _show(console: Console, findings: list[Finding], *, as_json: bool) -> None:
    if as_json:
        # Plain print: Rich would wrap it.
        print(json.dumps([asdict(finding) for finding in findings], indent=2))  # noqa: T201 - Rich would wrap it
        return
    table = Table(box=None, padding=(0, 1), show_header=False)
    for finding in findings:
        mark, style = _MARKS[finding.status]
        text = Text(finding.what)
        if finding.fix:
            text.append(f"\n→ {finding.fix}", style="italic")
        table.add_row(Text(mark, style=style), Text(finding.subject.value, style="bold"), text)
    console.print(table)
    counted = {status: sum(f.status is status for f in findings) for status in Status}
    console.print(", ".join(f"{count} {status.value}" for status, count in counted.items() if count))
