"""The database of this installation, opened for one command."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import anyio
import typer
from rich.console import Console

from app.command_line.connection import settings_or_exit
from app.command_line.errors import CommandFailed
from app.core.config import Settings, SettingsError
from app.core.errors import AppError
from app.core.logging import configure_logging

if TYPE_CHECKING:
    from app.repositories.base import PeopleRepository
    from app.services.accounts import AccountService

Result = TypeVar("Result")
console = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Installation:
    people: PeopleRepository
    accounts: AccountService


def administer(work: Callable[[Installation], Awaitable[Result]]) -> Result:
    """Do the work on the database. A refusal, and settings that cannot be used, are said in red; exit code 1."""
    settings = settings_or_exit(console)
    configure_logging(level="CRITICAL", json_lines=False)  # what the command says is all that is said
    try:
        return anyio.run(_opened, settings, work)
    except (AppError, SettingsError, CommandFailed) as error:
        reason = error.detail if isinstance(error, AppError) else str(error)
        console.print(reason, style="red", markup=False)
        raise typer.Exit(1) from None


async def _opened(settings: Settings, work: Callable[[Installation], Awaitable[Result]]) -> Result:
    # What it wires takes longer to load than all the other commands need to end.
    from app.core.container import open_container  # noqa: PLC0415 - other commands start without it

    async with open_container(settings) as container:
        return await work(Installation(container.repositories.people, container.accounts))
