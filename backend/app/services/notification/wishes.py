"""How somebody hears of something: the product's default, over it the organisation's, over that their own wish."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.models.notification import Preferences, Topic, TopicWish, Wish
from app.models.organisation import NotificationRule
from app.services.notification.audience import Reason

_AT_ONCE: Final = TopicWish(email=Wish.NOW, channels=Wish.NOW)

DEFAULTS: Final[Mapping[Topic, TopicWish]] = {
    # The debrief follows within minutes; two messages about one interview would be one too many.
    Topic.TRANSCRIPT_READY: TopicWish(),
    Topic.DEBRIEF_READY: _AT_ONCE,
    Topic.SPEAKERS_NEEDED: _AT_ONCE,
    Topic.INTERVIEW_FAILED: _AT_ONCE,
    Topic.SCORECARD_REQUESTED: _AT_ONCE,
    Topic.SCORECARD_OVERDUE: _AT_ONCE,
    Topic.MENTION: _AT_ONCE,
    Topic.ENDPOINT_DISABLED: _AT_ONCE,
}


class Source(StrEnum):
    PRODUCT = "product"
    ORGANISATION = "organisation"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class EffectiveWish:
    wish: TopicWish
    source: Source


def effective(topic: Topic, rule: NotificationRule, own: Preferences) -> EffectiveWish:
    """What holds for a person, and whose wish it is."""
    if topic in own.topics:
        return EffectiveWish(own.topics[topic], Source.OWN)
    if topic in rule.topics:
        return EffectiveWish(rule.topics[topic], Source.ORGANISATION)
    return EffectiveWish(DEFAULTS[topic], Source.PRODUCT)


def wish_for(topic: Topic, rule: NotificationRule, own: Preferences, reasons: Set[Reason]) -> TopicWish:
    """The same for somebody who hears of it for these reasons.

    Who only follows all interviews is spared a message for each of them: unless they, or the organisation, said
    otherwise, those come with the digest.
    """
    found = effective(topic, rule, own)
    if found.source is not Source.PRODUCT or reasons != {Reason.FOLLOWS}:
        return found.wish
    return found.wish.model_copy(
        update={
            "email": _with_the_digest(found.wish.email),
            "channels": _with_the_digest(found.wish.channels),
        }
    )


def _with_the_digest(wish: Wish) -> Wish:
    return Wish.DIGEST if wish is Wish.NOW else wish
