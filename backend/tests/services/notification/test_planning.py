"""What leaves the house for a notice: to whom, which way, when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.delivery import Carrier, Delivery, DeliveryStatus
from app.models.notification import Channel, Notice, QuietHours, Topic, TopicWish, Wish
from app.services.notification.planning import Person, for_machines, for_person, for_rooms
from tests.fixtures.documents import an_endpoint, some_preferences
from tests.fixtures.telling import channel_of, news

NOW = datetime(2026, 3, 2, 11, 30, tzinfo=UTC)
NOTICE = news(id="n1", payload={"analysis_revision": 2})
SLACK, TELEGRAM = channel_of("ivo", id="slack"), channel_of("ivo", id="telegram")
MACHINE_TOPICS = set(Topic) - {Topic.MENTION, Topic.ENDPOINT_DISABLED}


def ivo(
    *, email: Wish = Wish.NEVER, channels: Wish = Wish.NEVER, has_email: bool = True, **fields: Any
) -> Person:
    own: Sequence[Channel] = fields.pop("own", (SLACK, TELEGRAM))
    wish = TopicWish(email=email, channels=channels)
    return Person("ivo", wish, some_preferences("ivo", **fields), has_email, own)


def plan(
    person: Person, *, notice: Notice = NOTICE, now: datetime = NOW, mails: bool = True
) -> list[Delivery]:
    return list(for_person(notice, person, now, mails=mails))


class TestNow:
    def test_a_mail_leaves_at_once(self) -> None:
        [mail] = plan(ivo(email=Wish.NOW))
        assert mail == Delivery(
            id="n1.email.ivo",
            organisation_id="acme",
            notice_id="n1",
            topic=Topic.DEBRIEF_READY,
            interview_id="i",
            carrier=Carrier.EMAIL,
            target_id="ivo",
            user_id="ivo",
            payload={"analysis_revision": 2},
            due_at=NOW,
            created_at=NOW,
        )
        assert mail.status is DeliveryStatus.PENDING

    def test_and_a_message_to_each_of_their_channels(self) -> None:
        planned = plan(ivo(channels=Wish.NOW))
        assert [(d.id, d.carrier, d.user_id) for d in planned] == [
            ("n1.channel.slack", Carrier.CHANNEL, "ivo"),
            ("n1.channel.telegram", Carrier.CHANNEL, "ivo"),
        ]

    def test_never_is_never(self) -> None:
        assert plan(ivo()) == []

    def test_who_has_no_address_gets_no_mail(self) -> None:
        assert plan(ivo(email=Wish.NOW, has_email=False)) == []
        assert plan(ivo(email=Wish.DIGEST, has_email=False)) == []

    def test_nor_does_anybody_where_none_can_be_sent(self) -> None:
        planned = plan(ivo(email=Wish.NOW, channels=Wish.NOW, own=(SLACK,)), mails=False)
        assert [d.carrier for d in planned] == [Carrier.CHANNEL]

    def test_quiet_hours_are_kept_where_the_person_lives(self) -> None:
        # Half past eleven in UTC is half past eight in the evening of Tokyo.
        night = QuietHours(begin=time(20), end=time(7))
        [mail] = plan(ivo(email=Wish.NOW, quiet_hours=night, time_zone="Asia/Tokyo"))
        assert mail.due_at == datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
        assert mail.created_at == NOW

    def test_a_time_zone_that_is_gone_counts_as_utc(self) -> None:
        night = QuietHours(begin=time(11), end=time(12))
        [mail] = plan(ivo(email=Wish.NOW, quiet_hours=night, time_zone="Mars/Olympus"))
        assert mail.due_at == NOW + timedelta(minutes=30)


class TestDigest:
    def test_it_leaves_at_the_hour_of_the_digest_and_tells_of_the_day(self) -> None:
        [mail] = plan(ivo(email=Wish.DIGEST, digest_at=time(17), time_zone="Europe/Berlin"))
        assert mail.due_at == datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
        assert mail.digest_until == mail.due_at - timedelta(minutes=1)
        assert mail.digest_since == mail.digest_until - timedelta(days=1)
        assert (mail.id, mail.notice_id) == (
            "digest.ivo.20260302T1559.email.ivo",
            "digest.ivo.20260302T1559",
        )
        assert (mail.interview_id, mail.payload) == (None, {})

    def test_each_channel_has_its_own(self) -> None:
        planned = plan(ivo(email=Wish.DIGEST, channels=Wish.DIGEST))
        assert [(d.carrier, d.target_id) for d in planned] == [
            (Carrier.EMAIL, "ivo"),
            (Carrier.CHANNEL, "slack"),
            (Carrier.CHANNEL, "telegram"),
        ]
        assert len({d.notice_id for d in planned}) == 1

    def test_quiet_hours_hold_it_up_too(self) -> None:
        night = QuietHours(begin=time(22), end=time(9))
        [mail] = plan(ivo(email=Wish.DIGEST, digest_at=time(8), quiet_hours=night))
        assert mail.due_at == datetime(2026, 3, 3, 9, 0, tzinfo=UTC)

    @given(st.lists(st.integers(0, 24 * 60 * 3), min_size=1, max_size=20), st.times())
    def test_all_of_a_day_is_one_digest_which_tells_every_notice_of_it(
        self, minutes: list[int], digest_at: time
    ) -> None:
        person = ivo(email=Wish.DIGEST, digest_at=digest_at, time_zone="Europe/Berlin")
        queued: dict[str, Delivery] = {}
        for minute in minutes:
            now = NOW + timedelta(minutes=minute)
            [mail] = plan(person, notice=news(), now=now)
            stands = queued.setdefault(mail.id, mail)
            assert stands.digest_since is not None
            assert stands.digest_until is not None
            assert stands.digest_since <= now < stands.digest_until
            assert now < stands.due_at
        assert len(queued) <= 4

    def test_the_inbox_remembers_which_digests_tell_it(self) -> None:
        assert ivo(email=Wish.DIGEST, channels=Wish.NOW).digests == (Carrier.EMAIL,)
        assert ivo(email=Wish.NOW, channels=Wish.DIGEST).digests == (Carrier.CHANNEL,)
        assert ivo(email=Wish.NEVER).digests == ()


class TestRooms:
    def test_a_room_hears_what_it_is_for_at_once(self) -> None:
        hiring = channel_of(None, id="hiring", topics=(Topic.DEBRIEF_READY,))
        others = [channel_of(None, topics=(Topic.INTERVIEW_FAILED,)), channel_of(None), SLACK]
        [planned] = for_rooms(NOTICE, [hiring, *others], NOW)
        assert (planned.id, planned.user_id, planned.due_at) == ("n1.channel.hiring", None, NOW)

    def test_a_persons_channel_is_no_room(self) -> None:
        assert list(for_rooms(NOTICE, [channel_of("ivo", topics=tuple(Topic))], NOW)) == []

    @pytest.mark.parametrize("topic", Topic)
    def test_everything_but_mentions_can_be_written_there(self, topic: Topic) -> None:
        planned = list(for_rooms(news(topic), [channel_of(None, topics=tuple(Topic))], NOW))
        assert len(planned) == (topic is not Topic.MENTION)


class TestMachines:
    def test_an_endpoint_hears_what_it_asked_for(self) -> None:
        all_topics = an_endpoint(id="all")
        some = an_endpoint(id="some", topics=(Topic.DEBRIEF_READY,))
        other = an_endpoint(id="other", topics=(Topic.INTERVIEW_FAILED,))
        planned = list(for_machines(NOTICE, [all_topics, some, other], NOW))
        assert [(d.id, d.carrier, d.due_at) for d in planned] == [
            ("n1.webhook.all", Carrier.WEBHOOK, NOW),
            ("n1.webhook.some", Carrier.WEBHOOK, NOW),
        ]

    @pytest.mark.parametrize("topic", Topic)
    def test_machines_hear_of_interviews_and_scorecards(self, topic: Topic) -> None:
        endpoints = [an_endpoint(), an_endpoint(topics=(topic,))]
        planned = list(for_machines(news(topic), endpoints, NOW))
        assert len(planned) == (2 if topic in MACHINE_TOPICS else 0)


def test_planning_again_plans_the_same_deliveries() -> None:
    later = NOW + timedelta(minutes=5)
    person = ivo(email=Wish.NOW, channels=Wish.DIGEST)
    assert [d.id for d in plan(person)] == [d.id for d in plan(person, now=later)]
