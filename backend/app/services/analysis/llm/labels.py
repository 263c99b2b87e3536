"""Short names for the template's questions and criteria: a model repeats `C2` without a slip, and learns no id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.models.template import TemplateVersion


@dataclass(frozen=True, slots=True)
class Labels:
    _questions: dict[str, str]
    _criteria: dict[str, str]

    @classmethod
    def of(cls, template: TemplateVersion | None) -> Labels:
        questions = template.questions if template else ()
        criteria = template.criteria if template else ()
        return cls(
            {f"Q{n}": question.id for n, question in enumerate(questions, start=1)},
            {f"C{n}": criterion.id for n, criterion in enumerate(criteria, start=1)},
        )

    def question(self, label: str | None) -> str | None:
        """The id behind a label; None for one that was never given."""
        return self._questions.get((label or "").strip().upper())

    def criterion(self, label: str) -> str | None:
        return self._criteria.get(label.strip().upper())


def shown_template(template: TemplateVersion | None, *, assess: bool) -> dict[str, Any]:
    """The template for whoever reads the transcript: what to look for, but not what earns which level."""
    if template is None:
        return {"questions": [], "criteria": []}
    criteria = template.criteria if assess else ()
    return {
        "questions": [
            {"id": f"Q{n}", "text": question.text} for n, question in enumerate(template.questions, start=1)
        ],
        "criteria": [
            {"id": f"C{n}", "name": criterion.name, "description": criterion.description}
            for n, criterion in enumerate(criteria, start=1)
        ],
    }
