"""What the lexicon of one language for protected topics consists of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.models.analysis import ProtectedTopic


@dataclass(frozen=True, slots=True)
class ProtectedLexicon:
    """All expressions are for folded text."""

    harmless: re.Pattern[str]
    """Phrases of the trade that only sound like a topic; they are looked away from first."""
    topics: Mapping[ProtectedTopic, re.Pattern[str]]
    question: re.Pattern[str]
    """How a question begins, for transcripts without question marks."""
