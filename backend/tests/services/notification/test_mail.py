"""E-mail to a real server: what arrives, what a refusal means, and what crosses the network."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from anyio import to_thread
from pydantic import SecretStr

from app.models.delivery import Carrier, delivery_id
from app.services.notification.base import Exchange, NeverDeliverable, NotDelivered
from app.services.notification.mail_server import Letter, mail_server
from app.services.notification.providers import mail
from app.services.notification.providers.mail import compose, post
from app.services.notification.rendering.facts import Message
from tests.fixtures.mail import PASSWORD, USER, MailSink, running_sink

WORDS = Message(subject="Debrief ready: Grüße 🙂", text="Plain wörds.\n", html="<p>Rich wörds.</p>")


@pytest.fixture
def everything_logged() -> Iterator[list[str]]:
    """Names of the loggers whose records reach the program's own handlers."""
    names: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: names.append(record.name)  # type: ignore[method-assign]
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield names
    root.removeHandler(handler)
    root.setLevel(level)


async def sent(sink: MailSink, recipient: str = "ada@example.com", message: Message = WORDS) -> Exchange:
    server = mail_server(sink.mail_settings())
    assert server is not None
    letter = Letter(delivery_id("n:1", Carrier.EMAIL, "ada"), "n:1", recipient, message)
    return await to_thread.run_sync(post, server, letter)


class TestWhatArrives:
    async def test_our_own_plain_text_and_our_own_html(self, mail_sink: MailSink) -> None:
        await sent(mail_sink)
        [received] = mail_sink.messages
        assert received.mail.get_content_type() == "multipart/alternative"
        assert received.body("plain").strip() == "Plain wörds."
        assert received.body("html").strip() == "<p>Rich wörds.</p>"
        assert received.mail["Subject"] == "Debrief ready: Grüße 🙂"
        assert received.mail["From"] == "Debrief <debrief@example.com>"
        assert (received.sender, received.recipients) == ("debrief@example.com", ("ada@example.com",))

    async def test_repetitions_carry_the_same_ids(self, mail_sink: MailSink) -> None:
        await sent(mail_sink)
        await sent(mail_sink)
        first, second = mail_sink.messages
        assert first.notice_id == second.notice_id == "n:1"
        assert first.mail["Message-ID"] == second.mail["Message-ID"] == "<n.1.email.ada@example.com>"

    async def test_long_ids_stand_in_their_headers_as_they_are(self, mail_sink: MailSink) -> None:
        ulid = "01jqzv5n8m4c3x2w1v0t9s8r7q"
        notice_id = f"mention.{ulid}:{ulid}.12.{ulid}"
        server = mail_server(mail_sink.mail_settings())
        assert server is not None
        letter = Letter(delivery_id(notice_id, Carrier.EMAIL, ulid), notice_id, "ada@example.com", WORDS)
        mail = compose(server, letter)
        # As `smtplib` writes it.
        head = mail.as_bytes(policy=mail.policy.clone(utf8=False)).decode()
        assert f"\r\nX-Debrief-Notice: {notice_id}\r\n" in head
        whole = notice_id.replace(":", ".")
        assert f"\r\nMessage-ID: <{whole}.email.{ulid}@example.com>\r\n" in head

    async def test_out_of_office_replies_are_not_asked_for(self, mail_sink: MailSink) -> None:
        await sent(mail_sink)
        assert mail_sink.messages[0].mail["Auto-Submitted"] == "auto-generated"

    async def test_the_log_of_deliveries_has_the_address_and_no_word_of_the_message(
        self, mail_sink: MailSink
    ) -> None:
        exchange = await sent(mail_sink)
        assert exchange.request == "To: ada@example.com\nX-Debrief-Notice: n:1"
        assert exchange.response == "accepted"

    async def test_apprise_logs_nothing(self, mail_sink: MailSink, everything_logged: list[str]) -> None:
        await sent(mail_sink)
        assert [name for name in everything_logged if name.startswith("apprise")] == []

    async def test_a_line_break_makes_no_header(self, mail_sink: MailSink) -> None:
        hostile = Message("a\r\nBcc: eve@example.com", "x", "x")
        with pytest.raises(NeverDeliverable):
            await sent(mail_sink, message=hostile)
        assert mail_sink.attempts == 0


