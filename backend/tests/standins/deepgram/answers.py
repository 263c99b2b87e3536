"""Transcripts and text analyses in Deepgram's form."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from tests.standins.deepgram import intelligence
from tests.standins.deepgram.intelligence import Passage
from tests.standins.deepgram.journal import Json, Query
from tests.standins.deepgram.media import Media
from tests.standins.deepgram.speech import Line, Speech, Word, speech_in
from tests.standins.deepgram.switches import Switches

MODEL: Final = str(uuid5(NAMESPACE_URL, "nova-3"))
MODEL_INFO: Final = {"name": "general-nova-3", "version": "2025-07-31.0", "arch": "nova-3"}
_DIARIZER: Final = {"model_uuid": str(uuid5(NAMESPACE_URL, "diarizer")), "arch": "v2"}
_SENTENCE: Final = re.compile(r"[^.!?]+[.!?]*")


@dataclass(frozen=True)
class Failings:
    """What goes wrong with one answer, decided when it is begun."""

    silent: bool = False
    without_extra: bool = False
    wrong_extra: bool = False

    @classmethod
    def taken_from(cls, switches: Switches) -> Failings:
        return cls(
            switches.take("silent_results"), switches.take("without_secret"), switches.take("wrong_secret")
        )


def transcription(
    media: Media, query: Query, switches: Switches, failings: Failings, request_id: str
) -> Json:
    """The whole answer to /v1/listen."""
    speech = speech_in(media, switches.words or 0)
    if failings.silent:
        speech = Speech((), speech.duration, speech.channels)
    language = _language(query, switches)
    passages = [Passage(line.text, line.sentiment) for line in speech.lines]
    features = intelligence.wanted(query, language, passages)
    form = _Form(query, with_sentiment="sentiment" in features)
    results = form.results(speech, switches.detected_language)
    if "summarize" in features:
        results["summary"] = {"result": "success", "short": intelligence.summary_of(passages)}
    results |= intelligence.found(features, passages, nested=switches.nested_intelligence)
    metadata: Json = {
        "transaction_key": "deprecated",
        "request_id": request_id,
        "sha256": media.sha256,
        "created": now(),
        "duration": speech.duration,
        "channels": len(results["channels"]),
        "models": [MODEL],
        "model_info": {MODEL: MODEL_INFO},
    }
    metadata |= intelligence.metadata_of(features, sum(len(line.words) for line in speech.lines))
    metadata |= _echoes(query, failings)
    if warnings := intelligence.warnings(query, language):
        metadata["warnings"] = warnings
    if form.diarizes:
        metadata["diarize_info"] = _DIARIZER
    return {"metadata": metadata, "results": results}


def text_analysis(text: str, query: Query, switches: Switches, request_id: str) -> Json:
    """The whole answer to /v1/read, in the nesting of the specification; topics and intents as /v1/listen has them."""
    known = intelligence.known_feelings()
    sentences = [found.strip() for found in _SENTENCE.findall(text) if found.strip()]
    passages = [Passage(sentence, known.get(sentence, 0.05)) for sentence in sentences]
    language = query.first("language", "en")
    features = intelligence.wanted(query, language, passages)
    results = intelligence.found(
        features, passages, nested=switches.nested_intelligence, first_word=switches.word_shift
    )
    if "summarize" in features:
        results["summary"] = {"results": {"summary": {"text": intelligence.summary_of(passages)}}}
    about: Json = {"request_id": request_id, "created": now(), "language": language}
    about |= intelligence.metadata_of(features, len(text.split()))
    return {"metadata": {"metadata": about}, "results": results}


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def bare(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum() or c == "'")


def confidence(text: str) -> float:
    """The same for the same word, between 0.9 and 1."""
    return 0.9 + zlib.crc32(text.encode()) % 1000 / 10_000


def _language(query: Query, switches: Switches) -> str:
    return switches.detected_language if query.on("detect_language") else query.first("language", "en")


def _echoes(query: Query, failings: Failings) -> Json:
    """What the caller gave and gets back."""
    echoes: Json = {}
    if tags := query.all("tag"):
        echoes["tags"] = tags
    pairs = dict(pair.split(":", 1) for pair in query.all("extra") if ":" in pair)
    if failings.wrong_extra:
        pairs = {name: f"not-{value}" for name, value in pairs.items()}
    if pairs and not failings.without_extra:
        echoes["extra"] = pairs
    return echoes


class _Form:
    """How the request wants its transcript."""

    def __init__(self, query: Query, *, with_sentiment: bool) -> None:
        self._query = query
        self._with_sentiment = with_sentiment
        self._punctuates = any(query.on(name) for name in ("punctuate", "smart_format", "paragraphs"))
        self.diarizes = query.on("diarize_model") or query.on("diarize")

    def results(self, speech: Speech, detected: str) -> Json:
        split = self._query.on("multichannel") and speech.channels > 1
        groups = [[line for line in speech.lines if line.speaker == n] for n in range(2)]
        channels = [self._channel(lines, detected) for lines in (groups if split else [speech.lines])]
        results: Json = {"channels": channels}
        if self._query.on("utterances"):
            results["utterances"] = [
                self._utterance(number, line, line.speaker if split else 0)
                for number, line in enumerate(speech.lines)
            ]
        return results

    def _channel(self, lines: Sequence[Line], detected: str) -> Json:
        words = [word for line in lines for word in self._words(line)]
        alternative: Json = {
            "transcript": " ".join(self._text(line) for line in lines),
            "confidence": round(sum(w["confidence"] for w in words) / len(words), 6) if words else 0.0,
            "words": words,
        }
        if self._query.on("paragraphs") or self._query.on("smart_format"):
            alternative["paragraphs"] = self._paragraphs(lines)
        channel: Json = {"alternatives": [alternative]}
        if self._query.on("detect_language"):
            channel |= {"detected_language": detected, "language_confidence": 0.98}
        return channel

    def _text(self, line: Line) -> str:
        return line.text if self._punctuates else " ".join(bare(word.text) for word in line.words)

    def _words(self, line: Line) -> list[Json]:
        return [self._word(word, line) for word in line.words]

    def _word(self, word: Word, line: Line) -> Json:
        made: Json = {
            "word": bare(word.text),
            "start": word.start,
            "end": word.end,
            "confidence": confidence(word.text),
        }
        if self.diarizes:
            made |= {"speaker": word.speaker, "speaker_confidence": 0.8}
        if self._punctuates:
            made["punctuated_word"] = word.text
        return made | self._feeling(line)

    def _utterance(self, number: int, line: Line, channel: int) -> Json:
        words = self._words(line)
        return {
            "start": words[0]["start"],
            "end": words[-1]["end"],
            "confidence": round(sum(w["confidence"] for w in words) / len(words), 6),
            "channel": channel,
            "transcript": self._text(line),
            "words": words,
            **({"speaker": line.speaker} if self.diarizes else {}),
            "id": str(uuid5(NAMESPACE_URL, f"{number} {line.text}")),
            **self._feeling(line),
        }

    def _paragraphs(self, lines: Sequence[Line]) -> Json:
        """The sentences that one speaker says without a break make a paragraph."""
        turns: list[list[Line]] = []
        for line in lines:
            if not turns or turns[-1][-1].speaker != line.speaker:
                turns.append([])
            turns[-1].append(line)
        texts = [" ".join(line.text for line in turn) for turn in turns]
        if self.diarizes:
            texts = [f"Speaker {turn[0].speaker}: {text}" for turn, text in zip(turns, texts, strict=True)]
        return {"transcript": "\n" + "\n\n".join(texts), "paragraphs": [self._paragraph(t) for t in turns]}

    def _paragraph(self, turn: Sequence[Line]) -> Json:
        sentences = [
            {
                "text": line.text,
                "start": line.words[0].start,
                "end": line.words[-1].end,
                **self._feeling(line),
            }
            for line in turn
        ]
        score = round(sum(line.sentiment for line in turn) / len(turn), 6)
        return {
            "sentences": sentences,
            **({"speaker": turn[0].speaker} if self.diarizes else {}),
            "num_words": sum(len(line.words) for line in turn),
            "start": turn[0].words[0].start,
            "end": turn[-1].words[-1].end,
            **(intelligence.feeling(score) if self._with_sentiment else {}),
        }

    def _feeling(self, line: Line) -> Json:
        return intelligence.feeling(line.sentiment) if self._with_sentiment else {}
