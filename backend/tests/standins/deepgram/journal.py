"""What was asked of the stand-in, and what it called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


class Query:
    """The parameters of a request, repeated ones included."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def all(self, name: str) -> list[str]:
        return self._values.get(name, [])

    def first(self, name: str, default: str = "") -> str:
        return self.all(name)[0] if self.all(name) else default

    def on(self, name: str) -> bool:
        return self.first(name) not in ("", "false")


@dataclass(frozen=True)
class Received:
    """One request, or one attempt to open a live connection (method `WEBSOCKET`)."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    """Names in lower case; the key is left out."""
    size: int
    """Bytes of the body; of the media where an address was given and it was fetched for the answer."""
    sha256: str
    """Of the same bytes; empty where there were none."""
    json: object
    """The body, where it is JSON."""
    request_id: str
    status: int
    at: float
    """Seconds of a clock that only runs forward."""

    def all(self, name: str) -> list[str]:
        return [value for given, value in self.query if given == name]


@dataclass(frozen=True)
class Delivery:
    """One attempt at a callback; `status` 0 when nobody answered."""

    method: str
    url: str
    """With the credentials that it was given."""
    request_id: str
    attempt: int
    status: int
    at: float
