"""Chat services: which addresses are taken, and what an answer means."""

from __future__ import annotations

import pytest
from anyio import to_thread
from hypothesis import given
from hypothesis import strategies as st

from app.services.notification.base import Exchange, NeverDeliverable, NotDelivered
from app.services.notification.channel_address import AddressRefused
from app.services.notification.providers.chat import post, read_address
from app.services.notification.rendering.facts import Message
from tests.fixtures.chat import TOKEN, ChatServer

SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
SCHEMES = [
    "slack",
    "workflows",
    "discord",
    "gchat",
    "tgram",
    "wxteams",
    "pover",
    "ntfy",
    "ntfys",
    "mmost",
    "rockets",
    "gotify",
    "http",
    "https",
    "json",
]
WORDS = Message(subject="Debrief ready", text="It is ready.\n", html="<p>It is ready.</p>")


async def posted(
    chat: ChatServer, message: Message = WORDS, hosts: tuple[str, ...] = ("127.0.0.1",)
) -> Exchange:
    def work() -> Exchange:
        return post(chat.address, message, private_hosts=hosts, notice_id="n1")

    return await to_thread.run_sync(work)


class TestAddressesThatAreTaken:
    @pytest.mark.parametrize(
        ("url", "service"),
        [
            (f"{SLACK}/#hiring", "slack"),
            ("https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "slack"),
            ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", "discord"),
            ("https://discord.com/api/webhooks/4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", "discord"),
            ("https://chat.googleapis.com/v1/spaces/AAAA/messages?key=abc&token=def", "gchat"),
            ("tgram://123456789:abcdefg_hijklmnop/12315544/", "tgram"),
            (f"wxteams://{'a' * 80}", "wxteams"),
            (f"pover://{'u' * 30}@{'t' * 30}", "pover"),
            ("ntfys://hiring-at-acme", "ntfy"),
            ("https://ntfy.sh/hiring-at-acme", "ntfy"),
            (
                "https://prod-67.westus.logic.azure.com:443/workflows/3e0e6/triggers/manual/paths/invoke"
                "?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=abc_def",
                "workflows",
            ),
            (
                "https://default8b.1f.environment.api.powerplatform.com/powerautomate/automations/direct"
                "/workflows/abc/triggers/manual/paths/invoke?api-version=1&sp=a&sv=1.0&sig=xyz",
                "workflows",
            ),
        ],
    )
    def test_services_of_vendors(self, url: str, service: str) -> None:
        assert read_address(url, private_hosts=()).service == service

    @pytest.mark.parametrize(
        ("url", "service"),
        [
            ("mmosts://chat.example.com/abcdefghijklmnop", "mmost"),
            ("rockets://token:secret@chat.example.com/#hiring", "rocket"),
            ("ntfys://chat.example.com/hiring", "ntfy"),
            ("gotifys://chat.example.com/token", "gotify"),
        ],
    )
    def test_services_on_a_host_of_ones_own_once_an_operator_has_named_it(
        self, url: str, service: str
    ) -> None:
        address = read_address(url, private_hosts=("Chat.Example.com",))
        assert (address.service, address.host) == (service, "chat.example.com")
        with pytest.raises(AddressRefused, match="OUTGOING_PRIVATE_HOSTS"):
            read_address(url, private_hosts=("other.example.com",))


class TestAddressesThatAreRefused:
    @pytest.mark.parametrize(
        "url",
        [
            "json://127.0.0.1/",
            "xmls://169.254.169.254/latest",
            "form://localhost",
            "file:///etc/passwd",
            "syslog://",
            "dbus://",
            "windows://",
            "exec:///bin/sh",
            "mailto://user:pass@example.com",
            "apprise://localhost/token",
            "matrix://user:pass@chat.example.com/#room",
            "http://127.0.0.1:8000/",
            "https://hooks.slack.com.evil.example/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
            "workflows://evil.example/abc/def",
            "workflows://logic.azure.com.evil.example/abc/def",
            "workflows://prod.logic.azure.com:22/abc/def",
            "https://prod.logic.azure.evil/workflows/a/triggers/manual/paths/invoke?api-version=1&sig=x",
            "slack://",
            "slack://tooshort",
            "mmost://[::1/x",
            "",
            " ",
            "no address at all",
        ],
    )
    def test_everything_else(self, url: str) -> None:
        with pytest.raises(AddressRefused):
            read_address(url, private_hosts=("chat.example.com",))

    @pytest.mark.parametrize(
        "option",
        [
            "template=/etc/passwd",
            "verify=no",
            "redirect=yes",
            "cto=600",
            "retry=5",
            "format=html",
            "+X-Header=1",
            ":token=1",
            "-flag=1",
        ],
    )
    def test_options_that_do_more_than_choose_a_room(self, option: str) -> None:
        with pytest.raises(AddressRefused, match="options"):
            read_address(f"{SLACK}/?{option}", private_hosts=())

    @given(scheme=st.sampled_from(SCHEMES), rest=st.text(max_size=60))
    def test_no_text_breaks_the_reader(self, scheme: str, rest: str) -> None:
        try:
            address = read_address(f"{scheme}://{rest}", private_hosts=("chat.example.com",))
        except AddressRefused as refused:
            assert refused.status == 422
        else:
            assert address.host in (None, "chat.example.com", "ntfy.sh")

    def test_the_words_never_repeat_the_address(self) -> None:
        for url in (
            f"{SLACK}/?tiiajkdnlazkcoxridevi7fq=1&template=x",
            f"json://{TOKEN}/",
            f"slack://{TOKEN}",
        ):
            with pytest.raises(AddressRefused) as refused:
                read_address(url, private_hosts=())
            for secret in ("TIiajkdnlazkcOXrIdevi7FQ", TOKEN):
                assert secret not in refused.value.detail


class TestSending:
    async def test_a_room_gets_the_subject_and_the_text(self, chat: ChatServer) -> None:
        exchange = await posted(chat)
        [message] = chat.messages
        assert "Debrief ready" in message["text"]
        assert "It is ready." in message["text"]
        assert message["username"] == "Debrief"
        assert (exchange.request, exchange.response) == ("X-Debrief-Notice: n1", "accepted")

    async def test_a_long_message_comes_in_parts(self, chat: ChatServer) -> None:
        await posted(chat, Message("Long", "word " * 2000, ""))
        assert len(chat.messages) > 1

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
    async def test_what_the_service_will_never_take(self, chat: ChatServer, status: int) -> None:
        chat.refuse = (status, f"bad token {TOKEN}")
        with pytest.raises(NeverDeliverable) as refused:
            await posted(chat)
        assert refused.value.exchange.status == status
        assert refused.value.exchange.response == "bad token …"

    @pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
    async def test_what_it_may_take_later(self, chat: ChatServer, status: int) -> None:
        chat.refuse = (status, "later")
        with pytest.raises(NotDelivered) as refused:
            await posted(chat)
        assert type(refused.value) is NotDelivered
        assert refused.value.exchange.status == status

    async def test_nobody_there(self) -> None:
        with pytest.raises(NotDelivered, match="cannot be reached") as refused:
            await posted(ChatServer(host="127.0.0.1:1"))
        assert type(refused.value) is NotDelivered
        assert TOKEN not in f"{refused.value.exchange}{refused.value.detail}"

    async def test_a_redirect_is_not_followed(self, chat: ChatServer) -> None:
        chat.redirect_to = "/elsewhere"
        with pytest.raises(NotDelivered):
            await posted(chat)
        assert "/elsewhere" not in chat.paths

    async def test_a_host_that_is_named_no_longer_gets_nothing_more(self, chat: ChatServer) -> None:
        with pytest.raises(NeverDeliverable):
            await posted(chat, hosts=())
        assert chat.paths == []
