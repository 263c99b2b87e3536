"""The sections of a debrief for the recruiter: what to ask next, how the interview was led, how the draft was made."""

from __future__ import annotations

from app.models.analysis import Analysis
from app.services.export.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Heading,
    Paragraph,
    Properties,
    Statement,
    Table,
    Tone,
)
from app.services.export.facts import DebriefFacts, speaker_name
from app.services.export.quotes import quotes
from app.services.export.wording import NOTES, clock, count, moment


def follow_ups(draft: Analysis) -> tuple[Block, ...]:
    if not draft.follow_ups:
        return ()
    return (Heading("Questions to ask next"), Bullets(tuple(one.text for one in draft.follow_ups)))


def interviewing(facts: DebriefFacts, draft: Analysis) -> tuple[Block, ...]:
    """About the interviewers' side of the talk; never counts for or against the candidate."""
    if not (draft.talk_time or draft.interviewing):
        return ()
    blocks: list[Block] = [
        Heading("Notes on the interviewing"),
        Paragraph("For the recruiter. They count neither for nor against the candidate.", Tone.MUTED),
    ]
    if draft.talk_time:
        blocks.append(talk_time(facts, draft))
    for note in draft.interviewing:
        topic = f" · {note.topic}" if note.topic else ""
        label = f"{NOTES[note.kind]}{topic}"
        blocks.append(Statement(note.text, label, Tone.CAUTION, quotes=quotes(facts, note.evidence)))
    return tuple(blocks)


def talk_time(facts: DebriefFacts, draft: Analysis) -> Table:
    return Table(
        (
            Column("Speaker", 4),
            Column("Talk share", 2),
            Column("Time", 2),
            Column("Longest monologue", 3),
            Column("Turns", 1.5),
            Column("Questions", 2),
        ),
        tuple(
            (
                Cell(speaker_name(facts.speaker(one.speaker))),
                Cell(f"{one.share:.0%}"),
                Cell(clock(one.seconds)),
                Cell(clock(one.longest_monologue)),
                Cell(f"{one.turns:,}"),
                Cell(f"{one.questions:,}"),
            )
            for one in draft.talk_time
        ),
    )


def provenance(facts: DebriefFacts) -> tuple[Block, ...]:
    analysis, origin, transcript = facts.analysis, facts.analysis.provenance, facts.transcript
    template = f"{analysis.template_id}, version {analysis.template_version}" if analysis.template_id else ""
    if facts.template:
        template = f"{facts.template.name}, version {facts.template.version}"
    read_by = f", by {_engine(transcript.engine.name, transcript.engine.version)}" if transcript else ""
    rows = {
        "Engine": _engine(analysis.engine.name, analysis.engine.version),
        "Model": origin.model or analysis.engine.model or "none",
        "Prompt": origin.prompt_version or "none",
        "Template": template or "none",
        "Transcript": f"Revision {analysis.transcript_revision}{read_by}",
        "Made": f"{moment(analysis.created_at)}, version {analysis.revision}",
        "Use": usage(analysis),
        "Coverage": f"{count(analysis.coverage.claims, 'claim')}, {analysis.coverage.verified:,} verified "
        f"({analysis.coverage.repaired:,} after a repair), {analysis.coverage.rejected:,} rejected",
        "Kept from the model": left_out(facts),
        "Engines that failed before": ", ".join(f"{f.engine} ({f.code})" for f in origin.failed),
        "Exported": moment(facts.exported_at),
        "Interview": facts.interview.id,
    }
    return (
        Heading("How this was made"),
        Properties(tuple((name, value) for name, value in rows.items() if value)),
    )


def usage(analysis: Analysis) -> str:
    """Tokens and cost, as far as they are known."""
    origin = analysis.provenance
    tokens = origin.input_tokens + origin.output_tokens
    if not tokens and not origin.calls:
        return "No language model was asked"
    cost = "cost unknown" if origin.cost_usd is None else f"{origin.cost_usd:.4f} US dollars"
    return f"{count(tokens, 'token')} in {count(len(origin.calls), 'request')}, {cost}"


def left_out(facts: DebriefFacts) -> str:
    cut = facts.analysis.left_out
    if not cut.sentences:
        return ""
    text = count(cut.sentences, "sentence")
    return f"{text} (protected topics: {', '.join(cut.protected)})" if cut.protected else text


def _engine(name: str, version: str) -> str:
    return f"{name} {version}".strip()
