"""From Deepgram's answer to a transcript. Runs in a thread and lets others have their turn between utterances."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from app.models.transcript import Engine, EngineKind, Speaker, TranscriptDraft, Utterance, Word
from app.services.transcription.base import VendorFailed
from app.services.transcription.providers.deepgram import payload
from app.services.transcription.providers.deepgram.intelligence import intelligence_of
from app.services.transcription.providers.deepgram.payload import Answer, Metadata, Results, read

_LABEL: Final = (
    "Transcribed by Deepgram. Words and speakers are a machine's; check them before relying on a quote."
)
_PASSING: Final = frozenset(
    {
        "TOO_MANY_REQUESTS",
        "REMOTE_CONTENT_ERROR",
        "INTERNAL_SERVER_ERROR",
        "SERVICE_UNAVAILABLE",
        "GATEWAY_TIMEOUT",
        "TIMEOUT",
        "ASR_TIMEOUT",
    }
)
"""Errors that may be gone when the recording is sent again."""
_PAUSE: Final = 0.8
"""Seconds of silence that end an utterance, where Deepgram cut none."""
_UTTERANCES_IN_A_TURN: Final = 20

Voice = tuple[int | None, int | None]
"""Channel and speaker: numbers of speakers begin anew on every channel."""


def parse_result(body: bytes) -> TranscriptDraft:
    """Raises `AnswerUnreadable`, and `VendorFailed` for an answer that reports a failure."""
    answer = read(body, Answer)
    if answer.results is None:
        raise _failure(answer)
    spoken = sorted(_spoken(answer.results), key=lambda u: (u.start, u.end))
    voices: dict[Voice, Speaker] = {}
    utterances = []
    for number, utterance in enumerate(spoken, start=1):
        voice = _voice(answer.results, utterance)
        speaker = voices.setdefault(voice, Speaker(id=f"s{len(voices)}", label=f"Speaker {len(voices) + 1}"))
        utterances.append(_utterance(number, utterance, speaker.id))
        if number % _UTTERANCES_IN_A_TURN == 0:
            time.sleep(0)
    return TranscriptDraft(
        engine=_engine(answer.metadata),
        diarization=_diarization(answer.metadata, spoken),
        language=next((c.detected_language for c in answer.results.channels if c.detected_language), None),
        duration=round(max([answer.metadata.duration, *(u.end for u in utterances)]), 3),
        speakers=tuple(voices.values()),
        utterances=tuple(utterances),
        warnings=tuple(_warnings(answer.metadata, utterances)),
        intelligence=intelligence_of(answer.metadata, answer.results, spoken, utterances),
    )


def _failure(answer: Answer) -> VendorFailed:
    code = answer.err_code or answer.category or "no code"
    text = answer.err_msg or answer.message or "The answer says no more."
    return VendorFailed(
        f"Deepgram could not transcribe the recording: {text[:300]} ({code[:60]})", may_pass=code in _PASSING
    )


def _spoken(results: Results) -> Iterator[payload.Utterance]:
    """The utterances as Deepgram cut them, else as its words fall."""
    if results.utterances is not None:
        for raw in results.utterances:
            utterance = read(raw, payload.Utterance)
            if utterance.words or utterance.transcript.strip():
                yield utterance
        return
    for number, channel in enumerate(results.channels):
        best = channel.alternatives[0] if channel.alternatives else payload.Alternative()
        yield from _cut([read(raw, payload.Word) for raw in best.words], number)


def _cut(words: list[payload.Word], channel: int) -> Iterator[payload.Utterance]:
    part: list[payload.Word] = []
    for word in words:
        if part and (word.speaker != part[-1].speaker or word.start - part[-1].end > _PAUSE):
            yield _joined(part, channel)
            part = []
        part.append(word)
    if part:
        yield _joined(part, channel)


def _joined(words: list[payload.Word], channel: int) -> payload.Utterance:
    return payload.Utterance(
        start=words[0].start,
        end=max(word.end for word in words),
        channel=channel,
        speaker=words[0].speaker,
        transcript=" ".join(word.text for word in words),
        words=words,
    )


def _voice(results: Results, utterance: payload.Utterance) -> Voice:
    return (utterance.channel if len(results.channels) > 1 else None, utterance.speaker)


def _utterance(number: int, heard: payload.Utterance, speaker: str) -> Utterance:
    words = tuple(_words(heard.words))
    start = max(0.0, heard.start)
    languages = heard.languages or [w.language for w in heard.words if w.language]
    return Utterance(
        id=f"u{number:04d}",
        speaker=speaker,
        start=round(start, 3),
        end=round(max(start, heard.end), 3),
        text=heard.transcript.strip() or " ".join(word.text for word in words),
        channel=heard.channel,
        confidence=_rounded(heard.confidence),
        language=languages[0] if languages else None,
        words=words,
    )


def _words(heard: Iterable[payload.Word]) -> Iterator[Word]:
    """The words with times that never run backwards."""
    earliest = 0.0
    for word in heard:
        start = max(earliest, word.start)
        end = max(start, word.end)
        yield Word(
            text=word.text, start=round(start, 3), end=round(end, 3), confidence=_rounded(word.confidence)
        )
        earliest = start


def _engine(metadata: Metadata) -> Engine:
    model = next(iter(metadata.model_info.values()), payload.ModelInfo())
    return Engine(
        name="deepgram",
        version=model.version or "unknown",
        kind=EngineKind.VENDOR,
        model=model.arch or model.name or None,
        label=_LABEL,
    )


def _diarization(metadata: Metadata, spoken: list[payload.Utterance]) -> Engine | None:
    if not any(utterance.speaker is not None for utterance in spoken):
        return None
    told = metadata.diarize_info or {}
    version = next(
        (str(told[name]) for name in ("version", "model_version", "arch") if name in told), "latest"
    )
    return Engine(
        name="deepgram-diarization",
        version=version[:60],
        kind=EngineKind.VENDOR,
        label="Speakers told apart by Deepgram; who they are is not known from it.",
    )


def _warnings(metadata: Metadata, utterances: list[Utterance]) -> Iterator[str]:
    if not utterances:
        yield "No speech was found in the recording."
    for (parameter, message), _ in groupby((n.parameter, n.message) for n in metadata.warnings):
        yield f"Deepgram: {message[:300] or parameter[:60]}"


def _rounded(confidence: float | None) -> float | None:
    return None if confidence is None else round(min(max(confidence, 0.0), 1.0), 3)