class TestRefusals:
    async def test_an_address_that_is_refused_for_good(self, mail_sink: MailSink) -> None:
        mail_sink.refuse_recipient = "550 5.1.1 no such user"
        with pytest.raises(NeverDeliverable) as refused:
            await sent(mail_sink)
        assert (refused.value.exchange.status, refused.value.exchange.response) == (
            550,
            "550 5.1.1 no such user",
        )

    async def test_an_address_that_is_refused_for_now(self, mail_sink: MailSink) -> None:
        mail_sink.refuse_recipient = "450 4.2.0 greylisted"
        with pytest.raises(NotDelivered) as refused:
            await sent(mail_sink)
        assert type(refused.value) is NotDelivered
        assert refused.value.exchange.status == 450

    @pytest.mark.parametrize(
        ("answer", "kind"), [("554 5.7.1 spam", NeverDeliverable), ("451 try later", NotDelivered)]
    )
    async def test_a_message_that_is_refused(
        self, mail_sink: MailSink, answer: str, kind: type[NotDelivered]
    ) -> None:
        mail_sink.refuse_message = answer
        with pytest.raises(NotDelivered) as refused:
            await sent(mail_sink)
        assert type(refused.value) is kind

    @pytest.mark.parametrize("address", ["", "nobody", "a b@example.com", "x@y\r\nBcc: z@example.com"])
    async def test_what_is_no_address(self, mail_sink: MailSink, address: str) -> None:
        with pytest.raises(NeverDeliverable):
            await sent(mail_sink, address)
        assert mail_sink.attempts == 0

    async def test_a_server_that_says_nothing(
        self, mail_sink: MailSink, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mail_sink.hang = True
        monkeypatch.setattr(mail, "_SECONDS", 1)
        with pytest.raises(NotDelivered, match="not answer in time") as refused:
            await sent(mail_sink)
        assert type(refused.value) is NotDelivered

    async def test_nobody_there(self) -> None:
        with pytest.raises(NotDelivered, match="Nobody takes mail"):
            await sent(MailSink(port=1))


class TestTheWayThere:
    async def test_starttls_is_used_when_it_is_offered(self, certificate: Path) -> None:
        async with running_sink(starttls=True, login=True, certificate=certificate) as sink:
            await sent(sink)
        assert [(m.encrypted, m.user) for m in sink.messages] == [(True, USER)]

    async def test_tls_from_the_first_byte(self, certificate: Path) -> None:
        async with running_sink(tls=True, certificate=certificate) as sink:
            await sent(sink)
        assert [m.encrypted for m in sink.messages] == [True]

    async def test_a_certificate_that_nobody_signed_is_refused(
        self, certificate: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("SSL_CERT_FILE")
        async with running_sink(starttls=True, certificate=certificate) as sink:
            with pytest.raises(NotDelivered, match="certificate cannot be verified"):
                await sent(sink)
        assert sink.messages == []

    async def test_no_password_leaves_this_machine_without_encryption(
        self, mail_sink: MailSink, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mail_sink.needs_login = True
        monkeypatch.setattr("app.services.notification.mail_server.MailServer.is_here", False)
        with pytest.raises(NotDelivered, match="encryption before a password"):
            await sent(mail_sink)
        assert mail_sink.messages == []

    async def test_a_wrong_password_may_be_mended(self, certificate: Path) -> None:
        async with running_sink(starttls=True, login=True, certificate=certificate) as sink:
            url = sink.url.replace("word", "wrong")
            server = mail_server(sink.mail_settings().model_copy(update={"smtp_url": SecretStr(url)}))
            assert server is not None and server.password != PASSWORD
            with pytest.raises(NotDelivered, match="refused us") as refused:
                await to_thread.run_sync(post, server, Letter("d", "n", "ada@example.com", WORDS))
        assert type(refused.value) is NotDelivered
