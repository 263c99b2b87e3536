"""The API description: what clients are generated from, so it may not change by accident or be silent."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from app.main import create_app
from tests.fixtures.server import make_settings


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return create_app(make_settings(Path(tmp_path_factory.mktemp("data")))).openapi()


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, verb, o) for path, verbs in document["paths"].items() for verb, o in verbs.items()]


def test_operation_ids_are_the_names_of_the_handlers(document: dict[str, Any]) -> None:
    """Stable: they become method names in generated clients."""
    ids = [o["operationId"] for _, _, o in operations(document)]
    assert len(ids) == len(set(ids))
    assert {
        "create_interview",
        "list_interviews",
        "get_transcript",
        "get_analysis",
        "import_transcript",
    } <= set(ids)
    assert all(i.replace("_", "").isalpha() for i in ids)


def test_every_operation_has_a_tag_and_a_sentence(document: dict[str, Any]) -> None:
    bare = [
        o["operationId"] for _, _, o in operations(document) if not o.get("tags") or not o.get("description")
    ]
    assert bare == []


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    references = set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(document)))
    schemas = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert references <= schemas


def test_errors_are_documented_as_problems(document: dict[str, Any]) -> None:
    for _, _, operation in operations(document):
        for status, response in operation["responses"].items():
            if status.startswith(("4", "5")):
                assert "application/problem+json" in response["content"], operation["operationId"]


def test_bodies_that_people_write_have_examples(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for name in ("InterviewCreate", "TemplateBody", "ScorecardBody"):
        assert schemas[name]["examples"], name


def test_the_list_and_the_transcript_are_described_although_they_are_sent_as_stored(
    document: dict[str, Any],
) -> None:
    for path, schema in (
        ("/api/v1/interviews", "Page_InterviewSummary_"),
        ("/api/v1/interviews/{interview_id}/transcript", "TranscriptOut"),
        ("/api/v1/interviews/{interview_id}/transcript/utterances", "UtterancePage"),
    ):
        content = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
        assert content["schema"]["$ref"].endswith(schema)


RANKING = re.compile(r"sort|order|rank|score(?!card)|level|decision|average|total_rating", re.IGNORECASE)


def test_nothing_sorts_or_scores_candidates(document: dict[str, Any]) -> None:
    """Lists have one order, by time, and no route takes a wish for another or filters by what was rated."""
    wishes = [
        (path, parameter["name"])
        for path, _, operation in operations(document)
        for parameter in operation.get("parameters", [])
        if RANKING.search(parameter["name"])
    ]
    assert wishes == []


def test_the_panel_counts_cards_and_nothing_else(document: dict[str, Any]) -> None:
    """No sum, mean or place of levels: the numbers of a panel are counts of cards, revisions and times of quotes."""
    schemas = document["components"]["schemas"]
    numbers: set[str] = set()
    todo, seen = ["PanelOut"], set()
    while todo:
        if (name := todo.pop()) in seen:
            continue
        seen.add(name)
        todo += re.findall(r"#/components/schemas/(\w+)", str(schemas[name]))
        numbers |= {
            field
            for field, shape in schemas[name].get("properties", {}).items()
            if re.search(r"'type': '(number|integer)'", str(shape))
        }
    assert numbers == {"version", "hidden_cards", "pending_cards", "analysis_revision", "start", "end"}
