"""The sections of a debrief that tell what was found in the transcript, each finding with its quotes."""

from __future__ import annotations

from collections.abc import Iterable

from app.models.analysis import Analysis, Asked, Intent, QuestionAnswer, Topic
from app.models.scorecard import LevelOverride
from app.models.transcript import Polarity
from app.services.export.document import (
    Block,
    Cell,
    Column,
    Heading,
    Paragraph,
    Statement,
    Table,
    Tone,
)
from app.services.export.facts import DebriefFacts
from app.services.export.quotes import quote, quotes
from app.services.export.standing import Standing, StandingCriterion
from app.services.export.wording import (
    ASKED,
    ASKED_TONES,
    FACTS,
    FLAGS,
    SEVERITY_TONES,
    capitalised,
    clock,
    count,
    day,
    level_text,
    level_tone,
    sentence,
)

Section = tuple[Block, ...]


def _section(title: str, *blocks: Block) -> Section:
    """Nothing at all when there is nothing under the heading."""
    return (Heading(title), *blocks) if blocks else ()


def summary(facts: DebriefFacts, draft: Analysis) -> Section:
    points = [
        Statement(claim.text, label=_times(claim.evidence[0].start, claim.evidence[-1].end))
        if claim.evidence
        else Statement(claim.text)
        for claim in draft.summary
    ]
    if not draft.vendor_summary:
        return _section("Summary", *points)
    return _section(
        "Summary",
        *points,
        Paragraph(draft.vendor_summary),
        Paragraph(
            f"This summary came from {facts.analysis.engine.name} without quotes; nothing in it was verified.",
            Tone.MUTED,
        ),
    )


def _times(start: float, end: float) -> str:
    first, last = clock(start), clock(end)
    return first if first == last else f"{first}–{last}"


def criteria(facts: DebriefFacts, stands: Standing) -> Section:
    if not stands.criteria:
        return ()
    table = Table(
        (Column("Criterion", 5), Column("Level", 2.5), Column("Given by, or why not", 5)),
        tuple(
            (
                Cell(one.name),
                Cell(level_text(one.level), tone=level_tone(one.level)),
                Cell(*_given_by(one), tone=Tone.MUTED),
            )
            for one in stands.criteria
        ),
    )
    details = [block for one in stands.criteria for block in _criterion(facts, one)]
    return (Heading("Criteria"), table, *details)


def _given_by(one: StandingCriterion) -> tuple[str, str]:
    if one.override is not None:
        return one.override.by_name, _was(one.override)
    return ("Draft" if one.level is not None else sentence(one.reason or ""), "")


def _was(override: LevelOverride) -> str:
    return f"draft: {level_text(override.original, none='no level').lower()}"


def _criterion(facts: DebriefFacts, one: StandingCriterion) -> Section:
    """What the table has no room for; nothing when there is no more to say."""
    assessment = one.assessment
    changed = one.override
    if changed is None and not (assessment and (assessment.rationale or assessment.evidence)):
        return ()
    note = ""
    if changed is not None:
        note = (
            f"Level by {changed.by_name} on {day(changed.at)} ({_was(changed)}): {sentence(changed.reason)}"
        )
    text = sentence(assessment.rationale) if assessment else ""
    if changed is not None and text:
        text = f"The draft's reason for its own level: {text}"
    if one.level is None and changed is None:
        text = " ".join(part for part in (sentence(one.reason or ""), text) if part)
    found = quotes(facts, assessment.evidence) if assessment else ()
    return (
        Heading(one.name, 2),
        Statement(text, label=level_text(one.level), tone=level_tone(one.level), note=note, quotes=found),
    )


def strengths(facts: DebriefFacts, draft: Analysis) -> Section:
    return _section(
        "Strengths", *(Statement(c.text, quotes=quotes(facts, c.evidence)) for c in draft.strengths)
    )


def red_flags(facts: DebriefFacts, draft: Analysis) -> Section:
    return _section(
        "Red flags",
        *(
            Statement(
                flag.text,
                label=f"{FLAGS[flag.type]} · {flag.severity}",
                tone=SEVERITY_TONES[flag.severity],
                quotes=quotes(facts, flag.evidence),
            )
            for flag in draft.red_flags
        ),
    )


def practical_facts(facts: DebriefFacts, draft: Analysis) -> Section:
    return _section(
        "Practical facts",
        *(
            Statement(fact.text, label=FACTS[fact.kind], quotes=quotes(facts, fact.evidence))
            for fact in draft.facts
        ),
    )


