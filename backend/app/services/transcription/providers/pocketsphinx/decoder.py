"""Recognition itself. Loaded only in worker processes: it brings in numpy and 130 MB of models."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from pocketsphinx import Config, Decoder

from app.services.transcription.providers.diarization.segments import Turn
from app.services.transcription.providers.wav import read_turns
from app.services.transcription.speech import Spoken

_FRAMES_PER_SECOND: Final = 100
_FILLERS: Final = re.compile(r"<.*>|\[.*\]|\+\+.*\+\+")
_VARIANT: Final = re.compile(r"\(\d+\)$")


def recognise(wav: Path, turns: Sequence[Turn], *, by_channel: bool) -> list[Spoken]:
    """The words of the turns, in order. A stereo file is heard on the speaker's own channel when `by_channel`."""
    decoder = _decoder()
    spoken: list[Spoken] = []
    for turn, samples in read_turns(wav, turns, by_channel=by_channel):
        decoder.start_utt()
        decoder.process_raw(samples.tobytes(), no_search=False, full_utt=True)
        decoder.end_utt()
        spoken += _words(decoder, turn)
    return spoken


@lru_cache(maxsize=1)
def _decoder() -> Any:
    """Loading takes half a second; a worker process keeps it."""
    return Decoder(Config(samprate=16_000, loglevel="FATAL"))


def _words(decoder: Any, turn: Turn) -> Iterator[Spoken]:
    if decoder.hyp() is None:
        return
    for segment in decoder.seg():
        if _FILLERS.fullmatch(segment.word):
            continue
        yield Spoken(
            text=_VARIANT.sub("", segment.word),
            start=turn.start + segment.start_frame / _FRAMES_PER_SECOND,
            end=min(turn.end, turn.start + (segment.end_frame + 1) / _FRAMES_PER_SECOND),
            confidence=round(min(1.0, segment.prob), 3),
            speaker=turn.speaker,
        )
