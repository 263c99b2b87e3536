"""What is made of which settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.core.config import (
    AnalysisEngine,
    DeepgramDelivery,
    Environment,
    Settings,
    TranscriptionEngine,
)
from app.core.container.carriers import build_carriers
from app.core.container.contents import Container
from app.core.outgoing import OutgoingRules
from app.core.security import SessionVerifier, Signer
from app.models.connection import ConnectionKind
from app.models.organisation import Analyst
from app.models.transcript import SpeakerRole
from app.repositories.base import Repositories
from app.services.accounts import AccountService
from app.services.analysis.factory import build_engines
from app.services.analysis_rules import AnalysisRules
from app.services.callbacks import CallbackService
from app.services.clips import ClipService
from app.services.connections import ConnectionService
from app.services.debriefing.replay import ReplayService
from app.services.debriefing.stability import StabilityMeter
from app.services.debriefing.writer import DebriefWriter
from app.services.debriefs import DebriefService
from app.services.deliveries import DeliveryService
from app.services.downloads import Downloads
from app.services.erasure import Eraser
from app.services.events.base import EventBus
from app.services.exports import ExportService
from app.services.highlights import HighlightService
from app.services.inbox import InboxService
from app.services.intake import Intake
from app.services.interviews import InterviewService
from app.services.lifecycle import Lifecycle
from app.services.live.spool import Spool
from app.services.live_sessions.service import LiveSessions
from app.services.media.service import MediaService
from app.services.meetings.providers.standard_webhooks import StandardWebhooks
from app.services.meetings.providers.zoom import Zoom
from app.services.mentions import MentionService
from app.services.metrics_page import MetricsPage
from app.services.notification.rendering.links import Links
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
from app.services.speakers_needed import SpeakersNeeded
from app.services.stability_reports import StabilityReports
from app.services.standing import StandingService
from app.services.storage.factory import build_store
from app.services.templates import TemplateService
from app.services.transcript_edits import EditingService
from app.services.transcript_files import TranscriptFiles
from app.services.transcript_reading import TranscriptReader
from app.services.transcription.delivery import callback_obstacle
from app.services.transcription.factory import build_live_transcriber, build_transcriber, build_vendor
from app.services.transcription_rules import TranscriptionRules
from app.services.transcripts import TranscriptService
from app.services.usage import UsageService
from app.services.visibility import VisibilityService

if TYPE_CHECKING:
    from app.core.security.oidc import OidcVerifier


def _callbacks_reach_us(settings: Settings) -> bool:
    wanted = settings.deepgram.deepgram_delivery
    if wanted is DeepgramDelivery.AUTO:
        has_secret = settings.deepgram.deepgram_webhook_secret is not None
        return has_secret and callback_obstacle(settings.server.public_url) is None
    return wanted is DeepgramDelivery.CALLBACK


_PREFERRED: Final = {
    AnalysisEngine.AUTO: Analyst.AUTO,
    AnalysisEngine.OPENAI: Analyst.OPENAI,
    AnalysisEngine.DEEPGRAM: Analyst.DEEPGRAM,
    AnalysisEngine.BASELINE: Analyst.OFFLINE,
}


def build_container(
    settings: Settings, repositories: Repositories, oidc: OidcVerifier | None, bus: EventBus
) -> Container:
    limits, engines, auth = settings.limits, settings.engines, settings.auth
    store = build_store(
        settings.storage,
        root=settings.server.data_dir / "objects",
        base_url=settings.server.public_url,
        signer=Signer(auth.secrets[0]),
    )
    media = MediaService(
        max_duration=limits.max_recording_seconds, limiter=settings.worker.worker_cpu_concurrency
    )
    lifecycle = Lifecycle(repositories, bus)
    vendor = build_vendor(settings.deepgram)
    webhook_secret = settings.deepgram.deepgram_webhook_secret
    rules = TranscriptionRules(
        repositories,
        vendor,
        preferred=engines.transcription_engine in (TranscriptionEngine.AUTO, TranscriptionEngine.DEEPGRAM),
    )
    spool = Spool(settings.server.data_dir / "live")
    eraser = Eraser(repositories, store, spool)
    recordings = RecordingService(
        lifecycle,
        store,
        media,
        max_bytes=limits.max_upload_bytes,
        part_bytes=settings.storage.upload_part_bytes,
        url_seconds=settings.storage.signed_url_seconds,
    )
    clips = ClipService(lifecycle, store, media, scratch=settings.server.data_dir / "scratch")
    templates = TemplateService(repositories)
    debriefs = DebriefService(repositories, lifecycle)
    transcripts = TranscriptService(repositories, lifecycle, store, max_bytes=limits.max_transcript_bytes)
    analysis_engines = build_engines(settings.openai, settings.deepgram)
    analysis_rules = AnalysisRules(
        repositories,
        frozenset(analysis_engines.analyzers),
        eu_mode=settings.analysis.eu_mode,
        preferred=_PREFERRED[settings.analysis.analysis_engine],
    )
    writer = DebriefWriter(
        repositories, transcripts, templates, analysis_rules, analysis_engines.analyzers, settings.analysis
    )
    standing = StandingService(repositories)
    visibility = VisibilityService(repositories)
    notifications = NotificationService(repositories, bus.publish, mails=settings.mail.smtp_url is not None)
    mentions = MentionService(repositories, notifications)
    reviews = ReviewService(repositories, debriefs, templates, analysis_rules, mentions)
    interviews = InterviewService(repositories, lifecycle, eraser, bus)
    outgoing = OutgoingRules.of(
        settings.outgoing.outgoing_private_hosts,
        https_only=settings.server.environment is Environment.PRODUCTION,
    )
    carriers = build_carriers(settings, repositories, outgoing)
    connections = ConnectionService(repositories, public_url=settings.server.public_url)
    search = SearchService(repositories)
    return Container(
        settings=settings,
        repositories=repositories,
        bus=bus,
        store=store,
        media=media,
        transcriber=build_transcriber(
            engine=engines.transcription_engine,
            whisper_model_dir=engines.whisper_model_dir,
            whisper_model_size=engines.whisper_model_size,
            whisper_allow_download=engines.whisper_allow_download,
        ),
        vendor=vendor,
        uses_callbacks=vendor is not None and _callbacks_reach_us(settings),
        callbacks=CallbackService(
            repositories,
            lifecycle,
            store,
            vendor,
            signers=[Signer(secret) for secret in auth.secrets],
            webhook_secret=webhook_secret.get_secret_value() if webhook_secret else None,
            public_url=settings.server.public_url,
        ),
        transcription_rules=rules,
        engines=analysis_engines,
        writer=writer,
        stability=StabilityMeter(writer),
        replays=ReplayService(repositories, debriefs, templates, store),
        sessions=SessionVerifier(
            auth.secrets,
            cookie_names=(auth.auth_cookie_name,) if auth.auth_cookie_name else (),
            user_id_claim=auth.auth_user_id_claim,
            api_salt=auth.auth_api_salt,
        ),
        oidc=oidc,
        accounts=AccountService(repositories, rules, analysis_rules),
        interviews=interviews,
        recordings=recordings,
        recording_parts=RecordingParts(
            lifecycle, recordings, store, max_seconds=limits.max_recording_seconds
        ),
        clips=clips,
        highlights=HighlightService(repositories, lifecycle, clips, Links(settings.server.frontend_url)),
        live=LiveSessions(
            spool,
            lifecycle,
            recordings,
            templates,
            media,
            bus,
            rules,
            build_live_transcriber(settings.deepgram),
            max_bytes=limits.max_upload_bytes,
            max_seconds=limits.max_recording_seconds,
        ),
        transcripts=transcripts,
        editing=EditingService(repositories, lifecycle, search, SpeakersNeeded(repositories, templates)),
        speakers=SpeakerService(
            repositories,
            lifecycle,
            transcripts,
            templates,
            channels=[SpeakerRole(role.value) for role in engines.channel_roles],
        ),
        debriefs=debriefs,
        exports=ExportService(
            repositories,
            lifecycle,
            debriefs,
            reviews,
            analysis_rules,
            templates,
            public_url=settings.server.public_url,
        ),
        templates=templates,
        notifications=notifications,
        inbox=InboxService(repositories, bus),
        preferences=PreferencesService(repositories),
        mentions=mentions,
        scorecard_requests=ScorecardRequestService(repositories, lifecycle, notifications),
        eraser=eraser,
        analysis_rules=analysis_rules,
        visibility=visibility,
        scorecards=ScorecardService(repositories, lifecycle, templates, visibility, mentions),
        reviews=reviews,
        panel=PanelService(repositories, templates, visibility, reviews),
        stability_reports=StabilityReports(repositories, lifecycle, analysis_rules),
        usage=UsageService(repositories, analysis_rules, settings.analysis),
        transcript_reader=TranscriptReader(transcripts, lifecycle, analysis_rules, visibility),
        transcript_files=TranscriptFiles(repositories, lifecycle, transcripts),
        senders=carriers.senders,
        channels=carriers.channels,
        deliveries=DeliveryService(repositories),
        previews=carriers.previews,
        connections=connections,
        intake=Intake(
            repositories,
            connections,
            interviews,
            lifecycle,
            outgoing,
            meetings={ConnectionKind.ZOOM: Zoom(settings.outgoing.outgoing_private_hosts)},
            verifiers={ConnectionKind.SIGNED_URL: StandardWebhooks()},
        ),
        downloads=Downloads(outgoing),
        outgoing=outgoing,
        endpoints=carriers.endpoints,
        readiness=ReadinessService(repositories, store, standing),
        metrics=MetricsPage(standing, settings.telemetry, settings.server.environment),
        search=search,
    )
