"""The addresses that the S3 store hands out: what is signed, for which endpoint, and what a browser gets there."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.services.storage.providers.r2.store import R2ObjectStore
from tests.fixtures.s3 import SECRET_KEY, S3Bucket, anonymous
from tests.services.storage.stores import open_r2

KEY = "orgs/o1/interviews/i1/recordings/r1"
BACKEND = Path(__file__).parents[3]
PLENTY = 10**9


class TestSigned:
    async def test_addresses_are_made_without_a_request_and_without_the_secret(
        self, r2_store: R2ObjectStore, s3_bucket: S3Bucket
    ) -> None:
        s3_bucket.server.seen.clear()
        part = await r2_store.sign_part(KEY, "upload/id+=", 7, expires_in=600)
        query = parse_qs(urlsplit(part.url).query)
        assert urlsplit(part.url).path == f"/{s3_bucket.name}/{KEY}"
        assert (query["uploadId"], query["partNumber"]) == (["upload/id+="], ["7"])
        assert (query["X-Amz-Expires"], query["X-Amz-SignedHeaders"]) == (["600"], ["host"])
        assert query["X-Amz-Credential"][0].endswith("/auto/s3/aws4_request")
        assert not [name for name in query if "checksum" in name.lower()]
        assert SECRET_KEY not in part.url
        assert part.headers == {}
        assert s3_bucket.server.seen == []

    async def test_the_public_endpoint_is_in_the_address_and_only_there(
        self, s3_bucket: S3Bucket, tmp_path: Path
    ) -> None:
        store = open_r2(s3_bucket, tmp_path, r2_public_endpoint="https://files.example:8443")
        await store.put_bytes(KEY, b"x", "a/b")
        read = await store.sign_get(KEY, expires_in=60)
        part = await store.sign_part(KEY, "u", 1, expires_in=60)
        assert read is not None
        for signed in (read, part):
            address = urlsplit(signed.url)
            assert (address.scheme, address.netloc) == ("https", "files.example:8443")
            assert address.path == f"/{s3_bucket.name}/{KEY}"

    async def test_a_reader_gets_content_type_and_file_name(self, r2_store: R2ObjectStore) -> None:
        await r2_store.put_bytes(KEY, b"0123456789", "application/octet-stream")
        signed = await r2_store.sign_get(
            KEY, expires_in=60, filename='Réunion "1"; ü.webm', content_type="audio/webm"
        )
        assert signed is not None
        async with anonymous() as browser:
            whole = await browser.get(signed.url)
            some = await browser.get(signed.url, headers={"Range": "bytes=2-4"})
        assert whole.content == b"0123456789"
        assert whole.headers["content-type"] == "audio/webm"
        assert whole.headers["content-disposition"] == (
            "inline; filename=\"R_union _1_; _.webm\"; filename*=UTF-8''R%C3%A9union%20%221%22%3B%20%C3%BC.webm"
        )
        assert (some.status_code, some.content) == (206, b"234")

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(filename=st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
    async def test_no_file_name_breaks_out_of_its_header(
        self, r2_store: R2ObjectStore, filename: str
    ) -> None:
        signed = await r2_store.sign_get(KEY, expires_in=60, filename=filename)
        assert signed is not None
        query = parse_qs(urlsplit(signed.url).query, strict_parsing=True)
        shown = query.get("response-content-disposition", [""])[0]
        assert shown.isascii()
        assert shown.isprintable()
        assert shown.count('"') in (0, 2)
