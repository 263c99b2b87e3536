"""Live interviews: what is heard while people still talk, and what the recording on its way here is made of."""

from __future__ import annotations

from enum import StrEnum

from app.models.base import Stored


class LiveEncoding(StrEnum):
    LINEAR16 = "linear16"
    """Samples of 16 bits, little endian, channels interleaved."""
    WEBM_OPUS = "webm_opus"
    """What a browser's MediaRecorder makes."""


class CaptionState(StrEnum):
    """Whether words come while people talk. The recording is kept in each of these states."""

    OFF = "off"
    CONNECTING = "connecting"
    LIVE = "live"
    RECONNECTING = "reconnecting"


class RecordingState(StrEnum):
    RECORDING = "recording"
    PAUSED = "paused"
    INTERRUPTED = "interrupted"
    """Nobody is connected; the recording can be resumed for a while, and is then finished as it is."""
    FINISHED = "finished"


class LiveWord(Stored):
    text: str
    start: float
    """Seconds on the recording's timeline."""
    end: float
    confidence: float | None = None


class LiveUtterance(Stored):
    """Words of one speaker that the engine will not change any more. The transcript made afterwards replaces them."""

    id: str
    text: str
    start: float
    end: float
    channel: int
    speaker: int | None = None
    """A number that holds within one stream: after a reconnection the engine counts its speakers anew."""
    stream: int
    confidence: float | None = None
    words: tuple[LiveWord, ...] = ()


class LiveSnapshot(Stored):
    """Where a live interview stands: for those who come later."""

    state: RecordingState
    captions: CaptionState
    reason: str | None = None
    """Why there are no captions, a sentence for people."""
    finals: tuple[LiveUtterance, ...] = ()
