"""Which JSON schemas strict structured output takes: a subset that the vendor documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tests.standins.openai.journal import Json

_KEYWORDS: Final = frozenset(
    {
        # structure
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "anyOf",
        "enum",
        "const",
        "$ref",
        "$defs",
        "definitions",
        # limits
        "pattern",
        "format",
        "multipleOf",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "minItems",
        "maxItems",
        # words about it
        "title",
        "description",
    }
)
_MOST_PROPERTIES: Final = 5000
_MOST_LEVELS: Final = 10
_MOST_ENUM_VALUES: Final = 1000


def problems_of(schema: object) -> list[str]:
    """What strict mode refuses in it; none when it may be used."""
    if not isinstance(schema, dict):
        return ["the schema is no object"]
    found = []
    if "anyOf" in schema or schema.get("type") != "object":
        found.append("the root is not an object")
    parts = list(_parts(schema, "()"))
    for place, part in parts:
        found += [f"In context={place}, {problem}" for problem in _of_part(part)]
    if sum(len(part.get("properties", {})) for _, part in parts) > _MOST_PROPERTIES:
        found.append(f"there are more than {_MOST_PROPERTIES} properties")
    if sum(len(part.get("enum", [])) for _, part in parts) > _MOST_ENUM_VALUES:
        found.append(f"there are more than {_MOST_ENUM_VALUES} values of enums")
    if _levels(schema, schema, ()) > _MOST_LEVELS:
        found.append(f"objects are nested in more than {_MOST_LEVELS} levels")
    return found


def resolved(schema: Json, root: Json) -> Json:
    """The schema that a reference of the form `#/$defs/Name` leads to."""
    while reference := schema.get("$ref"):
        part: Any = root
        for step in reference.removeprefix("#/").split("/") if reference != "#" else ():
            part = part[step]
        schema = part
    return schema


def _of_part(part: Json) -> Iterator[str]:
    for keyword in sorted(set(part) - _KEYWORDS):
        yield f"'{keyword}' is not permitted."
    if "$ref" in part and len(part) > 1:
        yield f"$ref cannot have keywords {sorted(set(part) - {'$ref'})}."
    if part.get("type") == "object" or "properties" in part:
        properties = part.get("properties", {})
        if part.get("additionalProperties") is not False:
            yield "'additionalProperties' is required to be supplied and to be false."
        if set(part.get("required", ())) != set(properties):
            yield "'required' is required to be an array including every key in properties."
    if part.get("type") == "array" and "items" not in part:
        yield "array schema missing items."
    if not {"type", "anyOf", "enum", "const", "$ref"} & part.keys():
        yield "schema must have a 'type' key."


def _parts(schema: Json, place: str) -> Iterator[tuple[str, Json]]:
    yield place, schema
    for keyword in ("properties", "$defs", "definitions"):
        for name, part in schema.get(keyword, {}).items():
            yield from _parts(part, f"{place}/{keyword}/{name}")
    if isinstance(schema.get("items"), dict):
        yield from _parts(schema["items"], f"{place}/items")
    for number, part in enumerate(schema.get("anyOf", ())):
        yield from _parts(part, f"{place}/anyOf/{number}")


def _levels(schema: Json, root: Json, above: tuple[str, ...]) -> int:
    """How deep objects lie in one another; a schema that contains itself counts once."""
    reference = schema.get("$ref")
    if reference in above:
        return 0
    if reference:
        return _levels(resolved(schema, root), root, (*above, reference))
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", ())]
    if isinstance(schema.get("items"), dict):
        inner.append(schema["items"])
    deepest = max((_levels(part, root, above) for part in inner), default=0)
    return deepest + ("properties" in schema)
