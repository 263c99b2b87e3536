"""Requests to other servers: their answer, or None, and what their clock says."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from app.command_line.doctor.finding import Examined

_SECONDS: Final = 5.0


async def ask(examined: Examined, method: str, url: str, **options: Any) -> httpx.Response | None:
    """None when nobody answers. The `Date` of the answer is kept for the check of the clock."""
    async with httpx.AsyncClient(timeout=_SECONDS) as client:
        try:
            response = await client.request(method, url, **options)
        except (
            httpx.HTTPError,
            httpx.InvalidURL,
            ValueError,
        ):  # a ValueError: a key that no header can carry
            return None
    try:
        # What a cache gave is as old as it says.
        age = float(response.headers.get("age", 0))
        theirs = parsedate_to_datetime(response.headers["date"]).timestamp() + age
    except (KeyError, ValueError, TypeError):
        return response
    examined.skews[urlsplit(url).hostname or url] = time.time() - theirs
    return response
