"""What a check says."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from app.core.config import Settings


class Subject(StrEnum):
    SETTINGS = "settings"
    DATABASE = "database"
    STORAGE = "storage"
    DEEPGRAM = "deepgram"
    OPENAI = "openai"
    MAIL = "mail"
    REDIS = "redis"
    ADDRESS = "address"
    SECRETS = "secrets"
    CLOCK = "clock"


class Status(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """`what` and `fix` are sentences for people; neither ever holds a secret."""

    subject: Subject
    status: Status
    what: str
    fix: str | None = None


@dataclass(slots=True)
class Examined:
    """The installation under examination. `skews`: how many seconds our clock is ahead of each server that was asked."""

    settings: Settings
    skews: dict[str, float] = field(default_factory=dict)


class Notes:
    """Collects the findings of one subject."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self.findings: list[Finding] = []

    @property
    def failures(self) -> int:
        return sum(finding.status is Status.FAILED for finding in self.findings)

    def ok(self, what: str) -> None:
        self._add(Status.OK, what, None)

    def skipped(self, what: str, fix: str | None = None) -> None:
        self._add(Status.SKIPPED, what, fix)

    def warning(self, what: str, fix: str) -> None:
        self._add(Status.WARNING, what, fix)

    def failed(self, what: str, fix: str) -> None:
        self._add(Status.FAILED, what, fix)

    def _add(self, status: Status, what: str, fix: str | None) -> None:
        self.findings.append(Finding(self._subject, status, what, fix))
