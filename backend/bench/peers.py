"""The bare peers: the least that any server would have to do for the same answer."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Response
from fastapi.middleware.gzip import GZipMiddleware

payload = Path(os.environ["PEER_PAYLOAD"]).read_bytes() if "PEER_PAYLOAD" in os.environ else b"{}"

raw = FastAPI()


@raw.get("/")
async def answer() -> Response:
    """The same bytes, from memory."""
    return Response(payload, media_type="application/json")


compressed = GZipMiddleware(raw, minimum_size=1024, compresslevel=3)
"""The same bytes, compressed as often as they are asked for."""


async def upload(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Streams a body to disk with SHA-256, and nothing else."""
    if scope["type"] != "http":
        return
    digest = hashlib.sha256()
    with tempfile.TemporaryFile(dir=os.environ.get("DATA_DIR")) as file:
        more = True
        while more:
            message = await receive()
            chunk = message.get("body", b"")
            digest.update(chunk)
            file.write(chunk)
            more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"64")]})
    await send({"type": "http.response.body", "body": digest.hexdigest().encode()})


async def keep(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Keeps a body, synced to disk, and answers."""
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    with tempfile.TemporaryFile(dir=os.environ.get("DATA_DIR")) as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"{}"})


_listening: set[Any] = set()


async def broadcast(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Sends the body of a POST to all who are connected."""
    if scope["type"] == "http":
        text = ((await receive()).get("body") or b"").decode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"{}"})
        for send_to in tuple(_listening) if text else ():
            await send_to({"type": "websocket.send", "text": text})
    elif scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": '{"type":"snapshot"}'})
        _listening.add(send)
        while (await receive())["type"] != "websocket.disconnect":
            pass
        _listening.discard(send)
