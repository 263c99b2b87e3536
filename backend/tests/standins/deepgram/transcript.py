"""When a live connection says what: interim results while people speak, final ones when a sentence has ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from tests.standins.deepgram.answers import MODEL, MODEL_INFO
from tests.standins.deepgram.hearing import Hearing, SpokenWord
from tests.standins.deepgram.journal import Json, Query

_INTERIM_EVERY: Final = 1.0
"""Seconds of sound."""
_ENDPOINT: Final = 0.3
"""Seconds of sound behind a sentence until it counts as ended."""
_PAUSE: Final = 1.0
"""Seconds without a word that end an utterance in the middle of a sentence."""
_QUIET: Final = 5.0
"""Seconds without a word after which an empty final result says so."""
_SENTENCE_ENDS: Final = (".", "?", "!")
_ROUNDING: Final = 0.005


@dataclass
class _Channel:
    number: int
    pending: list[Json] = field(default_factory=list)
    """Words that no final result has had."""
    confirmed: float = 0.0
    """Seconds up to which final results were sent."""
    last_interim: float = 0.0
    last_word_end: float | None = None
    utterance_ended: bool = True


class Talk:
    """One connection's results. All times are seconds of the connection's own sound."""

    def __init__(self, hearing: Hearing, query: Query, channels: int, request_id: str) -> None:
        self._hearing = hearing
        self._request_id = request_id
        self._splits = query.on("multichannel") and channels > 1
        self._channels = [_Channel(number) for number in range(channels if self._splits else 1)]
        self._interim = query.on("interim_results")
        self._speakers = query.on("diarize_model") or query.on("diarize")
        self._punctuates = query.on("punctuate") or query.on("smart_format")
        self._vad_events = query.on("vad_events")
        silence = query.first("utterance_end_ms")
        self._utterance_end = float(silence) / 1000 if silence else None

    def take(self, data: bytes, *, is_mute: bool) -> list[Json]:
        """What is to be said when this sound has come."""
        messages: list[Json] = []
        for word, offset in self._hearing.take(data):
            messages += self._hear(word, offset)
        for channel in self._channels:
            if not is_mute:
                messages += self._finals(channel)
            messages += self._interims(channel)
            messages += self._utterance_ends(channel)
        return messages

    def flush(self, *, from_finalize: bool) -> list[Json]:
        """Everything that was heard, as final results: at the client's wish, or at the end."""
        messages = []
        for channel in self._channels:
            # A word that is cut here is heard when it is whole; the result must not claim its time.
            end = max(channel.confirmed, min(self._hearing.now, self._begun(channel)))
            if channel.pending or from_finalize:
                count = len(channel.pending)
                messages.append(self._final(channel, count, end, from_finalize=from_finalize))
        return messages

    def _hear(self, word: SpokenWord, offset: float) -> Iterator[Json]:
        channel = self._channels[word.channel if self._splits else 0]
        made = word.at(offset)
        if not self._speakers:
            del made["speaker"]
        if not self._punctuates:
            del made["punctuated_word"]
        if self._vad_events and channel.utterance_ended:
            yield {"type": "SpeechStarted", "channel": self._index(channel), "timestamp": made["start"]}
        channel.utterance_ended = False
        channel.pending.append(made | {"_ends": word.text.endswith(_SENTENCE_ENDS)})

    def _finals(self, channel: _Channel) -> Iterator[Json]:
        count = self._sentences(channel)
        if count:
            yield self._final(channel, count, channel.pending[count - 1]["end"])
        elif not channel.pending and self._hearing.now - channel.confirmed >= _QUIET:
            end = min(self._hearing.now - _ENDPOINT, self._begun(channel))
            if end > channel.confirmed + _QUIET / 2:
                yield self._final(channel, 0, end)

    def _sentences(self, channel: _Channel) -> int:
        """How many of the pending words are said: to the end of a sentence or a pause that nobody talks across."""
        words, begun = channel.pending, self._begun(channel)
        for count in range(len(words), 0, -1):
            last = words[count - 1]
            later = min([begun, *(word["start"] for word in words[count:])])
            has_ended = last["_ends"] and last["end"] + _ENDPOINT <= self._hearing.now
            if (has_ended or min(later, self._hearing.now) - last["end"] >= _PAUSE) and later >= last[
                "end"
            ] - _ROUNDING:
                return count
        return 0

    def _begun(self, channel: _Channel) -> float:
        return self._hearing.in_progress(channel.number if self._splits else None)

    def _interims(self, channel: _Channel) -> Iterator[Json]:
        if self._interim and channel.pending and self._hearing.now - channel.last_interim >= _INTERIM_EVERY:
            channel.last_interim = self._hearing.now
            yield self._result(channel, channel.pending, self._hearing.now, is_final=False)

    def _utterance_ends(self, channel: _Channel) -> Iterator[Json]:
        end = channel.last_word_end
        if end is None or channel.pending or channel.utterance_ended:
            return
        if self._hearing.now - end >= (self._utterance_end or 1.0):
            channel.utterance_ended = True
            if self._utterance_end is not None:
                yield {"type": "UtteranceEnd", "channel": self._index(channel), "last_word_end": end}

    def _final(self, channel: _Channel, count: int, end: float, *, from_finalize: bool = False) -> Json:
        words, channel.pending = channel.pending[:count], channel.pending[count:]
        result = self._result(channel, words, end, is_final=True, from_finalize=from_finalize)
        channel.confirmed = max(channel.confirmed, end)
        channel.last_interim = self._hearing.now
        if words:
            channel.last_word_end = words[-1]["end"]
        return result

    def _result(
        self, channel: _Channel, words: list[Json], end: float, *, is_final: bool, from_finalize: bool = False
    ) -> Json:
        shown = [{name: value for name, value in word.items() if name != "_ends"} for word in words]
        start = min([channel.confirmed, *(word["start"] for word in words)])
        alternative = {
            "transcript": " ".join(word.get("punctuated_word") or word["word"] for word in shown),
            "confidence": round(sum(w["confidence"] for w in shown) / len(shown), 6) if shown else 0.0,
            "words": shown,
        }
        return {
            "type": "Results",
            "channel_index": self._index(channel),
            "duration": round(end - start, 3),
            "start": round(start, 3),
            "is_final": is_final,
            "speech_final": is_final and bool(shown),
            "from_finalize": from_finalize,
            "channel": {"alternatives": [alternative]},
            "metadata": {"request_id": self._request_id, "model_info": MODEL_INFO, "model_uuid": MODEL},
        }

    def _index(self, channel: _Channel) -> list[int]:
        return [channel.number, len(self._channels)]
