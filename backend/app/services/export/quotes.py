"""Evidence as quotes with speaker, time and, where the recording can be played, a link to the place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.models.analysis import Evidence
from app.services.export.document import Quote
from app.services.export.facts import DebriefFacts, speaker_name
from app.services.export.wording import clock


def quote(facts: DebriefFacts, evidence: Evidence) -> Quote:
    link = f"{facts.recording_url}#t={max(0, int(evidence.start))}" if facts.recording_url else None
    return replace(words_only(facts, evidence), link=link)


def words_only(facts: DebriefFacts, evidence: Evidence) -> Quote:
    """Without a link: for readers who cannot sign in."""
    return Quote(evidence.quote, speaker_name(facts.speaker_of(evidence)), clock(evidence.start))


def quotes(facts: DebriefFacts, evidence: Iterable[Evidence]) -> tuple[Quote, ...]:
    return tuple(quote(facts, one) for one in evidence)
