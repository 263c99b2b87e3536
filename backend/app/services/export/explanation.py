"""What a candidate is told: what was looked at, on which evidence, what the software did, and who decided.

Only the candidate's own words are quoted. Notes of people, red flags, questions to ask next, notes on the interviewing
and e-mail addresses stay inside.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.models.analysis import Evidence, Outcome
from app.models.template import Level
from app.models.transcript import EngineKind
from app.services.export.facts import DebriefFacts
from app.services.export.standing import Standing, StandingCriterion, standing
from app.services.export.wording import count, level_text


@dataclass(frozen=True, slots=True)
class ExplainedCriterion:
    name: str
    meaning: str
    """What the template says of it; empty when it says nothing."""
    anchors: dict[Level, str]
    """What earns each level, lowest first."""
    level: Level | None
    given_by: str | None
    """Name of the person who gave the level in force; None while it is the draft's, or there is none."""
    given_at: datetime | None
    drafted: Level | None
    """What the software had suggested, None for nothing."""
    rationale: str
    """The draft's reason, as long as its level stands."""
    own_words: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """What a named person did that counts in the decision."""

    name: str
    did: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Explanation:
    criteria: tuple[ExplainedCriterion, ...]
    software: tuple[str, ...]
    """What the software did in this interview, in sentences."""
    never: tuple[str, ...]
    """What it does not do, in sentences."""
    decided: tuple[Act, ...]
    """In the order of time; empty: no person has decided yet."""
    correction: tuple[str, ...]
    """How to ask for a correction, in sentences."""


def explanation(facts: DebriefFacts) -> Explanation:
    stands = standing(facts)
    return Explanation(
        criteria=tuple(_criterion(facts, one) for one in stands.criteria),
        software=tuple(_what_it_did(facts, stands)),
        never=_NEVER,
        decided=_acts(facts, stands),
        correction=_correction(facts),
    )


def _criterion(facts: DebriefFacts, one: StandingCriterion) -> ExplainedCriterion:
    template, assessment, override = one.criterion, one.assessment, one.override
    evidence = assessment.evidence if assessment else ()
    anchors = template.anchors if template else {}
    return ExplainedCriterion(
        name=one.name,
        meaning=template.description if template else "",
        anchors={level: anchors[level] for level in Level if anchors.get(level)},
        level=one.level,
        given_by=override.by_name if override else None,
        given_at=override.at if override else None,
        drafted=override.original if override else one.level,
        rationale=assessment.rationale if assessment and override is None else "",
        own_words=tuple(quote for quote in evidence if facts.is_of_candidate(quote)),
    )


def _what_it_did(facts: DebriefFacts, stands: Standing) -> list[str]:
    analysis, transcript = facts.analysis, facts.transcript
    engine, model = analysis.engine, analysis.provenance.model or analysis.engine.model
    said = []
    if transcript is not None and transcript.engine.kind is not EngineKind.IMPORTED:
        said.append(f"Software ({transcript.engine.name}) wrote down what was said in the interview.")
    with_model = f" with the model {model}" if model else ""
    drafted = f"Software ({engine.name}{with_model}) read the written interview and prepared a draft."
    said.append(f"{drafted} A draft decides nothing: a person does.")
    if engine.kind is EngineKind.OFFLINE_BASELINE:
        said.append("This software sorts and counts words; it gave no level for any criterion.")
    elif any(one.assessment and one.assessment.level for one in stands.criteria):
        said.append("For each criterion it suggested a level, with the words that the level rests on.")
    if stands.draft_dismissal is not None:
        said.append(f"{stands.draft_dismissal.by_name} set the whole draft aside. It plays no part.")
    elif analysis.withheld or analysis.outcome is Outcome.INSUFFICIENT_DATA:
        said.append("The interview gave it too little to go on, so it suggested no overall result.")
    elif analysis.suggestion is not None and analysis.suggestion.level is not None:
        level = level_text(analysis.suggestion.level).lower()
        said.append(f"From the levels it derived the overall suggestion “{level}” by a fixed rule.")
    if analysis.left_out.sentences and analysis.left_out.protected:
        said.append(
            f"{count(analysis.left_out.sentences, 'sentence')} of the interview "
            f"{'was' if analysis.left_out.sentences == 1 else 'were'} left out before it assessed anything, "
            "because of protected topics or because the words addressed the software."
        )
    return said


_NEVER = (
    "It did not judge emotion, voice, accent, manner of speaking or appearance: it worked with the written words alone.",
    "Protected topics (age, family, pregnancy, health, disability, origin, religion, sexual orientation, gender, "
    "politics, union membership, personal finances) are left out; they play no part in any level.",
    "It did not decide, and it did not compare you with other candidates.",
)


def _acts(facts: DebriefFacts, stands: Standing) -> tuple[Act, ...]:
    acts = [Act(name, "submitted a scorecard", card.submitted_at) for name, card in facts.submitted]
    acts += [
        Act(one.override.by_name, f"gave the level for “{one.name}”", one.override.at)
        for one in stands.criteria
        if one.override is not None
    ]
    word = stands.confirmation
    if word is not None:
        level = level_text(word.level, none="none").lower()
        did = (
            "confirmed the draft's"
            if word.level is word.original
            else "replaced the draft's suggestion by the"
        )
        acts.append(Act(word.by_name, f"{did} overall result “{level}”", word.at))
    return tuple(sorted(acts, key=lambda act: act.at))


def _correction(facts: DebriefFacts) -> tuple[str, ...]:
    interview = facts.interview
    return (
        f"Write to {facts.organisation}, most simply by answering the message that this came with, and name the "
        f"interview “{interview.title}” (number {interview.id}).",
        "You can ask for a copy of the recording and of what was written down, for a correction where your words were "
        "misheard or given to somebody else, for a person to look at a level again, and for deletion of your data.",
        "After a correction the draft is made anew, and people can look at it again.",
    )
