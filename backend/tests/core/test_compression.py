"""Compressed answers: which are, which never are, and that their headers stay true."""

from __future__ import annotations

import gzip

import httpx
import pytest
from fastapi import FastAPI, Response
from fastapi.responses import StreamingResponse

from app.core.compression import SMALLEST, Compression, accepts_gzip

LONG = b'{"text":"' + b"said " * 20_000 + b'"}'
FEW = b"x" * SMALLEST


@pytest.fixture
def client() -> httpx.AsyncClient:
    bare = FastAPI()

    def answer(path: str, content: bytes, **fields: object) -> None:
        @bare.get(path, name=path)
        async def _() -> Response:
            return Response(content, **fields)  # type: ignore[arg-type]

    answer("/in/long", LONG, media_type="application/json", headers={"ETag": '"3"'})
    answer("/in/few", FEW, media_type="text/vtt")
    answer("/in/fewer", FEW[1:], media_type="text/plain")
    answer(
        "/in/word", LONG, media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    )
    answer("/in/sound", LONG, media_type="audio/mpeg")
    answer(
        "/in/part", LONG, status_code=206, media_type="text/plain", headers={"Content-Range": "bytes 0-1/9"}
    )
    answer("/in/gone", LONG, status_code=404, media_type="application/problem+json")
    answer("/in/done", gzip.compress(LONG), media_type="text/plain", headers={"Content-Encoding": "gzip"})
    answer("/out/long", LONG, media_type="application/json")
    answer("/in/i1/uploads/u1", LONG, media_type="application/json")
    answer("/in/i1/recording", LONG, media_type="application/json")

    @bare.get("/in/pieces")
    async def _pieces() -> StreamingResponse:
        return StreamingResponse(iter([LONG, LONG]), media_type="text/plain")

    transport = httpx.ASGITransport(app=Compression(bare, prefix="/in"))
    return httpx.AsyncClient(transport=transport, base_url="http://test", headers={"Accept-Encoding": "gzip"})


@pytest.mark.parametrize(("path", "content"), [("/in/long", LONG), ("/in/few", FEW)])
async def test_text_of_some_length_is_compressed(
    client: httpx.AsyncClient, path: str, content: bytes
) -> None:
    answer = await client.get(path)
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.content == content
    assert int(answer.headers["content-length"]) < len(content) / 2


async def test_the_etag_of_other_bytes_is_a_weak_one(client: httpx.AsyncClient) -> None:
    assert (await client.get("/in/long")).headers["etag"] == 'W/"3"'
    plain = await client.get("/in/long", headers={"Accept-Encoding": "identity"})
    assert plain.headers["etag"] == '"3"'
    assert plain.headers["vary"] == "Accept-Encoding"
    assert int(plain.headers["content-length"]) == len(plain.content) == len(LONG)


@pytest.mark.parametrize(
    "path",
    [
        *("/in/fewer", "/in/word", "/in/sound", "/in/part", "/in/gone", "/in/pieces"),
        *("/out/long", "/in/i1/uploads/u1", "/in/i1/recording"),
    ],
)
async def test_everything_else_goes_as_it_is(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert "content-encoding" not in answer.headers
    assert answer.content.startswith((LONG, FEW[1:]))


async def test_nothing_is_compressed_twice(client: httpx.AsyncClient) -> None:
    answer = await client.get("/in/done")
    assert answer.content == LONG


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("gzip", True),
        ("br, gzip;q=0.8", True),
        ("*", True),
        ("GZIP ; q=1.0", True),
        ("gzip;q=0", False),
        ("gzip;q=0.000, br", False),
        ("identity", False),
        ("gzipped", False),
        ("", False),
    ],
)
def test_what_a_caller_can_read(header: str, wanted: bool) -> None:
    assert accepts_gzip(header) is wanted
