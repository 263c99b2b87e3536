"""Is the process alive, and can it work."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from app.api.v1.problems import Problem
from app.core.deps import Services
from app.core.error_handlers import MEDIA_TYPE
from app.services.readiness import CheckName, CheckStatus

router = APIRouter(prefix="/health", tags=["health"])


class Health(BaseModel):
    status: Literal["ok"] = "ok"
    environment: str


class CheckOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    status: CheckStatus
    figures: dict[str, float]
    """Counts, seconds and bytes, by name."""


class ReadinessOut(BaseModel):
    """`degraded`: it works, and somebody should look."""

    model_config = ConfigDict(from_attributes=True)

    status: CheckStatus
    checks: dict[CheckName, CheckOut]


@router.get("")
async def get_health(services: Services) -> Health:
    """The process answers."""
    return Health(environment=services.settings.server.environment)


@router.get(
    "/ready",
    responses={
        503: {
            "model": Problem,
            "description": "The database or the object store does not work; `checks` says which",
            "content": {MEDIA_TYPE: {}},
        }
    },
)
async def get_readiness(services: Services) -> ReadinessOut:
    """The process can do its work, and how the work stands."""
    return ReadinessOut.model_validate(await services.readiness.require())
