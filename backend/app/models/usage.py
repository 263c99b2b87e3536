"""What an organisation has used of its daily budget."""

from __future__ import annotations

from datetime import date

from app.models.base import Stored


class Usage(Stored):
    """Of one organisation on one day (UTC). Money in millionths of a US dollar, so that sums stay exact."""

    organisation_id: str
    day: date
    tokens: int = 0
    """Input and output, what is reserved for calls under way among it."""
    cost_micro_usd: int = 0
    calls: int = 0
