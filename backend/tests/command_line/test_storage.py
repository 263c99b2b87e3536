"""The rules of a bucket, shown and set from the command line, against an S3 server on loopback."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from click.testing import Result
from typer.testing import CliRunner

from app.command_line.storage import storage
from tests.fixtures.s3 import SECRET_KEY, S3Bucket, anonymous, failing

ORIGIN = "https://hr.example"


@pytest.fixture
def environment(s3_bucket: S3Bucket, tmp_path: Path) -> dict[str, str]:
    return s3_bucket.environment(DATA_DIR=str(tmp_path), ALLOWED_ORIGINS=ORIGIN, NO_COLOR="1")


def run(environment: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(storage, list(arguments), env=environment)


async def preflight(bucket: S3Bucket, origin: str) -> httpx.Response:
    async with anonymous() as browser:
        return await browser.options(
            f"{bucket.server.url}/{bucket.name}/key",
            headers={
                "Origin": origin,
                "Access-Control-Request-Method": "PUT",
                "Access-Control-Request-Headers": "content-type",
            },
        )


class TestSetup:
    def test_sets_both_rules_and_show_is_content(self, environment: dict[str, str]) -> None:
        before = run(environment, "show")
        assert before.exit_code == 1
        assert f"pages of {ORIGIN} may not upload" in before.output
        assert "never given up" in before.output
        done = run(environment, "setup")
        assert done.exit_code == 0, done.output
        after = run(environment, "show")
        assert after.exit_code == 0
        assert f"CORS: GET, PUT, HEAD for {ORIGIN}" in after.output
        assert "shows ETag" in after.output
        assert "kept 7 days" in after.output

    def test_writes_the_rules_in_the_form_of_s3(
        self, environment: dict[str, str], s3_bucket: S3Bucket
    ) -> None:
        run(environment, "setup", "--origin", "https://a.example/", "--origin", "https://b.example")
        client = s3_bucket.server.client
        [rule] = client.get_bucket_cors(Bucket=s3_bucket.name)["CORSRules"]
        assert rule == {
            "AllowedOrigins": ["https://a.example", "https://b.example"],
            "AllowedMethods": ["GET", "PUT", "HEAD"],
            "AllowedHeaders": ["content-type", "range"],
            "ExposeHeaders": ["ETag", "Content-Range", "Accept-Ranges"],
            "MaxAgeSeconds": 3600,
        }
        [kept] = client.get_bucket_lifecycle_configuration(Bucket=s3_bucket.name)["Rules"]
        assert kept["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
        assert kept["Status"] == "Enabled"

    def test_lifecycle_rules_of_others_stay_and_ours_is_there_once(
        self, environment: dict[str, str], s3_bucket: S3Bucket
    ) -> None:
        client = s3_bucket.server.client
        theirs = {
            "ID": "logs",
            "Status": "Enabled",
            "Filter": {"Prefix": "logs/"},
            "Expiration": {"Days": 30},
        }
        client.put_bucket_lifecycle_configuration(
            Bucket=s3_bucket.name, LifecycleConfiguration={"Rules": [theirs]}
        )
        for _ in range(2):
            assert run(environment, "setup").exit_code == 0
        rules = client.get_bucket_lifecycle_configuration(Bucket=s3_bucket.name)["Rules"]
        assert [rule["ID"] for rule in rules] == ["logs", "debrief-abort-unfinished-uploads"]
        assert rules[0]["Expiration"] == {"Days": 30}

    def test_a_dry_run_prints_json_and_asks_nobody(
        self, environment: dict[str, str], s3_bucket: S3Bucket
    ) -> None:
        s3_bucket.server.seen.clear()
        printed = run(environment, "setup", "--dry-run")
        assert printed.exit_code == 0
        documents = json.loads(printed.output)
        assert documents["cors"]["CORSRules"][0]["AllowedOrigins"] == [ORIGIN]
        assert documents["lifecycle"]["Rules"][0]["Filter"] == {"Prefix": ""}
        assert s3_bucket.server.seen == []


class TestTrouble:
    @pytest.mark.parametrize("command", ["show", "setup"])
    def test_a_token_that_may_not_is_told_what_to_use(
        self, environment: dict[str, str], s3_bucket: S3Bucket, command: str
    ) -> None:
        s3_bucket.server.fault = failing(403, "AccessDenied")
        refused = run(environment, command)
        assert refused.exit_code == 1
        assert "denies access" in refused.output
        assert "Admin Read & Write" in refused.output
        assert SECRET_KEY not in refused.output

    def test_a_store_that_has_no_such_function_says_so(
        self, environment: dict[str, str], s3_bucket: S3Bucket
    ) -> None:
        s3_bucket.server.fault = lambda seen: (501, "NotImplemented") if "cors" in seen.query else None
        refused = run(environment, "setup")
        assert refused.exit_code == 1
        assert "does not offer this function" in refused.output
        [rule] = s3_bucket.server.client.get_bucket_lifecycle_configuration(Bucket=s3_bucket.name)["Rules"]
        assert rule["Status"] == "Enabled", "what it does offer is set all the same"

    def test_half_a_configuration_names_what_is_missing(self, environment: dict[str, str]) -> None:
        refused = run({**environment, "R2_SECRET_ACCESS_KEY": ""}, "show")
        assert refused.exit_code == 1
        assert "R2_SECRET_ACCESS_KEY: is not set" in refused.output

    def test_an_address_that_is_none_is_named(self, environment: dict[str, str]) -> None:
        refused = run({**environment, "R2_ENDPOINT": "minio:9000"}, "show")
        assert refused.exit_code == 1
        assert "R2_ENDPOINT: must begin with https://" in refused.output

    @pytest.mark.parametrize("command", ["show", "setup"])
    def test_a_local_store_has_nothing_to_set(self, tmp_path: Path, command: str) -> None:
        shown = run({"STORAGE_BACKEND": "local", "DATA_DIR": str(tmp_path)}, command)
        assert shown.exit_code == 0
        assert "nothing to set" in shown.output


class TestABrowser:
    async def test_may_upload_from_the_origins_that_were_set_and_from_no_other(
        self, environment: dict[str, str], s3_bucket: S3Bucket
    ) -> None:
        assert run(environment, "setup").exit_code == 0
        ours, other = await preflight(s3_bucket, ORIGIN), await preflight(s3_bucket, "https://evil.example")
        assert (ours.status_code, other.status_code) == (200, 403)
        assert ours.headers["access-control-allow-origin"] == ORIGIN
