"""The JSON exports: the same content as the documents, as fields for other programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from pydantic_core import to_jsonable_python

from app.models.scorecard import SubmittedCard
from app.services.export.explanation import explanation
from app.services.export.facts import DebriefFacts
from app.services.export.standing import Standing, StandingCriterion, standing

VERSION: Final = 1
"""Rises when a field changes its meaning or goes; new fields leave it."""


def debrief_json(facts: DebriefFacts) -> bytes:
    stands = standing(facts)
    return _bytes(
        facts,
        {
            **_head(facts, "debrief"),
            "transcript": _transcript(facts),
            "outdated": facts.outdated,
            "decision": {"suggestion": stands.draft.suggestion, "confirmation": stands.confirmation},
            "criteria": [_criterion(one) for one in stands.criteria],
            "draft": _draft(facts, stands),
            "draft_dismissed": stands.draft_dismissal,
            "dismissed": [asdict(claim) for claim in stands.dismissed],
            "scorecards": [_card(name, card) for name, card in facts.submitted],
        },
    )


def explanation_json(facts: DebriefFacts) -> bytes:
    return _bytes(facts, {**_head(facts, "explanation"), **asdict(explanation(facts))})


def _head(facts: DebriefFacts, kind: str) -> dict[str, Any]:
    interview, template = facts.interview, facts.template
    return {
        "format": "debrief-export",
        "format_version": VERSION,
        "kind": kind,
        "exported_at": facts.exported_at,
        "organisation": facts.organisation,
        "interview": {
            "id": interview.id,
            "title": interview.title,
            "candidate": interview.candidate.name if interview.candidate else None,
            "position": interview.position,
            "participants": [{"name": p.name, "role": p.role} for p in interview.participants],
            "scheduled_at": interview.scheduled_at,
            "language": facts.language,
        },
        "template": {"name": template.name, "version": template.version} if template else None,
    }


def _transcript(facts: DebriefFacts) -> dict[str, Any] | None:
    transcript = facts.transcript
    if transcript is None:
        return None
    return {
        "revision": transcript.revision,
        "engine": transcript.engine,
        "duration": transcript.duration,
        "speakers": [
            {"id": s.id, "label": s.label, "name": s.name, "role": s.role} for s in transcript.speakers
        ],
    }


def _criterion(one: StandingCriterion) -> dict[str, Any]:
    assessment = one.assessment
    return {
        "criterion_id": one.id,
        "name": one.name,
        "level": one.level,
        "given_by": "person" if one.override else "draft" if one.level is not None else None,
        "reason": one.reason,
        "override": one.override,
        "drafted": assessment.level if assessment else None,
        "rationale": assessment.rationale if assessment else "",
        "evidence": assessment.evidence if assessment else (),
    }


_ELSEWHERE: Final = {"criteria", "suggestion"}
_INTERNAL: Final = {"organisation_id", "interview_id", "epoch", "people", "options"}


def _draft(facts: DebriefFacts, stands: Standing) -> dict[str, Any]:
    """The analysis as it stands, with who said each quote; no trace of sentiment where none is wanted."""
    hidden = set() if facts.shows_sentiment else {"sentiments"}
    draft = stands.draft.model_dump(mode="json", exclude=_ELSEWHERE | _INTERNAL | hidden)
    if not facts.shows_sentiment:
        parameters = draft["provenance"]["parameters"]
        draft["provenance"]["parameters"] = {
            k: v for k, v in parameters.items() if "sentiment" not in k.lower()
        }
    return draft


def _card(author: str, card: SubmittedCard) -> dict[str, Any]:
    return {
        "name": author,
        "decision": card.decision,
        "ratings": card.ratings,
        "notes": card.notes,
        "submitted_at": card.submitted_at,
    }


def _bytes(facts: DebriefFacts, value: dict[str, Any]) -> bytes:
    # Escapes keep every text valid, a lone surrogate among them.
    named = _with_speakers(to_jsonable_python(value), facts.said_by)
    return json.dumps(named, ensure_ascii=True, indent=2).encode()


def _with_speakers(value: Any, said_by: Mapping[str, str]) -> Any:
    """Every quote with the id of who said it: other programs have no transcript to look it up in."""
    match value:
        case dict():
            inner = {name: _with_speakers(part, said_by) for name, part in value.items()}
            return (
                inner | {"speaker": said_by.get(inner["utterance_id"])} if "utterance_id" in inner else inner
            )
        case list():
            return [_with_speakers(part, said_by) for part in value]
        case _:
            return value
