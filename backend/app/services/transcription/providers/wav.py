"""Stretches of a 16-bit WAV file as samples, without reading the whole file. Loaded only in worker processes."""

from __future__ import annotations

import wave
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.services.transcription.providers.diarization.segments import Turn


def read_turns(
    wav: Path, turns: Sequence[Turn], *, by_channel: bool
) -> Iterator[tuple[Turn, NDArray[np.int16]]]:
    """Each turn with its mono samples: of the channel with the speaker's number, else a mix of all channels."""
    with wave.open(str(wav), "rb") as file:
        rate, channels = file.getframerate(), file.getnchannels()
        for turn in turns:
            first = min(round(turn.start * rate), file.getnframes())
            file.setpos(first)
            raw = file.readframes(max(0, round(turn.end * rate) - first))
            frames = np.frombuffer(raw, "<i2").reshape(-1, channels)
            if by_channel and turn.speaker < channels:
                yield turn, frames[:, turn.speaker]
            else:
                yield turn, frames.mean(axis=1).astype(np.int16)
