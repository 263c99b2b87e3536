"""The local store's own signed addresses."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.services.storage.base import SignatureExpired, SignatureInvalid
from app.services.storage.providers.local import LocalObjectStore
from tests.services.storage.stores import BASE_URL, KeyedSigner

KEY = "orgs/o1/interviews/i1/recordings/r1"


class TestSignedAddresses:
    async def test_of_a_part(self, disk_store: LocalObjectStore) -> None:
        upload = await disk_store.create_multipart(KEY, "audio/webm")
        signed = await disk_store.sign_part(KEY, upload, 7, expires_in=60)
        address = urlsplit(signed.url)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        assert address._replace(query="").geturl() == f"{BASE_URL}/api/v1/storage/uploads/{upload}/parts/7"
        expires, signature = int(query["expires"]), query["signature"]
        assert expires == int(signed.expires_at.timestamp())
        disk_store.verify_part_url(query["key"], upload, 7, expires, signature)
        for key, other, number, until, mark in (
            (KEY + "0", upload, 7, expires, signature),
            (KEY, "0" * 32, 7, expires, signature),
            (KEY, upload, 8, expires, signature),
            (KEY, upload, 7, expires + 1, signature),
            (KEY, upload, 7, expires, signature[:-1] + "z"),
            (KEY, upload, 7, expires, ""),
        ):
            with pytest.raises(SignatureInvalid) as refused:
                disk_store.verify_part_url(key, other, number, until, mark)
            assert refused.value.code == "signature_invalid"

    @settings(max_examples=60)
    @given(filename=st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
    async def test_of_an_object_with_any_file_name(self, filename: str) -> None:
        store = LocalObjectStore(Path("unused"), base_url=lambda: f"{BASE_URL}/", signer=KeyedSigner())
        key = "orgs/o 1/interviews/ä?#%2F/r&1"
        signed = await store.sign_get(key, expires_in=60, filename=filename)
        assert signed is not None
        address = urlsplit(signed.url)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        prefix = f"{BASE_URL}/api/v1/storage/objects/"
        path = address._replace(query="").geturl()
        assert path.startswith(prefix)
        assert unquote(path.removeprefix(prefix)) == key
        assert query.get("filename", "") == filename
        expires, signature = int(query["expires"]), query["signature"]
        store.verify_object_url(key, filename, expires, signature)
        with pytest.raises(SignatureInvalid):
            store.verify_object_url(key, filename + "x", expires, signature)
        with pytest.raises(SignatureInvalid):
            store.verify_object_url(key + "x", filename, expires, signature)

    async def test_expire_to_the_second(self, disk_store: LocalObjectStore) -> None:
        signed = await disk_store.sign_get(KEY, expires_in=60)
        assert signed is not None
        query = parse_qs(urlsplit(signed.url).query)
        expires, signature = int(query["expires"][0]), query["signature"][0]
        disk_store.verify_object_url(KEY, "", expires, signature, now=expires)
        with pytest.raises(SignatureExpired) as refused:
            disk_store.verify_object_url(KEY, "", expires, signature, now=expires + 0.001)
        assert refused.value.code == "signature_expired"

    async def test_one_for_reading_does_not_write(self, disk_store: LocalObjectStore) -> None:
        signed = await disk_store.sign_get("k", expires_in=60)
        assert signed is not None
        query = parse_qs(urlsplit(signed.url).query)
        with pytest.raises(SignatureInvalid):
            disk_store.verify_part_url("k", "", 1, int(query["expires"][0]), query["signature"][0])
