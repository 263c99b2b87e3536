"""The worker that joins a recording is killed: another one joins the parts, which all stayed."""

from __future__ import annotations

import signal
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from app.core.container import open_container
from app.models.interview import Status
from tests.api.v1.test_recordings import new_interview, stored_objects, tone
from tests.fixtures.server import make_settings, running, wait_until
from tests.jobs.crashing_worker import Place
from tests.jobs.test_crash import Site, died, environment_of

pytestmark = [pytest.mark.crash, pytest.mark.slow]


@pytest.mark.parametrize(
    ("place", "nth"), [(Place.WORKING, 2), (Place.WRITTEN, 1)], ids=["in the middle", "before the commit"]
)
async def test_a_killed_joining_begins_again(
    tmp_path: Path, processes: ForkServerContext, place: Place, nth: int
) -> None:
    settings = make_settings(tmp_path, worker={"worker_in_process": False})
    async with running(settings) as server, open_container(settings) as container:
        site = Site(server, container, environment_of(settings), tmp_path, processes, [])
        api = server.client()
        interview = await new_interview(api)
        await api.put(f"/interviews/{interview}/recording", content=tone(2))
        await api.post(f"/interviews/{interview}/recording/parts", content=tone(3))
        try:
            worker = site.start_worker(status=Status.JOINING, place=place, nth=nth)
            assert await died(worker, seconds=60) == -signal.SIGKILL
            standing = (await api.get(f"/interviews/{interview}")).json()
            assert standing["recording"]["duration"] == pytest.approx(2, abs=0.05), "as it was"
            site.start_worker()
            done = await wait_until(api, interview, "done", "failed", seconds=300)
        finally:
            for started in site.workers:
                started.kill()
                await died(started, seconds=10)
        assert done["status"] == "done", done["failure"]
        assert done["recording"]["duration"] == pytest.approx(5, abs=0.05)
        assert [s["step"] for s in done["history"] if s["outcome"] == "committed"].count("joining") == 1
        kept = [o.parent.name for o in await stored_objects(server) if not o.name.startswith(".")]
        assert (kept.count("recordings"), kept.count("joined")) == (2, 1)
