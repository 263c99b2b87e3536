"""Who speaks when, by the best means that the recording allows. Loaded only in worker processes."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from app.services.transcription.providers.diarization.channels import by_channel, sides_differ
from app.services.transcription.providers.diarization.clustering import by_voice, single
from app.services.transcription.providers.diarization.features import extract
from app.services.transcription.providers.diarization.segments import Diarization, Method, Turn

_ASSUMED: Final = 2
_GUESS: Final = (
    "Speakers were told apart by the sound of their voices. Check the turns before relying on them."
)
_COUNT_ASSUMED: Final = "The number of speakers was not given; two were assumed."


def diarize(wav: Path, *, speakers: int | None) -> Diarization:
    """The turns of a 16 kHz WAV file of 16-bit samples.

    The number of people cannot be heard reliably, so it has to be given; without it, two are assumed. Raises
    `ValueError` for another sample rate.
    """
    features = extract(wav)
    if speakers != 1 and sides_differ(features):
        warnings: tuple[str, ...] = ()
        if speakers is not None and speakers > 2:
            warnings = (
                f"{speakers} speakers were expected; the two sides of the stereo recording were told apart.",
            )
        return _result(by_channel(features), Method.CHANNELS, *warnings)
    if speakers == 1:
        return _result(single(features), Method.SINGLE)
    assumed = (_COUNT_ASSUMED,) if speakers is None else ()
    return _result(by_voice(features, speakers=speakers or _ASSUMED), Method.VOICES, *assumed, _GUESS)


def _result(turns: list[Turn], method: Method, *warnings: str) -> Diarization:
    return Diarization(tuple(turns), method, warnings if turns else ())
