"""What a MongoDB server says of our connection: for a check of the installation, not for work."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import OperationFailure


@dataclass(frozen=True, slots=True)
class MongoFacts:
    """`roles` are (role, database) pairs of the connected user; None when the server does not tell."""

    version: str
    replica_set: str | None
    user: str | None
    roles: tuple[tuple[str, str], ...] | None


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
    )


async def _told(database: AsyncDatabase[dict[str, Any]], command: str) -> dict[str, Any]:
    """Empty where the server does not know the command or the user may not ask."""
    try:
        return await database.command(command)
    except OperationFailure:
        return {}


def uses_tls(url: str) -> bool:
    """As the address says: `mongodb+srv` does unless it is told not to, `mongodb` does when it is told to."""
    parts = urlsplit(url)
    options = {name.lower(): values[-1].lower() for name, values in parse_qs(parts.query).items()}
    said = options.get("tls", options.get("ssl"))
    return said == "true" if said is not None else parts.scheme == "mongodb+srv"


def hosts_of(url: str) -> list[str]:
    """Host names without ports and credentials."""
    authority = urlsplit(url).netloc.rpartition("@")[2]
    return [host.rpartition(":")[0] or host for host in authority.split(",")]


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
