"""What a model is asked to answer with. It points at places; it has no field in which to rate while it reads."""

from __future__ import annotations

from pydantic import Field

from app.models.analysis import FactKind, FlagType, Severity
from app.models.template import Level
from app.models.transcript import Polarity
from app.services.analysis.model import Wire


class Quote(Wire):
    line: int = Field(description="Number of the line")
    words: str = Field(description="Words copied from this line, unchanged")


class FoundPoint(Wire):
    text: str
    quotes: list[Quote]


class FoundQuestion(Wire):
    question: Quote
    answer: list[Quote]
    template_question: str | None = Field(
        description="Id of the template's question that was asked, else null"
    )


class FoundTopic(Wire):
    name: str
    quotes: list[Quote]


class FoundFlag(Wire):
    text: str
    type: FlagType
    severity: Severity
    quotes: list[Quote]


class FoundFact(Wire):
    kind: FactKind
    value: str
    quotes: list[Quote]


class FoundEvidence(Wire):
    criterion: str = Field(description="Id of the criterion")
    quotes: list[Quote]


class FoundSentiment(Wire):
    topic: str
    polarity: Polarity
    quote: Quote


class Reading(Wire):
    """What was talked about."""

    summary: list[FoundPoint]
    questions: list[FoundQuestion]
    topics: list[FoundTopic]
    intents: list[FoundTopic]


class SentimentReading(Reading):
    sentiments: list[FoundSentiment]


class AssessingReading(Reading):
    """And what speaks for or against the candidate."""

    strengths: list[FoundPoint]
    red_flags: list[FoundFlag]
    facts: list[FoundFact]
    evidence: list[FoundEvidence]


class FullReading(AssessingReading):
    sentiments: list[FoundSentiment]


def reading_schema(*, assess: bool, sentiment: bool) -> type[Reading]:
    """The form of an answer that has a place for what is wanted and for nothing else."""
    if assess:
        return FullReading if sentiment else AssessingReading
    return SentimentReading if sentiment else Reading


class RepairedClaim(Wire):
    claim: int
    text: str = Field(description="The claim, reworded if it had to be; empty for a claim without text")
    quotes: list[Quote]


class Repair(Wire):
    claims: list[RepairedClaim]


class Judgement(Wire):
    level: Level | None = Field(description="Null when the quotes do not allow a level")
    rationale: str
    quotes: list[int] = Field(description="Ids of the quotes that the level rests on")


class ProposedQuestion(Wire):
    criterion: str
    question: str


class FollowUps(Wire):
    questions: list[ProposedQuestion]
