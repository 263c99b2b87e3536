"""The explanation for the candidate as a document, in plain language."""

from __future__ import annotations

from app.services.export.debrief_document import subtitle
from app.services.export.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Heading,
    Notice,
    Paragraph,
    Properties,
    Quote,
    Statement,
    Table,
    Tone,
)
from app.services.export.explanation import ExplainedCriterion, Explanation, explanation
from app.services.export.facts import DebriefFacts
from app.services.export.quotes import words_only
from app.services.export.wording import day, level_text, level_tone, sentence


def explanation_document(facts: DebriefFacts) -> Document:
    told = explanation(facts)
    return Document(
        kind="Explanation for the candidate",
        title=facts.interview.title,
        subtitle=subtitle(facts),
        organisation=facts.organisation,
        created_at=facts.exported_at,
        blocks=(
            header(facts),
            Paragraph(
                "This page explains how your interview was looked at: by which criteria, on which of your words, what "
                "software did, and which people decided."
            ),
            *decision(told),
            *criteria(facts, told),
            Heading("What the software did"),
            Bullets(told.software),
            Heading("What the software did not do"),
            Bullets(told.never),
            Heading("If something is wrong"),
            Bullets(told.correction),
        ),
        quote_language=facts.language,
    )


def header(facts: DebriefFacts) -> Properties:
    interview = facts.interview
    rows = {
        "Interview": day(interview.scheduled_at or interview.created_at),
        "Position": interview.position or "",
        "You spoke with": ", ".join(person.name for person in interview.participants),
        "Organisation": facts.organisation,
        "Written on": day(facts.exported_at),
    }
    return Properties(tuple((name, value) for name, value in rows.items() if value))


def decision(told: Explanation) -> tuple[Block, ...]:
    if not told.decided:
        text = "What follows is a draft by software. It counts for nothing until a person has confirmed it."
        return (Notice("No person has decided yet", text, Tone.CAUTION),)
    acts = tuple(f"{act.name} {act.did} on {day(act.at)}." for act in told.decided)
    return (Heading("Who decided"), Bullets(acts))


def criteria(facts: DebriefFacts, told: Explanation) -> tuple[Block, ...]:
    if not told.criteria:
        return (Heading("Criteria"), Paragraph("No criteria were set for this interview."))
    blocks = [block for one in told.criteria for block in _criterion(facts, one)]
    return (Heading("What was looked at"), *blocks)


def _criterion(facts: DebriefFacts, one: ExplainedCriterion) -> tuple[Block, ...]:
    meaning = (Paragraph(one.meaning),) if one.meaning else ()
    anchors = (_anchors(one),) if one.anchors else ()
    text = sentence(one.rationale) if one.level is not None else _without_level(one)
    finding = Statement(
        text,
        label=level_text(one.level),
        tone=level_tone(one.level),
        note=_origin(one),
        quotes=_own_words(facts, one),
    )
    return (Heading(one.name, 2), *meaning, *anchors, finding)


def _anchors(one: ExplainedCriterion) -> Table:
    return Table(
        (Column("Level", 1), Column("What it means", 5)),
        tuple((Cell(level_text(level)), Cell(text)) for level, text in one.anchors.items()),
    )


def _own_words(facts: DebriefFacts, one: ExplainedCriterion) -> tuple[Quote, ...]:
    return tuple(words_only(facts, evidence) for evidence in one.own_words)


def _without_level(one: ExplainedCriterion) -> str:
    if one.given_by is not None:
        return "A person took the level out: nothing is said about this criterion."
    return "The draft says nothing about this criterion, neither for nor against you."


def _origin(one: ExplainedCriterion) -> str:
    if one.given_by is not None and one.given_at is not None:
        drafted = f"the software's draft had “{level_text(one.drafted, none='no level').lower()}”"
        return f"Given by {one.given_by} on {day(one.given_at)}; {drafted}."
    if one.level is None:
        return ""
    return "Suggested by software. No person has changed this level."
