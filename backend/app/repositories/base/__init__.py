"""What the rest of the program may ask of a database: verbs of the product, never a query language.

Two implementations exist, `mongo` and `sqlite`; `tests/repositories/contract` states what both must do.
Repositories that hold candidate data are built with the organisation, so a forgotten check cannot leak: a
foreign id is simply not found. All dates are timezone-aware UTC with millisecond precision. Lists page by
key, never by offset. Every verb may raise `DatabaseUnavailable`.
"""

from __future__ import annotations

from typing import Protocol

from app.models.connection import Connection
from app.models.endpoint import Endpoint
from app.repositories.base.archive import MODELS, Archive, Archived, Kind
from app.repositories.base.errors import DatabaseUnavailable, Duplicate, Fenced, SchemaTooNew
from app.repositories.base.interviews import (
    Backlog,
    Expect,
    InterviewFilter,
    InterviewRepository,
    JobRepository,
)
from app.repositories.base.organisations import (
    PeopleRepository,
    TemplateRepository,
    TicketRepository,
    UsageLimits,
    UsageRepository,
)
from app.repositories.base.pages import JsonPage, PageKey, TranscriptJson
from app.repositories.base.results import (
    AnalysisRepository,
    ReviewRepository,
    ScorecardRepository,
    StabilityRepository,
    TranscriptRepository,
)
from app.repositories.base.telling import (
    ChannelRepository,
    DeliveryFilter,
    DeliveryQueue,
    DeliveryRepository,
    InboxRepository,
    NoticeRepository,
    OwnedRepository,
    PreferencesRepository,
    ScorecardReminders,
    ScorecardRequestRepository,
)
from app.repositories.base.words import (
    RELEVANCE_WINDOW,
    EditRepository,
    HighlightRepository,
    IndexedTranscript,
    Passage,
    Quote,
    SearchHit,
    SearchOrder,
    SearchQuery,
    SearchRepository,
)

__all__ = [
    "MODELS",
    "RELEVANCE_WINDOW",
    "AnalysisRepository",
    "Archive",
    "Archived",
    "Backlog",
    "ChannelRepository",
    "DatabaseUnavailable",
    "DeliveryFilter",
    "DeliveryQueue",
    "DeliveryRepository",
    "Duplicate",
    "EditRepository",
    "Expect",
    "Fenced",
    "HighlightRepository",
    "InboxRepository",
    "IndexedTranscript",
    "InterviewFilter",
    "InterviewRepository",
    "JobRepository",
    "JsonPage",
    "Kind",
    "NoticeRepository",
    "OwnedRepository",
    "PageKey",
    "Passage",
    "PeopleRepository",
    "PreferencesRepository",
    "Quote",
    "Repositories",
    "ReviewRepository",
    "SchemaTooNew",
    "ScorecardReminders",
    "ScorecardRepository",
    "ScorecardRequestRepository",
    "SearchHit",
    "SearchOrder",
    "SearchQuery",
    "SearchRepository",
    "StabilityRepository",
    "TemplateRepository",
    "TicketRepository",
    "TranscriptJson",
    "TranscriptRepository",
    "UsageLimits",
    "UsageRepository",
]


class Repositories(Protocol):
    """Everything stored, in one place. What is a property stands above the organisations."""

    @property
    def description(self) -> str:
        """Which database this is, for logs and the health page (`MongoDB`, `SQLite (embedded)`)."""

    @property
    def database_name(self) -> str: ...

    @property
    def people(self) -> PeopleRepository: ...
    @property
    def jobs(self) -> JobRepository: ...
    @property
    def tickets(self) -> TicketRepository: ...
    @property
    def notices(self) -> NoticeRepository: ...
    @property
    def delivery_queue(self) -> DeliveryQueue: ...
    @property
    def archive(self) -> Archive: ...
    @property
    def reminders(self) -> ScorecardReminders: ...

    def interviews(self, organisation_id: str) -> InterviewRepository: ...
    def transcripts(self, organisation_id: str) -> TranscriptRepository: ...
    def analyses(self, organisation_id: str) -> AnalysisRepository: ...
    def templates(self, organisation_id: str) -> TemplateRepository: ...
    def scorecards(self, organisation_id: str) -> ScorecardRepository: ...
    def reviews(self, organisation_id: str) -> ReviewRepository: ...
    def stability(self, organisation_id: str) -> StabilityRepository: ...
    def usage(self, organisation_id: str) -> UsageRepository: ...
    def preferences(self, organisation_id: str) -> PreferencesRepository: ...
    def inbox(self, organisation_id: str) -> InboxRepository: ...
    def deliveries(self, organisation_id: str) -> DeliveryRepository: ...
    def channels(self, organisation_id: str) -> ChannelRepository: ...
    def endpoints(self, organisation_id: str) -> OwnedRepository[Endpoint]: ...
    def connections(self, organisation_id: str) -> OwnedRepository[Connection]: ...
    def scorecard_requests(self, organisation_id: str) -> ScorecardRequestRepository: ...

    def edits(self, organisation_id: str) -> EditRepository: ...
    def highlights(self, organisation_id: str) -> HighlightRepository: ...
    def search(self, organisation_id: str) -> SearchRepository: ...

    async def ping(self) -> None:
        """Raises `DatabaseUnavailable`."""
