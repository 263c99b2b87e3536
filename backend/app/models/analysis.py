"""The debrief: what was found in a transcript, each claim with the words that support it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from app.models.base import Stored
from app.models.interview import Participant
from app.models.provenance import Provenance
from app.models.template import Level
from app.models.transcript import Engine, EngineKind, Polarity


class Outcome(StrEnum):
    COMPLETE = "complete"
    INSUFFICIENT_DATA = "insufficient_data"


class Evidence(Stored):
    """A verbatim quote from one utterance. Times are seconds from the beginning of the recording."""

    utterance_id: str
    quote: str
    start: float
    end: float


class Claim(Stored):
    """One statement of the debrief. `id` is unique in its analysis; people dismiss claims by it."""

    id: str
    text: str
    evidence: tuple[Evidence, ...]


class QuestionAnswer(Stored):
    id: str
    asker: str
    """Speaker id of who asked."""
    answerer: str | None = None
    question: Evidence
    answer: tuple[Evidence, ...] = ()
    template_question_id: str | None = None
    """The question of the template that this one asks; None when it is not one of them, or nobody can tell."""


class Asked(StrEnum):
    ASKED = "asked"
    NOT_ASKED = "not_asked"
    UNKNOWN = "unknown"
    """The engine cannot tell: similarity proves neither."""


class QuestionCoverage(Stored):
    """Whether one question of the template came up, and in which question-answer pairs."""

    question_id: str
    question: str
    required: bool = False
    state: Asked
    question_answer_ids: tuple[str, ...] = ()


class FlagType(StrEnum):
    CONTRADICTION = "contradiction"
    """Two statements that cannot both hold."""
    VAGUE = "vague"
    """Nothing concrete although it was asked for."""
    SKILL_GAP = "skill_gap"
    CONDUCT = "conduct"
    """What the candidate tells of how they treat others, or rules."""
    AVAILABILITY = "availability"
    OTHER = "other"


class Severity(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"
    """Rules out a positive suggestion."""


class RedFlag(Claim):
    type: FlagType
    severity: Severity


class CriterionAssessment(Stored):
    """One line of the draft scorecard. Without evidence `level` is None, and `reason` says why."""

    criterion_id: str
    name: str
    level: Level | None = None
    rationale: str = ""
    evidence: tuple[Evidence, ...] = ()
    reason: str | None = None


class Suggestion(Stored):
    """Follows from the levels by a fixed rule; it counts for nothing until a person confirms it."""

    level: Level | None
    reasons: tuple[str, ...]


class Topic(Stored):
    name: str
    evidence: tuple[Evidence, ...]


class Intent(Stored):
    """What an utterance does (asks, objects, offers …), never what a person secretly wants."""

    name: str
    evidence: tuple[Evidence, ...]


class StatementSentiment(Stored):
    """Polarity of a statement about a topic, from its text alone; never the state of a person."""

    polarity: Polarity
    topic: str | None = None
    evidence: Evidence


class FactKind(StrEnum):
    NOTICE_PERIOD = "notice_period"
    START_DATE = "start_date"
    LOCATION = "location"
    SALARY_EXPECTATION = "salary_expectation"


class PracticalFact(Claim):
    """`text` is the fact in a few words (`three months`)."""

    kind: FactKind


class ProtectedTopic(StrEnum):
    """What must play no part in a hiring decision."""

    AGE = "age"
    FAMILY = "family"
    PREGNANCY = "pregnancy"
    HEALTH = "health"
    DISABILITY = "disability"
    ORIGIN = "origin"
    RELIGION = "religion"
    ORIENTATION = "orientation"
    GENDER = "gender"
    POLITICS = "politics"
    UNION = "union"
    FINANCES = "finances"


class NoteKind(StrEnum):
    PROTECTED_TOPIC = "protected_topic"
    LEADING_QUESTION = "leading_question"


class InterviewingNote(Claim):
    """About the interviewer's side of the talk, for the recruiter; never counts for or against the candidate."""

    kind: NoteKind
    topic: ProtectedTopic | None = None


class FollowUp(Stored):
    """A question to ask next, and the gap that it closes."""

    text: str
    question_id: str | None = None
    criterion_id: str | None = None


class Passage(Stored):
    """A possibly related place. `score` is a similarity for ordering, never a degree of proof (0 to 1)."""

    evidence: Evidence
    score: float


