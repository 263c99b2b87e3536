"""Redis, for those who have one: does it answer, how soon, and is it protected."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from app.command_line.doctor.addresses import shown
from app.command_line.doctor.finding import Examined, Finding, Notes, Subject

_HERE: Final = ("localhost", "127.0.0.1", "::1")
_SLOW_MILLISECONDS: Final = 50.0


async def check_redis(examined: Examined) -> list[Finding]:
    notes = Notes(Subject.REDIS)
    url = examined.settings.redis.redis_url
    if url is None:
        notes.skipped(
            "No Redis is set: processes find each other's work by looking, within a second or two.",
            "Set REDIS_URL when there are several machines, or when that is too slow.",
        )
        return notes.findings
    await _ask(url.get_secret_value(), notes)
    return notes.findings


async def _ask(url: str, notes: Notes) -> None:
    # Imported here: those without Redis do without its client.
    from app.services.events.providers.redis_facts import RIGHTS, RedisUnusable, RightsMissing, redis_facts  # noqa: PLC0415

    try:
        facts = await redis_facts(url)
    except RedisUnusable as error:
        if error.refused:
            notes.failed(
                "Redis does not accept the password.", "Set REDIS_URL=redis://user:password@host:6379/0."
            )
        else:
            notes.failed(
                f"Redis does not answer at {shown(url)}.",
                "Check REDIS_URL and that the server runs. Debrief works meanwhile; news takes a second or two.",
            )
        return
    except RightsMissing:
        notes.failed(
            f"The user of Redis at {shown(url)} may not use what Debrief needs.",
            f"As Redis's administrator: ACL SETUSER name {RIGHTS}",
        )
        _note_protection(url, notes)
        return
    notes.ok(f"Redis {facts.version} answers at {shown(url)} within {facts.milliseconds:.1f} ms.")
    if facts.milliseconds > _SLOW_MILLISECONDS:
        notes.warning(
            "Redis is slow to answer.", "Run it near the servers: it is there to save milliseconds."
        )
    _note_protection(url, notes)


def _note_protection(url: str, notes: Notes) -> None:
    parts = urlsplit(url)
    if parts.scheme == "unix" or (parts.hostname or "localhost") in _HERE:
        return
    if parts.password is None:
        notes.warning(
            "Redis asks for no password.",
            "Fine on a network that nothing else is on, as in compose.yaml; else set one (requirepass, or a user).",
        )
    if parts.scheme != "rediss":
        notes.warning(
            "The connection to Redis is not encrypted: titles and live transcripts cross the network in clear.",
            "Use rediss://, or keep Redis on a network of its own.",
        )
