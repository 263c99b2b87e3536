"""Everything stored, kind by kind: what a backup is written from and an installation is restored to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from app.models.analysis import Analysis
from app.models.base import Stored
from app.models.connection import Connection
from app.models.delivery import Delivery
from app.models.edit import TranscriptEdit
from app.models.endpoint import Endpoint
from app.models.highlight import Highlight
from app.models.interview import Interview
from app.models.notification import Channel, InboxItem, Notice, Preferences, ScorecardRequest
from app.models.organisation import Invitation, Membership, Organisation, User
from app.models.scorecard import Review, Scorecard
from app.models.stability import StabilityReport
from app.models.template import Template
from app.models.transcript import Transcript
from app.models.usage import Usage


class Kind(StrEnum):
    """In the order in which they are restored: what is referred to before what refers to it, and what workers act on
    last. A backup is written in another order, because an installation may be at work meanwhile.

    Tickets for the websocket are no kind: they live for seconds. Nor is the search index: it is made again of the
    transcripts.
    """

    ORGANISATIONS = "organisations"
    USERS = "users"
    MEMBERSHIPS = "memberships"
    INVITATIONS = "invitations"
    USAGE = "usage"
    TEMPLATES = "templates"
    PREFERENCES = "preferences"
    CHANNELS = "channels"
    ENDPOINTS = "endpoints"
    CONNECTIONS = "connections"
    TRANSCRIPTS = "transcripts"
    EDITS = "edits"
    ANALYSES = "analyses"
    STABILITY = "stability"
    SCORECARDS = "scorecards"
    REVIEWS = "reviews"
    HIGHLIGHTS = "highlights"
    INTERVIEWS = "interviews"
    INBOX = "inbox"
    SCORECARD_REQUESTS = "scorecard_requests"
    NOTICES = "notices"
    DELIVERIES = "deliveries"


MODELS: Final[Mapping[Kind, type[Stored]]] = {
    Kind.ORGANISATIONS: Organisation,
    Kind.USERS: User,
    Kind.MEMBERSHIPS: Membership,
    Kind.INVITATIONS: Invitation,
    Kind.USAGE: Usage,
    Kind.TEMPLATES: Template,
    Kind.PREFERENCES: Preferences,
    Kind.CHANNELS: Channel,
    Kind.ENDPOINTS: Endpoint,
    Kind.CONNECTIONS: Connection,
    Kind.TRANSCRIPTS: Transcript,
    Kind.EDITS: TranscriptEdit,
    Kind.ANALYSES: Analysis,
    Kind.STABILITY: StabilityReport,
    Kind.SCORECARDS: Scorecard,
    Kind.REVIEWS: Review,
    Kind.HIGHLIGHTS: Highlight,
    Kind.INTERVIEWS: Interview,
    Kind.INBOX: InboxItem,
    Kind.SCORECARD_REQUESTS: ScorecardRequest,
    Kind.NOTICES: Notice,
    Kind.DELIVERIES: Delivery,
}


@dataclass(frozen=True, slots=True)
class Archived:
    key: str
    """Unique among its kind, and the same in every database."""
    document: Stored


class Archive(Protocol):
    """The documents of all organisations."""

    async def page(self, kind: Kind, *, after: str | None, limit: int) -> Sequence[Archived]:
        """By rising key, those after `after`."""

    async def put(self, kind: Kind, documents: Sequence[Stored]) -> None:
        """Write them, in place of what has the same keys."""

    async def is_empty(self) -> bool:
        """Whether there is no document of any kind."""

    async def restoring(self) -> str | None:
        """What was noted of the restore that was begun; None when none is under way."""

    async def begin_restore(self, note: str) -> None: ...

    async def end_restore(self) -> None: ...
