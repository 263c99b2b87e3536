"""An analysis in which every field is filled, and what it was made of."""

from __future__ import annotations

from typing import Any

from app.models.analysis import (
    Analysis,
    Asked,
    Claim,
    Coverage,
    CriterionAssessment,
    Evidence,
    FactKind,
    FlagType,
    FollowUp,
    Intent,
    InterviewingNote,
    KeyPhrase,
    LeftOut,
    NoteKind,
    Outcome,
    Passage,
    PracticalFact,
    ProtectedTopic,
    QuestionAnswer,
    QuestionCoverage,
    RedFlag,
    RelatedPassages,
    Severity,
    SpeakerCheck,
    SpeakerVerdict,
    StatementSentiment,
    Suggestion,
    TalkTime,
    Topic,
)
from app.models.provenance import CallOutcome, CallPurpose, EngineFailure, ModelCall, Provenance
from app.models.template import Criterion, Level, TemplateQuestion, TemplateVersion
from app.models.transcript import Engine, EngineKind, Polarity, Speaker, SpeakerRole
from tests.fixtures.documents import NOON, an_analysis

ID = "01jq0000000000000000000000"
OPENAI = Engine(
    name="openai",
    version="1",
    kind=EngineKind.VENDOR,
    model="gpt-4o-mini-2024-07-18",
    label="Draft by a language model (gpt-4o-mini). Every quote was found in the transcript; check the judgement.",
)
BASELINE = Engine(
    name="baseline",
    version="1",
    kind=EngineKind.OFFLINE_BASELINE,
    label="Draft by offline baseline (rules and similarity), no language model. Check against the recording.",
)
INTERVIEWER, CANDIDATE = "s1", "s2"


def evidence(utterance_id: str, quote: str, start: float, seconds: float = 8) -> Evidence:
    return Evidence(utterance_id=utterance_id, quote=quote, start=start, end=start + seconds)


LIMITER = evidence(
    "u-limiter",
    "I would keep a sliding window for each client in Redis, with a Lua script so that the check "
    "and the count are one step.",
    1247,
)
INCIDENT = evidence(
    "u-incident",
    "We lost the queue for forty minutes, and I wrote the post-mortem with the dates, my own mistake among them.",
    1893,
)
TESTS = evidence(
    "u-tests", "Honestly, most of it had no tests. We relied on the people who knew the code.", 2410
)
YEARS = evidence("u-years", "I led that team for three years.", 305)
MONTHS = evidence(
    "u-months",
    "I joined in spring and we reorganised in autumn, so it was about six months that I led it.",
    3122,
)
NOTICE_PERIOD = evidence("u-notice", "I have a notice period of three months, to the end of a quarter.", 3350)
ASK_LIMITER = evidence(
    "u-q1", "How would you design a rate limiter for an API that thousands of clients use?", 1221
)
ASK_INCIDENT = evidence("u-q2", "Tell me about an incident that you were part of.", 1880)
ASK_FAMILY = evidence("u-q3", "And do you plan to have children in the next years?", 3290)
ASK_LEADING = evidence("u-q4", "You would surely agree that tests come first?", 2399)

SPEAKERS = (
    Speaker(id=INTERVIEWER, label="Speaker 1", name="Grace Hopper", role=SpeakerRole.INTERVIEWER),
    Speaker(id=CANDIDATE, label="Speaker 2", name="Zoë Ångström", role=SpeakerRole.CANDIDATE),
)
SAID_BY = {
    **{e.utterance_id: CANDIDATE for e in (LIMITER, INCIDENT, TESTS, YEARS, MONTHS, NOTICE_PERIOD)},
    **{e.utterance_id: INTERVIEWER for e in (ASK_LIMITER, ASK_INCIDENT, ASK_FAMILY, ASK_LEADING)},
}

