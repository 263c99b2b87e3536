"""What was asked of the stand-in, and what it answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Received:
    method: str
    path: str
    headers: dict[str, str]
    """Names in lower case; the key is left out."""
    text: str
    """The whole body, as it came: what is not in here did not leave."""
    json: object
    """The body, where it is JSON."""
    schema: str | None
    """Name of the answer's schema."""
    answer: object
    """The whole body that went back; None where nothing did."""
    request_id: str
    status: int
    """0 where nothing went back."""
    at: float
    """Seconds of a clock that only runs forward."""

    @property
    def parameters(self) -> Json:
        assert isinstance(self.json, dict)
        return self.json

    @property
    def instructions(self) -> str:
        return self._said_by("system", "developer")

    @property
    def content(self) -> str:
        return self._said_by("user")

    def _said_by(self, *roles: str) -> str:
        return "\n".join(m["content"] for m in self.parameters["messages"] if m["role"] in roles)
