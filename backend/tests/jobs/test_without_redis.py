"""Redis is killed, started empty and flushed while interviews are under way: all finish, none twice."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic import SecretStr

from app.core.container import open_container
from app.models.interview import Status
from tests.fixtures.redis_server import RedisServer
from tests.fixtures.server import make_settings, running
from tests.jobs.test_crash import Site, check_finished, environment_of, start_interviews

pytestmark = [pytest.mark.crash, pytest.mark.slow]

AT_ONCE = 10


@pytest_asyncio.fixture
async def site(
    tmp_path: Path, processes: ForkServerContext, redis_server: RedisServer
) -> AsyncIterator[Site]:
    """An API and what two workers need, joined by a Redis that the test will hurt."""
    settings = make_settings(
        tmp_path,
        worker={"worker_in_process": False},
        redis={"redis_url": SecretStr(redis_server.url)},
    )
    environment = {
        **environment_of(settings),
        "REDIS_URL": redis_server.url,
        "WORKER_POLL_SECONDS": "0.5",
        # Nobody is killed here but Redis: a lease that runs out on a busy machine would be another matter.
        "WORKER_LEASE_SECONDS": "60",
    }
    async with running(settings) as server, open_container(settings) as container:
        site = Site(server, container, environment, tmp_path, processes, [])
        try:
            yield site
        finally:
            for worker in site.workers:
                if worker.is_alive():
                    with suppress(ProcessLookupError):
                        os.kill(worker.pid or 0, signal.SIGKILL)
                await asyncio.to_thread(worker.join)


async def some_done(site: Site, ids: list[str], count: int) -> None:
    async with asyncio.timeout(120):
        while sum(i.status is Status.DONE for i in await site.interviews(ids)) < count:
            await asyncio.sleep(0.05)


async def test_all_finish_and_none_twice(site: Site, redis_server: RedisServer) -> None:
    for _ in range(2):
        site.start_worker(hold=0.05)
    ids = await start_interviews(site, AT_ONCE, recordings=1)
    await some_done(site, ids, 2)
    redis_server.kill()
    ids += await start_interviews(site, AT_ONCE, recordings=0)
    await some_done(site, ids, AT_ONCE)
    redis_server.start()
    with redis_server.client() as client:
        client.flushall()
        await site.all_done(ids, seconds=120)
        client.flushall()
    await check_finished(site, ids)
    began = [(interview, step) for _, _, what, interview, step, _ in site.notes() if what == "began"]
    assert len(began) == len(set(began)), "a step was begun twice"
