"""A CSV file that says more about each recording than its name does."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import StringIO
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
    # Not `splitlines`: that cuts fields at separators which only look like ends of lines.
    rows = csv.DictReader(StringIO(text, newline=""), skipinitialspace=True)
    try:
        return _read(path, rows, given)
    except csv.Error as error:
        raise CommandFailed(f"{path}, line {rows.reader.line_num}: {error}.") from error


def _read(path: Path, rows: csv.DictReader[str], given: Details) -> dict[Path, Details]:
    unknown = [name for name in rows.fieldnames or () if name not in COLUMNS]
    if unknown or "file" not in (rows.fieldnames or ()):
        raise CommandFailed(
            f"{path}: the first line names columns, `file` and any of {', '.join(COLUMNS[1:])}"
            + (f"; not {', '.join(map(repr, unknown))}." if unknown else ".")
        )
    found: dict[Path, Details] = {}
    for row in rows:
        where = f"{path}, line {rows.line_num}"
        if None in row:
            raise CommandFailed(f'{where}: it has more fields than the first line; put " around a comma.')
        said = {name: (row[name] or "").strip() for name in rows.fieldnames or ()}
        file = (path.parent / said["file"]).absolute()
        if not said["file"] or not file.is_file():
            raise CommandFailed(f"{where}: there is no file {said['file']!r}.")
        if said.get("candidate_email") and not said.get("candidate"):
            raise CommandFailed(f"{where}: candidate_email is of no use without candidate.")
        found[file] = _details(said, given)
    return found


def _details(row: dict[str, str], given: Details) -> Details:
    said: dict[str, object] = {
        name: row[name] for name in ("title", "position", "template", "language") if row.get(name)
    }
    if row.get("candidate"):
        person = Person.read(row["candidate"])
        said["candidate"] = replace(person, email=row.get("candidate_email") or person.email)
    if row.get("tags"):
        tags = (tag.strip() for tag in row["tags"].replace(";", ",").split(","))
        said["tags"] = (*given.tags, *(tag for tag in tags if tag))
    return replace(given, **said)  # type: ignore[arg-type]  # the names are fields
