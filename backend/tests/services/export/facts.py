"""A debrief in which every field is filled, with people's review of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from app.models.interview import Interview, Participant, TemplateRef
from app.models.scorecard import (
    CardStatus,
    Confirmation,
    Dismissal,
    LevelOverride,
    Rating,
    Review,
    Scorecard,
    card_id,
    review_id,
)
from app.models.template import Level
from app.models.transcript import Engine, EngineKind, SpeakerRole, Transcript
from app.services.export.facts import DebriefFacts
from tests.fixtures.documents import NOON, a_transcript, an_interview
from tests.services.export.analysed import (
    ID,
    SAID_BY,
    SPEAKERS,
    TEMPLATE,
    a_full_analysis,
)


def an_engineers_interview(**fields: Any) -> Interview:
    return an_interview(
        **{
            "id": ID,
            "title": "Backend engineer, second round",
            "position": "Senior backend engineer",
            "candidate": Participant(
                name="Zoë Ångström", email="zoe@example.com", role=SpeakerRole.CANDIDATE
            ),
            "participants": (
                Participant(name="Grace Hopper", email="grace@example.com", role=SpeakerRole.INTERVIEWER),
            ),
            "scheduled_at": NOON,
            "language": "en",
            "template": TemplateRef(id="engineer", version=3),
            "transcript_revision": 1,
            "analysis_revision": 1,
            **fields,
        }
    )


def the_transcript(**fields: Any) -> Transcript:
    engine = Engine(name="deepgram", version="nova-3", kind=EngineKind.VENDOR)
    return a_transcript(
        ID, **({"engine": engine, "language": "en", "duration": 3671.0, "speakers": SPEAKERS} | fields)
    )


OVERRIDE = LevelOverride(
    criterion_id="quality",
    level=Level.YES,
    original=Level.NO,
    reason="She described the tests of her own part in the second half",
    by="ada",
    by_name="Ada Lovelace",
    at=NOON + timedelta(hours=2),
)
CONFIRMATION = Confirmation(
    level=Level.YES,
    original=Level.YES,
    by="ada",
    by_name="Ada Lovelace",
    at=NOON + timedelta(hours=3),
)
DISMISSAL = Dismissal(
    claim_id="flag-3",
    reason="She said the opposite a minute later",
    by="ada",
    by_name="Ada Lovelace",
    at=NOON + timedelta(hours=1),
)
DRAFT_DISMISSAL = Dismissal(
    claim_id=None, reason="The microphones were swapped", by="ada", by_name="Ada Lovelace", at=NOON
)


def a_review(**fields: Any) -> Review:
    defaults = {
        "id": review_id(ID, 1),
        "organisation_id": "acme",
        "interview_id": ID,
        "revision": 1,
        "overrides": (OVERRIDE,),
        "dismissals": (DISMISSAL,),
        "confirmation": CONFIRMATION,
    }
    return Review(**(defaults | fields))


def a_card(name: str, **fields: Any) -> Scorecard:
    user_id = name.split(maxsplit=1)[0].lower()
    defaults = {
        "id": card_id(ID, user_id),
        "organisation_id": "acme",
        "interview_id": ID,
        "user_id": user_id,
        "user_name": name,
        "status": CardStatus.SUBMITTED,
        "ratings": (
            Rating(criterion_id="design", level=Level.STRONG_YES, notes="Asked me about the numbers first."),
            Rating(criterion_id="mentoring"),
        ),
        "notes": "I would like to work with her.",
        "decision": Level.STRONG_YES,
        "created_at": NOON,
        "updated_at": NOON,
        "submitted_at": NOON + timedelta(minutes=30),
    }
    return Scorecard(**(defaults | fields))


DRAFT_CARD = a_card("Linus Draft", status=CardStatus.DRAFT, notes="unfinished thoughts", submitted_at=None)


def debrief_facts(**fields: Any) -> DebriefFacts:
    facts = DebriefFacts(
        organisation="Acme Hiring",
        interview=an_engineers_interview(),
        analysis=a_full_analysis(),
        exported_at=NOON + timedelta(days=1),
        shows_sentiment=True,
        transcript=the_transcript(),
        said_by=SAID_BY,
        review=a_review(),
        scorecards=(a_card("Grace Hopper"), DRAFT_CARD),
        template=TEMPLATE,
        recording_url=f"https://debrief.example.com/api/v1/interviews/{ID}/recording",
    )
    return replace(facts, **fields)
