"""Connections: who may make them, what is shown of them, and which calls are believed."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from app.services import connections
from tests.fixtures.connected import PRIVATE, call_signed, connect_programs, connect_zoom
from tests.fixtures.server import RunningServer, SettingsFactory, running
from tests.standins.zoom.meetings import Meeting, Stretch, completed
from tests.standins.zoom.server import SECRET, Zoom

CALL = {"url": "http://127.0.0.1:9/interview.wav", "title": "Told by a program"}

HOSTILE = [
    "http://10.0.0.8/interview.wav",
    "http://169.254.169.254/latest/meta-data",
    "http://[::1]/x.wav",
    "http://[::ffff:127.0.0.1]/x.wav",
    "http://2130706433/x.wav",
    "http://0x7f000001/x.wav",
    "file:///etc/passwd",
    "ftp://example.com/x.wav",
    "http://user:password@127.0.0.1/x.wav",
]


@pytest.fixture
def settings(settings_with: SettingsFactory) -> Any:
    """Nothing is fetched: what calls make stays as it was made."""
    return settings_with(outgoing=PRIVATE, worker={"worker_in_process": False})


def a_meeting(**files: bytes) -> Meeting:
    return Meeting([Stretch(files or {"M4A": b"a", "MP4": b"v"})])


async def interviews(api: httpx.AsyncClient) -> list[dict[str, Any]]:
    return list((await api.get("/interviews")).json()["items"])


class TestManaging:
    async def test_zooms_secret_is_never_shown_and_ours_once(self, api: httpx.AsyncClient) -> None:
        zoom = await connect_zoom(api)
        ours = await connect_programs(api)
        assert zoom["secret"] is None
        assert ours["secret"].startswith("whsec_")
        listed = await api.get("/organisation/connections")
        read = await api.get(f"/organisation/connections/{ours['id']}")
        for answer in (listed, read):
            assert SECRET not in answer.text
            assert ours["secret"] not in answer.text

    async def test_it_says_where_to_call_and_what_to_do(
        self, server: RunningServer, api: httpx.AsyncClient
    ) -> None:
        made = await connect_zoom(api)
        assert made["webhook_url"] == f"{server.url}/api/v1/webhooks/zoom/{made['id']}"
        assert "Event notification endpoint URL" in made["instructions"]
        ours = await connect_programs(api)
        assert ours["webhook_url"] == f"{server.url}/api/v1/webhooks/recordings/{ours['id']}"

    @pytest.mark.parametrize(
        "body",
        [
            {"kind": "zoom", "name": "x"},
            {"kind": "signed_url", "name": "x", "secret": "whsec_AAAAAAAAAAAAAAAA"},
            {"kind": "teams", "name": "x"},
            {"kind": "zoom", "name": "", "secret": SECRET},
        ],
        ids=["Zoom without its secret", "ours with one", "not known yet", "no name"],
    )
    async def test_a_bad_one_is_refused(self, api: httpx.AsyncClient, body: dict[str, str]) -> None:
        assert (await api.post("/organisation/connections", json=body)).status_code == 422

    async def test_they_are_listed_newest_first_by_page(self, api: httpx.AsyncClient) -> None:
        made = [(await connect_programs(api, name=f"number {n}"))["id"] for n in range(3)]
        seen: list[str] = []
        cursor: dict[str, str] = {}
        while True:
            page = (await api.get("/organisation/connections", params={"limit": "2", **cursor})).json()
            seen += [item["id"] for item in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = {"cursor": page["next_cursor"]}
        assert seen == made[::-1]

    async def test_only_the_version_that_was_seen_is_changed(self, api: httpx.AsyncClient) -> None:
        path = f"/organisation/connections/{(await connect_zoom(api))['id']}"
        changed = await api.patch(path, json={"prefer": "video"}, headers={"If-Match": '"1"'})
        assert (changed.status_code, changed.json()["prefer"], changed.headers["etag"]) == (
            200,
            "video",
            '"2"',
        )
        late = await api.patch(path, json={"name": "y"}, headers={"If-Match": '"1"'})
        assert (late.status_code, late.json()["code"]) == (412, "version_mismatch")

    async def test_another_organisations_is_not_there(
        self, server: RunningServer, api: httpx.AsyncClient
    ) -> None:
        made = await connect_zoom(api)
        stranger = server.client("mallory")
        path = f"/organisation/connections/{made['id']}"
        for answer in (await stranger.get(path), await stranger.delete(path)):
            assert (answer.status_code, answer.json()["code"]) == (404, "connection_not_found")

    async def test_after_a_rotation_both_secrets_are_believed_for_a_while(
        self, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = await connect_programs(api)
        path = f"/organisation/connections/{made['id']}/secret"
        rotated = (await api.post(path, json={})).json()
        assert rotated["secret"] not in (None, made["secret"])
        assert (await call_signed(made, CALL)).status_code == 202
        assert (await call_signed(rotated, CALL)).status_code == 202
        monkeypatch.setattr(connections, "_PREVIOUS_KEPT", timedelta(0))
        third = (await api.post(path, json={})).json()
        assert (await call_signed(rotated, CALL)).status_code == 401
        assert (await call_signed(third, CALL)).status_code == 202


class TestWhoIsBelieved:
    async def test_zoom_can_validate_the_address_before_anything_else(
        self, api: httpx.AsyncClient, zoom: Zoom
    ) -> None:
        made = await connect_zoom(api)
        assert await zoom.validate(made["webhook_url"])

    async def test_wrong_calls_and_unknown_connections_answer_alike(
        self, server: RunningServer, api: httpx.AsyncClient, zoom: Zoom
    ) -> None:
        made = await connect_zoom(api)
        off = await connect_zoom(api)
        await api.patch(f"/organisation/connections/{off['id']}", json={"enabled": False})
        gone = await connect_zoom(api)
        await api.delete(f"/organisation/connections/{gone['id']}")
        ours = await connect_programs(api)
        event = completed(a_meeting(), zoom.address, zoom.token)
        base = f"{server.url}/api/v1/webhooks/zoom"
        answers = [
            await zoom.call(made["webhook_url"], event, secret="another-secret-token"),
            await zoom.call(made["webhook_url"], event, at=time.time() - 600),
            await zoom.call(off["webhook_url"], event),
            await zoom.call(gone["webhook_url"], event),
            await zoom.call(f"{base}/{ours['id']}", event),
            await zoom.call(f"{base}/{made['id']}x", event),
            await zoom.call(f"{base}/nobody", event),
            await api.post(f"{base}/{made['id']}", json=event),
        ]
        shown = {(a.status_code, a.json()["code"], a.json()["detail"]) for a in answers}
        assert [status for status, _, _ in shown] == [401]
        assert await interviews(api) == []

    async def test_a_call_is_bounded(self, api: httpx.AsyncClient, zoom: Zoom) -> None:
        made = await connect_zoom(api)
        answer = await zoom.call(made["webhook_url"], {"event": "x" * 2**20})
        assert (answer.status_code, answer.json()["code"]) == (413, "call_too_large")

    async def test_signed_calls_of_programs(self, api: httpx.AsyncClient) -> None:
        made = await connect_programs(api)
        another = await connect_programs(api)
        old = datetime.now(UTC) - timedelta(minutes=10)
        refused = [
            await call_signed(made, CALL, secret=another["secret"]),
            await call_signed(made, CALL, at=old),
            await api.post(made["webhook_url"], json=CALL),
            await api.post(
                made["webhook_url"], json=CALL, headers={"webhook-signature": "v1", "webhook-id": "x"}
            ),
        ]
        assert [a.status_code for a in refused] == [401] * 4
        assert (await call_signed(made, CALL)).status_code == 202


class TestMeetings:
    async def test_a_recorded_meeting_becomes_an_interview(self, api: httpx.AsyncClient, zoom: Zoom) -> None:
        made = await connect_zoom(
            api,
            defaults={
                "template": {"id": "builtin-first-interview"},
                "position": "Engineer",
                "language": "de",
                "tags": ["zoom"],
            },
        )
        meeting = a_meeting(MP4=b"v", M4A=b"a", TRANSCRIPT=b"t")
        answer = await zoom.tell(made["webhook_url"], meeting)
        assert answer.status_code == 200
        told = answer.json()
        assert told["outcome"] == "accepted"
        (interview_id,) = told["interview_ids"]
        interview = (await api.get(f"/interviews/{interview_id}")).json()
        assert interview["status"] == "fetching"
        assert interview["title"] == meeting.topic
        assert interview["external_id"] == f"zoom:{meeting.uuid}"
        assert interview["participants"] == [
            {"name": "Sarah Lind", "email": "sarah.lind@example.com", "role": "interviewer"}
        ]
        assert (interview["position"], interview["language"], interview["tags"]) == (
            "Engineer",
            "de",
            ["zoom"],
        )
        assert interview["template"] == {"id": "builtin-first-interview", "version": 1}
        assert interview["source"]["filename"] == "Backend engineer, first round.m4a"
        assert interview["source"]["connection_id"] == made["id"]

    async def test_neither_the_address_nor_the_token_is_ever_shown(
        self, api: httpx.AsyncClient, zoom: Zoom
    ) -> None:
        made = await connect_zoom(api)
        told = (await zoom.tell(made["webhook_url"], a_meeting())).json()
        shown = (await api.get(f"/interviews/{told['interview_ids'][0]}")).text
        assert zoom.token not in shown
        assert "webhook_download" not in shown

    async def test_a_repeat_makes_nothing_twice_whatever_was_changed_here(
        self, api: httpx.AsyncClient, zoom: Zoom
    ) -> None:
        made = await connect_zoom(api)
        meeting = a_meeting()
        first = (await zoom.tell(made["webhook_url"], meeting)).json()
        changes = {"prefer": "video", "defaults": {"position": "Another"}}
        await api.patch(f"/organisation/connections/{made['id']}", json=changes)
        again = (await zoom.tell(made["webhook_url"], meeting)).json()
        assert again == {"outcome": "duplicate", "interview_ids": first["interview_ids"]}
        assert len(await interviews(api)) == 1

    async def test_every_stretch_of_a_meeting_is_an_interview(
        self, api: httpx.AsyncClient, zoom: Zoom
    ) -> None:
        made = await connect_zoom(api)
        meeting = Meeting([Stretch({"M4A": b"1"}), Stretch({"M4A": b"2"}), Stretch({"M4A": b"3"})])
        told = (await zoom.tell(made["webhook_url"], meeting)).json()
        assert len(told["interview_ids"]) == 3
        found = {i["title"]: i["external_id"] for i in await interviews(api)}
        assert found == {f"{meeting.topic} (part {n} of 3)": f"zoom:{meeting.uuid}:{n}" for n in (1, 2, 3)}

    @pytest.mark.parametrize(("prefer", "extension"), [("audio", "m4a"), ("video", "mp4")])
    async def test_the_connection_says_whether_the_picture_is_wanted(
        self, api: httpx.AsyncClient, zoom: Zoom, prefer: str, extension: str
    ) -> None:
        made = await connect_zoom(api, prefer=prefer)
        told = (await zoom.tell(made["webhook_url"], a_meeting())).json()
        interview = (await api.get(f"/interviews/{told['interview_ids'][0]}")).json()
        assert interview["source"]["filename"].endswith(f".{extension}")

    @pytest.mark.parametrize(
        "event",
        [
            {"event": "meeting.started", "payload": {}},
            {"event": "recording.transcript_completed", "payload": {"object": {"uuid": "unknown"}}},
            {"event": "recording.completed", "payload": {"object": {"uuid": "x", "recording_files": []}}},
        ],
        ids=["another event", "a transcript of nothing we have", "no file"],
    )
    async def test_what_does_not_concern_us_is_acknowledged(
        self, api: httpx.AsyncClient, zoom: Zoom, event: dict[str, Any]
    ) -> None:
        made = await connect_zoom(api)
        answer = await zoom.call(made["webhook_url"], event)
        assert (answer.status_code, answer.json()) == (200, {"outcome": "ignored", "interview_ids": []})

    async def test_a_transcript_that_comes_before_its_recording_is_to_come_again(
        self, api: httpx.AsyncClient, zoom: Zoom
    ) -> None:
        made = await connect_zoom(api)
        meeting = a_meeting(M4A=b"a", TRANSCRIPT=b"t")
        early = await zoom.tell_transcript(made["webhook_url"], meeting)
        assert (early.status_code, early.json()["code"]) == (503, "recording_unknown")
        told = (await zoom.tell(made["webhook_url"], meeting, without=["TRANSCRIPT"])).json()
        again = (await zoom.tell_transcript(made["webhook_url"], meeting)).json()
        assert again == {"outcome": "accepted", "interview_ids": told["interview_ids"]}

    async def test_an_event_that_cannot_be_read_is_a_problem(
        self, api: httpx.AsyncClient, zoom: Zoom
    ) -> None:
        made = await connect_zoom(api)
        answer = await zoom.call(made["webhook_url"], {"event": "recording.completed"})
        assert (answer.status_code, answer.json()["code"]) == (422, "event_unreadable")


class TestPrograms:
    async def test_a_call_says_what_an_interview_is_about(self, api: httpx.AsyncClient) -> None:
        made = await connect_programs(api, defaults={"position": "Engineer", "tags": ["ats"]})
        body = {
            **CALL,
            "candidate": {"name": "Daniel Reyes"},
            "participants": [{"name": "Sarah Lind", "role": "interviewer"}],
            "language": "en",
            "tags": ["onsite"],
            "external_id": "ats-77",
            "template": {"id": "builtin-software-engineer"},
        }
        answer = await call_signed(made, body)
        assert answer.status_code == 202
        interview = (await api.get(f"/interviews/{answer.json()['interview_ids'][0]}")).json()
        assert interview["status"] == "fetching"
        assert interview["candidate"]["name"] == "Daniel Reyes"
        assert (interview["position"], interview["tags"]) == ("Engineer", ["ats", "onsite"])
        assert interview["external_id"] == "ats-77"
        assert interview["template"] == {"id": "builtin-software-engineer", "version": 1}
        assert interview["source"]["filename"] == "interview.wav"

    async def test_the_webhook_id_makes_a_repeat(self, api: httpx.AsyncClient) -> None:
        made = await connect_programs(api)
        first = (await call_signed(made, CALL, webhook_id="msg_1")).json()
        again = (await call_signed(made, CALL, webhook_id="msg_1")).json()
        assert again == {"outcome": "duplicate", "interview_ids": first["interview_ids"]}
        assert (await call_signed(made, CALL, webhook_id="msg_2")).json()["outcome"] == "accepted"

    @pytest.mark.parametrize(
        "changes",
        [{"url": "http://no-such-host.invalid/x.wav"}, {"template": {"id": "gone"}}, {"unheard": "of"}],
        ids=["the host is gone", "the template is gone", "the body"],
    )
    async def test_a_repeat_is_one_whatever_has_become_invalid_meanwhile(
        self, api: httpx.AsyncClient, changes: dict[str, Any]
    ) -> None:
        made = await connect_programs(api)
        first = (await call_signed(made, CALL, webhook_id="msg_1")).json()
        again = await call_signed(made, {**CALL, **changes}, webhook_id="msg_1")
        assert again.status_code == 202, again.text
        assert again.json() == {"outcome": "duplicate", "interview_ids": first["interview_ids"]}

    @pytest.mark.parametrize(
        ("body", "status", "field"),
        [
            ({"url": "http://127.0.0.1:9/x.wav"}, 422, "title"),
            ({**CALL, "sender": "x"}, 422, "sender"),
            ({**CALL, "language": "klingon!"}, 422, "language"),
            ("not JSON", 400, "body"),
        ],
    )
    async def test_a_body_with_a_mistake_says_where(
        self, api: httpx.AsyncClient, body: Any, status: int, field: str
    ) -> None:
        made = await connect_programs(api)
        answer = await call_signed(made, body)
        assert answer.status_code == status
        assert [e["field"] for e in answer.json()["errors"]] == [field]

    async def test_addresses_inside_are_refused(self, api: httpx.AsyncClient) -> None:
        made = await connect_programs(api)
        for url in HOSTILE:
            for field in ("url", "transcript_url"):
                answer = await call_signed(made, {**CALL, field: url})
                assert (answer.status_code, answer.json()["code"]) == (422, "unsafe_address"), url
        assert await interviews(api) == []


class TestByHand:
    async def test_a_recording_is_fetched_for_an_interview_that_is_there(
        self, api: httpx.AsyncClient
    ) -> None:
        interview = (await api.post("/interviews", json={"title": "x"})).json()["id"]
        answer = await api.post(f"/interviews/{interview}/recording/fetch", json={"url": CALL["url"]})
        assert answer.status_code == 202, answer.text
        assert answer.json()["status"] == "fetching"
        assert answer.json()["source"]["filename"] == "interview.wav"
        again = await api.post(f"/interviews/{interview}/recording/fetch", json={"url": CALL["url"]})
        assert (again.status_code, again.json()["code"]) == (409, "wrong_state")

    async def test_addresses_inside_are_refused(self, api: httpx.AsyncClient) -> None:
        interview = (await api.post("/interviews", json={"title": "x"})).json()["id"]
        answer = await api.post(
            f"/interviews/{interview}/recording/fetch", json={"url": "http://192.168.1.1/x.wav"}
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "unsafe_address")


async def test_secrets_and_tokens_are_not_in_the_logs(
    settings_with: SettingsFactory, zoom: Zoom, capfd: pytest.CaptureFixture[str]
) -> None:
    settings = settings_with(
        outgoing=PRIVATE, worker={"worker_in_process": False}, server={"log_level": "DEBUG"}
    )
    async with running(settings) as server:
        api = server.client()
        made = await connect_zoom(api)
        ours = await connect_programs(api)
        await zoom.tell(made["webhook_url"], a_meeting())
        await call_signed(ours, CALL)
    written = json.dumps(capfd.readouterr())
    assert "call.received" in written
    for secret in (SECRET, ours["secret"], zoom.token, CALL["url"]):
        assert secret not in written
