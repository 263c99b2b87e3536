"""People and the organisations they act for."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from app.models.base import Stored
from app.models.notification import Topic, TopicWish


class Role(StrEnum):
    """What a member may do, most powerful first."""

    ADMIN = "admin"
    RECRUITER = "recruiter"
    INTERVIEWER = "interviewer"
    VIEWER = "viewer"


class User(Stored):
    id: str
    identity: str
    """Issuer and subject of the verified token (`nextauth:…`, `oidc:<issuer>|…`); unique."""
    email: str | None = None
    email_verified: bool = False
    name: str | None = None
    created_at: datetime


class Transcriber(StrEnum):
    """Who transcribes an organisation's recordings."""

    AUTO = "auto"
    """What the installation is set up for."""
    DEEPGRAM = "deepgram"
    OFFLINE = "offline"
    """The engine of this installation: no recording leaves it."""


class WhenDown(StrEnum):
    """What happens to a recording while the vendor does not work."""

    WAIT = "wait"
    """Try again, less and less often, for a day."""
    NEXT = "next"
    """Take the engine of this installation; the transcript says so."""
    FAIL = "fail"
    """Stop with the reason after a few attempts; a person decides."""


class TranscriptionRule(Stored):
    transcriber: Transcriber = Transcriber.AUTO
    when_down: WhenDown = WhenDown.WAIT


class Analyst(StrEnum):
    """Who writes an organisation's debriefs."""

    AUTO = "auto"
    """What the installation is set up for, the best first."""
    OPENAI = "openai"
    DEEPGRAM = "deepgram"
    OFFLINE = "offline"
    """The baseline of this installation: no word of a transcript leaves it."""


class AnalysisRule(Stored):
    analyst: Analyst = Analyst.AUTO
    when_down: WhenDown = WhenDown.NEXT
    sentiment: bool = True
    eu_mode: bool = False
    """Removes sentiment from requests, results, the API and exports, whatever `sentiment` says."""
    levels: bool = True
    """False: evidence only, the machine gives no level."""
    daily_tokens: int | None = None
    """The organisation's own limit, below the installation's."""

    @property
    def shows_sentiment(self) -> bool:
        return self.sentiment and not self.eu_mode


class Visibility(StrEnum):
    """When an interviewer sees colleagues' scorecards and the machine's draft."""

    OPEN = "open"
    AFTER_OWN = "after_own"
    """Not before their own card is submitted."""


class NotificationRule(Stored):
    """What messages of an organisation may say, and what its members hear of by default."""

    content: bool = False
    """Whether messages that leave may name the candidate and the interview; else they are a link."""
    topics: dict[Topic, TopicWish] = {}
    """For members without a wish of their own; a topic that is not named follows the product's default."""
    scorecard_hours: int = 48
    """How long somebody has for a scorecard that was asked for."""


class Organisation(Stored):
    id: str
    name: str
    personal: bool = False
    transcription: TranscriptionRule = TranscriptionRule()
    analysis: AnalysisRule = AnalysisRule()
    visibility: Visibility = Visibility.OPEN
    notifications: NotificationRule = NotificationRule()
    created_at: datetime
    updated_at: datetime


class Membership(Stored):
    id: str
    """`<organisation_id>:<user_id>`: the pair is the identity, so a second insert is refused by the primary key."""
    organisation_id: str
    user_id: str
    role: Role
    name: str | None = None
    email: str | None = None
    created_at: datetime


class Invitation(Stored):
    """An offer of membership to whoever proves the e-mail address. At most one for an address in an organisation."""

    id: str
    organisation_id: str
    organisation_name: str
    email: str
    role: Role
    invited_by: str
    created_at: datetime
    expires_at: datetime


class Ticket(Stored):
    """A single-use pass for the websocket. Only its hash is stored."""

    id: str
    """SHA-256 of the ticket, hexadecimal."""
    user_id: str
    organisation_id: str
    session_expires_at: datetime
    expires_at: datetime


def membership_id(organisation_id: str, user_id: str) -> str:
    return f"{organisation_id}:{user_id}"
