"""What a model found, as claims of one kind of shape, and the check that each of them has to pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.models.analysis import Evidence
from app.models.transcript import SpeakerRole
from app.services.analysis.evidence import says_something
from app.services.analysis.guards.wording import refused_wording
from app.services.analysis.llm.sheet import Sheet
from app.services.analysis.llm.wire import (
    AssessingReading,
    FoundEvidence,
    FoundFact,
    FoundFlag,
    FoundPoint,
    FoundQuestion,
    FoundSentiment,
    FoundTopic,
    FullReading,
    Quote,
    Reading,
    SentimentReading,
)


class Kind(StrEnum):
    SUMMARY = "summary"
    QUESTION = "question"
    """Its first quote is the question, the others are the answer."""
    TOPIC = "topic"
    INTENT = "intent"
    STRENGTH = "strength"
    RED_FLAG = "red_flag"
    FACT = "fact"
    EVIDENCE = "evidence"
    SENTIMENT = "sentiment"


Source = FoundPoint | FoundQuestion | FoundTopic | FoundFlag | FoundFact | FoundEvidence | FoundSentiment

CANDIDATE_ONLY: Final = frozenset({Kind.STRENGTH, Kind.RED_FLAG, Kind.FACT, Kind.EVIDENCE, Kind.SENTIMENT})
_TELLING: Final = frozenset({Kind.STRENGTH, Kind.RED_FLAG, Kind.EVIDENCE})
"""Kinds whose quotes have to say something: a word or two can be found in any transcript."""
_WITHOUT_TEXT: Final = frozenset({Kind.QUESTION, Kind.EVIDENCE})
_LONGEST_TEXT: Final = 600


@dataclass(frozen=True, slots=True)
class Found:
    kind: Kind
    text: str
    quotes: tuple[Quote, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Checked:
    """`evidence` has a place for each quote, None where the check failed; `problems` say so to the model."""

    found: Found
    evidence: tuple[Evidence | None, ...]
    problems: tuple[str, ...]
    refused: bool
    """The text is worded in a way that is never stored."""

    @property
    def verified(self) -> tuple[Evidence, ...]:
        return tuple(e for e in self.evidence if e is not None)

    @property
    def stands(self) -> bool:
        """Enough of it is proven to be stored, without what is not."""
        if self.refused or not self.verified:
            return False
        return self.found.kind is not Kind.QUESTION or self.evidence[0] is not None

    @property
    def missed(self) -> int:
        return len(self.evidence) - len(self.verified)


def found_in(reading: Reading) -> Iterator[Found]:
    """Every claim of an answer, in its order."""
    for point in reading.summary:
        yield Found(Kind.SUMMARY, point.text, tuple(point.quotes), point)
    for question in reading.questions:
        yield Found(Kind.QUESTION, "", (question.question, *question.answer), question)
    for topic in reading.topics:
        yield Found(Kind.TOPIC, topic.name, tuple(topic.quotes), topic)
    for intent in reading.intents:
        yield Found(Kind.INTENT, intent.name, tuple(intent.quotes), intent)
    if isinstance(reading, AssessingReading):
        yield from _assessing(reading)
    if isinstance(reading, (SentimentReading, FullReading)):
        for statement in reading.sentiments:
            yield Found(Kind.SENTIMENT, statement.topic, (statement.quote,), statement)


def _assessing(reading: AssessingReading) -> Iterator[Found]:
    for strength in reading.strengths:
        yield Found(Kind.STRENGTH, strength.text, tuple(strength.quotes), strength)
    for flag in reading.red_flags:
        yield Found(Kind.RED_FLAG, flag.text, tuple(flag.quotes), flag)
    for fact in reading.facts:
        yield Found(Kind.FACT, fact.value, tuple(fact.quotes), fact)
    for evidence in reading.evidence:
        yield Found(Kind.EVIDENCE, "", tuple(evidence.quotes), evidence)


def check(found: Found, sheet: Sheet, here: Set[int]) -> Checked:
    """Look every quote up in the lines of this part, with the role of who said it, and read the wording."""
    evidence: list[Evidence | None] = []
    problems: list[str] = []
    for position, quote in enumerate(found.quotes):
        place, problem = _place(found, position, quote, sheet, here)
        evidence.append(place)
        if problem:
            problems.append(problem)
    wording = _wording(found, sheet)
    problems += wording
    return Checked(found, tuple(evidence), tuple(problems), refused=bool(wording))


def _place(
    found: Found, position: int, quote: Quote, sheet: Sheet, here: Set[int]
) -> tuple[Evidence | None, str | None]:
    line = sheet.line(quote.line)
    if line is None or quote.line not in here:
        return None, f"There is no line {quote.line} in this part."
    place = sheet.locate(quote.line, quote.words)
    if place is None:
        return None, f"Line {quote.line} does not have the words “{quote.words}”."
    if found.kind in CANDIDATE_ONLY and line.role is not SpeakerRole.CANDIDATE:
        return None, f"Line {quote.line} was not said by the candidate."
    if found.kind in _TELLING and not says_something(place.quote):
        return None, f"The quote of line {quote.line} is too short to prove anything."
    if found.kind is Kind.QUESTION and position > 0 and not _answers(found.quotes[0], quote, sheet):
        return None, f"Line {quote.line} cannot be an answer to this question."
    return place, None


def _answers(question: Quote, answer: Quote, sheet: Sheet) -> bool:
    """Said by somebody else, and not before the question."""
    asked, said = sheet.line(question.line), sheet.line(answer.line)
    if asked is None or said is None:
        return False
    return asked.utterance.speaker != said.utterance.speaker and said.number > asked.number


def _wording(found: Found, sheet: Sheet) -> list[str]:
    if found.kind in _WITHOUT_TEXT:
        return []
    if not found.text.strip():
        return ["The claim has no text."]
    if len(found.text) > _LONGEST_TEXT:
        return ["The text is too long."]
    lines = [sheet.line(quote.line) for quote in found.quotes]
    words = refused_wording(found.text, [line.text for line in lines if line])
    if words:
        return [f"The text speaks of a person's manner or state ({', '.join(words)})."]
    return []


def check_all(found: Iterable[Found], sheet: Sheet, here: Set[int]) -> list[Checked]:
    """Claims without any quote are none: they are checked, and fall."""
    return [check(claim, sheet, here) for claim in found]


def broken(checked: Sequence[Checked]) -> list[int]:
    """Positions of those that have a problem."""
    return [number for number, claim in enumerate(checked) if claim.problems]
