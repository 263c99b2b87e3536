"""What Deepgram's own specifications say of a request and of an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import yaml
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]
from referencing import Registry
from referencing.jsonschema import DRAFT202012

_FOLDER: Final = Path(__file__).parent / "spec"
_REST: Final = "urn:deepgram:rest"
_LIVE: Final = "urn:deepgram:live"
_SCHEMAS: Final = "#/components/schemas"
_LISTEN: Final = "/v1/listen"
_TEXTS: Final[dict[str, Any]] = {"type": "array", "items": {"type": "string", "minLength": 1}}

_DOCUMENTED: Final[dict[str, dict[str, Any]]] = {
    # The specification knows three values; the documentation and the SDK take every kind of entity as well.
    "redact": _TEXTS,
    # In the SDK since 7.x and in the documentation of `language=multi`; not yet in the specification.
    "language_hint": _TEXTS,
}
"""Parameters of /v1/listen that may have more values than the specification says, and why."""

_FORMATS: Final = FormatChecker(["uuid", "date-time"])


@_FORMATS.checks("uri")  # type: ignore[untyped-decorator]
def _is_address(value: object) -> bool:
    if not isinstance(value, str):
        return True
    parts = urlsplit(value)
    return bool(parts.scheme and parts.netloc)


class Specification:
    def __init__(self) -> None:
        rest, live = _read("deepgram-openapi.yml"), _read("deepgram-asyncapi.yml")
        self._registry: Registry[Any] = Registry().with_resources(
            [
                (_REST, DRAFT202012.create_resource(rest)),
                (_LIVE, DRAFT202012.create_resource(live)),
            ]
        )
        self._parameters = {
            path: self._rest_parameters(path, rest["paths"][path]["post"]["parameters"])
            for path in (_LISTEN, "/v1/read")
        }
        sockets = live["channels"][_LISTEN]["bindings"]["ws"]["query"]["properties"]
        self._live_parameters = {
            name: self._validator(f"{_LIVE}{schema['$ref']}") for name, schema in sockets.items()
        }
        self._schemas = {name: self._validator(f"{_REST}{_SCHEMAS}/{name}") for name in _BODIES}
        self._messages = {
            name: self._validator(f"{_LIVE}{_SCHEMAS}/ListenV1_ListenV1{name}") for name in _MESSAGES
        }
        self._documented = {name: Draft202012Validator(schema) for name, schema in _DOCUMENTED.items()}

    def of_query(self, query: Iterable[tuple[str, str]], path: str = _LISTEN) -> list[str]:
        """What is wrong with the parameters of a request. The texts repeat no values: one may be a secret."""
        return list(self._wrong(query, self._parameters[path], documented=path == _LISTEN))

    def of_live_query(self, query: Iterable[tuple[str, str]]) -> list[str]:
        return list(self._wrong(query, self._live_parameters, documented=True))

    def of_body(self, name: str, body: object) -> list[str]:
        """What is wrong with a body that is to have the form of the schema `name`."""
        return [f"{error.json_path}: {error.message}" for error in self._schemas[name].iter_errors(body)]

    def of_live_message(self, message: object) -> list[str]:
        """What is wrong with a text frame of either side."""
        kind = message.get("type") if isinstance(message, dict) else None
        validator = self._messages.get(str(kind))
        if validator is None:
            return ["unknown live message"]
        return [f"{kind} {error.json_path}: {error.message}" for error in validator.iter_errors(message)]

    def _wrong(
        self,
        query: Iterable[tuple[str, str]],
        parameters: dict[str, Draft202012Validator],
        *,
        documented: bool,
    ) -> Iterator[str]:
        given: dict[str, list[str]] = {}
        for name, value in query:
            given.setdefault(name, []).append(value)
        for name, values in given.items():
            if documented and name in self._documented and self._documented[name].is_valid(values):
                continue
            validator = parameters.get(name)
            if validator is None:
                yield f"unknown parameter {name}"
            elif not any(validator.is_valid(reading) for reading in _readings(values)):
                yield f"{name} has a value that it may not have"

    def _rest_parameters(self, path: str, listed: Sequence[Any]) -> dict[str, Draft202012Validator]:
        place = f"{_REST}#/paths/{path.replace('/', '~1')}/post/parameters"
        return {
            parameter["name"]: self._validator(f"{place}/{number}/schema")
            for number, parameter in enumerate(listed)
            if parameter["in"] == "query"
        }

    def _validator(self, reference: str) -> Draft202012Validator:
        return Draft202012Validator({"$ref": reference}, registry=self._registry, format_checker=_FORMATS)


_BODIES: Final = (
    "ListenV1RequestUrl",
    "ListenV1Response",
    "ListenV1AcceptedResponse",
    "ReadV1Request",
    "ReadV1Response",
    "ListProjectsV1Response",
    "ErrorResponse",
)
_MESSAGES: Final = (
    "Results",
    "Metadata",
    "UtteranceEnd",
    "SpeechStarted",
    "Finalize",
    "CloseStream",
    "KeepAlive",
)


def _read(name: str) -> dict[str, Any]:
    raw = yaml.load((_FOLDER / name).read_text(), Loader=yaml.CSafeLoader)
    document: dict[str, Any] = _any_of(raw)
    return document


def _any_of(part: Any) -> Any:
    """The files write `oneOf` for unions whose parts overlap (a known model, or any text): no value fits just one."""
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
    """Read once: the files have 340 kB."""
    return Specification()
