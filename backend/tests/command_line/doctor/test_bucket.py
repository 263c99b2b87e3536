"""The bucket's rules, seen with a token that may read them and with one that may not; a store that hangs."""

from __future__ import annotations

import asyncio
import socket
import time

import pytest

from app.command_line.doctor.finding import Subject
from app.services.storage.providers.r2.rules import apply_rules
from tests.command_line.doctor.patient import Patient, found
from tests.fixtures.s3 import S3Bucket, Seen

ORIGIN = "https://hr.example"


def refuses_rules(seen: Seen) -> tuple[int, str] | None:
    """As the token of a running server: objects only."""
    return (403, "AccessDenied") if {"cors", "lifecycle"} & seen.query.keys() else None


@pytest.fixture
def bucket(patient: Patient, s3_bucket: S3Bucket) -> S3Bucket:
    patient.environment |= s3_bucket.environment(ALLOWED_ORIGINS=ORIGIN)
    return s3_bucket


class TestATokenForObjectsOnly:
    async def test_cors_is_seen_as_a_browser_sees_it(self, patient: Patient, bucket: S3Bucket) -> None:
        await asyncio.to_thread(apply_rules, bucket.settings(), [ORIGIN])
        bucket.server.fault = refuses_rules
        code, findings = await patient.examine(Subject.STORAGE)
        assert code == 0, findings
        assert found(findings, "lets the frontend in (CORS), as a browser would ask") == "ok"
        assert found(findings, "may not read the bucket's rules") == "skipped"
        bucket.server.fault = None
        assert bucket.uploads() == bucket.objects() == [], "nothing stays behind"

    async def test_an_origin_that_was_left_out_fails(self, patient: Patient, bucket: S3Bucket) -> None:
        await asyncio.to_thread(apply_rules, bucket.settings(), ["https://other.example"])
        bucket.server.fault = refuses_rules
        code, findings = await patient.examine(Subject.STORAGE)
        assert code == 1
        assert found(findings, f"CORS: pages of {ORIGIN}") == "failed"

    async def test_an_etag_that_pages_cannot_read_fails(self, patient: Patient, bucket: S3Bucket) -> None:
        rule = {"AllowedOrigins": [ORIGIN], "AllowedMethods": ["PUT"], "AllowedHeaders": ["content-type"]}
        await asyncio.to_thread(
            bucket.server.client.put_bucket_cors, Bucket=bucket.name, CORSConfiguration={"CORSRules": [rule]}
        )
        bucket.server.fault = refuses_rules
        code, findings = await patient.examine(Subject.STORAGE)
        assert code == 1
        assert found(findings, "cannot read the ETag") == "failed"


class TestAStoreThatHangs:
    async def test_it_is_found_out_within_seconds(self, patient: Patient, s3_bucket: S3Bucket) -> None:
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
            patient.environment |= s3_bucket.environment(R2_ENDPOINT=endpoint)
            began = time.monotonic()
            code, findings = await patient.examine(Subject.STORAGE)
        assert code == 1
        assert found(findings, "does not answer") == "failed"
        assert time.monotonic() - began < 15
