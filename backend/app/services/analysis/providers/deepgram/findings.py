"""What was found in the words, from either way of asking, in the form of a debrief."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.models.analysis import Evidence, Intent, StatementSentiment, Topic
from app.models.transcript import Finding, Intelligence, Polarity, Utterance
from app.services.analysis.providers.deepgram.parts import Part
from app.services.analysis.providers.deepgram.payload import Findings, Results
from app.services.analysis.providers.deepgram.places import Places
from app.services.analysis.text.turns import evidence

_TOPICS: Final = 12
_INTENTS: Final = 20
_PLACES: Final = 5
_STATEMENTS: Final = 100
_LONGEST_NAME: Final = 80
_BREAK: Final = 1 / 3
"""Scores beyond it, up or down, are positive or negative (Deepgram's own rule)."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A topic or an intent where it was found once."""

    name: str
    confidence: float
    places: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    score: float
    """From -1 to 1."""
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Reading:
    """What one answer says."""

    topics: tuple[Mention, ...] = ()
    intents: tuple[Mention, ...] = ()
    statements: tuple[Statement, ...] = ()
    summary: str = ""


def reading_of(results: Results, part: Part) -> Reading:
    places = Places(part)
    segments = results.sentiments.segments if results.sentiments else []
    return Reading(
        topics=_mentions(results.topics, places),
        intents=_mentions(results.intents, places),
        statements=tuple(
            Statement(segment.sentiment_score, place)
            for segment in segments
            if segment.sentiment_score is not None
            for place in places.of(segment)
        ),
        summary=results.summary.told() if results.summary else "",
    )


def reading_at_transcription(intelligence: Intelligence, utterances: Iterable[Utterance]) -> Reading:
    """What came with the transcript. Utterances that are gone since, or say nothing, are no evidence."""
    by_id = {u.id: u for u in utterances if u.text.strip()}

    def mention(finding: Finding) -> Mention:
        said = (by_id[i] for i in finding.utterance_ids if i in by_id)
        return Mention(finding.name, finding.confidence, tuple(evidence(u) for u in said))

    return Reading(
        topics=tuple(mention(topic) for topic in intelligence.topics),
        intents=tuple(mention(intent) for intent in intelligence.intents),
        statements=tuple(
            Statement(s.score, evidence(by_id[s.utterance_id]))
            for s in intelligence.sentiments
            if s.utterance_id in by_id
        ),
        summary=(intelligence.summary or "").strip(),
    )


def parts_of_draft(
    readings: Sequence[Reading], *, restored: Callable[[str], str], sentiment: bool
) -> dict[str, Any]:
    """The fields of a draft that come from the vendor. Takes time: it looks at every place."""
    topics = _merged((m for r in readings for m in r.topics), restored)[:_TOPICS]
    intents = _merged((m for r in readings for m in r.intents), restored)[:_INTENTS]
    summary = "\n\n".join(restored(r.summary) for r in readings if r.summary)
    statements = [s for r in readings for s in r.statements]
    return {
        "topics": tuple(Topic(name=m.name, evidence=m.places[:_PLACES]) for m in topics),
        "intents": tuple(Intent(name=m.name, evidence=m.places[:_PLACES]) for m in intents),
        "sentiments": _sentiments(statements, topics) if sentiment else None,
        "vendor_summary": summary or None,
    }


def _mentions(found: Findings | None, places: Places) -> tuple[Mention, ...]:
    return tuple(
        Mention(named.name, named.confidence_score, places.of(segment))
        for segment in (found.listed() if found else ())
        for named in segment.named
    )


def _merged(mentions: Iterable[Mention], restored: Callable[[str], str]) -> list[Mention]:
    """One for each name that has a place, the surest first, its places in the order of the talk."""
    names: dict[str, str] = {}
    confidence: dict[str, float] = defaultdict(float)
    places: dict[str, dict[tuple[str, str], Evidence]] = defaultdict(dict)
    for found in mentions:
        name = " ".join(restored(found.name).split())[:_LONGEST_NAME]
        if not name or not found.places:
            continue
        key = name.casefold()
        names.setdefault(key, name)
        confidence[key] = max(confidence[key], found.confidence)
        for place in found.places:
            places[key].setdefault((place.utterance_id, place.quote), place)
    merged = [Mention(name, confidence[key], tuple(places[key].values())) for key, name in names.items()]
    return sorted(merged, key=lambda mention: (-mention.confidence, -len(mention.places)))


def _sentiments(statements: Sequence[Statement], topics: Sequence[Mention]) -> tuple[StatementSentiment, ...]:
    """The statements that are not neutral, in the order of the talk, with the topic of their utterance."""
    topic_of: dict[str, str] = {}
    for topic in topics:
        for place in topic.places:
            topic_of.setdefault(place.utterance_id, topic.name)
    polar = [s for s in statements if abs(s.score) >= _BREAK]
    strongest = sorted(polar, key=lambda s: -abs(s.score))[:_STATEMENTS]
    return tuple(
        StatementSentiment(
            polarity=Polarity.POSITIVE if statement.score > 0 else Polarity.NEGATIVE,
            topic=topic_of.get(statement.evidence.utterance_id),
            evidence=statement.evidence,
        )
        for statement in sorted(strongest, key=lambda s: (s.evidence.start, s.evidence.end))
    )
