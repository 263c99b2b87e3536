"""The API's description on a server in EU mode: what is never made there is not described either."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from fastapi import FastAPI

Json = dict[str, Any]

_UNWANTED: Final = re.compile("sentiment", re.IGNORECASE)
_SCHEMAS: Final = "#/components/schemas/"


class EuApi(FastAPI):
    """The application of a server in EU mode."""

    def openapi(self) -> Json:
        if self.openapi_schema is None:
            self.openapi_schema = without_sentiment(super().openapi())
        return self.openapi_schema


def without_sentiment(document: Json) -> Json:
    """The description without properties and schemas of sentiment, and without what only they refer to."""
    pruned: Json = _pruned(document)
    schemas = pruned["components"]["schemas"]
    described_elsewhere = {name: part for name, part in pruned.items() if name != "components"}
    used = _reached(schemas, described_elsewhere)
    pruned["components"]["schemas"] = {name: schema for name, schema in schemas.items() if name in used}
    return pruned


def _pruned(part: Any) -> Any:
    match part:
        case dict():
            kept = {name: _pruned(inner) for name, inner in part.items() if not _UNWANTED.search(name)}
            if isinstance(kept.get("required"), list):
                kept["required"] = [name for name in kept["required"] if not _UNWANTED.search(name)]
            return kept
        case list():
            return [_pruned(inner) for inner in part]
    return part


def _reached(schemas: Mapping[str, Any], start: Any) -> set[str]:
    """Names of the schemas that `start` refers to, directly or through others."""
    reached: set[str] = set()
    waiting = list(_references(start))
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        reached.add(name)
        waiting += _references(schemas.get(name))
    return reached


def _references(part: Any) -> Iterator[str]:
    match part:
        case {"$ref": str(reference)} if reference.startswith(_SCHEMAS):
            yield reference.removeprefix(_SCHEMAS)
        case dict():
            for inner in part.values():
                yield from _references(inner)
        case list():
            for inner in part:
                yield from _references(inner)
