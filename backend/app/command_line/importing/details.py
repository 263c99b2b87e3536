"""What is said about an interview beside its files."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any, Final

_LONGEST_TITLE: Final = 300


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    email: str | None = None

    @classmethod
    def read(cls, text: str) -> Person:
        """`Daniel Reyes`, or `Daniel Reyes <daniel@example.com>`."""
        if "<" in text:
            name, email = parseaddr(text)
            if name and email:
                return cls(name, email)
        return cls(text.strip())


@dataclass(frozen=True, slots=True)
class Details:
    """Empty: the server's own default."""

    title: str | None = None
    candidate: Person | None = None
    position: str | None = None
    template: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    speakers: int | None = None

    def body(self, *, stem: str, external_id: str) -> dict[str, Any]:
        """The request that makes the interview. Without a title the file's name is it."""
        said: dict[str, Any] = {
            "title": (self.title or _visible(stem) or "Interview")[:_LONGEST_TITLE],
            "external_id": external_id,
            "position": self.position,
            "language": self.language,
            "tags": list(self.tags) or None,
            "speakers_expected": self.speakers,
            "template": {"id": self.template} if self.template else None,
        }
        if self.candidate:
            email = {"email": self.candidate.email} if self.candidate.email else {}
            said["candidate"] = {"name": self.candidate.name, **email}
        return {name: value for name, value in said.items() if value is not None}


def _visible(stem: str) -> str:
    """File names may hold bytes that are no text, and control characters; a title may not."""
    readable = stem.encode(errors="replace").decode()
    return "".join(c if c.isprintable() else " " for c in readable).strip()
