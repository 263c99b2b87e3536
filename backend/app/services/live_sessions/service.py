"""Live interviews: who may record, going on after a loss, and the end, which is the same as that of an upload."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

import anyio
import structlog
from anyio import to_thread

from app.core.errors import AppError, ProviderUnavailable, Unavailable
from app.models.base import new_id, utc_now
from app.models.event import EventKind
from app.models.interview import TRANSITIONS, Interview, Status
from app.models.live import CaptionState, LiveEncoding, LiveSnapshot, RecordingState
from app.services.events.base import EventBus, SlowSubscriber
from app.services.lifecycle import InterviewNotFound, Lifecycle
from app.services.live.journal import Begun, PartBegun
from app.services.live.spool import Spool, SpoolBusy, SpooledRecording
from app.services.live_sessions.assembly import WAV_HEADER_BYTES, assemble
from app.services.live_sessions.errors import LiveElsewhere, LiveEnded, LiveFormatChanged, LiveGap
from app.services.live_sessions.session import Limits, LiveSession, Outcome
from app.services.media.service import MediaService
from app.services.recordings import RecordingExists, RecordingService, refuse_second
from app.services.templates import TemplateService
from app.services.transcription.base import Order
from app.services.transcription.captions import Captions
from app.services.transcription.live import LiveTranscriber
from app.services.transcription.replay import Settled
from app.services.transcription_rules import TranscriptionRules

log = structlog.get_logger(__name__)

IDLE_SECONDS: Final = 120.0
"""How long a recording without a client waits to be resumed, before it is finished as it is."""
_SWEEP_SECONDS: Final = 15.0
_TAKEOVER_SECONDS: Final = 5.0
_DRAIN_SECONDS: Final = 1.0
_LOOK_SECONDS: Final = 15.0
_REFUSED_KEPT_SECONDS: Final = 7 * 86_400.0


@dataclass(frozen=True, slots=True)
class LiveStart:
    """What a client says first. `resume_from` is the first byte that it still holds of a stream that it goes on with."""

    encoding: LiveEncoding
    sample_rate: int
    channels: int
    resume_from: int | None = None
    new_stream: bool = False
    session_id: str | None = None

    @property
    def goes_on(self) -> bool:
        return self.resume_from is not None and not self.new_stream

    @property
    def knows_the_session(self) -> bool:
        return self.goes_on or self.new_stream


class LiveSessions:
    """All live recordings of this process; the folders are shared with others on the same disk."""

    def __init__(
        self,
        spool: Spool,
        lifecycle: Lifecycle,
        recordings: RecordingService,
        templates: TemplateService,
        media: MediaService,
        bus: EventBus,
        rules: TranscriptionRules,
        transcriber: LiveTranscriber | None,
        *,
        max_bytes: int,
        max_seconds: float,
    ) -> None:
        self._spool = spool
        self._lifecycle = lifecycle
        self._recordings = recordings
        self._templates = templates
        self._media = media
        self._bus = bus
        self._rules = rules
        self._transcriber = transcriber
        self._limits = Limits(recording_bytes=max_bytes - WAV_HEADER_BYTES, seconds=max_seconds)
        self._open: dict[str, LiveSession] = {}

    @asynccontextmanager
    async def open(
        self, organisation_id: str, interview_id: str, start: LiveStart
    ) -> AsyncIterator[LiveSession]:
        """Record for one client, from the beginning or from where an earlier one was lost.

        Raises `InterviewNotFound`, `RecordingExists`, `LiveElsewhere`, `LiveEnded`, `LiveGap`, `LiveFormatChanged`.
        """
        interview = await self._lifecycle.get(organisation_id, interview_id)
        _refuse_second(interview)
        await self._take_over(interview_id, start)
        spooled = await self._claim(interview_id)
        session: LiveSession | None = None
        try:
            await to_thread.run_sync(_prepare, spooled, interview, start)
            session = await self._session(interview, spooled)
            self._open[interview_id] = session
            await session.begin(self._watch)
            yield session
        finally:
            with anyio.CancelScope(shield=True):
                await session.close() if session else await to_thread.run_sync(spooled.close)
            if self._open.get(interview_id) is session:
                self._open.pop(interview_id, None)

    async def snapshot(self, interview_id: str) -> LiveSnapshot | None:
        """Where a live recording stands, with all finals so far; None when there is none."""
        session = self._open.get(interview_id)
        if session is not None:
            return session.snapshot()
        journal = await to_thread.run_sync(self._spool.look, interview_id)
        if journal is None:
            return None
        state = RecordingState.FINISHED if journal.ended else RecordingState.INTERRUPTED
        return LiveSnapshot(state=state, captions=CaptionState.OFF, finals=tuple(journal.finals))

    async def remove_leftovers(self, interview_id: str) -> None:
        """Remove what a deleted interview has here, and end its session."""
        session = self._open.get(interview_id)
        if session is not None:
            session.end(InterviewNotFound("The interview was deleted."))
        await to_thread.run_sync(self._spool.remove, interview_id)

    async def sweep_for_ever(self) -> None:
        while True:
            try:
                await self.sweep()
            except (AppError, OSError) as error:
                log.warning("live.sweep_failed", error=type(error).__name__)
            except Exception:
                # One recording that cannot be read must not end the sweep of all others, and the process with it.
                log.exception("live.sweep_crashed")
            await anyio.sleep(_SWEEP_SECONDS)

    async def sweep(self, *, idle_seconds: float = IDLE_SECONDS) -> None:
        """Finish recordings whose clients did not come back, and those whose end was cut off."""
        for interview_id in await to_thread.run_sync(self._spool.waiting):
            idle = await to_thread.run_sync(self._spool.idle_seconds, interview_id)
            journal = await to_thread.run_sync(self._spool.look, interview_id)
            if idle < idle_seconds and not (journal and journal.ended):
                continue
            with suppress(SpoolBusy):
                spooled = await to_thread.run_sync(self._spool.claim, interview_id)
                try:
                    await self._finish_abandoned(spooled)
                finally:
                    await to_thread.run_sync(spooled.close)
        await to_thread.run_sync(self._spool.remove_refused, _REFUSED_KEPT_SECONDS)

    async def _finish_abandoned(self, spooled: SpooledRecording) -> None:
        if spooled.journal.begun is None:
            await to_thread.run_sync(spooled.remove)
            return
        interview_id = spooled.begun.interview_id
        try:
            outcome = await self._store(spooled)
        except AppError as error:
            log.warning("live.refused", interview_id=interview_id, code=error.code)
        else:
            log.info("live.finished_later", interview_id=interview_id, stored=outcome.interview is not None)

    async def _session(self, interview: Interview, spooled: SpooledRecording) -> LiveSession:
        transcriber, reason = self._transcriber, "Deepgram is not configured here."
        if transcriber and await self._rules.vendor_for(interview.organisation_id) is None:
            transcriber, reason = None, "This organisation keeps its recordings on this server."
        if transcriber is None:
            return LiveSession(
                spooled, self._bus, self._store, limits=self._limits, make_captions=None, no_captions=reason
            )
        template = await self._templates.edition(interview.organisation_id, interview.template)
        engine, order = transcriber, Order.of(interview, template)

        def captions(session: LiveSession, settled: Settled, stream: int) -> Captions:
            return Captions(engine, order, session, settled=settled, stream=stream)

        return LiveSession(
            spooled, self._bus, self._store, limits=self._limits, make_captions=captions, no_captions=None
        )

    async def _take_over(self, interview_id: str, start: LiveStart) -> None:
        """End the session of a client that is back and whose old connection only seems to live."""
        old = self._open.get(interview_id)
        if old is None:
            return
        if not start.knows_the_session or start.session_id not in (None, old.id):
            raise LiveElsewhere("This interview is being recorded by another connection.")
        if start.new_stream:
            # Nobody will send again what the page that was left still had on its way: let it arrive.
            with anyio.move_on_after(_DRAIN_SECONDS):
                await old.closed.wait()
        old.end(LiveElsewhere("The recording goes on over another connection."))
        with anyio.move_on_after(_TAKEOVER_SECONDS):
            await old.closed.wait()

    async def _claim(self, interview_id: str) -> SpooledRecording:
        with anyio.move_on_after(_TAKEOVER_SECONDS):
            while True:
                try:
                    return await to_thread.run_sync(self._spool.claim, interview_id)
                except SpoolBusy:
                    # Another process, or the sweep, is about to let go of it.
                    await anyio.sleep(0.1)
        raise LiveElsewhere("This interview is being recorded by another connection.")

    async def _watch(self, session: LiveSession) -> None:
        """End the session when its interview is deleted, here or by another process."""
        begun = session.begun
        async with anyio.create_task_group() as group:
            group.start_soon(self._look_again, session)
            while True:
                with suppress(SlowSubscriber):
                    async with self._bus.subscribe(begun.organisation_id) as events:
                        async for event in events:
                            if event.kind is EventKind.INTERVIEW_DELETED and (
                                event.interview_id == begun.interview_id
                            ):
                                await self.remove_leftovers(begun.interview_id)

    async def _look_again(self, session: LiveSession) -> None:
        begun = session.begun
        while True:
            await anyio.sleep(_LOOK_SECONDS)
            try:
                await self._lifecycle.get(begun.organisation_id, begun.interview_id)
            except InterviewNotFound:
                await self.remove_leftovers(begun.interview_id)
            except AppError:
                continue

    async def _store(self, spooled: SpooledRecording) -> Outcome:
        """Put the recording where uploads go, start the pipeline, and remove what was kept here.

        Raises for a recording that is refused for good; it is set aside.
        """
        begun = spooled.begun
        try:
            interview = await self._put(spooled)
        except (Unavailable, ProviderUnavailable) as error:
            log.warning("live.store_down", interview_id=begun.interview_id, code=error.code)
            return Outcome(None)
        except (InterviewNotFound, FileNotFoundError):
            # Deleted meanwhile, and with it the files.
            await to_thread.run_sync(spooled.remove)
            raise InterviewNotFound("The interview was deleted.") from None
        except AppError:
            await to_thread.run_sync(spooled.set_aside)
            raise
        await to_thread.run_sync(spooled.remove)
        return Outcome(interview)

    async def _put(self, spooled: SpooledRecording) -> Interview:
        begun = spooled.begun
        assembled = await assemble(spooled, self._media)
        if assembled is None:
            return await self._lifecycle.get(begun.organisation_id, begun.interview_id)
        try:
            return await self._recordings.put(
                begun.organisation_id,
                begun.interview_id,
                assembled.chunks(),
                filename=assembled.filename,
                content_type=assembled.content_type,
                declared_size=assembled.size,
            )
        except RecordingExists:
            # A process that stored it may have ended before it could remove what was kept here.
            interview = await self._lifecycle.get(begun.organisation_id, begun.interview_id)
            if interview.recording and interview.recording.filename == assembled.filename:
                return interview
            raise


def _prepare(spooled: SpooledRecording, interview: Interview, start: LiveStart) -> None:
    """Begin a part, or go on with the last one where the client wants that."""
    journal = spooled.journal
    if journal.begun is None:
        spooled.note(
            Begun(
                session_id=new_id(),
                organisation_id=interview.organisation_id,
                interview_id=interview.id,
                begun_at=utc_now(),
            )
        )
    if journal.ended:
        raise LiveEnded("This live recording has ended and is being stored.")
    if start.session_id not in (None, spooled.begun.session_id):
        raise LiveElsewhere("This interview has been recorded by another client.")
    part = PartBegun(
        number=len(journal.parts) + 1,
        encoding=start.encoding,
        sample_rate=start.sample_rate,
        channels=start.channels,
        begun_at=utc_now(),
    )
    if not start.goes_on or not journal.parts:
        if start.resume_from:
            raise LiveGap("There is nothing here to go on with; begin a new stream.", received_bytes=0)
        spooled.begin_part(part)
        return
    if not part.continues(journal.parts[-1]):
        raise LiveFormatChanged("A stream goes on in its own format; begin a new one for another.")
    spooled.resume_part()
    if start.resume_from is not None and start.resume_from > spooled.received:
        raise LiveGap(
            f"The bytes from {spooled.received:,} on never arrived; send them, or begin a new stream.",
            received_bytes=spooled.received,
        )


def _refuse_second(interview: Interview) -> None:
    refuse_second(interview)
    if Status.PREPARING not in TRANSITIONS[interview.status]:
        raise RecordingExists("This interview is being worked on; create another interview for a recording.")
