"""The sections of a debrief that tell what people said: their scorecards, and what they took out of the draft."""

from __future__ import annotations

from app.models.scorecard import Rating, SubmittedCard
from app.services.export.document import Block, Cell, Column, Heading, Paragraph, Statement, Table, Tone
from app.services.export.facts import DebriefFacts
from app.services.export.standing import Standing
from app.services.export.wording import day, level_text, level_tone, sentence


def scorecards(facts: DebriefFacts, stands: Standing) -> tuple[Block, ...]:
    """The submitted cards by name, apart from the draft."""
    cards = facts.submitted
    if not cards:
        return ()
    names = {one.id: one.name for one in stands.criteria}
    intro = "Written by the interviewers themselves; the draft has no part in them."
    return (
        Heading("Scorecards of the interviewers"),
        Paragraph(intro, Tone.MUTED),
        *(block for name, card in cards for block in _card(name, card, names)),
    )


def _card(author: str, card: SubmittedCard, names: dict[str, str]) -> tuple[Block, ...]:
    blocks: list[Block] = [
        Heading(author, 2),
        Statement(
            f"Submitted on {day(card.submitted_at)}.",
            label=level_text(card.decision, none="No decision"),
            tone=level_tone(card.decision),
        ),
    ]
    if card.ratings:
        blocks.append(
            Table(
                (Column("Criterion", 4), Column("Level", 2), Column("Notes", 6)),
                tuple(_rating(rating, names) for rating in card.ratings),
            )
        )
    if card.notes.strip():
        blocks.append(Paragraph(card.notes.strip()))
    return tuple(blocks)


def _rating(rating: Rating, names: dict[str, str]) -> tuple[Cell, ...]:
    return (
        Cell(names.get(rating.criterion_id, rating.criterion_id)),
        Cell(level_text(rating.level, none="Not rated"), tone=level_tone(rating.level)),
        Cell(rating.notes.strip()),
    )


def dismissed_claims(stands: Standing) -> tuple[Block, ...]:
    if not stands.dismissed:
        return ()
    return (
        Heading("Dismissed claims"),
        Paragraph("Claims of the draft that people took out. They count for nothing.", Tone.MUTED),
        *(
            Statement(
                claim.text,
                label=claim.kind,
                tone=Tone.MUTED,
                note=f"Dismissed by {claim.dismissal.by_name} on {day(claim.dismissal.at)}: "
                f"{sentence(claim.dismissal.reason)}",
            )
            for claim in stands.dismissed
        ),
    )
