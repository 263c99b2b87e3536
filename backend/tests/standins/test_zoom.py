"""The stand-in for Zoom: it is as strict as Zoom, and can be started by hand."""

from __future__ import annotations

import httpx

from tests.fixtures.loopback import UNUSED_TLS
from tests.standins.options import switches_of
from tests.standins.zoom.__main__ import parse
from tests.standins.zoom.meetings import Meeting, Stretch, completed, sample_meeting
from tests.standins.zoom.server import Zoom
from tests.standins.zoom.switches import Switches


async def test_a_download_needs_the_token_and_its_store_must_not_get_it(zoom: Zoom) -> None:
    meeting = Meeting([Stretch({"M4A": b"sound"})])
    zoom.keep(meeting)
    (file,) = completed(meeting, zoom.address, zoom.token)["payload"]["object"]["recording_files"]
    bearer = {"Authorization": f"Bearer {zoom.token}"}
    async with httpx.AsyncClient(trust_env=False, verify=UNUSED_TLS) as client:
        assert (await client.get(file["download_url"])).status_code == 401
        assert (await client.get(file["download_url"], headers=bearer)).content == b"sound"
        zoom.switches.store = zoom.address
        redirected = await client.get(file["download_url"], headers=bearer)
        assert redirected.status_code == 302
        assert (await client.get(redirected.headers["location"])).content == b"sound"
        assert zoom.violations == []
        await client.get(redirected.headers["location"], headers=bearer)
        assert zoom.violations == ["the token was brought to the store"]


def test_switches_are_options() -> None:
    options = parse(["http://localhost:8000/api/v1/webhooks/zoom/x", "--truncate", "2", "--token-expired"])
    switches = switches_of(Switches, options)
    assert (switches.truncate, switches.token_expired) == (2, True)
    assert switches_of(Switches, parse(["http://x"])) == Switches()


def test_the_sample_has_what_zoom_makes_of_a_meeting() -> None:
    (stretch,) = sample_meeting().stretches
    assert {"MP4", "M4A", "TRANSCRIPT", "CHAT", "TIMELINE"} == set(stretch.files)
