"""Greenhouse documents, in the shapes of its Harvest API."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.services.template_formats.base import ImportedTemplate, Source, TemplateUnreadable
from app.services.template_formats.reader import read_template

INTERVIEW: dict[str, Any] = {
    "id": 6001,
    "name": "Technical interview",
    "schedulable": True,
    "interview_kit": {
        "id": 9123,
        "content": "<h5>Purpose</h5><span>Depth &amp; clarity.</span><ul><li>Ask why</li></ul>",
        "questions": [{"id": 11052, "question": "What broke last?"}, {"id": 11053, "question": "Is a < b?"}],
    },
}
FILLED: dict[str, Any] = {
    "id": 5,
    "interview": "Onsite",
    "candidate_id": 57683957,
    "overall_recommendation": "no",
    "attributes": [
        {"name": "Communication", "type": "Skills", "note": "She mumbles", "rating": "mixed"},
        {"name": "Degree", "type": "Qualifications", "note": None, "rating": "yes"},
    ],
    "ratings": {"mixed": ["Communication"], "yes": ["Degree"]},
    "questions": [
        {"id": None, "question": "Key Take-Aways", "answer": "Not for us"},
        {"id": 42, "question": "Favourite outage?", "answer": "The big one"},
    ],
}


def read(document: object) -> ImportedTemplate:
    found = read_template(json.dumps(document).encode())
    assert found.source is Source.GREENHOUSE
    return found


class TestInterviews:
    def test_the_kit_gives_description_and_questions(self) -> None:
        draft = read(INTERVIEW).draft
        assert draft.name == "Technical interview"
        assert draft.description == "Purpose\nDepth & clarity.\nAsk why"
        assert [(q.id, q.text) for q in draft.questions] == [
            ("11052", "What broke last?"),
            ("11053", "Is a < b?"),
        ]
        assert read(INTERVIEW).left_out == ()

    def test_of_a_stage_the_first_interview_is_taken_and_the_others_are_named(self) -> None:
        stage = {"name": "On site", "interviews": [INTERVIEW, {"name": "Executive interview"}]}
        found = read(stage)
        assert found.draft.name == "Technical interview"
        assert found.left_out == ("The interview “Executive interview”: import it by itself.",)

    def test_of_a_list_the_first_document_is_taken_and_the_others_are_named(self) -> None:
        assert read([INTERVIEW, {"name": "Second"}]).left_out == (
            "The further document “Second”: import it by itself.",
        )


class TestScorecards:
    @pytest.mark.parametrize("card", ["scorecard", "scorecard_template"])
    @pytest.mark.parametrize("groups", ["sections", "categories"])
    def test_attributes_become_criteria(self, card: str, groups: str) -> None:
        attributes = [
            {"id": 1, "name": "Ownership", "description": "Names <b>their</b> part", "weight": 3},
            {"name": "Ownership", "note": "Also in a team"},
        ]
        document = {
            "name": "Engineer",
            card: {groups: [{"name": "Skills", "attributes": attributes}]},
            "questions": [
                {"question": "Why here?", "is_required": True, "description": "Listen"},
                {"text": "What next?", "required": True},
                {"question": ""},
            ],
        }
        found = read(document)
        assert [(c.id, c.name, c.description, c.weight) for c in found.draft.criteria] == [
            ("1", "Ownership", "Names their part", 3.0),
            ("ownership", "Ownership", "Also in a team", 1.0),
        ]
        assert [(q.id, q.required) for q in found.draft.questions] == [
            ("why-here", True),
            ("what-next", True),
        ]
        assert found.left_out == (
            "The description of the question “Why here?”.",
            "The category “Skills”: criteria have none.",
        )

    def test_what_was_written_about_a_candidate_is_never_read(self) -> None:
        found = read(FILLED)
        assert found.draft.name == "Onsite"
        assert [(c.name, c.description) for c in found.draft.criteria] == [
            ("Communication", ""),
            ("Degree", ""),
        ]
        assert [q.text for q in found.draft.questions] == ["Favourite outage?"]
        everything = repr(found)
        assert not [said for said in ("mumbles", "Not for us", "big one", "57683957") if said in everything]
        assert "Ratings, notes and answers: they are about a candidate." in found.left_out
        assert "The field “Key Take-Aways”: it is for notes." in found.left_out

    @pytest.mark.parametrize(
        "document", [{"attributes": []}, {"questions": "none"}, {"interviews": [{"name": "x"}]}]
    )
    def test_one_without_questions_and_attributes_is_refused(self, document: object) -> None:
        with pytest.raises(TemplateUnreadable, match="neither a question nor an attribute"):
            read(document)
