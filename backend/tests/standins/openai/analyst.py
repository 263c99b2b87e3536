"""What the "model" answers: a brain for each schema, and for all others the least that the schema allows."""

from __future__ import annotations

import inspect
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.standins.openai.journal import Json
from tests.standins.openai.strict import resolved


@dataclass(frozen=True)
class ChatRequest:
    body: Json
    schema_name: str

    @property
    def schema(self) -> Json:
        schema: Json = self.body["response_format"]["json_schema"]["schema"]
        return schema

    @property
    def instructions(self) -> str:
        return self._said_by("system", "developer")

    @property
    def content(self) -> str:
        return self._said_by("user")

    @property
    def data(self) -> Any:
        """The content, which is JSON where the analysis asks."""
        return json.loads(self.content)

    def _said_by(self, *roles: str) -> str:
        return "\n".join(m["content"] for m in self.body["messages"] if m["role"] in roles)


Reply = str | Json
"""The text of an answer, or the object that it is the JSON of."""
Brain = Callable[[ChatRequest], Reply | Awaitable[Reply]]


async def think(brain: Brain, request: ChatRequest) -> str:
    reply = brain(request)
    said = await reply if inspect.isawaitable(reply) else reply
    return said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)


def say_little(request: ChatRequest) -> Json:
    """The smallest instance of the schema: nothing found, nothing said."""
    least = _least(request.schema, request.schema)
    assert isinstance(least, dict)
    return least


def _least(part: Json, root: Json) -> Any:
    schema = resolved(part, root)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return None if None in schema["enum"] else schema["enum"][0]
    if "anyOf" in schema:
        choices = [resolved(choice, root) for choice in schema["anyOf"]]
        nothing = any(choice.get("type") == "null" for choice in choices)
        return None if nothing else _least(choices[0], root)
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return None if "null" in kinds else _of_kind(kinds[0], schema, root)


def _of_kind(kind: str, schema: Json, root: Json) -> Any:
    match kind:
        case "object":
            return {name: _least(inner, root) for name, inner in schema.get("properties", {}).items()}
        case "array":
            return [_least(schema["items"], root) for _ in range(schema.get("minItems", 0))]
        case "integer" | "number":
            return max(0, schema.get("minimum", 0), schema.get("exclusiveMinimum", -1) + 1)
        case "boolean":
            return False
    return ""
