"""Ashby documents, in the shapes of its API."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.models.template import Level
from app.services.template_formats.base import ImportedTemplate, Source, TemplateUnreadable
from app.services.template_formats.reader import read_template


def field(title: str, type: str, *options: tuple[str, str], **entry: Any) -> dict[str, Any]:
    inner: dict[str, Any] = {
        "id": f"id-{title}",
        "type": type,
        "path": title.lower().replace(" ", "_"),
        "humanReadablePath": title,
        "title": title,
        "isNullable": False,
    }
    if options:
        inner["selectableValues"] = [{"label": label, "value": value} for label, value in options]
    return {"isRequired": True, "field": inner, **entry}


DECISION = field(
    "Overall Recommendation",
    "ValueSelect",
    ("4 - Strong Yes", "4"),
    ("3 - Yes", "3"),
    ("2 - No", "2"),
    ("1 - Strong No", "1"),
)
SECTIONS = {
    "sections": [
        {
            "title": "System design",
            "fields": [
                DECISION,
                field("Trade-offs", "Score", descriptionPlain="Weighs costs against each other"),
                field("How did they scale it", "RichText", isRequired=False),
                field("Feedback", "RichText"),
                field("Willing to relocate", "Boolean"),
            ],
        }
    ]
}
FORM = {"id": "f", "title": "Onsite", "isArchived": False, "formDefinition": SECTIONS}


def read(document: object) -> ImportedTemplate:
    found = read_template(json.dumps(document).encode())
    assert found.source is Source.ASHBY
    return found


def form(*fields: dict[str, Any]) -> dict[str, Any]:
    return {"title": "Onsite", "formDefinition": {"sections": [{"title": "S", "fields": list(fields)}]}}


class TestForms:
    @pytest.mark.parametrize(
        "document",
        [
            FORM,
            {"success": True, "results": FORM},
            {"success": True, "results": [FORM], "moreDataAvailable": False},
            {"feedbackFormDefinition": FORM},
            {"title": "Onsite", "feedbackFormDefinition": SECTIONS},
            {"title": "Onsite", **SECTIONS},
        ],
        ids=["a form", "an answer", "a list", "a form inside", "sections inside", "the sections"],
    )
    def test_scores_become_criteria_and_texts_questions(self, document: object) -> None:
        found = read(document)
        assert found.draft.name == "Onsite"
        assert [(c.id, c.name, c.description) for c in found.draft.criteria] == [
            ("trade-offs", "Trade-offs", "Weighs costs against each other")
        ]
        assert [(q.text, q.competency, q.required) for q in found.draft.questions] == [
            ("How did they scale it", "System design", False)
        ]
        assert found.left_out == (
            "“Overall Recommendation”: every scorecard has an overall decision.",
            "The field “Feedback”: it is for notes.",
            "The field “Willing to relocate”: it is neither a score nor a text (Boolean).",
        )

    def test_submitted_values_are_never_read(self) -> None:
        found = read({**FORM, "submittedValues": {"trade-offs": {"score": 1}, "feedback": "a poor talk"}})
        assert "poor" not in repr(found)
        assert "The submitted values: they are about a candidate." in found.left_out

    def test_a_form_without_scores_and_questions_is_refused(self) -> None:
        with pytest.raises(TemplateUnreadable, match="No field of this Ashby form"):
            read(form(DECISION))


class TestScales:
    def test_texts_of_levels_become_anchors(self) -> None:
        (criterion,) = read(
            form(
                field(
                    "Ownership",
                    "ValueSelect",
                    ("4 - Strong Yes: leads others to it", "4"),
                    ("3 - Yes (names their part)", "3"),
                    ("2 - No", "2"),
                    ("1 - Strong no - blames", "1"),
                )
            )
        ).draft.criteria
        assert criterion.anchors == {
            Level.STRONG_YES: "leads others to it",
            Level.YES: "names their part",
            Level.STRONG_NO: "blames",
        }

    def test_four_numbered_steps_are_our_four_levels(self) -> None:
        (criterion,) = read(
            form(field("Depth", "Score", ("Guesses", "1"), ("Knows", "2"), ("Explains", "3"), ("4", "4")))
        ).draft.criteria
        assert criterion.anchors == {
            Level.STRONG_NO: "Guesses",
            Level.NO: "Knows",
            Level.YES: "Explains",
        }

    def test_another_scale_leaves_a_criterion_without_anchors_and_says_so(self) -> None:
        found = read(form(field("Depth", "Score", *((f"Step {n}", f"{n}") for n in range(1, 6)))))
        assert found.draft.criteria[0].anchors == {}
        assert found.left_out == ("The scale of “Depth”: it has other steps than ours.",)

    def test_a_selection_that_is_no_rating_is_left_out(self) -> None:
        kept = field("Depth", "Score")
        for options in (
            (("Below band", "a"), ("In band", "b"), ("Above band", "c")),
            (("Yes", "yes"), ("No", "no")),
            (("No experience", "1"), ("Yes", "2"), ("Strong yes", "4")),
        ):
            found = read(form(kept, field("Pay", "ValueSelect", *options)))
            assert [c.name for c in found.draft.criteria] == ["Depth"]
            assert found.left_out == ("The selection “Pay”: its values are no rating with our four levels.",)
