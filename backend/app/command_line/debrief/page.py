"""The whole debrief, top to bottom: what a reader needs first comes first."""

from __future__ import annotations

from typing import Final

from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from app.command_line.debrief import assessment, head, talk
from app.command_line.debrief.material import Json, Material
from app.command_line.debrief.words import moment, said
from app.services.export.wording import count

_SECTIONS: Final = (
    assessment.criteria,
    assessment.strengths,
    assessment.red_flags,
    talk.facts,
    talk.summary,
    talk.questions,
    talk.coverage,
    talk.subjects,
    talk.sentiments,
    talk.interviewing,
    assessment.follow_ups,
    talk.related,
    talk.phrases,
    talk.talk_time,
)
_WITHOUT_DRAFT: Final = (assessment.criteria, talk.talk_time)
"""What stands when a person dismissed the draft: people's levels, and what was counted."""


def print_debrief(console: Console, interview: Json, transcript: Json, analysis: Json) -> None:
    """Print one interview's debrief: every claim of it with the words it rests on and their time."""
    of = Material.of(interview, transcript, analysis)
    console.print()
    console.print(Panel(head.header(of), title="Debrief", border_style="cyan"))
    for notice in head.notices(of):
        console.print(notice)
    if (suggestion := head.suggestion(of)) is not None:
        console.print(Group(Text(), suggestion))
    for section in _WITHOUT_DRAFT if of.is_dismissed else _SECTIONS:
        if (shown := section(of)) is not None:
            console.print(shown)
    console.print(Group(Text(), _provenance(analysis)))


def _provenance(analysis: Json) -> Text:
    made, engine = analysis["provenance"], analysis["engine"]
    model = engine["model"] or made["model"]
    parts = [f"Version {analysis['revision']}, made {moment(analysis['created_at'])} by {engine['name']}"]
    parts[0] += f" ({model})" if model else ""
    if made["prompt_version"]:
        parts.append(f"prompts {made['prompt_version']}")
    if made["calls"]:
        parts.append(count(len(made["calls"]), "request"))
        parts.append(f"{made['input_tokens']:,} tokens in, {made['output_tokens']:,} out")
        parts.append("price unknown" if made["cost_usd"] is None else f"${made['cost_usd']:.4f}")
    parts.append(f"transcript {analysis['transcript_revision']}")
    if analysis["template_id"]:
        parts.append(f"template {analysis['template_id']} {analysis['template_version']}")
    return said(" · ".join(parts), "dim")
