"""The rules of the bucket: which pages may upload to it, and whether it gives up unfinished uploads."""

from __future__ import annotations

from typing import Final

from anyio import to_thread

from app.command_line.doctor.asking import ask
from app.command_line.doctor.finding import Examined, Notes
from app.core.config import Settings
from app.core.errors import AppError
from app.services.storage.base import SignedRequest

_SETUP: Final = "Run `python -m app.cli storage setup` with a token that may administer the bucket."


async def check_bucket(examined: Examined, part: SignedRequest, notes: Notes) -> None:
    """Reads the rules; where the token may not, asks as a browser would, with the signed request of a part."""
    try:
        lacking = await to_thread.run_sync(_shortcomings, examined.settings)
    except AppError:
        await _ask_as_browser(examined, part, notes)
        notes.skipped(
            "This token may not read the bucket's rules, which is right for a server: whether unfinished uploads are "
            "given up was not seen.",
            "`python -m app.cli storage show` tells, with a token that may administer the bucket.",
        )
        return
    for sentence in lacking:
        notes.failed(sentence, _SETUP)
    if not lacking:
        notes.ok("The bucket lets the frontend in (CORS) and gives up unfinished uploads.")


def _shortcomings(settings: Settings) -> list[str]:
    from app.services.storage.providers.r2.rules import read_rules, shortcomings  # noqa: PLC0415 - boto3 is slow

    return shortcomings(read_rules(settings.storage), settings.server.allowed_origins)


async def _ask_as_browser(examined: Examined, part: SignedRequest, notes: Notes) -> None:
    origins = examined.settings.server.allowed_origins
    refused = [origin for origin in origins if not await _serves(examined, part, origin)]
    for origin in refused:
        notes.failed(f"CORS: pages of {origin} may not upload, or cannot read the ETag.", _SETUP)
    if not refused:
        notes.ok("The bucket lets the frontend in (CORS), as a browser would ask.")


async def _serves(examined: Examined, part: SignedRequest, origin: str) -> bool:
    wish = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}
    before = await ask(examined, "OPTIONS", part.url, headers={"Origin": origin, **wish})
    sent = await ask(examined, "PUT", part.url, headers={**part.headers, "Origin": origin}, content=b"a part")
    if before is None or sent is None or not before.is_success or not sent.is_success:
        return False
    allowed = before.headers.get("access-control-allow-origin") in (origin, "*")
    return allowed and bool({"etag", "*"} & _listed(sent.headers.get("access-control-expose-headers", "")))


def _listed(header: str) -> set[str]:
    return {name.strip().lower() for name in header.split(",")}
