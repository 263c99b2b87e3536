"""What the API, the worker and the tests share: every service, by its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.config import (
    Settings,
)
from app.core.outgoing import OutgoingRules
from app.core.security import SessionVerifier
from app.models.delivery import Carrier
from app.repositories.base import Repositories
from app.services.accounts import AccountService
from app.services.analysis.factory import Engines
from app.services.analysis_rules import AnalysisRules
from app.services.callbacks import CallbackService
from app.services.channels import ChannelService
from app.services.clips import ClipService
from app.services.connections import ConnectionService
from app.services.debriefing.replay import ReplayService
from app.services.debriefing.stability import StabilityMeter
from app.services.debriefing.writer import DebriefWriter
from app.services.debriefs import DebriefService
from app.services.deliveries import DeliveryService
from app.services.downloads import Downloads
from app.services.endpoints import EndpointService
from app.services.erasure import Eraser
from app.services.events.base import EventBus
from app.services.exports import ExportService
from app.services.highlights import HighlightService
from app.services.inbox import InboxService
from app.services.intake import Intake
from app.services.interviews import InterviewService
from app.services.live_sessions.service import LiveSessions
from app.services.media.service import MediaService
from app.services.mentions import MentionService
from app.services.message_preview import MessagePreviews
from app.services.metrics_page import MetricsPage
from app.services.notification.base import Sender
from app.services.notification.service import NotificationService
from app.services.panel import PanelService
from app.services.preferences import PreferencesService
from app.services.readiness import ReadinessService
from app.services.recording_parts import RecordingParts
from app.services.recordings import RecordingService
from app.services.reviews import ReviewService
from app.services.scorecard_requests import ScorecardRequestService
from app.services.scorecards import ScorecardService
from app.services.search.service import SearchService
from app.services.speakers.service import SpeakerService
from app.services.stability_reports import StabilityReports
from app.services.storage.base import ObjectStore
from app.services.templates import TemplateService
from app.services.transcript_edits import EditingService
from app.services.transcript_files import TranscriptFiles
from app.services.transcript_reading import TranscriptReader
from app.services.transcription.base import LocalTranscriber, VendorTranscriber
from app.services.transcription_rules import TranscriptionRules
from app.services.transcripts import TranscriptService
from app.services.usage import UsageService
from app.services.visibility import VisibilityService

if TYPE_CHECKING:
    from app.core.security.oidc import OidcVerifier


@dataclass(frozen=True, slots=True)
class Container:
    settings: Settings
    repositories: Repositories
    bus: EventBus
    store: ObjectStore
    media: MediaService
    transcriber: LocalTranscriber
    vendor: VendorTranscriber | None
    uses_callbacks: bool
    """Whether the vendor's answers come to our webhook; else the worker waits for them."""
    callbacks: CallbackService
    transcription_rules: TranscriptionRules
    engines: Engines
    writer: DebriefWriter
    stability: StabilityMeter
    replays: ReplayService
    sessions: SessionVerifier
    oidc: OidcVerifier | None
    accounts: AccountService
    interviews: InterviewService
    recordings: RecordingService
    recording_parts: RecordingParts
    clips: ClipService
    highlights: HighlightService
    live: LiveSessions
    transcripts: TranscriptService
    editing: EditingService
    speakers: SpeakerService
    debriefs: DebriefService
    exports: ExportService
    templates: TemplateService
    notifications: NotificationService
    inbox: InboxService
    preferences: PreferencesService
    mentions: MentionService
    scorecard_requests: ScorecardRequestService
    eraser: Eraser
    analysis_rules: AnalysisRules
    visibility: VisibilityService
    scorecards: ScorecardService
    reviews: ReviewService
    panel: PanelService
    stability_reports: StabilityReports
    usage: UsageService
    transcript_reader: TranscriptReader
    transcript_files: TranscriptFiles
    senders: Mapping[Carrier, Sender]
    channels: ChannelService
    deliveries: DeliveryService
    previews: MessagePreviews
    connections: ConnectionService
    intake: Intake
    downloads: Downloads
    outgoing: OutgoingRules
    """For addresses that people typed in."""
    endpoints: EndpointService
    readiness: ReadinessService
    metrics: MetricsPage
    search: SearchService
