"""What Deepgram found in the words: its findings moved from word numbers to our utterances."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import Final

from app.models.transcript import (
    Engine,
    EngineKind,
    Finding,
    Intelligence,
    Polarity,
    Sentiment,
    Utterance,
)
from app.services.transcription.providers.deepgram import payload
from app.services.transcription.providers.deepgram.payload import Metadata, Results, Segment

_LABEL: Final = "Found by Deepgram's language models. Not checked against the transcript."
_BREAK: Final = 1 / 3
"""Scores beyond it, up or down, are positive or negative (Deepgram's own rule)."""

Names = Callable[[Segment], Iterable[tuple[str, float]]]


class _Places:
    """Which utterances a stretch of words lies in."""

    def __init__(self, results: Results, spoken: Sequence[payload.Utterance], ids: Sequence[str]) -> None:
        # Word numbers count through one channel; with several of them there is only the text to go by.
        self._counted = len(results.channels) <= 1
        self._ends = list(accumulate(len(utterance.words) for utterance in spoken))
        self._texts = [utterance.transcript for utterance in spoken]
        self._ids = ids

    def of(self, segment: Segment) -> list[str]:
        if self._counted and self._ends:
            first = bisect_right(self._ends, max(0, segment.start_word))
            last = bisect_right(self._ends, max(0, segment.end_word))
            return list(self._ids[first : last + 1])
        text = segment.text.strip()
        found = [i for i, said in zip(self._ids, self._texts, strict=True) if text and text in said]
        return found[:1]


def intelligence_of(
    metadata: Metadata, results: Results, spoken: Sequence[payload.Utterance], utterances: Sequence[Utterance]
) -> Intelligence | None:
    """None when nothing was asked for, or nothing came. `spoken` and `utterances` are the same stretches in order."""
    ids = [utterance.id for utterance in utterances]
    places = _Places(results, spoken, ids)
    topics = _findings(results.topics, places, lambda s: ((t.topic, t.confidence_score) for t in s.topics))
    intents = _findings(
        results.intents, places, lambda s: ((i.intent, i.confidence_score) for i in s.intents)
    )
    sentiments = _of_utterances(spoken, ids) or _of_segments(results.sentiments, places)
    summary = results.summary
    text = summary.short if summary and summary.result == "success" else None
    if not (text or topics or intents or sentiments):
        return None
    average = results.sentiments.average if results.sentiments else None
    return Intelligence(
        engine=_engine(metadata),
        summary=text or None,
        topics=topics,
        intents=intents,
        sentiments=sentiments,
        average_sentiment=average.sentiment_score if average else None,
    )


def _findings(found: payload.Findings | None, places: _Places, names: Names) -> tuple[Finding, ...]:
    """One finding for each name, in the order in which they come up."""
    merged: dict[str, tuple[float, dict[str, None]]] = {}
    for segment in found.listed() if found else ():
        where = places.of(segment)
        for name, confidence in names(segment):
            best, ids = merged.get(name, (0.0, {}))
            merged[name] = (max(best, confidence), ids | dict.fromkeys(where))
    return tuple(
        Finding(name=name, confidence=round(min(max(confidence, 0.0), 1.0), 4), utterance_ids=tuple(ids))
        for name, (confidence, ids) in merged.items()
    )


def _of_utterances(spoken: Sequence[payload.Utterance], ids: Sequence[str]) -> tuple[Sentiment, ...]:
    scored = [
        (i, u.sentiment_score) for i, u in zip(ids, spoken, strict=True) if u.sentiment_score is not None
    ]
    return tuple(_sentiment(utterance_id, score) for utterance_id, score in scored)


def _of_segments(found: payload.Sentiments | None, places: _Places) -> tuple[Sentiment, ...]:
    """Sentiment by stretches of words; the stretch that speaks most strongly stands for its utterance."""
    strongest: dict[str, float] = {}
    for segment in found.segments if found else ():
        score = segment.sentiment_score
        for utterance_id in places.of(segment) if score is not None else ():
            if abs(score or 0.0) >= abs(strongest.get(utterance_id, 0.0)):
                strongest[utterance_id] = score or 0.0
    return tuple(_sentiment(utterance_id, score) for utterance_id, score in strongest.items())


def _sentiment(utterance_id: str, score: float) -> Sentiment:
    score = min(max(score, -1.0), 1.0)
    polarity = Polarity.NEUTRAL
    if score >= _BREAK:
        polarity = Polarity.POSITIVE
    elif score <= -_BREAK:
        polarity = Polarity.NEGATIVE
    return Sentiment(utterance_id=utterance_id, polarity=polarity, score=round(score, 4))


def _engine(metadata: Metadata) -> Engine:
    used = (metadata.summary_info, metadata.topics_info, metadata.intents_info, metadata.sentiment_info)
    models = dict.fromkeys(info.model_uuid for info in used if info and info.model_uuid)
    return Engine(
        name="deepgram-intelligence",
        version="1",
        kind=EngineKind.VENDOR,
        model=", ".join(models) or None,
        label=_LABEL,
    )
