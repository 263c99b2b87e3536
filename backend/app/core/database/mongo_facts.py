"""What a MongoDB server says of our connection: for a check of the installation, not for work."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from pymongo import WriteConcern
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import OperationFailure, PyMongoError

_CONFIRM_MILLISECONDS: Final = 4_000
_FORBIDDEN: Final = frozenset({13, 8000})
_UNCHECKED: Final = ("tlsinsecure", "tlsallowinvalidcertificates", "tlsallowinvalidhostnames")


class Writing(StrEnum):
    """What became of a write that a majority of the servers has to confirm."""

    CONFIRMED = "confirmed"
    FORBIDDEN = "forbidden"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class MongoFacts:
    """`roles` are (role, database) pairs of the connected user; None when the server does not tell."""

    version: str
    replica_set: str | None
    user: str | None
    roles: tuple[tuple[str, str], ...] | None
    schema_version: int | None
    """None while nothing is stored."""
    writing: Writing


async def mongo_facts(database: AsyncDatabase[dict[str, Any]]) -> MongoFacts:
    hello, build = await _told(database, "hello"), await _told(database, "buildInfo")
    status = (await _told(database, "connectionStatus")).get("authInfo")
    users = (status or {}).get("authenticatedUsers", [])
    roles = (status or {}).get("authenticatedUserRoles", [])
    return MongoFacts(
        build.get("version", "of unknown version"),
        hello.get("setName"),
        users[0].get("user") if users else None,
        tuple((str(role.get("role")), str(role.get("db"))) for role in roles) if status else None,
        await _schema_version(database),
        await _writing(database),
    )


async def _schema_version(database: AsyncDatabase[dict[str, Any]]) -> int | None:
    found = await database["schema"].find_one({"_id": "schema"})
    return int(found["version"]) if found else None


async def _writing(database: AsyncDatabase[dict[str, Any]]) -> Writing:
    """An update that matches nothing: it needs the right to write and the majority's answer, and changes nothing."""
    concern = WriteConcern(w="majority", wtimeout=_CONFIRM_MILLISECONDS)
    schema = database.get_collection("schema", write_concern=concern)
    try:
        await schema.update_one({"_id": "nothing has this id"}, {"$set": {"version": 0}})
    except OperationFailure as error:
        return Writing.FORBIDDEN if error.code in _FORBIDDEN else Writing.UNCONFIRMED
    except PyMongoError:
        return Writing.UNCONFIRMED
    return Writing.CONFIRMED


async def _told(database: AsyncDatabase[dict[str, Any]], command: str) -> dict[str, Any]:
    """Empty where the server does not know the command or the user may not ask."""
    try:
        return await database.command(command)
    except OperationFailure:
        return {}


def uses_tls(url: str) -> bool:
    """As the address says: `mongodb+srv` does unless it is told not to, `mongodb` does when it is told to."""
    parts, options = urlsplit(url), _options(url)
    said = options.get("tls", options.get("ssl"))
    return said == "true" if said is not None else parts.scheme == "mongodb+srv"


def has_unchecked_certificate(url: str) -> bool:
    return any(_options(url).get(name) == "true" for name in _UNCHECKED)


def _options(url: str) -> dict[str, str]:
    return {name.lower(): values[-1].lower() for name, values in parse_qs(urlsplit(url).query).items()}


def hosts_of(url: str) -> list[str]:
    """Host names without ports and credentials."""
    authority = urlsplit(url).netloc.rpartition("@")[2]
    return [host.rpartition(":")[0] or host for host in authority.split(",")]


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
