"""From a debrief to somebody's screen: real pipeline, real mail server, real chat server."""

from __future__ import annotations

import httpx
from pydantic import SecretStr

from app.core.config import Settings
from tests.fixtures.carrying import SHORT_TRANSCRIPT, logged
from tests.fixtures.chat import ChatServer
from tests.fixtures.mail import MailSink
from tests.fixtures.server import SettingsFactory, running, wait_until

BODY = {"title": "Zqxjk first round", "candidate": {"name": "Zqxjk Daniel"}, "position": "Zqxjk engineer"}
WORDS = "Zqxjk"


def settings_to(settings_with: SettingsFactory, sink: MailSink, *waits: float) -> Settings:
    return settings_with(
        mail=sink.settings(),
        outgoing={
            "outgoing_private_hosts": ("127.0.0.1",),
            "delivery_backoff_seconds": waits or (0.1, 0.1),
        },
    )


async def an_interview(api: httpx.AsyncClient) -> str:
    """It is done, with a debrief."""
    interview = str((await api.post("/interviews", json=BODY)).json()["id"])
    await api.put(
        f"/interviews/{interview}/transcript", content=SHORT_TRANSCRIPT, headers={"X-Filename": "short.vtt"}
    )
    done = await wait_until(api, interview, "done", "failed")
    assert done["status"] == "done"
    return interview


async def a_room(api: httpx.AsyncClient, chat: ChatServer) -> str:
    body = {"name": "Hiring", "url": chat.address, "topics": ["debrief.ready"]}
    created = await api.post("/organisation/channels", json=body)
    assert created.status_code == 201, created.text
    return str(created.json()["id"])


class TestArriving:
    async def test_a_debrief_is_told_by_mail_and_in_a_room_without_a_word_of_the_candidate(
        self, settings_with: SettingsFactory, mail_sink: MailSink, chat: ChatServer
    ) -> None:
        async with running(settings_to(settings_with, mail_sink)) as server:
            api = server.client("ada")
            await a_room(api, chat)
            interview = await an_interview(api)
            [received] = await mail_sink.received(1)
            seen = await logged(api, "delivered", count=2, interview_id=interview)
        assert received.recipients == ("ada@example.com",)
        assert f"/interviews/{interview}" in received.body("plain")
        assert f"/interviews/{interview}" in received.body("html")
        [posted] = chat.messages
        assert f"/interviews/{interview}" in posted["text"]
        assert WORDS not in f"{received.mail.as_string()}{posted}"
        assert {delivery["carrier"] for delivery in seen} == {"email", "channel"}
        assert {delivery["notice_id"] for delivery in seen} == {received.notice_id}

    async def test_names_leave_once_the_organisation_allows_it(
        self, settings_with: SettingsFactory, mail_sink: MailSink
    ) -> None:
        async with running(settings_to(settings_with, mail_sink)) as server:
            api = server.client("ada")
            await api.patch("/organisation", json={"notifications": {"content": True}})
            await an_interview(api)
            [received] = await mail_sink.received(1)
        assert received.mail["Subject"] == "Debrief ready: Zqxjk first round"
        assert "Zqxjk Daniel" in received.body("plain")

    async def test_without_a_mail_server_nothing_is_queued_for_it(
        self, settings_with: SettingsFactory, chat: ChatServer
    ) -> None:
        settings = settings_with(outgoing={"outgoing_private_hosts": ("127.0.0.1",)})
        async with running(settings) as server:
            api = server.client("ada")
            await a_room(api, chat)
            await an_interview(api)
            await logged(api, "delivered", count=1)
            assert [d["carrier"] for d in (await api.get("/deliveries")).json()["items"]] == ["channel"]

    async def test_mail_that_was_queued_before_the_mail_server_was_taken_out_is_cancelled(
        self, settings_with: SettingsFactory, mail_sink: MailSink
    ) -> None:
        mail_sink.refuse_recipient = "450 later"
        async with running(settings_to(settings_with, mail_sink, *[1.0] * 60)) as server:
            api = server.client("ada")
            await an_interview(api)
            await logged(api, "pending", count=1)
        async with running(settings_with(outgoing={"delivery_backoff_seconds": (1.0,) * 60})) as server:
            api = server.client("ada")
            [cancelled] = await logged(api, "cancelled", count=1)
            shown = (await api.get(f"/deliveries/{cancelled['id']}")).json()
        assert shown["tried"][-1]["code"] == "mail_not_configured"


class TestBrokenWays:
    async def test_mail_and_chat_that_refuse_everything_fail_no_interview(
        self, settings_with: SettingsFactory, mail_sink: MailSink, chat: ChatServer
    ) -> None:
        mail_sink.refuse_recipient = "450 4.2.0 try later"
        chat.refuse = (503, "down")
        async with running(settings_to(settings_with, mail_sink)) as server:
            api = server.client("ada")
            await a_room(api, chat)
            interview = await an_interview(api)
            dead = await logged(api, "dead", count=2, interview_id=interview)
            assert (await api.get(f"/interviews/{interview}")).json()["status"] == "done"

            by_mail = next(d for d in dead if d["carrier"] == "email")
            shown = (await api.get(f"/deliveries/{by_mail['id']}")).json()
            assert [tried["status"] for tried in shown["tried"]] == [450, 450, 450]
            assert shown["tried"][0]["response"] == "450 4.2.0 try later"
            assert "ada@example.com" in shown["tried"][0]["request"]

            mail_sink.refuse_recipient = None
            again = await api.post(f"/deliveries/{by_mail['id']}/resend")
            assert again.status_code == 202
            [received] = await mail_sink.received(1)
        assert received.notice_id == by_mail["notice_id"]

    async def test_a_mail_server_that_cannot_be_reached_fails_no_interview(
        self, settings_with: SettingsFactory
    ) -> None:
        nowhere = {"smtp_url": SecretStr("smtp://127.0.0.1:1"), "mail_from": "debrief@example.com"}
        async with running(settings_with(mail=nowhere, outgoing={"delivery_backoff_seconds": ()})) as server:
            api = server.client("ada")
            await an_interview(api)
            [dead] = await logged(api, "dead", count=1)
        assert dead["attempt"] == 1

    async def test_what_waits_for_an_interview_goes_with_it(
        self, settings_with: SettingsFactory, mail_sink: MailSink
    ) -> None:
        mail_sink.refuse_recipient = "450 later"
        async with running(settings_to(settings_with, mail_sink, 3600.0)) as server:
            api = server.client("ada")
            interview = await an_interview(api)
            await logged(api, "pending", count=1)
            assert (await api.delete(f"/interviews/{interview}")).is_success
            assert (await api.get("/deliveries")).json()["items"] == []
        assert mail_sink.messages == []
