"""The worker that fetches a recording is killed: another one fetches it again, and one copy is kept."""

from __future__ import annotations

import signal
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from app.core.container import open_container
from app.models.interview import Status
from tests.api.v1.test_recordings import stored_objects, tone
from tests.fixtures.connected import PRIVATE, connect_zoom
from tests.fixtures.server import make_settings, running, wait_until
from tests.jobs.crashing_worker import Place
from tests.jobs.test_crash import Site, died, environment_of
from tests.standins.zoom.meetings import Meeting, Stretch, sample_transcript
from tests.standins.zoom.server import Zoom

pytestmark = [pytest.mark.crash, pytest.mark.slow]


@pytest.mark.parametrize(
    ("place", "nth"), [(Place.WORKING, 4), (Place.WRITTEN, 1)], ids=["in the middle", "before the commit"]
)
async def test_a_killed_download_begins_again(
    tmp_path: Path, processes: ForkServerContext, zoom: Zoom, place: Place, nth: int
) -> None:
    settings = make_settings(tmp_path, outgoing=PRIVATE, worker={"worker_in_process": False})
    environment = {**environment_of(settings), "OUTGOING_PRIVATE_HOSTS": "127.0.0.1"}
    async with running(settings) as server, open_container(settings) as container:
        site = Site(server, container, environment, tmp_path, processes, [])
        api = server.client()
        meeting = Meeting([Stretch({"M4A": tone(30), "TRANSCRIPT": sample_transcript()})])
        told = await zoom.tell((await connect_zoom(api))["webhook_url"], meeting)
        (interview,) = told.json()["interview_ids"]
        try:
            worker = site.start_worker(status=Status.FETCHING, place=place, nth=nth)
            assert await died(worker, seconds=60) == -signal.SIGKILL
            site.start_worker()
            done = await wait_until(api, interview, "done", "failed", seconds=120)
        finally:
            for started in site.workers:
                started.kill()
                await died(started, seconds=10)
        assert done["status"] == "done", done["failure"]
        assert [s["step"] for s in done["history"] if s["outcome"] == "committed"].count("fetching") == 1
        kept = [o for o in await stored_objects(server) if not o.name.startswith(".")]
        assert [o.parent.name for o in kept].count("fetched") == 1
