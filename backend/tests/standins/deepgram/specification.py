"""What Deepgram's own specification says of a request and of an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

_SPEC: Final = Path(__file__).parent / "spec" / "deepgram-openapi.yml"
_ROOT: Final = "urn:deepgram"
_LISTEN: Final = f"{_ROOT}#/paths/~1v1~1listen/post/parameters"
_SCHEMAS: Final = f"{_ROOT}#/components/schemas"


class Specification:
    def __init__(self) -> None:
        raw = yaml.load(_SPEC.read_text(), Loader=yaml.CSafeLoader)
        document: dict[str, Any] = _any_of(raw)
        resource = Resource(contents=document, specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(_ROOT, resource)
        parameters = document["paths"]["/v1/listen"]["post"]["parameters"]
        self._parameters = {
            parameter["name"]: self._validator(f"{_LISTEN}/{number}/schema")
            for number, parameter in enumerate(parameters)
            if parameter["in"] == "query"
        }
        self._url_body = self._validator(f"{_SCHEMAS}/ListenV1RequestUrl")
        self._result = self._validator(f"{_SCHEMAS}/ListenV1Response")
        self._accepted = self._validator(f"{_SCHEMAS}/ListenV1AcceptedResponse")

    def of_query(self, query: Iterable[tuple[str, str]]) -> Iterator[str]:
        """What is wrong with the parameters of a request to /v1/listen."""
        given: dict[str, list[str]] = {}
        for name, value in query:
            given.setdefault(name, []).append(value)
        for name, values in given.items():
            validator = self._parameters.get(name)
            if validator is None:
                yield f"unknown parameter {name}"
            elif not any(validator.is_valid(reading) for reading in _readings(values)):
                yield f"{name} may not be {values}"

    def of_url_body(self, body: object) -> list[str]:
        return [error.message for error in self._url_body.iter_errors(body)]

    def of_result(self, body: object) -> list[str]:
        return [f"{error.json_path}: {error.message}" for error in self._result.iter_errors(body)]

    def of_accepted(self, body: object) -> list[str]:
        return [error.message for error in self._accepted.iter_errors(body)]

    def _validator(self, reference: str) -> Draft202012Validator:
        return Draft202012Validator({"$ref": reference}, registry=self._registry)


def _any_of(part: Any) -> Any:
    """The file writes `oneOf` for unions whose parts overlap (a known model, or any text): no value fits just one."""
    if isinstance(part, list):
        return [_any_of(item) for item in part]
    if not isinstance(part, dict):
        return part
    return {"anyOf" if name == "oneOf" else name: _any_of(value) for name, value in part.items()}


def _readings(values: Sequence[str]) -> Iterator[object]:
    """What the text of a query may mean: it has no types."""
    yield list(values)
    if len(values) == 1:
        text = values[0]
        yield text
        if text in ("true", "false"):
            yield text == "true"
        with suppress(ValueError):
            yield float(text)


@cache
def specification() -> Specification:
    """Read once: the file has 200 kB."""
    return Specification()
