"""What an analyzer is: transcript and template in, a draft of the debrief out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from app.models.analysis import AnalysisDraft, AnalysisOptions
from app.models.interview import Participant
from app.models.template import TemplateVersion
from app.models.transcript import SpeakerRole, Transcript, TranscriptDraft

ReportProgress = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class AnalysisInput:
    """All that an analysis depends on: the same input makes the same requests."""

    transcript: Transcript | TranscriptDraft
    template: TemplateVersion | None = None
    people: tuple[Participant, ...] = ()
    """Everybody who is known to have been there, the candidate among them."""
    options: AnalysisOptions = field(default_factory=AnalysisOptions)

    @property
    def candidate_name(self) -> str | None:
        return next((p.name for p in self.people if p.role is SpeakerRole.CANDIDATE), None)


class AnswerBook(Protocol):
    """Answers of models by the hash of their request: what was paid for once is not asked again."""

    async def find(self, input_hash: str) -> bytes | None: ...

    async def keep(self, input_hash: str, answer: bytes) -> None: ...


class Budget(Protocol):
    """What may still be spent."""

    async def reserve(self, *, tokens: int, cost_micro_usd: int) -> None:
        """Raises `BudgetSpent` (of `app.services.analysis.errors`), for the interview or for the day."""

    async def settle(
        self, *, reserved_tokens: int, reserved_cost: int, tokens: int, cost_micro_usd: int
    ) -> None:
        """Say what the reserved call came to; zero when it never happened. Money in millionths of a US dollar."""


class ForgetfulBook:
    """Remembers nothing: every call is made."""

    async def find(self, input_hash: str) -> bytes | None:  # noqa: ARG002 - the protocol's
        return None

    async def keep(self, input_hash: str, answer: bytes) -> None:
        pass


class BoundlessBudget:
    """No limit."""

    async def reserve(self, *, tokens: int, cost_micro_usd: int) -> None:
        pass

    async def settle(
        self, *, reserved_tokens: int, reserved_cost: int, tokens: int, cost_micro_usd: int
    ) -> None:
        pass


async def _silent(_: float) -> None:
    return


@dataclass(frozen=True, slots=True)
class AnalysisRun:
    """What surrounds one analysis and does not change its result."""

    answers: AnswerBook = field(default_factory=ForgetfulBook)
    budget: Budget = field(default_factory=BoundlessBudget)
    report: ReportProgress = _silent
    """Takes the part that is done, 0 to 1."""


class Analyzer(Protocol):
    name: str

    async def analyze(self, request: AnalysisInput, run: AnalysisRun) -> AnalysisDraft:
        """A draft whose evidence the service verifies. Raises `ProviderUnavailable` or `ProviderRejected`."""
        ...
