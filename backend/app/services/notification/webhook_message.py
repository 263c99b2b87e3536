"""What a webhook says: which event, about what, and where to read on.

The words of people are in it only where the organisation lets them leave. The same delivery gives the same bytes, in
every attempt, as long as nobody changes what it names.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from app.models.delivery import Delivery
from app.models.endpoint import Endpoint
from app.models.interview import Interview

TEST_TYPE: Final = "endpoint.test"
"""Of a message that only shows that messages arrive."""


@dataclass(frozen=True, slots=True)
class WebhookMessage:
    id: str
    """What receivers drop repetitions by."""
    body: str


def event(delivery: Delivery, *, link: str, shown: Interview | None) -> WebhookMessage:
    """`shown`: the interview, when its title and the candidate's name may leave."""
    data = {
        **delivery.payload,
        "organisation_id": delivery.organisation_id,
        "interview_id": delivery.interview_id,
        "link": link,
    }
    if shown is not None:
        data["interview"] = {
            "title": shown.title,
            "candidate": shown.candidate.name if shown.candidate else None,
            "position": shown.position,
            "external_id": shown.external_id,
        }
    return _message(delivery.notice_id, delivery.topic.value, delivery.created_at, data)


def test_event(endpoint: Endpoint, notice_id: str, now: datetime, *, link: str) -> WebhookMessage:
    data = {"organisation_id": endpoint.organisation_id, "endpoint_id": endpoint.id, "link": link}
    return _message(notice_id, TEST_TYPE, now, data)


def _message(notice_id: str, kind: str, at: datetime, data: dict[str, Any]) -> WebhookMessage:
    timestamp = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    body = {"type": kind, "timestamp": timestamp, "data": data}
    return WebhookMessage(f"msg_{notice_id}", json.dumps(body, ensure_ascii=False, separators=(",", ":")))
