"""One client that records: bytes to the disk, words to whoever watches, until the client finishes or is lost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Final

import anyio
import structlog
from anyio import to_thread

from app.core.errors import AppError, ProviderRejected
from app.models.event import Event, EventKind
from app.models.interview import Interview
from app.models.live import (
    CaptionState,
    LiveEncoding,
    LiveSnapshot,
    LiveUtterance,
    LiveWord,
    RecordingState,
)
from app.services.events.base import EventBus
from app.services.live.journal import Begun, Ended, Heard, PartBegun
from app.services.live.sound import DecodedSound, GrowingSound
from app.services.live.spool import SpooledRecording
from app.services.live_sessions.errors import LiveEnded, LiveTooLong
from app.services.transcription.captions import Captions
from app.services.transcription.live import HeardWord
from app.services.transcription.replay import Settled

log = structlog.get_logger(__name__)

_LAST_WORDS_SECONDS: Final = 10.0
_INTERIM_SECONDS: Final = 0.2
"""Between two interim results of a channel that are sent on; the latest one wins."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`recording_bytes` over all parts; `seconds` of one part."""

    recording_bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a finished recording. Without an interview, it could not be stored yet and will be later."""

    interview: Interview | None


MakeCaptions = Callable[["LiveSession", Settled, int], Captions]
Store = Callable[[SpooledRecording], Coroutine[Any, Any, Outcome]]


class LiveSession:
    """Made by `LiveSessions.open`; also the listener of its captions."""

    def __init__(
        self,
        spooled: SpooledRecording,
        bus: EventBus,
        store: Store,
        *,
        limits: Limits,
        make_captions: MakeCaptions | None,
        no_captions: str | None,
    ) -> None:
        self.id = spooled.begun.session_id
        self.closed = anyio.Event()
        self.no_captions = no_captions
        """Why there are no captions, a sentence for people."""
        self._spooled = spooled
        self._bus = bus
        self._store = store
        self._limits = limits
        self._make_captions = make_captions
        self._before = sum(spooled.sizes()[:-1])
        self._sounds: list[GrowingSound] = []
        self._following: _Beside | None = None
        self._watching: _Beside | None = None
        self._end = anyio.Event()
        self._end_error: AppError = LiveEnded("The live recording has ended.")
        self._interims: dict[int, _Interim] = {}
        self._state = RecordingState.RECORDING
        self._captions = CaptionState.CONNECTING if make_captions else CaptionState.OFF

    @property
    def received(self) -> int:
        """Bytes of the current part."""
        return self._spooled.received

    @property
    def begun(self) -> Begun:
        return self._spooled.begun

    @property
    def part(self) -> PartBegun:
        return self._spooled.journal.parts[-1]

    def snapshot(self) -> LiveSnapshot:
        return LiveSnapshot(
            state=self._state,
            captions=self._captions,
            reason=self.no_captions,
            finals=tuple(self._spooled.journal.finals),
        )

    async def begin(self, watch: Callable[[LiveSession], Coroutine[Any, Any, None]]) -> None:
        """Start what runs beside the recording: captions, and `watch`, which ends the session from outside."""
        if self._make_captions is not None:
            self._following = _Beside(self._follow(self._make_captions))
        self._watching = _Beside(watch(self))
        self._tell_state(RecordingState.RECORDING)

    async def write(self, data: bytes) -> None:
        """Add bytes. Raises `LiveTooLong` when they would exceed a limit, and then adds nothing."""
        if self._end.is_set():
            raise self._end_error
        self._refuse_too_long(len(data))
        await to_thread.run_sync(self._spooled.append, data)

    async def sync(self) -> int:
        """Bytes of the current part that a crash of this server cannot lose."""
        return await to_thread.run_sync(self._spooled.sync)

    def pause(self, *, paused: bool) -> None:
        self._tell_state(RecordingState.PAUSED if paused else RecordingState.RECORDING)

    def end(self, error: AppError) -> None:
        """End the session from outside: `ended` raises the error where the client is served."""
        if not self._end.is_set():
            self._end_error = error
            self._end.set()

    async def ended(self) -> None:
        await self._end.wait()
        raise self._end_error

    async def finish(self) -> Outcome:
        """Wait for the last words, store the recording and start the pipeline.

        Raises what storing raises for a recording that is refused. A store that is down is no error: it is tried again.
        """
        await to_thread.run_sync(self._spooled.end, Ended())
        for sound in self._sounds:
            sound.end()
        if self._following is not None:
            await self._following.wait(_LAST_WORDS_SECONDS)
        await self._stop_following()
        self._state = RecordingState.FINISHED
        try:
            return await self._store(self._spooled)
        finally:
            self._tell_state(RecordingState.FINISHED)

    async def close(self) -> None:
        """Let go of everything; what is on the disk stays for a resumption, or for the sweep."""
        if self._watching is not None:
            await self._watching.stop()
        await self._stop_following()
        await to_thread.run_sync(self._spooled.close)
        if self._state is not RecordingState.FINISHED:
            self._tell_state(RecordingState.INTERRUPTED)
        self.closed.set()

    async def on_final(self, words: Sequence[HeardWord], channel: int, stream: int) -> None:
        interim = self._interims.pop(channel, None)
        if interim is not None:
            interim.drop()
        confidences = [word.confidence for word in words if word.confidence is not None]
        utterance = LiveUtterance(
            id=f"live-{len(self._spooled.journal.finals) + 1}",
            text=_text(words),
            start=round(words[0].start, 3),
            end=round(words[-1].end, 3),
            channel=channel,
            speaker=words[0].speaker,
            stream=stream,
            confidence=round(sum(confidences) / len(confidences), 4) if confidences else None,
            words=_words(words),
        )
        await to_thread.run_sync(self._spooled.note, Heard(utterance=utterance))
        self._publish(EventKind.LIVE_FINAL, utterance.model_dump(mode="json"))

    def on_interim(self, words: Sequence[HeardWord], channel: int) -> None:
        if not words:
            return
        data = {
            "text": _text(words),
            "start": round(words[0].start, 3),
            "end": round(words[-1].end, 3),
            "channel": channel,
            "speaker": words[-1].speaker,
        }
        interim = self._interims.setdefault(channel, _Interim(self._publish))
        interim.put(data)

    def on_state(self, state: CaptionState, reason: str | None) -> None:
        self._captions, self.no_captions = state, reason
        self._tell_state(self._state)

    async def _follow(self, make_captions: MakeCaptions) -> None:
        """Captions must never disturb the recording: whatever fails here only ends them."""
        settled, stream = _settled(self._spooled.journal.finals)
        reason: str | None = None
        try:
            await self._open_sounds()
            await make_captions(self, settled, stream).run(self._sounds)
        except ProviderRejected as error:
            log.warning("live.captions_refused", code=error.code)
            reason = error.detail
        except Exception as error:
            # The kind only: a traceback may quote what was said.
            log.error("live.captions_failed", error=type(error).__name__)  # noqa: TRY400
            reason = "The live captions stopped; the transcript is made from the recording."
        else:
            if self._state is not RecordingState.FINISHED and not self._spooled.journal.ended:
                reason = (
                    "The sound cannot be followed any further; the transcript is made from the recording."
                )
        self.on_state(CaptionState.OFF, reason)

    async def _open_sounds(self) -> None:
        """Every part: from an earlier one, the last words may still be unheard."""
        for part in self._spooled.journal.parts:
            path = self._spooled.part_path(part)
            if part.encoding is LiveEncoding.WEBM_OPUS:
                decoded = DecodedSound(path, self._spooled.decoded_path(part), channels=part.channels)
                self._sounds.append(decoded)
                await decoded.begin()
            else:
                self._sounds.append(GrowingSound(path, sample_rate=part.sample_rate, channels=part.channels))
        for sound in self._sounds if self._spooled.journal.ended else self._sounds[:-1]:
            sound.end()

    async def _stop_following(self) -> None:
        if self._following is not None:
            await self._following.stop()
        for sound in self._sounds:
            if isinstance(sound, DecodedSound):
                await sound.close()

    def _refuse_too_long(self, more: int) -> None:
        part = self.part
        if self._before + self.received + more > self._limits.recording_bytes:
            raise LiveTooLong("The recording has reached the largest size; it is kept up to here.")
        seconds = (
            (self.received + more) / part.frame_bytes / part.sample_rate
            if part.encoding is LiveEncoding.LINEAR16
            else time.time() - part.begun_at.timestamp()
        )
        if seconds > self._limits.seconds:
            raise LiveTooLong("The recording has reached the longest duration; it is kept up to here.")

    def _tell_state(self, state: RecordingState) -> None:
        self._state = state
        self._publish(
            EventKind.LIVE_STATE,
            {"state": state.value, "captions": self._captions.value, "reason": self.no_captions},
        )

    def _publish(self, kind: EventKind, data: dict[str, object]) -> None:
        begun = self._spooled.begun
        self._bus.publish(
            Event(
                kind=kind, organisation_id=begun.organisation_id, interview_id=begun.interview_id, data=data
            )
        )


class _Beside:
    """A task beside the recording. It is stopped between two calls to the disk, never inside one."""

    def __init__(self, work: Coroutine[Any, Any, None]) -> None:
        self._scope = anyio.CancelScope()
        self._task = asyncio.create_task(self._run(work))

    async def wait(self, seconds: float) -> None:
        """Until it has ended, but no longer."""
        await asyncio.wait([self._task], timeout=seconds)

    async def stop(self) -> None:
        self._scope.cancel()
        await self._task

    async def _run(self, work: Coroutine[Any, Any, None]) -> None:
        with self._scope:
            await work


class _Interim:
    """The latest interim result of one channel, sent on now or when its turn has come."""

    def __init__(self, publish: Callable[[EventKind, dict[str, object]], None]) -> None:
        self._publish = publish
        self._due = 0.0
        self._latest: dict[str, object] = {}
        self._timer: asyncio.TimerHandle | None = None

    def put(self, data: dict[str, object]) -> None:
        self._latest = data
        if self._timer is None:
            wait = max(0.0, self._due - time.monotonic())
            self._timer = asyncio.get_running_loop().call_later(wait, self._send)

    def drop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _send(self) -> None:
        self._timer = None
        self._due = time.monotonic() + _INTERIM_SECONDS
        self._publish(EventKind.LIVE_INTERIM, self._latest)


def _settled(finals: Sequence[LiveUtterance]) -> tuple[Settled, int]:
    """What was settled, and the number of the last stream, by the utterances that were kept."""
    settled = Settled()
    for utterance in finals:
        known = settled.spoken.get(utterance.channel, 0.0)
        settled.spoken[utterance.channel] = max(known, utterance.end)
    return settled, max((utterance.stream for utterance in finals), default=0)


def _text(words: Sequence[HeardWord]) -> str:
    return " ".join(word.text for word in words)


def _words(words: Sequence[HeardWord]) -> tuple[LiveWord, ...]:
    return tuple(
        LiveWord(
            text=word.text, start=round(word.start, 3), end=round(word.end, 3), confidence=word.confidence
        )
        for word in words
    )
