"""What the book of answers holds of one request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter

from app.services.analysis.model import ModelAnswer


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What the book holds; `answer` None: the request was too long for the model."""

    answer: ModelAnswer | None


KEPT_ANSWER: Final = TypeAdapter(KeptAnswer)
