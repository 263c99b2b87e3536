"""Channels: an organisation's rooms and people's own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.fixtures.chat import TOKEN, ChatServer
from tests.fixtures.server import RunningServer, SettingsFactory, running

ROOMS = "/organisation/channels"
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
BODY = {"name": "Hiring", "url": SLACK, "topics": ["mention", "debrief.ready"]}


@pytest.fixture
async def site(settings_with: SettingsFactory) -> AsyncIterator[RunningServer]:
    """Messages may go to this machine."""
    settings = settings_with(
        worker={"worker_in_process": False}, outgoing={"outgoing_private_hosts": ("127.0.0.1",)}
    )
    async with running(settings) as server:
        yield server


@pytest.fixture
def ada(site: RunningServer) -> httpx.AsyncClient:
    return site.client("ada")


async def created(api: httpx.AsyncClient, path: str = ROOMS, **changes: object) -> dict[str, object]:
    answer = await api.post(path, json={**BODY, **changes})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def my_channel(api: httpx.AsyncClient) -> str:
    answer = await api.post("/me/channels", json={"name": "Mine", "url": SLACK})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


class TestRooms:
    async def test_the_address_goes_in_and_never_comes_out(self, ada: httpx.AsyncClient) -> None:
        answers = [await ada.post(ROOMS, json=BODY)]
        room = answers[0].json()["id"]
        answers += [await ada.get(f"{ROOMS}/{room}"), await ada.get(ROOMS)]
        answers += [await ada.patch(f"{ROOMS}/{room}", json={"url": f"{SLACK}/#other"})]
        assert answers[0].json()["service"] == "slack"
        assert answers[0].json()["topics"] == ["debrief.ready", "mention"]
        assert all("TIiajkdnlazkcOXrIdevi7FQ" not in answer.text for answer in answers)

    async def test_they_are_changed_field_by_field(self, ada: httpx.AsyncClient) -> None:
        room = await created(ada)
        changed = await ada.patch(f"{ROOMS}/{room['id']}", json={"name": "People", "enabled": False})
        assert changed.json() | {"updated_at": 0} == room | {
            "name": "People",
            "enabled": False,
            "version": 2,
            "updated_at": 0,
        }
        assert changed.headers["etag"] == '"2"'

    async def test_a_change_of_what_somebody_else_changed_is_refused(self, ada: httpx.AsyncClient) -> None:
        path = f"{ROOMS}/{(await created(ada))['id']}"
        headers = {"If-Match": '"1"'}
        assert (await ada.patch(path, json={"name": "a"}, headers=headers)).status_code == 200
        late = await ada.patch(path, json={"name": "b"}, headers=headers)
        assert (late.status_code, late.json()["code"]) == (412, "version_mismatch")

    async def test_they_are_listed_in_pages_without_peoples_own(self, ada: httpx.AsyncClient) -> None:
        names = [str((await created(ada, name=f"Room {n}"))["name"]) for n in range(3)]
        await my_channel(ada)
        first = (await ada.get(ROOMS, params={"limit": 2})).json()
        rest = (await ada.get(ROOMS, params={"limit": 2, "cursor": first["next_cursor"]})).json()
        assert [room["name"] for room in first["items"] + rest["items"]] == names[::-1]
        assert rest["next_cursor"] is None

    async def test_they_are_removed(self, ada: httpx.AsyncClient) -> None:
        path = f"{ROOMS}/{(await created(ada))['id']}"
        assert (await ada.delete(path)).status_code == 204
        gone = await ada.get(path)
        assert (gone.status_code, gone.json()["code"]) == (404, "channel_not_found")

    @pytest.mark.parametrize(
        "url",
        [
            "json://169.254.169.254/",
            "file:///etc/passwd",
            f"{SLACK}/?template=/etc/passwd",
            "mmost://10.0.0.7/w7d8s9f0a1b2c3d4e5f6g7h8j9",
            "workflows://evil.example/abc/def",
            "what",
        ],
    )
    async def test_addresses_that_are_not_on_the_list_are_refused_without_repeating_them(
        self, ada: httpx.AsyncClient, url: str
    ) -> None:
        refused = await ada.post(ROOMS, json={**BODY, "url": url})
        assert (refused.status_code, refused.json()["code"]) == (422, "channel_address_refused")
        assert url not in refused.text
        room = await created(ada)
        assert (await ada.patch(f"{ROOMS}/{room['id']}", json={"url": url})).status_code == 422

    async def test_there_are_so_many_and_no_more(
        self, ada: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("app.services.channels._MOST", 2)
        await created(ada)
        await created(ada)
        refused = await ada.post(ROOMS, json=BODY)
        assert (refused.status_code, refused.json()["code"]) == (409, "too_many_channels")


class TestOwn:
    async def test_nobody_else_sees_them_not_even_an_admin(self, site: RunningServer) -> None:
        ada = site.client("ada")
        organisation = (await ada.get("/me")).json()["organisations"][0]["id"]
        invited = await ada.post(
            "/organisation/invitations", json={"email": "bo@example.com", "role": "viewer"}
        )
        bo = site.client("bo", **{"X-Organization": organisation})
        await bo.post(f"/me/invitations/{invited.json()['id']}/accept")
        channel = await my_channel(bo)
        assert [c["id"] for c in (await bo.get("/me/channels")).json()["items"]] == [channel]
        assert (await ada.get("/me/channels")).json()["items"] == []
        for path in (f"/me/channels/{channel}", f"{ROOMS}/{channel}"):
            assert (await ada.get(path)).status_code == 404
            assert (await ada.delete(path)).status_code == 404
            assert (await ada.post(f"{path}/test")).status_code == 404

    async def test_they_have_no_topics(self, ada: httpx.AsyncClient) -> None:
        refused = await ada.post("/me/channels", json=BODY)
        assert refused.status_code == 422
        assert TOKEN not in refused.text


class TestTrying:
    async def test_a_test_message_is_written_at_once(self, ada: httpx.AsyncClient, chat: ChatServer) -> None:
        room = await created(ada, url=chat.address, enabled=False)
        answer = await ada.post(f"{ROOMS}/{room['id']}/test")
        assert (answer.status_code, answer.json()["delivered"]) == (200, True)
        assert "test message" in chat.messages[0]["text"]

    async def test_what_goes_wrong_is_told(self, ada: httpx.AsyncClient, chat: ChatServer) -> None:
        chat.refuse = (404, f"no hook {TOKEN}")
        room = await created(ada, url=chat.address)
        outcome = (await ada.post(f"{ROOMS}/{room['id']}/test")).json()
        assert (outcome["delivered"], outcome["code"], outcome["status"]) == (False, "never_deliverable", 404)
        assert outcome["response"] == "no hook …"
