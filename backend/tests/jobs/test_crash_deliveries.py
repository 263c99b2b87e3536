"""Workers are killed everywhere between a commit and a message's arrival: nothing is lost, repeats carry the same id."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr

from tests.fixtures.carrying import SHORT_TRANSCRIPT, logged
from tests.fixtures.mail import MailSink
from tests.fixtures.server import SECRET, RunningServer, make_settings, running
from tests.jobs import crashing_deliverer
from tests.jobs.crashing_deliverer import Place

pytestmark = [pytest.mark.crash, pytest.mark.slow]


@dataclass
class Site:
    server: RunningServer
    environment: dict[str, str]
    folder: Path
    workers: list[ForkServerProcess] = field(default_factory=list)

    def start_worker(self, context: ForkServerContext, place: Place | None = None) -> ForkServerProcess:
        process = context.Process(target=crashing_deliverer.run, args=(self.environment, self.folder, place))
        process.start()
        self.workers.append(process)
        return process

    async def submit(self, title: str) -> str:
        api = self.server.client("ada")
        interview = str((await api.post("/interviews", json={"title": title})).json()["id"])
        sent = await api.put(
            f"/interviews/{interview}/transcript", content=SHORT_TRANSCRIPT, headers={"X-Filename": "x.vtt"}
        )
        assert sent.status_code == 202, sent.text
        return interview


@pytest_asyncio.fixture(params=["sqlite", "mongo"])
async def site(request: pytest.FixtureRequest, tmp_path: Path, mail_sink: MailSink) -> AsyncIterator[Site]:
    database: dict[str, Any] = {}
    if request.param == "mongo":
        database = {
            "database_url": SecretStr(request.getfixturevalue("mongodb_url")),
            "database_name": request.getfixturevalue("mongodb_name"),
        }
    settings = make_settings(tmp_path, database=database, worker={"worker_in_process": False})
    url = settings.database.database_url
    environment = {
        "DATA_DIR": str(settings.server.data_dir),
        "DATABASE_URL": url.get_secret_value() if url else "",
        "DATABASE_NAME": settings.database.database_name,
        "AUTH_SECRET": SECRET,
        "WORKER_LEASE_SECONDS": "2",
        "WORKER_POLL_SECONDS": "0.05",
        "DELIVERY_BACKOFF_SECONDS": ",".join(["0.1"] * 20),
        **mail_sink.environment(),
    }
    async with running(settings) as server:
        site = Site(server, environment, tmp_path)
        try:
            yield site
        finally:
            for worker in site.workers:
                if worker.is_alive():
                    with suppress(ProcessLookupError):
                        os.kill(worker.pid or 0, signal.SIGKILL)
                await asyncio.to_thread(worker.join)


async def test_no_message_is_lost_and_repetitions_carry_the_same_id(
    site: Site, processes: ForkServerContext, mail_sink: MailSink
) -> None:
    interviews = []
    for place in Place:
        interviews.append(await site.submit(place))
        doomed = site.start_worker(processes, place)
        await asyncio.to_thread(doomed.join, 60)
        assert doomed.exitcode == -signal.SIGKILL, place
    site.start_worker(processes)
    api = site.server.client("ada")
    delivered = await logged(api, "delivered", count=len(interviews), seconds=60)

    ids = defaultdict(set)
    for received in mail_sink.messages:
        [interview] = [i for i in interviews if i in received.body("plain")]
        ids[interview].add((received.notice_id, received.mail["Message-ID"]))
    assert set(ids) == set(interviews), "a message was lost"
    assert all(len(of_one) == 1 for of_one in ids.values()), "a repetition had another id"
    assert {d["notice_id"] for d in delivered} == {notice for of_one in ids.values() for notice, _ in of_one}
    assert len(mail_sink.messages) > len(interviews), "what was sent and not written down is sent again"
    statuses = [(await api.get(f"/interviews/{i}")).json()["status"] for i in interviews]
    assert statuses == ["done"] * len(interviews)
