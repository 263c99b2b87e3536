"""A CSV file that says more about each recording than its name does."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import Final

from app.command_line.errors import CommandFailed
from app.command_line.importing.details import Details, Person

COLUMNS: Final = (
    "file",
    "title",
    "candidate",
    "candidate_email",
    "position",
    "template",
    "language",
    "tags",
)


def read_manifest(path: Path, given: Details) -> dict[Path, Details]:
    """The details of each file that is named, by its absolute path; what a row leaves empty is as `given`.

    Relative paths begin at the manifest's folder. Raises `CommandFailed` with the line.
    """
    try:
        # Spreadsheets write a byte order mark.
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandFailed(f"{path} cannot be read: {error}.") from error
    rows = csv.DictReader(text.splitlines(), skipinitialspace=True)
    unknown = [name for name in rows.fieldnames or () if name not in COLUMNS]
    if unknown or "file" not in (rows.fieldnames or ()):
        raise CommandFailed(
            f"{path}: the first line names columns, `file` and any of {', '.join(COLUMNS[1:])}"
            + (f"; not {', '.join(map(repr, unknown))}." if unknown else ".")
        )
    found: dict[Path, Details] = {}
    for row in rows:
        said = {name: (row[name] or "").strip() for name in rows.fieldnames or ()}
        file = (path.parent / said["file"]).absolute()
        if not said["file"] or not file.is_file():
            raise CommandFailed(f"{path}, line {rows.line_num}: there is no file {said['file']!r}.")
        found[file] = _details(said, given)
    return found


def _details(row: dict[str, str], given: Details) -> Details:
    said: dict[str, object] = {
        name: row[name] for name in ("title", "position", "template", "language") if row.get(name)
    }
    if row.get("candidate"):
        said["candidate"] = Person(row["candidate"], row.get("candidate_email") or None)
    if row.get("tags"):
        tags = (tag.strip() for tag in row["tags"].replace(";", ",").split(","))
        said["tags"] = (*given.tags, *(tag for tag in tags if tag))
    return replace(given, **said)  # type: ignore[arg-type]
