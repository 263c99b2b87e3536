"""When a bucket's rules are good enough, and what is said when they are not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.services.storage.providers.r2.rules import BucketRules, read_rules, shortcomings, wanted_rules
from tests.fixtures.s3 import S3Bucket

ORIGIN = "https://hr.example"
WANTED = wanted_rules([ORIGIN])


def with_cors(**changes: tuple[str, ...]) -> BucketRules:
    return BucketRules((replace(WANTED.cors[0], **changes),), 7)


class TestShortcomings:
    @pytest.mark.parametrize(
        "found",
        [
            WANTED,
            with_cors(origins=("*",)),
            with_cors(origins=("https://*.example",)),
            with_cors(allowed_headers=("*",)),
            with_cors(allowed_headers=("Content-Type",), exposed_headers=("etag",)),
            with_cors(methods=("DELETE", "GET", "HEAD", "PUT")),
            BucketRules((replace(WANTED.cors[0], origins=("https://other.example",)), *WANTED.cors), 1),
        ],
        ids=["ours", "all", "wildcard", "all headers", "other case", "more methods", "one of two"],
    )
    def test_enough_is_enough(self, found: BucketRules) -> None:
        assert shortcomings(found, [ORIGIN]) == []

    @pytest.mark.parametrize(
        "found",
        [
            BucketRules((), 7),
            with_cors(origins=("http://hr.example",)),
            with_cors(origins=("https://hr.example/",)),
            with_cors(methods=("GET", "HEAD")),
            with_cors(allowed_headers=()),
            with_cors(exposed_headers=("Content-Range",)),
        ],
        ids=["none", "other scheme", "with a slash", "cannot send", "no type", "no ETag"],
    )
    def test_an_origin_that_cannot_upload_is_named(self, found: BucketRules) -> None:
        [said] = shortcomings(found, [ORIGIN])
        assert ORIGIN in said

    def test_each_origin_counts(self) -> None:
        assert len(shortcomings(WANTED, [ORIGIN, "https://a.example", "https://b.example"])) == 2

    @pytest.mark.parametrize(("days", "said"), [(None, "never given up"), (30, "30 days, not 7")])
    def test_uploads_that_are_kept_too_long(self, days: int | None, said: str) -> None:
        [lacking] = shortcomings(replace(WANTED, abort_after_days=days), [ORIGIN])
        assert said in lacking


class TestRead:
    def test_a_bucket_without_rules_has_none(self, s3_bucket: S3Bucket) -> None:
        assert read_rules(s3_bucket.settings()) == BucketRules((), None)

    @pytest.mark.parametrize(
        ("changes", "days"),
        [
            ({}, 3),
            ({"Status": "Disabled"}, None),
            ({"Filter": {"Prefix": "logs/"}}, None),
            ({"Filter": {"Tag": {"Key": "a", "Value": "b"}}}, None),
            ({"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 20}}, 20),
        ],
        ids=["whole bucket", "off", "a folder", "a tag", "longer"],
    )
    def test_only_a_rule_for_the_whole_bucket_that_is_on_counts(
        self, s3_bucket: S3Bucket, changes: dict[str, Any], days: int | None
    ) -> None:
        rule = {
            "ID": "theirs",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 3},
            **changes,
        }
        s3_bucket.server.client.put_bucket_lifecycle_configuration(
            Bucket=s3_bucket.name, LifecycleConfiguration={"Rules": [rule]}
        )
        assert read_rules(s3_bucket.settings()).abort_after_days == days
