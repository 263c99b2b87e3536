"""Fields that forms of every hiring system have and that are neither a question to ask nor a criterion."""

from __future__ import annotations

from typing import Final

from app.repositories.folding import fold

_NOTES: Final = frozenset(
    {
        "additional comments",
        "additional notes",
        "comments",
        "feedback",
        "key take-aways",
        "key takeaways",
        "note for other interviewers",
        "notes",
        "other notes",
        "overall feedback",
        "private note",
        "private notes",
        "public notes",
        "summary",
    }
)
_DECISION: Final = ("overall recommendation", "overall_recommendation", "overall rating", "recommendation")


def is_for_notes(title: str) -> bool:
    return fold(title) in _NOTES


def is_the_decision(*names: str) -> bool:
    """Whether it is the overall decision, which every scorecard here has anyway."""
    return any(fold(name) in _DECISION for name in names)
