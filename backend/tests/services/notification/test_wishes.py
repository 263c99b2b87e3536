"""Whose wish holds, and what is the default."""

from __future__ import annotations

import pytest

from app.models.notification import Preferences, Topic, TopicWish, Wish
from app.models.organisation import NotificationRule
from app.services.notification.audience import Reason
from app.services.notification.wishes import DEFAULTS, EffectiveWish, Source, effective, wish_for
from tests.fixtures.documents import some_preferences

SILENT = TopicWish(in_app=False)
MAIL = TopicWish(email=Wish.NOW)
NOBODY = NotificationRule()
ORGANISATION = NotificationRule(topics={Topic.DEBRIEF_READY: MAIL})


class TestDefaults:
    def test_every_topic_has_one_and_all_are_in_the_inbox(self) -> None:
        assert set(DEFAULTS) == set(Topic)
        assert all(wish.in_app for wish in DEFAULTS.values())

    @pytest.mark.parametrize("topic", [t for t in Topic if t is not Topic.TRANSCRIPT_READY])
    def test_what_asks_for_something_leaves_at_once(self, topic: Topic) -> None:
        assert (DEFAULTS[topic].email, DEFAULTS[topic].channels) == (Wish.NOW, Wish.NOW)

    def test_a_transcript_does_not_because_the_debrief_follows(self) -> None:
        wish = DEFAULTS[Topic.TRANSCRIPT_READY]
        assert (wish.email, wish.channels) == (Wish.NEVER, Wish.NEVER)


@pytest.mark.parametrize(
    ("rule", "own", "holds"),
    [
        (NOBODY, some_preferences("ivo"), EffectiveWish(DEFAULTS[Topic.DEBRIEF_READY], Source.PRODUCT)),
        (ORGANISATION, some_preferences("ivo"), EffectiveWish(MAIL, Source.ORGANISATION)),
        (
            ORGANISATION,
            some_preferences("ivo", topics={Topic.DEBRIEF_READY: SILENT}),
            EffectiveWish(SILENT, Source.OWN),
        ),
        (
            ORGANISATION,
            some_preferences("ivo", topics={Topic.MENTION: SILENT}),
            EffectiveWish(MAIL, Source.ORGANISATION),
        ),
    ],
)
def test_the_nearest_wish_holds(rule: NotificationRule, own: Preferences, holds: EffectiveWish) -> None:
    assert effective(Topic.DEBRIEF_READY, rule, own) == holds


class TestWhoOnlyFollows:
    def test_gets_a_digest_instead_of_a_message_for_each(self) -> None:
        wish = wish_for(Topic.DEBRIEF_READY, NOBODY, some_preferences("fay"), {Reason.FOLLOWS})
        assert wish == TopicWish(in_app=True, email=Wish.DIGEST, channels=Wish.DIGEST)

    def test_but_not_more_than_others(self) -> None:
        wish = wish_for(Topic.TRANSCRIPT_READY, NOBODY, some_preferences("fay"), {Reason.FOLLOWS})
        assert wish == DEFAULTS[Topic.TRANSCRIPT_READY]

    def test_another_reason_counts_in_full(self) -> None:
        reasons = {Reason.FOLLOWS, Reason.CREATED}
        assert wish_for(Topic.DEBRIEF_READY, NOBODY, some_preferences("fay"), reasons).email is Wish.NOW

    @pytest.mark.parametrize(
        ("rule", "own"),
        [
            (ORGANISATION, some_preferences("fay")),
            (NOBODY, some_preferences("fay", topics={Topic.DEBRIEF_READY: MAIL})),
        ],
    )
    def test_and_so_does_what_was_said(self, rule: NotificationRule, own: Preferences) -> None:
        assert wish_for(Topic.DEBRIEF_READY, rule, own, {Reason.FOLLOWS}) == MAIL
