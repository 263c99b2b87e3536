"""The server's own affairs: its address, its secrets, its clock."""

from __future__ import annotations

import asyncio
import socket
import stat
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from app.command_line.doctor.addresses import is_callable, is_origin, shown
from app.command_line.doctor.asking import ask
from app.command_line.doctor.finding import Examined, Finding, Notes, Subject
from app.command_line.doctor.strength import can_be_guessed
from app.core.config import ENV_FILES, Environment

_SKEW: Final = 30.0
_TOO_MUCH_SKEW: Final = 300.0


async def check_address(examined: Examined) -> list[Finding]:
    notes = Notes(Subject.ADDRESS)
    server = examined.settings.server
    is_production = server.environment is Environment.PRODUCTION
    _check_origins(server.allowed_origins, is_production, notes)
    if not is_callable(server.public_url):
        notes.failed(
            "PUBLIC_URL is not an http or https address that browsers can call.",
            "Set it to where browsers reach the API: no user name, no question mark, a port up to 65535.",
        )
        return notes.findings
    parts = urlsplit(server.public_url)
    host = parts.hostname or ""
    if is_production and parts.scheme != "https":
        notes.failed(
            "PUBLIC_URL is not encrypted.", "Put a proxy with a certificate in front, and use https."
        )
    where = await _resolved(host)
    if where is None:
        notes.failed(f"The name {host} leads nowhere.", "Add it to the DNS, or mend PUBLIC_URL.")
    elif is_production and not ip_address(where).is_global:
        notes.warning(
            f"{host} is an address of this network only ({where}).",
            "Fine for an intranet; vendors cannot call it.",
        )
    answer = await ask(examined, "GET", f"{server.public_url}/api/v1/health")
    if answer is not None and answer.is_success:
        notes.ok(f"The API answers at {shown(server.public_url)}.")
    else:
        said = "nobody answers" if answer is None else f"it answers {answer.status_code}"
        notes.warning(
            f"The API cannot be reached at {shown(server.public_url)}: {said}.",
            "Start the server; behind a proxy or a tunnel, check that it forwards to the API.",
        )
    return notes.findings


def _check_origins(origins: tuple[str, ...], is_production: bool, notes: Notes) -> None:
    for origin in origins:
        named = shown(origin) if "@" in origin else origin
        if not is_origin(origin):
            notes.failed(
                f"ALLOWED_ORIGINS has {named}, and no browser sends an origin of this form.",
                "Write it like https://hr.example.com: lower case, no path, no slash at the end, no *.",
            )
        elif is_production and not origin.startswith("https://"):
            notes.warning(f"The origin {named} is not encrypted.", "Use https origins in ALLOWED_ORIGINS.")


async def _resolved(host: str) -> str | None:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return None
    return str(found[0][4][0]).partition("%")[0] if found else None


async def check_secrets(examined: Examined) -> list[Finding]:
    notes = Notes(Subject.SECRETS)
    settings = examined.settings
    webhook = settings.deepgram.deepgram_webhook_secret
    named = {f"AUTH_SECRET (number {n})": secret for n, secret in enumerate(settings.auth.secrets, start=1)}
    if webhook is not None:
        named["DEEPGRAM_WEBHOOK_SECRET"] = webhook.get_secret_value()
    for name, secret in named.items():
        if can_be_guessed(secret):
            notes.failed(f"{name} can be guessed.", "Make one with `openssl rand -base64 32`.")
        else:
            notes.ok(f"{name} is strong.")
    if len(set(named.values())) < len(named):
        notes.failed(
            "The webhook's secret is a sign-in secret, too.", "Make another: it is sent to a vendor."
        )
    for path in (settings.server.data_dir / "secrets.json", *ENV_FILES):
        _check_mode(path, notes)
    return notes.findings


def _check_mode(path: Path, notes: Notes) -> None:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return
    if mode & 0o077:
        notes.warning(f"Other users of this machine can read {path.name}.", f"Run: chmod 600 {path.name}")


async def check_clock(examined: Examined) -> list[Finding]:
    """After the other checks: they have asked the servers."""
    notes = Notes(Subject.CLOCK)
    if not examined.skews:
        notes.skipped("No server was reached that could tell the time.")
        return notes.findings
    # Our own server shows our own time, right or wrong: it must not outvote the others.
    host, skew = max(examined.skews.items(), key=lambda item: abs(item[1]))
    if abs(skew) > _TOO_MUCH_SKEW:
        notes.failed(
            f"The clock differs by {abs(skew):.0f} s from that of {host}: signatures and tokens fail.",
            "Switch time synchronisation on (`timedatectl set-ntp true`).",
        )
    elif abs(skew) > _SKEW:
        notes.warning(
            f"The clock differs by {abs(skew):.0f} s from that of {host}.",
            "Switch time synchronisation on (`timedatectl set-ntp true`).",
        )
    else:
        notes.ok("The clock is right.")
    return notes.findings
