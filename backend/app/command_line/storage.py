"""`storage`: tell the bucket what it must know once, and show what it knows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer
from rich.console import Console

from app.core.config import Settings, SettingsError, StorageBackend, load_settings
from app.core.errors import AppError

if TYPE_CHECKING:
    from app.services.storage.providers.r2.rules import BucketRules

storage = typer.Typer(no_args_is_help=True, help="The bucket that keeps the recordings: its rules.")
console = Console(highlight=False, soft_wrap=True)

_HINT: Final = (
    "Rules can be read and set with an R2 token of the kind “Admin Read & Write”, for this one command, or by hand: "
    "`storage setup --dry-run` prints what the dashboard wants."
)

Origins = Annotated[
    list[str] | None,
    typer.Option("--origin", help="Origin of a frontend; can be repeated. Left out = ALLOWED_ORIGINS"),
]


@storage.command()
def setup(
    origin: Origins = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the rules, change nothing")] = False,
) -> None:
    """Let browsers upload to the bucket and play from it, and have it give up unfinished uploads after a week.

    Replaces the bucket's CORS rules; lifecycle rules of others stay.
    """
    settings = _settings()
    if _is_local(settings):
        return
    from app.services.storage.providers.r2 import rules  # noqa: PLC0415 - the S3 client is slow to load

    origins = _origins(settings, origin)
    wanted = rules.wanted_rules(origins)
    if dry_run:
        # As S3 takes it; plain print, so that it can be piped.
        documents = {"cors": rules.cors_document(wanted), "lifecycle": rules.lifecycle_document()}
        print(json.dumps(documents, indent=2))  # noqa: T201 - Rich would wrap it
        return
    try:
        rules.apply_rules(settings.storage, origins)
        lacking = rules.shortcomings(rules.read_rules(settings.storage), origins)
    except (AppError, SettingsError) as error:
        _fail(str(error), _HINT)
    if lacking:
        _fail("The bucket took the rules and does not show them:", *lacking)
    console.print(f"Set for {settings.storage.r2_bucket}. It can take half a minute until browsers notice.")
    _show(wanted)


@storage.command()
def show(origin: Origins = None) -> None:
    """Show the bucket's rules and what they lack. Exit code 1 when something is missing."""
    settings = _settings()
    if _is_local(settings):
        return
    from app.services.storage.providers.r2 import rules  # noqa: PLC0415 - the S3 client is slow to load

    try:
        found = rules.read_rules(settings.storage)
    except (AppError, SettingsError) as error:
        _fail(str(error), _HINT)
    console.print(f"Bucket {settings.storage.r2_bucket} at {settings.storage.endpoint}")
    _show(found)
    if lacking := rules.shortcomings(found, _origins(settings, origin)):
        _fail(*lacking, "`storage setup` sets these rules.")


def _settings() -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        _fail(str(error))


def _is_local(settings: Settings) -> bool:
    local = settings.storage.backend is StorageBackend.LOCAL
    if local:
        console.print("Recordings are kept on this machine's disk: there is nothing to set.")
    return local


def _origins(settings: Settings, given: list[str] | None) -> tuple[str, ...]:
    # An origin has no path; with a slash at its end no browser would match it.
    return tuple(name.rstrip("/") for name in given or settings.server.allowed_origins)


def _show(found: BucketRules) -> None:
    for rule in found.cors:
        console.print(f"CORS: {', '.join(rule.methods)} for {', '.join(rule.origins)}", markup=False)
        console.print(f"      takes {', '.join(rule.allowed_headers) or 'no headers'}", markup=False)
        console.print(f"      shows {', '.join(rule.exposed_headers) or 'no headers'}", markup=False)
    if not found.cors:
        console.print("CORS: no rule")
    kept = f"{found.abort_after_days} days" if found.abort_after_days is not None else "for ever"
    console.print(f"Lifecycle: unfinished uploads are kept {kept}")


def _fail(*lines: str) -> NoReturn:
    for line in lines:
        console.print(line, style="red", markup=False)
    raise typer.Exit(1)
