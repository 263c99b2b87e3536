"""The carriers of mail and chat: whom they write to, and when they do not."""

from __future__ import annotations

import pytest

from app.models.interview import Participant
from app.models.notification import Channel
from app.models.organisation import NotificationRule
from app.repositories.base import Repositories
from app.services.notification.base import TargetGone
from app.services.notification.channel import ChannelSender
from app.services.notification.email import EmailSender, MailNotConfigured, NoAddress
from app.services.notification.mail_server import mail_server
from app.services.notification.rendering.links import Links
from app.services.notification.rendering.loading import FactsLoader
from tests.fixtures.carrying import an_email, found_acme, to_room
from tests.fixtures.chat import ChatServer
from tests.fixtures.documents import NOON, a_channel, a_membership, an_interview
from tests.fixtures.mail import MailSink


@pytest.fixture
async def acme(embedded: Repositories) -> Repositories:
    await found_acme(embedded)
    return embedded


@pytest.fixture
def loader(acme: Repositories) -> FactsLoader:
    return FactsLoader(acme, Links("https://hr.example.com"))


@pytest.fixture
def by_mail(loader: FactsLoader, mail_sink: MailSink) -> EmailSender:
    return EmailSender(loader, mail_server(mail_sink.mail_settings()), at_once=2)


@pytest.fixture
def by_chat(acme: Repositories, loader: FactsLoader) -> ChannelSender:
    return ChannelSender(acme, loader, private_hosts=("127.0.0.1",), at_once=2)


async def stored(repositories: Repositories, channel: Channel) -> Channel:
    await repositories.channels("acme").insert(channel)
    return channel


class TestMail:
    async def test_it_goes_to_the_address_of_the_membership(
        self, by_mail: EmailSender, mail_sink: MailSink
    ) -> None:
        delivery = an_email()
        await by_mail.send(delivery)
        [received] = mail_sink.messages
        assert received.recipients == ("ann@example.com",)
        assert received.notice_id == delivery.notice_id

    async def test_without_a_mail_server_it_is_cancelled_with_the_reason(self, loader: FactsLoader) -> None:
        with pytest.raises(MailNotConfigured) as cancelled:
            await EmailSender(loader, None, at_once=2).send(an_email())
        assert cancelled.value.code == "mail_not_configured"

    async def test_who_has_no_address_gets_none(self, acme: Repositories, by_mail: EmailSender) -> None:
        await acme.people.insert_membership(a_membership("acme", "cy"))
        with pytest.raises(NoAddress):
            await by_mail.send(an_email(target_id="cy", user_id="cy"))

    async def test_who_left_gets_none(
        self, acme: Repositories, by_mail: EmailSender, mail_sink: MailSink
    ) -> None:
        await acme.people.delete_membership("acme", "ann")
        with pytest.raises(TargetGone):
            await by_mail.send(an_email())
        assert mail_sink.attempts == 0


class TestChat:
    async def test_a_room_is_written_to(
        self, acme: Repositories, by_chat: ChannelSender, chat: ChatServer
    ) -> None:
        room = await stored(acme, a_channel(url=chat.address))
        await by_chat.send(to_room(room))
        [message] = chat.messages
        assert "https://hr.example.com/interviews/i" in message["text"]
        assert "An admin chooses what is written here" in message["text"]

    async def test_one_that_was_removed_or_switched_off_is_not(
        self, acme: Repositories, by_chat: ChannelSender, chat: ChatServer
    ) -> None:
        gone = a_channel(url=chat.address)
        silent = await stored(acme, a_channel(url=chat.address, enabled=False))
        for room in (gone, silent):
            with pytest.raises(TargetGone):
                await by_chat.send(to_room(room))
        assert chat.paths == []

    async def test_somebody_elses_is_not(
        self, acme: Repositories, by_chat: ChannelSender, chat: ChatServer
    ) -> None:
        bos = await stored(acme, a_channel(url=chat.address, user_id="bo"))
        with pytest.raises(TargetGone):
            await by_chat.send(to_room(bos, user_id="ann"))
        assert chat.paths == []

    async def test_names_call_nobody_and_make_no_links(
        self, acme: Repositories, by_chat: ChannelSender, chat: ChatServer
    ) -> None:
        hostile = "@here <!channel> [click](https://evil.example) `x` *b* _i_ ~s~ ||h||"
        await acme.people.update_organisation("acme", NOON, notifications=NotificationRule(content=True))
        interview = an_interview("acme", title=hostile, candidate=Participant(name=hostile), position=hostile)
        await acme.interviews("acme").insert(interview)
        room = await stored(acme, a_channel(url=chat.address))
        await by_chat.send(to_room(room, interview_id=interview.id))
        text = chat.messages[0]["text"]
        assert "click" in text
        for harmful in ("@here", "<!channel>", "](", "`", "https://evil", "*", "_", "~", "|"):
            assert harmful not in text
        assert "https://hr.example.com/interviews/" in text
