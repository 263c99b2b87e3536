"""What the S3 store takes from the settings, what it does not take from the machine, and what it costs."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import anyio
import pytest

from app.core.config import SettingsError
from app.services.storage.providers.r2.client import open_clients
from app.services.storage.providers.r2.store import R2ObjectStore
from tests.fixtures.s3 import ACCESS_KEY, S3Bucket, slow
from tests.services.storage.stores import collect

KEY = "orgs/o1/interviews/i1/recordings/r1"
BACKEND = Path(__file__).parents[3]
PLENTY = 10**9


class TestSettings:
    @pytest.mark.parametrize("address", ["minio:9000", "ftp://minio", "https://"])
    def test_an_address_that_is_none_is_refused_by_name(self, s3_bucket: S3Bucket, address: str) -> None:
        for name in ("r2_endpoint", "r2_public_endpoint"):
            with pytest.raises(SettingsError, match=name.upper()):
                open_clients(s3_bucket.settings(**{name: address}))

    def test_the_machines_own_aws_settings_are_not_looked_at(
        self, s3_bucket: S3Bucket, tmp_path: Path
    ) -> None:
        """In a process of its own, because the SDK reads them once."""
        trap = tmp_path / "config"
        trap.write_text("this is not a file that the SDK can read\n")
        code = """
import anyio, sys
from pathlib import Path
from app.core.config import StorageSettings
from app.services.storage.factory import build_store
store = build_store(StorageSettings(_env_file=None), root=Path(sys.argv[1]), base_url="", signer=None)
print(anyio.run(store.put_bytes, "k", b"x", "a/b").size)
"""
        environment = {
            **s3_bucket.environment(),
            "AWS_PROFILE": "none-such",
            "AWS_CONFIG_FILE": str(trap),
            "AWS_SHARED_CREDENTIALS_FILE": str(trap),
            "AWS_ACCESS_KEY_ID": "from-the-machine",
            "AWS_SECRET_ACCESS_KEY": "from-the-machine",
            "AWS_REGION": "eu-west-1",
            "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9",
            "AWS_USE_FIPS_ENDPOINT": "true",
            "AWS_USE_DUALSTACK_ENDPOINT": "true",
            "AWS_REQUEST_CHECKSUM_CALCULATION": "when_supported",
        }
        ran = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)],
            cwd=BACKEND,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.stdout == "1\n", ran.stderr
        sent = next(seen for seen in s3_bucket.server.seen if seen.key == "k")
        assert f"Credential={ACCESS_KEY}/" in sent.headers["authorization"]
        assert "/auto/s3/" in sent.headers["authorization"]
        assert not [name for name in sent.headers if "checksum" in name]

    def test_embedded_users_do_not_pay_for_the_sdk(self) -> None:
        code = "import sys, app.services.storage.factory; print('botocore' in sys.modules)"
        ran = subprocess.run(
            [sys.executable, "-c", code], cwd=BACKEND, check=True, capture_output=True, text=True
        )
        assert ran.stdout == "False\n"


class TestCost:
    async def test_the_event_loop_stays_free_while_the_server_is_slow(
        self, r2_store: R2ObjectStore, s3_bucket: S3Bucket
    ) -> None:
        upload = await r2_store.create_multipart(KEY, "a/b")
        await r2_store.put_bytes(KEY, b"x" * 100_000, "a/b")
        s3_bucket.server.fault = slow(0.2)
        pauses: list[float] = []

        async def watch() -> None:
            while True:
                before = time.perf_counter()
                await anyio.sleep(0.001)
                pauses.append(time.perf_counter() - before)

        async with anyio.create_task_group() as watching:
            watching.start_soon(watch)
            async with anyio.create_task_group() as group:
                group.start_soon(r2_store.put_bytes, f"{KEY}-2", b"x" * 100_000, "a/b")
                group.start_soon(r2_store.get_bytes, KEY)
                group.start_soon(collect, r2_store.read(KEY, start=5))
                group.start_soon(r2_store.head, KEY)
                group.start_soon(r2_store.list_parts, KEY, upload)
                group.start_soon(r2_store.delete_prefix, "orgs/o2/")
                group.start_soon(r2_store.abort_stale, timedelta(hours=1))
            watching.cancel_scope.cancel()
        assert len(pauses) > 100, "the loop ran while the server was thinking"
        pauses.sort()
        assert pauses[len(pauses) * 99 // 100] < 0.02

    async def test_a_caller_that_leaves_does_not_wait_for_an_answer(
        self, r2_store: R2ObjectStore, s3_bucket: S3Bucket
    ) -> None:
        answer_after = 2.0
        s3_bucket.server.fault = slow(answer_after)
        began = time.perf_counter()
        with anyio.move_on_after(0.05):
            await r2_store.head(KEY)
        assert time.perf_counter() - began < answer_after

    def test_a_large_recording_in_constant_memory(self, s3_bucket: S3Bucket, tmp_path: Path) -> None:
        """In a process of its own, because the S3 server keeps what it receives in ours."""
        code = """
import anyio, resource, sys
from pathlib import Path
from app.core.config import StorageSettings
from app.services.storage.factory import build_store
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
async def chunks(count):
    for n in range(count): yield bytes([n % 251]) * 65_536
async def main():
    store = build_store(StorageSettings(_env_file=None), root=Path(sys.argv[1]), base_url="", signer=None)
    await store.put("warm", chunks(300), content_type="audio/webm", max_bytes=10**9)
    async for _ in store.read("warm"): pass
    before = peak()
    stored = await store.put("large", chunks(2_048), content_type="audio/webm", max_bytes=10**9)
    async for _ in store.read("large"): pass
    async with store.as_file("large") as path: size = path.stat().st_size
    print(stored.size, size, peak() - before)
anyio.run(main)
"""
        ran = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)],
            cwd=BACKEND,
            env=s3_bucket.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        stored, copied, grown_kib = map(int, ran.stdout.split())
        assert stored == copied == 128 * 2**20
        assert grown_kib < 24 * 1024
