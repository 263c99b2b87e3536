"""Requests for scorecards as the API shows and takes them."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from app.api.v1.schemas.common import In, Key, Moment, Out
from app.services.scorecard_requests import Asked, OpenRequest


class ScorecardRequestBody(In):
    user_ids: list[Key] = Field(min_length=1, max_length=50)
    due_at: Moment | None = Field(
        default=None, description="Left out: as many hours from now as the organisation gives"
    )


class ScorecardRequestOut(Out):
    interview_id: str
    user_id: str
    user_name: str | None
    requested_by: str
    created_at: datetime
    due_at: datetime
    overdue: bool

    @classmethod
    def of(cls, shown: OpenRequest) -> ScorecardRequestOut:
        request = shown.request
        return cls(
            interview_id=request.interview_id,
            user_id=request.user_id,
            user_name=shown.name,
            requested_by=request.requested_by,
            created_at=request.created_at,
            due_at=request.due_at,
            overdue=shown.is_overdue,
        )


class ScorecardRequestList(Out):
    items: list[ScorecardRequestOut]


class ScorecardRequestsMade(ScorecardRequestList):
    already_submitted: list[str] = Field(description="Ids of people who were not asked: their card is there")

    @classmethod
    def of(cls, asked: Asked) -> ScorecardRequestsMade:
        return cls(
            items=[ScorecardRequestOut.of(request) for request in asked.requests],
            already_submitted=list(asked.already_submitted),
        )
