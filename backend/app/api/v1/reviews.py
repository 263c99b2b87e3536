"""Reviews: what people say of one version of a debrief. The debrief itself stays as it was made."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from app.api.v1.preconditions import version_of
from app.api.v1.problems import problems
from app.api.v1.schemas.reviews import (
    ConfirmationBody,
    DismissalBody,
    OverrideBody,
    ReviewOut,
    etag_of_review,
)
from app.core.deps import DraftReader, DraftReviewer, IfMatch, Services
from app.services.reviews import ShownReview

router = APIRouter(prefix="/interviews/{interview_id}/analyses/{revision}/review", tags=["reviews"])

WHOLE_DRAFT = "draft"
Revision = Annotated[int, Path(ge=1)]


def _answer(shown: ShownReview, response: Response) -> ReviewOut:
    response.headers["ETag"] = etag_of_review(shown.review)
    return ReviewOut.of(shown)


@router.get("", responses=problems(404))
async def get_review(
    interview_id: str, revision: Revision, actor: DraftReader, services: Services, response: Response
) -> ReviewOut:
    """The levels in force and whose they are, what was dismissed, and who confirmed the suggestion."""
    return _answer(await services.reviews.get(actor.organisation_id, interview_id, revision), response)


@router.put("/overrides/{criterion_id}", responses=problems(400, 404, 409, 412, 422))
async def put_override(
    interview_id: str,
    revision: Revision,
    criterion_id: str,
    body: OverrideBody,
    actor: DraftReviewer,
    services: Services,
    response: Response,
    if_match: IfMatch = None,
) -> ReviewOut:
    """Put your level in place of the machine's, which is kept beside it."""
    shown = await services.reviews.override(
        actor,
        interview_id,
        revision,
        criterion_id,
        level=body.level,
        reason=body.reason,
        expected_version=version_of(if_match),
    )
    return _answer(shown, response)


@router.delete("/overrides/{criterion_id}", responses=problems(400, 404, 409, 412))
async def delete_override(
    interview_id: str,
    revision: Revision,
    criterion_id: str,
    actor: DraftReviewer,
    services: Services,
    response: Response,
    if_match: IfMatch = None,
) -> ReviewOut:
    """Take an override back: the machine's level stands again, and the history keeps both."""
    shown = await services.reviews.take_back_override(
        actor, interview_id, revision, criterion_id, expected_version=version_of(if_match)
    )
    return _answer(shown, response)


@router.post("/dismissals", responses=problems(400, 404, 409, 412, 422))
async def create_dismissal(
    interview_id: str,
    revision: Revision,
    body: DismissalBody,
    actor: DraftReviewer,
    services: Services,
    response: Response,
    if_match: IfMatch = None,
) -> ReviewOut:
    """Dismiss a claim, or the whole draft. It stays readable, marked with who dismissed it and why."""
    shown = await services.reviews.dismiss(
        actor,
        interview_id,
        revision,
        body.claim_id,
        reason=body.reason,
        expected_version=version_of(if_match),
    )
    return _answer(shown, response)


@router.delete("/dismissals/{claim_id}", responses=problems(400, 404, 409, 412))
async def delete_dismissal(
    interview_id: str,
    revision: Revision,
    claim_id: Annotated[str, Path(description="`draft` for the dismissal of the whole draft")],
    actor: DraftReviewer,
    services: Services,
    response: Response,
    if_match: IfMatch = None,
) -> ReviewOut:
    """Take a dismissal back."""
    shown = await services.reviews.take_back_dismissal(
        actor,
        interview_id,
        revision,
        None if claim_id == WHOLE_DRAFT else claim_id,
        expected_version=version_of(if_match),
    )
    return _answer(shown, response)


@router.put("/confirmation", responses=problems(400, 404, 409, 412, 422))
async def put_confirmation(
    interview_id: str,
    revision: Revision,
    body: ConfirmationBody,
    actor: DraftReviewer,
    services: Services,
    response: Response,
    if_match: IfMatch = None,
) -> ReviewOut:
    """Confirm the overall suggestion, or change it: from then on it is your word, under your name."""
    shown = await services.reviews.confirm(
        actor,
        interview_id,
        revision,
        level=body.level,
        reason=body.reason,
        expected_version=version_of(if_match),
    )
    return _answer(shown, response)


@router.delete("/confirmation", responses=problems(400, 404, 409, 412))
async def delete_confirmation(
    interview_id: str,
    revision: Revision,
    actor: DraftReviewer,
    services: Services,
    response: Response,
    if_match: IfMatch = None,
) -> ReviewOut:
    """Take the confirmation back: the suggestion is a draft again."""
    shown = await services.reviews.take_back_confirmation(
        actor, interview_id, revision, expected_version=version_of(if_match)
    )
    return _answer(shown, response)
