"""Is the process alive, and can it work."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from app.api.v1.problems import Problem
from app.core.deps import Services
from app.core.error_handlers import MEDIA_TYPE

router = APIRouter(prefix="/health", tags=["health"])


class Health(BaseModel):
    status: Literal["ok"] = "ok"
    environment: str


class Readiness(Health):
    database: Literal["ok"] = "ok"


@router.get("")
async def get_health(services: Services) -> Health:
    """The process answers."""
    return Health(environment=services.settings.server.environment)


@router.get(
    "/ready",
    responses={
        503: {"model": Problem, "description": "The database does not answer", "content": {MEDIA_TYPE: {}}}
    },
)
async def get_readiness(services: Services) -> Readiness:
    """The process can do its work: the database answers."""
    await services.repositories.ping()
    return Readiness(environment=services.settings.server.environment)
