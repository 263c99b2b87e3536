"""The database: reachable, protected, and with no more rights than it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.command_line.doctor.disk import check_room
from app.command_line.doctor.embedded import check_file, note_schema
from app.command_line.doctor.finding import Examined, Finding, Notes, Subject
from app.core.config import Environment, Settings
from app.core.database import DatabaseUnreachable
from app.repositories.factory import EMBEDDED_FILE

if TYPE_CHECKING:
    from app.core.database.mongo_facts import Writing

_TOO_MUCH: Final = frozenset(
    {
        "root",
        "atlasAdmin",
        "__system",
        "userAdminAnyDatabase",
        "dbAdminAnyDatabase",
        "readWriteAnyDatabase",
        "clusterAdmin",
        "hostManager",
        "restore",
        "backup",
        "clusterManager",
        "readAnyDatabase",
    }
)
_OWN_DATABASE: Final = frozenset({"readWrite", "dbOwner", "dbAdmin"})


async def check_database(examined: Examined) -> list[Finding]:
    notes = Notes(Subject.DATABASE)
    settings = examined.settings
    url = settings.database.database_url
    if url is None:
        await _embedded(settings, notes)
    else:
        await _mongo(settings, url.get_secret_value(), notes)
    return notes.findings


async def _embedded(settings: Settings, notes: Notes) -> None:
    folder = settings.server.data_dir
    if settings.server.environment is Environment.PRODUCTION:
        notes.warning(
            "Production runs on the embedded database.",
            "It serves one machine. Set DATABASE_URL to a MongoDB for several, and for managed backups.",
        )
    await check_room(folder, notes)
    if notes.failures:
        return
    await check_file(folder / EMBEDDED_FILE, notes)


async def _mongo(settings: Settings, url: str, notes: Notes) -> None:
    from app.core.database.mongo import open_mongo  # noqa: PLC0415 - the driver is for MongoDB alone
    from app.core.database.mongo_facts import (  # noqa: PLC0415 - as above
        has_unchecked_certificate,
        hosts_of,
        is_loopback,
        mongo_facts,
        uses_tls,
    )

    name = settings.database.database_name
    try:
        database = await open_mongo(url, name)
    except DatabaseUnreachable as error:
        notes.failed(
            error.detail,
            "Check DATABASE_URL, that the server runs, and that its network access list has this machine.",
        )
        return
    try:
        facts = await mongo_facts(database)
    finally:
        await database.client.close()
    hosts = hosts_of(url)
    is_local = all(is_loopback(host) for host in hosts)
    notes.ok(f"MongoDB {facts.version} answers at {', '.join(hosts)}; database {name}.")
    note_protection(
        notes, is_local=is_local, has_tls=uses_tls(url), user=facts.user, told=facts.roles is not None
    )
    note_rights(notes, facts.roles or (), name)
    if facts.replica_set is None and not is_local:
        notes.warning(
            "The server stands alone: when its disk is lost, everything is.",
            "Run a replica set, or make sure that backups are made and can be restored.",
        )
    if any(host.endswith(".mongodb.net") for host in hosts):
        notes.warning(
            "Atlas: whether it is open to all addresses (0.0.0.0/0) cannot be seen from here.",
            "Look at Security › Network Access. If 0.0.0.0/0 is there, replace it with the outgoing addresses of this "
            "machine, or use a private endpoint: a password is then not the only lock.",
        )
    note_schema(notes, facts.schema_version)
    note_writing(notes, facts.writing, name)
    if has_unchecked_certificate(url):
        notes.warning(
            "The server's certificate is not checked: anybody on the way could pose as it.",
            "Take tlsInsecure and tlsAllowInvalid… out of DATABASE_URL; name an authority of your own with tlsCAFile.",
        )


def note_writing(notes: Notes, writing: Writing, name: str) -> None:
    match writing.value:
        case "confirmed":
            notes.ok("The user may write, and a majority of the servers confirms it.")
        case "forbidden":
            notes.failed(f"The user may not write to {name}.", f"Give it the role readWrite on {name}.")
        case "unconfirmed":
            notes.failed(
                "No majority of the servers confirms a write: what is stored could be lost.",
                "Look at the members of the replica set (`rs.status()`): are enough of them up and in step?",
            )


def note_protection(notes: Notes, *, is_local: bool, has_tls: bool, user: str | None, told: bool) -> None:
    """Encryption and authentication; both may be absent on this very machine only."""
    if has_tls:
        notes.ok("The connection is encrypted (TLS).")
    elif not is_local:
        notes.failed(
            "The connection is not encrypted: candidates' data and the password cross the network in clear.",
            "Add tls=true to DATABASE_URL, and give the server a certificate.",
        )
    if not told:
        notes.skipped("The server does not tell which user is connected.")
    elif user is None and not is_local:
        notes.failed(
            "The server asks for no password: whoever reaches it reads everything.",
            "Switch authentication on, make a user with readWrite on this database, and name it in DATABASE_URL.",
        )
    elif user is None:
        notes.warning(
            "The server on this machine asks for no password.",
            "Fine for development; switch authentication on wherever others share the machine.",
        )


def note_rights(notes: Notes, roles: tuple[tuple[str, str], ...], name: str) -> None:
    """`roles` are (role, database) pairs; `name` is the one database that is ours."""
    if not roles:
        return
    excess = [
        f"{role}@{where}"
        for role, where in roles
        if role in _TOO_MUCH or (role in _OWN_DATABASE and where != name)
    ]
    if excess:
        notes.warning(
            f"The user has more rights than Debrief needs: {', '.join(excess)}.",
            f"Make a user whose only role is readWrite on {name}: a stolen password is then worth less.",
        )
    else:
        notes.ok("The user has no more rights than needed.")
