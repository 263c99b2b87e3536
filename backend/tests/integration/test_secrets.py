"""No secret of the cloud path is left behind: not in the log, not in a document, not in an object or its metadata."""

from __future__ import annotations

import base64
import logging
import zlib
from collections.abc import AsyncIterator, Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import structlog
from pydantic import SecretStr
from pymongo import AsyncMongoClient

from app.core.config import DeepgramDelivery, Settings
from app.core.logging import configure_logging
from tests.fixtures.deepgram import RunningDeepgram
from tests.fixtures.s3 import SECRET_KEY, S3Bucket
from tests.fixtures.server import SECRET, SettingsFactory, running, token_for
from tests.jobs.test_vendor import finished, upload

KEY = "dg-key-5a1f0c9be7d34826a0f3c1d2e4b59687"
WEBHOOK_SECRET = "webhook-0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a6978"


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Everything that is logged, as in production, at the most talkative level."""
    root, written = logging.getLogger(), StringIO()
    before = root.handlers[:], root.level
    configure_logging(level="DEBUG", json_lines=True)
    [handler] = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)
    yield written
    structlog.reset_defaults()
    root.handlers[:], level = before
    root.setLevel(level)


@pytest.fixture(params=["sqlite", "mongo"])
async def stored(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Any]:
    """The settings of a database, and a function that gives all that is in it."""
    if request.param == "sqlite":
        yield {}, lambda: _files(tmp_path)
        return
    url, name = request.getfixturevalue("mongodb_url"), request.getfixturevalue("mongodb_name")

    async def documents() -> list[bytes]:
        found = _files(tmp_path)
        async with AsyncMongoClient[dict[str, Any]](url) as client:
            for collection in await client[name].list_collection_names():
                found += [repr(d).encode() async for d in client[name][collection].find()]
        return found

    yield {"database_url": SecretStr(url), "database_name": name}, documents


def _files(folder: Path) -> list[bytes]:
    """What is in all files, packed answers unpacked."""
    found = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    for content in list(found):
        try:
            found.append(zlib.decompress(content))
        except zlib.error:
            continue
    return found


def secrets_of(deepgram: RunningDeepgram, settings: Settings) -> dict[str, str]:
    """Every secret that was used, by what it is."""
    [request] = deepgram.requests
    [callback] = request.all("callback")
    parts = urlsplit(callback)
    [extra] = request.all("extra")
    secrets = {
        "session secret": SECRET,
        "vendor's key": settings.deepgram.deepgram_api_key.get_secret_value(),  # type: ignore[union-attr]
        "webhook secret": WEBHOOK_SECRET,
        "basic auth": base64.b64encode(f"debrief:{WEBHOOK_SECRET}".encode()).decode(),
        "callback's signature": parts.path.rsplit(".", 1)[-1],
        "answer's secret": extra.split(":", 1)[1],
        "token": token_for("ada").rsplit(".", 1)[-1],
    }
    assert isinstance(request.json, dict)
    address = parse_qs(urlsplit(request.json["url"]).query)
    signature = address.get("X-Amz-Signature") or address["signature"]
    return secrets | {"signed address": signature[0], "bucket's key": SECRET_KEY}


def objects_of(bucket: S3Bucket) -> list[bytes]:
    """Every object with its metadata."""
    found = []
    for key in bucket.objects():
        shown = bucket.server.client.get_object(Bucket=bucket.name, Key=key)
        content = shown.pop("Body").read()
        found += [content, repr(shown).encode()]
        if "/answers/" in key:
            found.append(zlib.decompress(content))
    return found


@pytest.mark.parametrize("storage", ["local", "r2"])
async def test_nothing_of_it_stays(
    settings_with: SettingsFactory,
    deepgram: RunningDeepgram,
    stored: Any,
    storage: str,
    s3_bucket: S3Bucket,
    log: StringIO,
) -> None:
    database, everything = stored
    deepgram.deepgram.key = KEY
    settings = settings_with(
        database=database,
        storage=s3_bucket.fields() if storage == "r2" else {},
        deepgram={
            "deepgram_api_key": SecretStr(KEY),
            "deepgram_base_url": deepgram.url,
            "deepgram_webhook_secret": SecretStr(WEBHOOK_SECRET),
            "deepgram_delivery": DeepgramDelivery.CALLBACK,
        },
        worker={"worker_poll_seconds": 0.05},
    )
    async with running(settings) as server:
        api = server.client()
        interview = await upload(api)
        done = await finished(api, interview)
        assert done["status"] == "done"
        shown = [
            (await api.get(path)).content
            for path in (f"/interviews/{interview}", f"/interviews/{interview}/transcript")
        ]
        kept = everything()
        contents = shown + (kept if isinstance(kept, list) else await kept) + objects_of(s3_bucket)
    assert bool(s3_bucket.objects()) == (storage == "r2")
    assert deepgram.violations == []
    logged = log.getvalue().encode()
    assert b"callback.received" in logged, "the log was read"
    assert any(b'"results"' in content for content in contents), "the vendor's answer was read"
    found = [
        f"{what} in {where}"
        for what, secret in secrets_of(deepgram, settings).items()
        for where, texts in (("the log", [logged]), ("what is stored", contents))
        if any(secret.encode() in text for text in texts)
    ]
    assert found == []
