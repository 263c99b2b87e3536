"""Is the process alive, and can it work: what load balancers and people are told when something is broken or late."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from app.core.config import Settings
from app.core.container import open_container
from app.models.base import new_id, utc_now
from app.models.delivery import Carrier, Delivery
from app.models.interview import OutboxEntry, Status, TranscriptionJob
from app.models.notification import Topic
from app.repositories.base import Expect, Repositories
from app.services.standing import STUCK_AFTER
from tests.fixtures.s3 import S3Bucket, failing
from tests.fixtures.scraping import scrape
from tests.fixtures.server import RunningServer, SettingsFactory, running

READY = "/health/ready"
LATE = STUCK_AFTER + timedelta(minutes=1)


async def ready(server: RunningServer) -> tuple[int, dict[str, Any]]:
    answer = await server.client(None).get(READY)
    return answer.status_code, answer.json()


def states(body: dict[str, Any]) -> dict[str, str]:
    return {name: check["status"] for name, check in body["checks"].items()}


async def test_the_process_answers(server: RunningServer) -> None:
    answer = await server.client(None).get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "environment": "test"})


class TestWell:
    async def test_everything_is_checked(self, each_server: RunningServer) -> None:
        status, body = await ready(each_server)
        assert (status, body["status"]) == (200, "ok")
        names = ["database", "storage", "steps", "answers", "messages", "deliveries"]
        assert states(body) == dict.fromkeys(names, "ok")
        assert body["checks"]["storage"]["figures"]["free_bytes"] > 0
        assert body["checks"]["steps"]["figures"] == {"waiting": 0, "stuck": 0, "oldest_seconds": 0}

    async def test_the_probe_leaves_nothing_behind(self, server: RunningServer) -> None:
        await ready(server)
        objects = server.settings.server.data_dir / "objects"
        assert [path for path in objects.rglob("*") if path.is_file()] == []


async def an_interview(server: RunningServer, stored: Repositories, **changes: Any) -> str:
    made = str((await server.client().post("/interviews", json={"title": "Late"})).json()["id"])
    assert await stored.jobs.compare_and_set(made, Expect(), changes)
    return made


class TestLate:
    """The API still works: load balancers are told so, people are told what is late."""

    async def test_a_step_that_nobody_takes(self, each_server: RunningServer, stored: Repositories) -> None:
        await an_interview(each_server, stored, status=Status.PREPARING, due_at=utc_now() - LATE)
        await an_interview(each_server, stored, status=Status.ANALYSING, due_at=utc_now())
        status, body = await ready(each_server)
        assert (status, body["status"]) == (200, "degraded")
        assert states(body) == dict.fromkeys(body["checks"], "ok") | {"steps": "degraded"}
        steps = body["checks"]["steps"]["figures"]
        assert (steps["waiting"], steps["stuck"]) == (2, 1)
        assert LATE.total_seconds() <= steps["oldest_seconds"] < LATE.total_seconds() + 60

    async def test_an_answer_that_nobody_reads(
        self, each_server: RunningServer, stored: Repositories
    ) -> None:
        job = TranscriptionJob(id=new_id(), recording_key="r", created_at=utc_now(), delivery_key="orgs/a")
        due = utc_now() - LATE
        await an_interview(each_server, stored, status=Status.INGESTING, due_at=due, transcription=job)
        status, body = await ready(each_server)
        assert (status, body["status"]) == (200, "degraded")
        assert body["checks"]["answers"] == {"status": "degraded", "figures": {"unread": 1}}

    async def test_messages_and_deliveries(self, each_server: RunningServer, stored: Repositories) -> None:
        due = utc_now() - LATE
        entry = OutboxEntry(id=new_id(), kind=Topic.DEBRIEF_READY.value, created_at=due)
        made = await an_interview(each_server, stored, outbox=(entry,), outbox_at=due)
        interview = await stored.jobs.get(made)
        assert interview is not None
        await stored.deliveries(interview.organisation_id).put(
            Delivery(
                id=new_id(),
                organisation_id=interview.organisation_id,
                notice_id=entry.id,
                topic=Topic.DEBRIEF_READY,
                carrier=Carrier.WEBHOOK,
                target_id="endpoint",
                due_at=due,
                created_at=due,
            )
        )
        status, body = await ready(each_server)
        assert (status, body["status"]) == (200, "degraded")
        assert body["checks"]["messages"] == {"status": "degraded", "figures": {"overdue": 1}}
        assert body["checks"]["deliveries"]["status"] == "degraded"
        assert body["checks"]["deliveries"]["figures"]["pending"] == 1

        # Prometheus is told the same.
        found = await scrape(each_server.url)
        assert found.value("debrief_outboxes_overdue") == 1
        assert found.value("debrief_deliveries", status="pending") == 1
        assert found.value("debrief_oldest_delivery_age_seconds") >= LATE.total_seconds()

    async def test_nothing_secret_and_no_ids(self, server: RunningServer, settings: Settings) -> None:
        async with open_container(settings) as container:
            made = await an_interview(
                server, container.repositories, status=Status.PREPARING, due_at=utc_now() - LATE
            )
        text = (await server.client(None).get(READY)).text
        assert made not in text
        assert str(settings.server.data_dir) not in text


class TestStorage:
    async def test_a_directory_that_cannot_be_written(self, settings: Settings) -> None:
        async with running(settings) as server:
            objects = settings.server.data_dir / "objects"
            shutil.rmtree(objects, ignore_errors=True)
            objects.write_text("in the way")
            status, body = await ready(server)
        assert (status, body["code"]) == (503, "not_ready")
        assert body["checks"]["storage"] == {
            "status": "failed",
            "figures": {},
            "code": "storage_unavailable",
        }
        assert body["checks"]["database"]["status"] == "ok"

    async def test_a_bucket_is_asked_once_for_many_probes(
        self, settings_with: SettingsFactory, s3_bucket: S3Bucket
    ) -> None:
        settings = settings_with(storage=s3_bucket.fields(), worker={"worker_in_process": False})
        async with running(settings) as server:
            s3_bucket.server.seen.clear()
            answers = await asyncio.gather(*(ready(server) for _ in range(5)), ready(server))
        assert {status for status, _ in answers} == {200}
        assert [(seen.method, seen.key) for seen in s3_bucket.server.seen] == [("HEAD", "")]
        assert answers[0][1]["checks"]["storage"] == {"status": "ok", "figures": {}}

    async def test_a_bucket_that_refuses(self, settings_with: SettingsFactory, s3_bucket: S3Bucket) -> None:
        settings = settings_with(storage=s3_bucket.fields(), worker={"worker_in_process": False})
        s3_bucket.server.fault = failing(403, "AccessDenied")
        async with running(settings) as server:
            status, body = await ready(server)
        assert status == 503
        assert body["checks"]["storage"]["code"] == "storage_rejected"


@dataclass
class Line:
    """A line to a server that can be cut: what comes after waits for an answer that does not come."""

    host: str
    port: int
    is_cut: bool = False
    _writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        if self.is_cut:
            writer.transport.abort()
            return
        there_reader, there_writer = await asyncio.open_connection(self.host, self.port)
        self._writers.append(there_writer)
        with suppress(OSError):
            await asyncio.gather(_pump(reader, there_writer), _pump(there_reader, writer))

    def cut(self) -> None:
        self.is_cut = True
        for writer in self._writers:
            writer.transport.abort()

    def mend(self) -> None:
        self.is_cut = False


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(2**16):
        writer.write(data)
        await writer.drain()
    writer.close()


@asynccontextmanager
async def a_line_to(url: str) -> AsyncIterator[tuple[Line, str]]:
    there = urlsplit(url)
    assert there.hostname
    line = Line(there.hostname, there.port or 27017)
    server = await asyncio.start_server(line.connect, "127.0.0.1", 0)
    try:
        yield line, f"mongodb://127.0.0.1:{server.sockets[0].getsockname()[1]}/?directConnection=true"
    finally:
        line.cut()
        server.close()
        await server.wait_closed()


class TestDatabase:
    async def test_one_that_is_away_and_comes_back(
        self, settings_with: SettingsFactory, mongodb_url: str, mongodb_name: str
    ) -> None:
        async with a_line_to(mongodb_url) as (line, url):
            settings = settings_with(
                database={"database_url": SecretStr(url), "database_name": mongodb_name},
                worker={"worker_in_process": False},
            )
            async with running(settings) as server:
                assert (await ready(server))[0] == 200
                line.cut()
                status, body = await ready(server)
                assert (status, body["code"]) == (503, "not_ready")
                assert body["checks"]["database"]["status"] == "failed"
                assert body["checks"]["database"]["code"] in ("timeout", "database_unavailable")
                assert body["checks"]["storage"]["status"] == "ok"
                # The process itself lives: nobody should restart it.
                assert (await server.client(None).get("/health")).status_code == 200
                line.mend()
                async with asyncio.timeout(60):
                    while (await ready(server))[0] != 200:
                        await asyncio.sleep(0.1)
