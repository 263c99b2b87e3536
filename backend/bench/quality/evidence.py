"""Whether quotes are where they claim to be. Written apart from the server's own verification, which it checks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from app.models.analysis import AnalysisDraft, Evidence
from app.models.transcript import SpeakerRole, Utterance
from bench.quality.figures import Share
from bench.quality.interview import LabelledInterview

_Said = Callable[[Utterance], bool]
_SLACK = 0.05
"""Seconds by which a quote's times may lie outside its utterance: they are rounded."""


def valid_share(interview: LabelledInterview, draft: AnalysisDraft) -> Share:
    return Share.counted(holds(interview, evidence, said) for evidence, said in _all(interview, draft))


def holds(interview: LabelledInterview, evidence: Evidence, said: _Said) -> bool:
    utterance = interview.utterance(evidence.utterance_id)
    return (
        utterance is not None
        and said(utterance)
        and position(utterance.text, evidence.quote) is not None
        and utterance.start - _SLACK <= evidence.start <= evidence.end <= utterance.end + _SLACK
    )


def position(text: str, quote: str) -> tuple[int, int] | None:
    """Where the quote stands in the text, both in one Unicode form and with single spaces. None: nowhere."""
    plain, sought = _plain(text), _plain(quote)
    at = plain.find(sought) if sought else -1
    return None if at < 0 else (at, at + len(sought))


def touches(
    interview: LabelledInterview, evidence: Evidence, places: frozenset[str], quote: str | None
) -> bool:
    """Whether the evidence lies in one of the places and, with `quote`, shares words with it."""
    utterance = interview.utterance(evidence.utterance_id)
    if utterance is None or utterance.id not in places:
        return False
    if quote is None:
        return True
    cited, sought = position(utterance.text, evidence.quote), position(utterance.text, quote)
    return cited is None or sought is None or (cited[0] < sought[1] and sought[0] < cited[1])


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()


def _all(interview: LabelledInterview, draft: AnalysisDraft) -> Iterator[tuple[Evidence, _Said]]:
    """All evidence of the draft, each with who may have said it."""

    def anybody(_: Utterance) -> bool:
        return True

    def candidate(utterance: Utterance) -> bool:
        return interview.role(utterance.id) is SpeakerRole.CANDIDATE

    def not_candidate(utterance: Utterance) -> bool:
        return not candidate(utterance)

    for pair in draft.question_answers:
        yield pair.question, _speaker(pair.asker)
        yield from ((e, _speaker(pair.answerer)) for e in pair.answer)
    for of_candidate in (draft.strengths, draft.red_flags, draft.criteria, draft.facts):
        yield from ((e, candidate) for claim in of_candidate for e in claim.evidence)
    yield from ((e, not_candidate) for note in draft.interviewing for e in note.evidence)
    for of_anybody in (draft.summary, draft.topics, draft.intents, draft.key_phrases):
        yield from ((e, anybody) for claim in of_anybody for e in claim.evidence)
    yield from ((p.evidence, anybody) for row in draft.related for p in row.passages)
    yield from ((s.evidence, anybody) for s in draft.sentiments or ())
    yield from ((e, anybody) for e in draft.left_out.instructions)


def _speaker(speaker: str | None) -> _Said:
    return lambda utterance: speaker is None or utterance.speaker == speaker