class RelatedPassages(Stored):
    """Ranked candidates for one template question, for a person to confirm."""

    question_id: str
    question: str
    passages: tuple[Passage, ...] = ()


class TalkTime(Stored):
    speaker: str
    seconds: float
    share: float
    """Part of all spoken time, 0 to 1."""
    turns: int
    words: int
    questions: int
    longest_monologue: float
    """Seconds of the longest uninterrupted stretch."""


class KeyPhrase(Stored):
    phrase: str
    count: int
    evidence: tuple[Evidence, ...] = ()


class SpeakerVerdict(StrEnum):
    CONFIRMED = "confirmed"
    UNKNOWN = "unknown"
    """Nobody is known to be the candidate, or everybody is."""
    SWAPPED = "swapped"
    """What was said speaks against the roles that the transcript gives."""


class SpeakerCheck(Stored):
    """Whether the roles of the speakers can be relied on. Without that nobody is assessed."""

    verdict: SpeakerVerdict
    reasons: tuple[str, ...] = ()


class Coverage(Stored):
    """How many claims were made and how many of them the server could verify word by word."""

    claims: int = 0
    verified: int = 0
    rejected: int = 0
    repaired: int = 0
    """Of the verified: those that were mended in the repair round."""
    refused_wording: int = 0
    """Of the rejected: those that spoke of a person's emotion, personality, accent or appearance."""


class LeftOut(Stored):
    """What was kept from the model."""

    protected: tuple[ProtectedTopic, ...] = ()
    """Topics that sentences were cut for."""
    sentences: int = 0
    """How many sentences were cut, for either reason."""
    instructions: tuple[Evidence, ...] = ()
    """Sentences that address the software instead of the people in the room, for a person to look at."""


class AnalysisDraft(Stored):
    """What an analyzer returns: an analysis that has no place in the database yet."""

    engine: Engine
    outcome: Outcome
    reasons: tuple[str, ...] = ()
    """With `insufficient_data`: what is missing, in sentences for people."""
    summary: tuple[Claim, ...] = ()
    """In the order of the talk."""
    vendor_summary: str | None = None
    """A summary that came from a vendor without evidence; shown with the engine's label only."""
    question_answers: tuple[QuestionAnswer, ...] = ()
    template_coverage: tuple[QuestionCoverage, ...] = ()
    topics: tuple[Topic, ...] = ()
    intents: tuple[Intent, ...] = ()
    sentiments: tuple[StatementSentiment, ...] | None = None
    """None where the organisation wants none."""
    strengths: tuple[Claim, ...] = ()
    red_flags: tuple[RedFlag, ...] = ()
    criteria: tuple[CriterionAssessment, ...] = ()
    suggestion: Suggestion | None = None
    withheld: tuple[str, ...] = ()
    """Why there is no assessment although there is a debrief, in sentences for people."""
    facts: tuple[PracticalFact, ...] = ()
    interviewing: tuple[InterviewingNote, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    related: tuple[RelatedPassages, ...] = ()
    talk_time: tuple[TalkTime, ...] = ()
    key_phrases: tuple[KeyPhrase, ...] = ()
    speaker_check: SpeakerCheck | None = None
    left_out: LeftOut = LeftOut()
    coverage: Coverage = Coverage()
    warnings: tuple[str, ...] = ()
    provenance: Provenance = Provenance()

    @property
    def waits_for_speakers(self) -> bool:
        """Nobody is assessed until somebody says who is who. The baseline assesses nobody anyway."""
        unsure = self.speaker_check is not None and self.speaker_check.verdict is not SpeakerVerdict.CONFIRMED
        return unsure and self.engine.kind is not EngineKind.OFFLINE_BASELINE


class AnalysisOptions(Stored):
    """What the organisation wants of an analysis."""

    sentiment: bool = True
    levels: bool = True
    """False: evidence only, no level for any criterion and no suggestion."""


class Analysis(AnalysisDraft):
    id: str
    organisation_id: str
    interview_id: str
    revision: int
    epoch: int
    transcript_revision: int
    template_id: str | None = None
    template_version: int | None = None
    people: tuple[Participant, ...] = ()
    """Who was known to be there when it was made; with these the exact input can be made again."""
    options: AnalysisOptions = AnalysisOptions()
    requested_by: str | None = None
    """The person who asked for it; None when it followed from the recording."""
    created_at: datetime
