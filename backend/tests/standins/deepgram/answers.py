"""Transcripts in Deepgram's form, made from the script of the sample interview."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid4, uuid5

from tests.standins.deepgram.switches import Switches

SCRIPT: Final = Path(__file__).resolve().parents[4] / "samples" / "script.json"
_MODEL: Final = str(uuid5(NAMESPACE_URL, "nova-3"))
_INTELLIGENCE_MODEL: Final = str(uuid5(NAMESPACE_URL, "intelligence"))
_BYTES_PER_SECOND: Final = 32_000
"""Of 16-bit sound at 16 kHz: how long an unknown recording is taken to be."""
_ENGLISH_ONLY: Final = {
    "summarize": "Summarization",
    "topics": "Topics",
    "intents": "Intents",
    "sentiment": "Sentiment",
}

Json = dict[str, Any]


class Query:
    """The parameters of a request, repeated ones included."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def all(self, name: str) -> list[str]:
        return self._values.get(name, [])

    def first(self, name: str, default: str = "") -> str:
        return self.all(name)[0] if self.all(name) else default

    def on(self, name: str) -> bool:
        return self.first(name) not in ("", "false")


@cache
def script() -> Json:
    loaded: Json = json.loads(SCRIPT.read_text())
    return loaded


def result(audio: bytes, query: Query, switches: Switches, request_id: str) -> Json:
    """The whole answer for a recording."""
    silent = switches.take("silent_results")
    utterances = [] if silent else _utterances(len(audio), query, switches)
    words = [word for utterance in utterances for word in utterance["words"]]
    duration = max([len(audio) / _BYTES_PER_SECOND, *(u["end"] for u in utterances)])
    warnings = _warnings(query)
    wanted = {name for name in _ENGLISH_ONLY if query.on(name) and not warnings and words}
    if "sentiment" not in wanted:
        for part in (*words, *utterances):
            part.pop("sentiment", None)
            part.pop("sentiment_score", None)
    channel: Json = {"alternatives": [_alternative(words, utterances)]}
    if query.on("detect_language"):
        channel |= {"detected_language": "en", "language_confidence": 0.98}
    results: Json = {"channels": [channel]}
    if query.on("utterances"):
        results["utterances"] = utterances
    results |= _intelligence(utterances, wanted, nested=switches.nested_intelligence)
    metadata: Json = {
        "transaction_key": "deprecated",
        "request_id": request_id,
        "sha256": hashlib.sha256(audio).hexdigest(),
        "created": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "duration": round(duration, 3),
        "channels": 1,
        "models": [_MODEL],
        "model_info": {_MODEL: {"name": "general-nova-3", "version": "2025-07-31.0", "arch": "nova-3"}},
    }
    if query.all("tag"):
        metadata["tags"] = query.all("tag")
    if query.all("extra") and not switches.take("without_secret"):
        metadata["extra"] = dict(pair.split(":", 1) for pair in query.all("extra"))
    if warnings:
        metadata["warnings"] = warnings
    for name in wanted:
        info = {"summarize": "summary"}.get(name, name)
        metadata[f"{info}_info"] = {
            "model_uuid": _INTELLIGENCE_MODEL,
            "input_tokens": len(words),
            "output_tokens": 50,
        }
    return {"metadata": metadata, "results": results}


def _utterances(size: int, query: Query, switches: Switches) -> list[Json]:
    """The script up to the recording's end, or over and over until there are enough words."""
    lines: Sequence[Json] = script()["utterances"]
    seconds = size / _BYTES_PER_SECOND
    chosen = [line for line in lines if line["start"] < seconds] or list(lines[:4])
    made: list[Json] = []
    count, offset = 0, 0.0
    while not made or count < (switches.words or 0):
        for line in chosen:
            made.append(_utterance(line, offset, query))
            count += len(made[-1]["words"])
        offset = made[-1]["end"] + 1.0
    return made


def _utterance(line: Json, offset: float, query: Query) -> Json:
    texts = line["text"].split()
    start, length = line["start"] + offset, (line["end"] - line["start"]) / len(texts)
    speaker = {"speaker": 0 if line["speaker"] == "I" else 1} if query.on("diarize_model") else {}
    feeling = {"sentiment": "neutral", "sentiment_score": 0.05}
    words = [
        {
            "word": "".join(c for c in text.lower() if c.isalnum() or c == "'"),
            "start": round(start + number * length, 3),
            "end": round(start + (number + 0.9) * length, 3),
            "confidence": 0.97,
            **speaker,
            **({"speaker_confidence": 0.8} if speaker else {}),
            "punctuated_word": text,
            **feeling,
        }
        for number, text in enumerate(texts)
    ]
    return {
        "start": words[0]["start"],
        "end": words[-1]["end"],
        "confidence": 0.97,
        "channel": 0,
        "transcript": line["text"],
        "words": words,
        **speaker,
        "id": str(uuid4()),
        **feeling,
    }


def _alternative(words: list[Json], utterances: list[Json]) -> Json:
    text = " ".join(word["punctuated_word"] for word in words)
    paragraphs = [
        {
            "sentences": [{"text": u["transcript"], "start": u["start"], "end": u["end"]}],
            "num_words": len(u["words"]),
            "start": u["start"],
            "end": u["end"],
            **({"speaker": u["speaker"]} if "speaker" in u else {}),
        }
        for u in utterances
    ]
    return {
        "transcript": text,
        "confidence": 0.97 if words else 0.0,
        "words": words,
        "paragraphs": {"transcript": f"\n{text}", "paragraphs": paragraphs},
    }


def _warnings(query: Query) -> list[Json]:
    language = query.first("language", "en")
    if language.split("-")[0] == "en":
        return []
    return [
        {
            "parameter": name,
            "type": "unsupported_language",
            "message": f"{label} is only supported for English.",
        }
        for name, label in _ENGLISH_ONLY.items()
        if query.on(name)
    ]


def _intelligence(utterances: list[Json], wanted: set[str], *, nested: bool) -> Json:
    found: Json = {}
    if "summarize" in wanted:
        found["summary"] = {"result": "success", "short": "A backend engineer interviews for a role."}
    for name, label in (("topics", "topic"), ("intents", "intent")):
        if name in wanted:
            listed = {"segments": list(_segments(utterances, name, label))}
            found[name] = {"results": {name: listed}} if nested else listed
    if "sentiment" in wanted:
        found["sentiments"] = {
            "segments": [
                {**segment, "sentiment": "neutral", "sentiment_score": 0.05}
                for segment in _stretches(utterances)
            ],
            "average": {"sentiment": "neutral", "sentiment_score": 0.05},
        }
    return found


def _segments(utterances: list[Json], name: str, label: str) -> Iterable[Json]:
    """Something is found in every fifth utterance."""
    for segment in list(_stretches(utterances))[::5]:
        what = " ".join(segment["text"].split()[:2])
        yield {**segment, name: [{label: f"About {what}", "confidence_score": 0.9}]}


def _stretches(utterances: list[Json]) -> Iterable[Json]:
    first = 0
    for utterance in utterances:
        last = first + len(utterance["words"]) - 1
        yield {"text": utterance["transcript"], "start_word": first, "end_word": last}
        first = last + 1