def questions(facts: DebriefFacts, draft: Analysis) -> Section:
    coverage = template_coverage(draft)
    asked = {q.id: q.text for q in (facts.template.questions if facts.template else ())}
    asked |= {c.question_id: c.question for c in draft.template_coverage}
    pairs = [_question_answer(facts, pair, asked) for pair in draft.question_answers]
    if not (coverage or pairs):
        return ()
    return (
        Heading("Questions and answers"),
        *coverage,
        *((Heading("What was asked and answered", 2),) if coverage and pairs else ()),
        *pairs,
    )


def _question_answer(facts: DebriefFacts, pair: QuestionAnswer, asked: dict[str, str]) -> Statement:
    """The question in its own words, the answer as quotes, and which question of the template it is."""
    matched = asked.get(pair.template_question_id or "")
    note = f"Question of the template: {matched}" if matched else "Not a question of the template."
    question = quote(facts, pair.question)
    return Statement(
        question.text,
        label=f"{question.time} {question.speaker}",
        tone=Tone.MUTED,
        note=note if asked else "",
        quotes=quotes(facts, pair.answer),
    )


def template_coverage(draft: Analysis) -> Section:
    rows = draft.template_coverage
    if not rows:
        return ()
    came_up = sum(row.state is Asked.ASKED for row in rows)
    text = f"{came_up} of {count(len(rows), 'question')} of the template came up."
    if any(row.state is Asked.UNKNOWN for row in rows):
        text = f"{text} “Cannot tell” means that the engine knows neither way."
    starts = {pair.id: clock(pair.question.start) for pair in draft.question_answers}
    table = Table(
        (Column("Question of the template", 7), Column("Came up", 2)),
        tuple(
            (
                Cell(row.question, note="required" if row.required else ""),
                Cell(
                    ASKED[row.state],
                    note=", ".join(starts[i] for i in row.question_answer_ids if i in starts),
                    tone=ASKED_TONES[row.state],
                ),
            )
            for row in rows
        ),
    )
    return (Paragraph(text), table)


def topics_and_intents(facts: DebriefFacts, draft: Analysis) -> Section:
    return (
        *_section("Topics", *_places(facts, draft.topics)),
        *_section("Intents", *_places(facts, draft.intents)),
    )


def _places(facts: DebriefFacts, found: Iterable[Topic | Intent]) -> Section:
    return tuple(Statement(capitalised(one.name), quotes=quotes(facts, one.evidence)) for one in found)


_POLARITY_TONES = {Polarity.POSITIVE: Tone.GOOD, Polarity.NEUTRAL: Tone.MUTED, Polarity.NEGATIVE: Tone.BAD}


def statements(facts: DebriefFacts, draft: Analysis) -> Section:
    """Polarity of statements; nothing, not even the heading, where the organisation wants none."""
    if not facts.shows_sentiment or not draft.sentiments:
        return ()
    return _section(
        "Sentiment of statements",
        Paragraph(
            "Of the words about a topic, from the text alone; it says nothing of a person.", Tone.MUTED
        ),
        *(
            Statement(
                capitalised(one.topic or "No particular topic"),
                label=capitalised(one.polarity),
                tone=_POLARITY_TONES[one.polarity],
                quotes=(quote(facts, one.evidence),),
            )
            for one in draft.sentiments
        ),
    )


def key_phrases(facts: DebriefFacts, draft: Analysis) -> Section:
    if not draft.key_phrases:
        return ()
    return _section(
        "Key phrases",
        Paragraph("Phrases that were used often. They are counted, not judged.", Tone.MUTED),
        *(
            Statement(
                one.phrase,
                label=count(one.count, "time"),
                tone=Tone.MUTED,
                quotes=quotes(facts, one.evidence),
            )
            for one in draft.key_phrases
        ),
    )


def related_passages(facts: DebriefFacts, draft: Analysis) -> Section:
    shown = [related for related in draft.related if related.passages]
    if not shown:
        return ()
    return _section(
        "Possibly related passages",
        Paragraph(
            "Places whose words are similar to a question of the template, most similar first. "
            "Similarity proves nothing: a person has to confirm them.",
            Tone.MUTED,
        ),
        *(
            Statement(related.question, quotes=quotes(facts, (p.evidence for p in related.passages)))
            for related in shown
        ),
    )
