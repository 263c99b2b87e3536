"""Callbacks: which addresses Deepgram calls, and how often it tries."""

from __future__ import annotations

import asyncio
import time
from typing import Final
from urllib.parse import urlsplit

import httpx

from tests.fixtures.loopback import UNUSED_TLS
from tests.standins.deepgram.journal import Delivery, Query
from tests.standins.deepgram.refusals import Refused
from tests.standins.deepgram.switches import Switches

PORTS: Final = (80, 443, 8080, 8443)
RETRIES: Final = 10


def check_callback(url: str, switches: Switches) -> None:
    """Raises `Refused` for what Deepgram would not call."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        parts, port = urlsplit(""), 0
    allowed = switches.any_callback_port or port in PORTS
    if parts.scheme not in ("http", "https") or not parts.hostname or not allowed:
        raise Refused(400, "INVALID_QUERY_PARAMETER", "Invalid callback url.")


async def deliver(
    answer: bytes, query: Query, switches: Switches, request_id: str, deliveries: list[Delivery]
) -> None:
    """Send the answer until it is accepted, or `RETRIES` more times. Credentials in the address go as Basic Auth."""
    method, url = query.first("callback_method", "POST"), query.first("callback")
    first = spoiled(answer, switches)
    async with httpx.AsyncClient(trust_env=False, verify=UNUSED_TLS, timeout=120) as client:
        for attempt in range(1, RETRIES + 2):
            content = first if attempt == 1 else answer
            try:
                response = await client.request(
                    method, url, content=content, headers={"Content-Type": "application/json"}
                )
                status = response.status_code
            except httpx.HTTPError:
                status = 0
            deliveries.append(Delivery(method, url, request_id, attempt, status, time.monotonic()))
            if 200 <= status < 300 or attempt > RETRIES:
                return
            await asyncio.sleep(switches.retry_interval)


def spoiled(answer: bytes, switches: Switches) -> bytes:
    """The answer as the switches let it arrive."""
    if switches.take("empty_results"):
        return b""
    return answer[: len(answer) // 2] if switches.take("cut_results") else answer