TEMPLATE = TemplateVersion(
    version=3,
    name="Software engineer: technical interview",
    created_at=NOON,
    questions=(
        TemplateQuestion(id="limiter", text="How would you design a rate limiter?", required=True),
        TemplateQuestion(id="incident", text="Tell me about an incident that you were part of."),
        TemplateQuestion(id="mentoring", text="How have you helped somebody to grow?", required=True),
    ),
    criteria=(
        Criterion(
            id="design",
            name="System design",
            description="Builds systems that stay simple, and names what they cost.",
            anchors={
                Level.STRONG_NO: "Cannot name the parts of a system.",
                Level.NO: "Names parts, but not why they are there.",
                Level.YES: "Weighs two designs against one another.",
                Level.STRONG_YES: "Weighs designs with numbers, and knows how each of them fails.",
            },
        ),
        Criterion(
            id="ownership", name="Ownership", description="Takes responsibility for results and mistakes."
        ),
        Criterion(id="quality", name="Quality", description="Knows how software is kept in working order."),
        Criterion(id="mentoring", name="Mentoring", description="Helps others to grow."),
    ),
)

ANALYSIS_FIELDS: dict[str, Any] = {
    "engine": OPENAI,
    "outcome": Outcome.COMPLETE,
    "summary": (
        Claim(
            id="sum-1",
            text="She speaks about the team that she led and its service for payments.",
            evidence=(YEARS,),
        ),
        Claim(
            id="sum-2",
            text="She designs a rate limiter and explains how its parts fail.",
            evidence=(LIMITER,),
        ),
        Claim(
            id="sum-3", text="An outage of the queue, and what was changed after it.", evidence=(INCIDENT,)
        ),
    ),
    "question_answers": (
        QuestionAnswer(
            id="qa-1",
            asker=INTERVIEWER,
            answerer=CANDIDATE,
            question=ASK_LIMITER,
            answer=(LIMITER,),
            template_question_id="limiter",
        ),
        QuestionAnswer(
            id="qa-2",
            asker=INTERVIEWER,
            answerer=CANDIDATE,
            question=ASK_INCIDENT,
            answer=(INCIDENT,),
            template_question_id="incident",
        ),
        QuestionAnswer(id="qa-3", asker=INTERVIEWER, question=ASK_LEADING, answer=(TESTS,)),
    ),
    "template_coverage": (
        QuestionCoverage(
            question_id="limiter",
            question="How would you design a rate limiter?",
            required=True,
            state=Asked.ASKED,
            question_answer_ids=("qa-1",),
        ),
        QuestionCoverage(
            question_id="incident",
            question="Tell me about an incident that you were part of.",
            state=Asked.UNKNOWN,
            question_answer_ids=("qa-2",),
        ),
        QuestionCoverage(
            question_id="mentoring",
            question="How have you helped somebody to grow?",
            required=True,
            state=Asked.NOT_ASKED,
        ),
    ),
    "topics": (
        Topic(name="rate limiting", evidence=(LIMITER,)),
        Topic(name="incidents", evidence=(INCIDENT,)),
    ),
    "intents": (Intent(name="admits a gap", evidence=(TESTS,)),),
    "sentiments": (StatementSentiment(polarity=Polarity.NEGATIVE, topic="testing", evidence=TESTS),),
    "strengths": (
        Claim(id="str-1", text="Designs for failure: names the race and closes it.", evidence=(LIMITER,)),
        Claim(id="str-2", text="Speaks plainly about her own part in an outage.", evidence=(INCIDENT,)),
    ),
    "red_flags": (
        RedFlag(
            id="flag-1",
            text="Two statements about how long she led the team cannot both hold.",
            evidence=(YEARS, MONTHS),
            type=FlagType.CONTRADICTION,
            severity=Severity.HIGH,
        ),
        RedFlag(
            id="flag-2",
            text="A service without tests.",
            evidence=(TESTS,),
            type=FlagType.SKILL_GAP,
            severity=Severity.MEDIUM,
        ),
        RedFlag(
            id="flag-3",
            text="Does not want to be on call.",
            evidence=(INCIDENT,),
            type=FlagType.AVAILABILITY,
            severity=Severity.LOW,
        ),
    ),
    "criteria": (
        CriterionAssessment(
            criterion_id="design",
            name="System design",
            level=Level.YES,
            rationale="Weighs a sliding window against a token bucket and makes the check and the count one step",
            evidence=(ASK_LIMITER, LIMITER),
        ),
        CriterionAssessment(
            criterion_id="ownership",
            name="Ownership",
            level=Level.STRONG_YES,
            rationale="Wrote the post-mortem of an outage and named her own mistake in it.",
            evidence=(INCIDENT,),
        ),
        CriterionAssessment(
            criterion_id="quality",
            name="Quality",
            level=Level.NO,
            rationale="The service that she describes had hardly any tests.",
            evidence=(TESTS,),
        ),
        CriterionAssessment(
            criterion_id="mentoring",
            name="Mentoring",
            reason="Nobody asked about it, and it did not come up.",
        ),
    ),
    "suggestion": Suggestion(
        level=Level.YES, reasons=("three of four criteria were assessed", "no red flag is critical")
    ),
    "facts": (
        PracticalFact(
            id="fact-1", text="three months", evidence=(NOTICE_PERIOD,), kind=FactKind.NOTICE_PERIOD
        ),
    ),
    "interviewing": (
        InterviewingNote(
            id="note-1",
            text="Asks about plans for a family, which must play no part.",
            evidence=(ASK_FAMILY,),
            kind=NoteKind.PROTECTED_TOPIC,
            topic=ProtectedTopic.FAMILY,
        ),
        InterviewingNote(
            id="note-2",
            text="The question gives its answer away.",
            evidence=(ASK_LEADING,),
            kind=NoteKind.LEADING_QUESTION,
        ),
    ),
    "follow_ups": (
        FollowUp(text="Whom have you helped to grow, and how could you tell?", criterion_id="mentoring"),
    ),
    "related": (
        RelatedPassages(
            question_id="mentoring",
            question="How have you helped somebody to grow?",
            passages=(Passage(evidence=YEARS, score=0.4),),
        ),
    ),
    "talk_time": (
        TalkTime(
            speaker=INTERVIEWER,
            seconds=1140,
            share=0.31,
            turns=42,
            words=2800,
            questions=17,
            longest_monologue=95,
        ),
        TalkTime(
            speaker=CANDIDATE,
            seconds=2530,
            share=0.69,
            turns=41,
            words=6900,
            questions=3,
            longest_monologue=312,
        ),
    ),
    "key_phrases": (KeyPhrase(phrase="sliding window", count=6, evidence=(LIMITER,)),),
    "speaker_check": SpeakerCheck(verdict=SpeakerVerdict.CONFIRMED),
    "left_out": LeftOut(protected=(ProtectedTopic.FAMILY,), sentences=2),
    "coverage": Coverage(claims=23, verified=23, rejected=2, repaired=1),
    "warnings": ("Two minutes at the end could not be understood.",),
    "provenance": Provenance(
        model="gpt-4o-mini-2024-07-18",
        prompt_version="7",
        prompt_hash="ab12",
        parameters={"temperature": 0.0, "sentiment": True},
        calls=(
            ModelCall(purpose=CallPurpose.EXTRACT, input_hash="aa", outcome=CallOutcome.COMPLETE),
            ModelCall(purpose=CallPurpose.JUDGE, input_hash="bb", outcome=CallOutcome.COMPLETE),
        ),
        input_tokens=21_400,
        output_tokens=3_120,
        cost_usd=0.0051,
        failed=(EngineFailure(engine="deepgram", code="provider_unavailable", detail="It did not answer."),),
    ),
    "template_id": "engineer",
    "template_version": 3,
}


def a_full_analysis(**fields: Any) -> Analysis:
    return an_analysis(ID, **(ANALYSIS_FIELDS | fields))
