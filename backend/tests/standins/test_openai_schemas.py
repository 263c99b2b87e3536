"""The stand-in for OpenAI takes the schemas that strict structured output takes, and no others."""

from __future__ import annotations

import pytest

from tests.standins.openai.journal import Json
from tests.standins.openai.strict import problems_of


class TestStrictSchemas:
    def test_one_that_is_in_order(self) -> None:
        place = {
            "type": "object",
            "properties": {"turn": {"type": ["string", "null"]}, "next": {"$ref": "#/$defs/Place"}},
            "required": ["turn", "next"],
            "additionalProperties": False,
        }
        assert problems_of({**place, "$defs": {"Place": place}}) == []

    @pytest.mark.parametrize(
        ("part", "problem"),
        [
            ({"type": "string", "maxLength": 5}, "'maxLength' is not permitted."),
            ({"type": "string", "default": "x"}, "'default' is not permitted."),
            ({"oneOf": [{"type": "string"}], "type": "string"}, "'oneOf' is not permitted."),
            ({"$ref": "#/$defs/A", "description": "x"}, "$ref cannot have keywords ['description']."),
            ({"type": "array"}, "array schema missing items."),
            ({"description": "anything"}, "schema must have a 'type' key."),
            (
                {"type": "object", "properties": {}, "required": []},
                "'additionalProperties' is required to be supplied and to be false.",
            ),
            (
                {
                    "type": "object",
                    "properties": {"b": {"type": "string"}},
                    "required": [],
                    "additionalProperties": False,
                },
                "'required' is required to be an array including every key in properties.",
            ),
        ],
    )
    def test_what_strict_mode_refuses(self, part: Json, problem: str) -> None:
        whole = {
            "type": "object",
            "properties": {"a": part},
            "required": ["a"],
            "additionalProperties": False,
            "$defs": {"A": {"type": "string"}},
        }
        assert problems_of(whole) == [f"In context=()/properties/a, {problem}"]

    def test_a_root_that_is_no_object(self) -> None:
        assert problems_of({"type": "array", "items": {"type": "string"}}) == ["the root is not an object"]
        assert problems_of(None) == ["the schema is no object"]

    def test_objects_in_more_than_ten_levels(self) -> None:
        schema: Json = {"type": "string"}
        for _ in range(11):
            schema = {
                "type": "object",
                "properties": {"a": schema},
                "required": ["a"],
                "additionalProperties": False,
            }
        assert problems_of(schema) == ["objects are nested in more than 10 levels"]
        assert problems_of(schema["properties"]["a"]) == []
