"""The panel: one candidate across interviews. It sets people's levels side by side and never adds them up."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import EmailStr

from app.api.v1.problems import problems
from app.api.v1.schemas.common import Name
from app.api.v1.schemas.panel import PanelOut
from app.core.deps import Services, Viewer

router = APIRouter(tags=["panel"])


@router.get("/panel", responses=problems(422))
async def get_panel(
    actor: Viewer,
    services: Services,
    candidate: Annotated[
        Name | None, Query(description="The whole name; case and accents do not matter")
    ] = None,
    email: Annotated[EmailStr | None, Query(description="The candidate's address")] = None,
    position: Annotated[Name | None, Query(description="The beginning of the position")] = None,
) -> PanelOut:
    """Criteria by interviewers with the draft's evidence, disagreements first, over the newest 50 interviews."""
    return PanelOut.of(
        await services.panel.of_candidate(actor, name=candidate, email=email, position=position)
    )
