"""What people and machines are told, and how each person wants to hear of it."""

from __future__ import annotations

from datetime import datetime, time
from enum import StrEnum
from typing import Any

from app.models.base import FAR_FUTURE, Stored


class Topic(StrEnum):
    """What can be told; the same names are the event types of webhooks."""

    TRANSCRIPT_READY = "transcript.ready"
    DEBRIEF_READY = "debrief.ready"
    SPEAKERS_NEEDED = "speakers.needed"
    """The assessment waits until somebody says who is who."""
    INTERVIEW_FAILED = "interview.failed"
    SCORECARD_REQUESTED = "scorecard.requested"
    SCORECARD_OVERDUE = "scorecard.overdue"
    MENTION = "mention"
    ENDPOINT_DISABLED = "endpoint.disabled"
    """A webhook endpoint failed for so long that nothing is sent to it any more; for admins."""


class Notice(Stored):
    """One thing to tell, before it is known to whom.

    Those about a change of an interview are entries of its outbox; the others are stored by themselves. What is made of
    a notice has ids that follow from the notice's own, so that telling it twice changes nothing.
    """

    id: str
    organisation_id: str
    topic: Topic
    interview_id: str | None = None
    payload: dict[str, Any] = {}
    """Ids and codes, never a candidate's words or name."""
    created_at: datetime
    due_at: datetime = FAR_FUTURE
    """When the sweep tells it if nobody else did."""


class InboxItem(Stored):
    """A notice in the inbox of one person. It goes when its interview goes."""

    id: str
    """`<notice id>.<user id>`."""
    organisation_id: str
    user_id: str
    topic: Topic
    interview_id: str | None = None
    subject: str = ""
    """Title of the interview when the notice was told; shown inside the application only."""
    payload: dict[str, Any] = {}
    digests: tuple[str, ...] = ()
    """Ways (`models.delivery.Carrier`) by which it comes with the person's digest: the others told it at once, or not
    at all."""
    created_at: datetime
    """When it was told, which is what a digest goes by."""
    read_at: datetime | None = None


class Wish(StrEnum):
    """How soon somebody wants to hear of something outside the application."""

    NOW = "now"
    DIGEST = "digest"
    """With everything else of the day, at the hour of the digest."""
    NEVER = "never"


class TopicWish(Stored):
    in_app: bool = True
    email: Wish = Wish.NEVER
    channels: Wish = Wish.NEVER
    """The person's own channels: Slack, Telegram …"""


class Scope(StrEnum):
    OWN = "own"
    """Interviews that one created, takes part in as interviewer, or was asked about."""
    ALL = "all"
    """All interviews of the organisation."""


class QuietHours(Stored):
    """Times of day in the person's time zone; `begin` after `end` goes over midnight. What comes meanwhile waits."""

    begin: time
    end: time


class Preferences(Stored):
    """One person's wishes in one organisation. A topic that is not named follows the organisation's default."""

    organisation_id: str
    user_id: str
    topics: dict[Topic, TopicWish] = {}
    scope: Scope = Scope.OWN
    quiet_hours: QuietHours | None = None
    digest_at: time = time(8, 0)
    time_zone: str = "UTC"
    """IANA name."""
    version: int = 0
    """0: never saved."""


class Channel(Stored):
    """Somewhere to write to that Apprise knows: a chat room, a person's Slack. An organisation's or one person's."""

    id: str
    organisation_id: str
    user_id: str | None = None
    """None: the organisation's, for which `topics` says what is written there."""
    name: str
    service: str
    """Apprise's name of the service: `slack`, `msteams`, `discord` …"""
    url: str
    """Apprise's address; it holds secrets and is never shown again."""
    topics: tuple[Topic, ...] = ()
    enabled: bool = True
    version: int = 1
    created_by: str
    created_at: datetime
    updated_at: datetime


class ScorecardRequest(Stored):
    """Somebody was asked for their scorecard. It is its own outbox: `notify_at` says when there is something to tell."""

    id: str
    """`<interview id>:<user id>`."""
    organisation_id: str
    interview_id: str
    user_id: str
    requested_by: str
    created_at: datetime
    due_at: datetime
    told: tuple[Topic, ...] = ()
    notify_at: datetime
    version: int = 1


def inbox_id(notice_id: str, user_id: str) -> str:
    return f"{notice_id}.{user_id}"


def request_id(interview_id: str, user_id: str) -> str:
    return f"{interview_id}:{user_id}"
