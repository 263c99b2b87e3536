"""Summary, topics, intents and sentiment of sentences, in the form that /v1/listen and /v1/read share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from tests.standins.deepgram.journal import Json, Query
from tests.standins.deepgram.speech import script, script_lines

MODEL: Final = str(uuid5(NAMESPACE_URL, "intelligence"))
ENGLISH_ONLY: Final = ("summarize", "topics", "intents", "sentiment")
_INFO: Final = {"summarize": "summary_info"}
_SHORT: Final = 50
"""Words; a text of no more is its own summary."""


@dataclass(frozen=True)
class Passage:
    """One sentence of the text."""

    text: str
    sentiment: float
    """From -1 to 1."""


def is_english(language: str) -> bool:
    return language.lower().split("-")[0] == "en"


def known_feelings() -> dict[str, float]:
    """Of the sample's sentences."""
    return {line.text: line.sentiment for line in script_lines()}


def feeling(score: float) -> Json:
    name = "positive" if score > 1 / 3 else "negative" if score < -1 / 3 else "neutral"
    return {"sentiment": name, "sentiment_score": score}


def warnings(query: Query, language: str) -> list[Json]:
    """What is not done because of the language."""
    if is_english(language):
        return []
    texts = {
        "summarize": "Summarization isn't supported for the detected language.",
        "topics": "Topics is only supported for English.",
        "intents": "Intents are only supported for English.",
        "sentiment": "Sentiment is only supported for English.",
    }
    return [
        {"parameter": name, "type": "unsupported_language", "message": texts[name]}
        for name in ENGLISH_ONLY
        if query.on(name)
    ]


def wanted(query: Query, language: str, passages: Sequence[Passage]) -> set[str]:
    """The features that are asked for and possible."""
    if not passages or not is_english(language):
        return set()
    return {name for name in ENGLISH_ONLY if query.on(name)}


def metadata_of(features: set[str], count: int) -> Json:
    """Which model read how many words."""
    return {
        _INFO.get(name, f"{name}_info"): {
            "model_uuid": MODEL,
            "input_tokens": count,
            "output_tokens": max(1, count // 4),
        }
        for name in sorted(features)
    }


def summary_of(passages: Sequence[Passage]) -> str:
    text = " ".join(passage.text for passage in passages)
    if len(text.split()) <= _SHORT:
        return text
    subjects = [topic for topic in script()["topics"] if topic.lower() in text.lower()][:4]
    return f"The speakers talk about {', '.join(subjects) or 'several subjects'}."


def found(features: set[str], passages: Sequence[Passage], *, nested: bool, first_word: int = 0) -> Json:
    """Topics, intents and sentiments; the summary's form differs between the two endpoints."""
    stretches = list(_stretches(passages, first_word))
    results: Json = {}
    for name, find in (("topics", _topics), ("intents", _intents)):
        if name in features:
            listed = {"segments": find(stretches, passages)}
            results[name] = {"results": {name: listed}} if nested else listed
    if "sentiment" in features:
        average = sum(passage.sentiment for passage in passages) / len(passages)
        segments = [
            {**stretch, **feeling(passage.sentiment)}
            for stretch, passage in zip(stretches, passages, strict=True)
        ]
        results["sentiments"] = {"segments": segments, "average": feeling(round(average, 6))}
    return results


def _topics(stretches: Sequence[Json], passages: Sequence[Passage]) -> list[Json]:
    segments: list[Json] = []
    for stretch, passage in zip(stretches, passages, strict=True):
        subjects = [topic for topic in script()["topics"] if topic.lower() in passage.text.lower()]
        if subjects:
            listed = [{"topic": topic, "confidence_score": 0.9} for topic in subjects]
            segments.append({**stretch, "topics": listed})
    return segments or [{**stretches[0], "topics": [{"topic": "Job interview", "confidence_score": 0.6}]}]


def _intents(stretches: Sequence[Json], passages: Sequence[Passage]) -> list[Json]:
    segments: list[Json] = [
        {**stretch, "intents": [{"intent": "Ask question", "confidence_score": 0.8}]}
        for stretch, passage in zip(stretches, passages, strict=True)
        if passage.text.endswith("?")
    ]
    greeting: dict[str, Any] = {"intent": "Greet", "confidence_score": 0.6}
    return segments or [{**stretches[0], "intents": [greeting]}]


def _stretches(passages: Sequence[Passage], first: int) -> Iterator[Json]:
    """Word numbers count from the beginning of the text; the last one is included."""
    for passage in passages:
        last = first + len(passage.text.split()) - 1
        yield {"text": passage.text, "start_word": first, "end_word": last}
        first = last + 1
