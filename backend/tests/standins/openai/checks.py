"""What a request must be before the model sees it: the documented contract, and what Debrief owes to candidates."""

from __future__ import annotations

import json
import re
from typing import Final

from openai.types.chat.completion_create_params import CompletionCreateParamsNonStreaming

from tests.standins.openai.journal import Json
from tests.standins.openai.refusals import Refused, invalid_schema
from tests.standins.openai.strict import problems_of
from tests.standins.openai.switches import Switches

_PARAMETERS: Final = (
    CompletionCreateParamsNonStreaming.__required_keys__
    | CompletionCreateParamsNonStreaming.__optional_keys__
)
"""The SDK's types are generated from the vendor's specification."""
_ROLES: Final = frozenset({"system", "developer", "user", "assistant", "tool", "function"})
_EFFORTS: Final = frozenset({"none", "minimal", "low", "medium", "high", "xhigh", "max"})
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Checks:
    def __init__(self, switches: Switches, violations: list[str]) -> None:
        self._switches = switches
        self._violations = violations

    def body(self, text: str, host: str) -> Json:
        """The parameters. Raises `Refused` where the vendor would refuse; a lenient stand-in only when it must."""
        try:
            body = json.loads(text)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            self._violations.append("the body is no JSON object")
            raise Refused(400, "We could not parse the JSON body of your request.")
        if missing := [name for name in ("model", "messages") if not body.get(name)]:
            self._violations += [f"{name} is missing" for name in missing]
            raise Refused(400, f"Missing required parameter: '{missing[0]}'.", param=missing[0])
        schema_name(body)  # nothing else is played here, however lenient one is
        self._refuse(_unknown(body), "unknown_parameter")
        self._refuse(_values(body), "invalid_value")
        self._schema(body)
        self._store(body, host)
        return body

    def _schema(self, body: Json) -> None:
        wanted = body["response_format"]["json_schema"]
        problems = problems_of(wanted.get("schema"))
        if wanted.get("strict") is not True:
            problems.append("'strict' is not true")
        self._violations += [f"{wanted['name']}: {problem}" for problem in problems]
        if problems and not self._switches.lenient:
            raise invalid_schema(wanted["name"], problems)

    def _store(self, body: Json, host: str) -> None:
        """Who calls OpenAI by its name must say that nothing is to be kept; other servers keep nothing."""
        if not self._switches.knows_store and "store" in body:
            raise Refused(422, "Extra inputs are not permitted", param="store", code="extra_forbidden")
        if body.get("store", "openai.com" in host) is not False:
            self._violations.append("store is not false")

    def _refuse(self, found: dict[str, str], code: str) -> None:
        self._violations += found.values()
        if found and not self._switches.lenient:
            parameter, message = next(iter(found.items()))
            raise Refused(400, message, param=parameter, code=code)


def schema_name(body: Json) -> str:
    """Raises `Refused` for a request without structured output, and for one that wants it in pieces."""
    if body.get("stream"):
        raise Refused(400, "Answers in pieces are not played here.", param="stream")
    wanted = body.get("response_format")
    if not isinstance(wanted, dict) or wanted.get("type") != "json_schema":
        raise Refused(400, "Only structured output is played here.", param="response_format")
    inner = wanted.get("json_schema")
    name = inner.get("name") if isinstance(inner, dict) else None
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise Refused(400, "Invalid 'response_format.json_schema.name'.", param="response_format")
    return name


def _unknown(body: Json) -> dict[str, str]:
    return {name: f"Unknown parameter: '{name}'." for name in sorted(set(body) - _PARAMETERS)}


def _values(body: Json) -> dict[str, str]:
    found = {}
    messages = body["messages"]
    if not isinstance(messages, list) or not all(
        isinstance(m, dict) and m.get("role") in _ROLES and isinstance(m.get("content"), str)
        for m in messages
    ):
        found["messages"] = "messages need a role and a text"
    temperature = body.get("temperature", 1)
    if not isinstance(temperature, int | float) or not 0 <= temperature <= 2:
        found["temperature"] = "temperature is not between 0 and 2"
    if body.get("reasoning_effort", "none") not in _EFFORTS:
        found["reasoning_effort"] = "reasoning_effort has an unknown value"
    for name in ("max_completion_tokens", "max_tokens"):
        if not isinstance(body.get(name, 1), int) or body.get(name, 1) < 1:
            found[name] = f"{name} is no positive whole number"
    if {"max_completion_tokens", "max_tokens"} <= body.keys():
        found["max_tokens"] = "max_tokens and max_completion_tokens exclude each other"
    if body.get("n", 1) != 1:
        found["n"] = "n is not 1: every further answer would have to be paid for"
    return found
