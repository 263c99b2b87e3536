"""Interview templates: questions and criteria, in versions."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from app.api.v1.preconditions import version_of
from app.api.v1.problems import problems
from app.api.v1.schemas.common import Page
from app.api.v1.schemas.templates import (
    ArchiveBody,
    DuplicateBody,
    ImportedTemplateOut,
    TemplateBody,
    TemplateDocument,
    TemplateOut,
    TemplateVersionOut,
    etag_of_template,
)
from app.core.cursors import encode_cursor
from app.core.deps import After, IfMatch, Limit, Recruiter, Services, Viewer
from app.services.template_formats.collector import slug
from app.services.template_formats.debrief import write

router = APIRouter(prefix="/templates", tags=["templates"])

_JSON_FILE: Final = {"content": {"application/json": {"schema": {"type": "object"}}}}


@router.post("", status_code=201, responses=problems(422))
async def create_template(
    body: TemplateBody, actor: Recruiter, services: Services, response: Response
) -> TemplateOut:
    """Create a template; its first version is 1."""
    template = await services.templates.create(actor.organisation_id, body.to_draft(), by=actor.user.id)
    response.headers["ETag"] = etag_of_template(template)
    return TemplateOut.model_validate(template)


@router.post(
    "/import",
    status_code=201,
    responses=problems(413, 422),
    openapi_extra={"requestBody": {"required": True, **_JSON_FILE}},
)
async def import_template(
    request: Request, actor: Recruiter, services: Services, response: Response
) -> ImportedTemplateOut:
    """Create a template from a file: ours, a Greenhouse interview or scorecard, or an Ashby feedback form."""
    template, read = await services.templates.import_file(
        actor.organisation_id, await request.body(), by=actor.user.id
    )
    response.headers["ETag"] = etag_of_template(template)
    return ImportedTemplateOut(
        template=TemplateOut.model_validate(template), source=read.source, left_out=list(read.left_out)
    )


@router.get("", responses=problems(400))
async def list_templates(
    actor: Viewer,
    services: Services,
    after: After,
    limit: Limit = 25,
    archived: Annotated[bool, Query(description="Show the archived ones instead")] = False,
) -> Page[TemplateOut]:
    """Templates of the organisation, newest first; the built-in ones come last."""
    rows = await services.templates.list_newest(
        actor.organisation_id, archived=archived, after=after, limit=limit + 1
    )
    shown = rows[:limit]
    return Page[TemplateOut](
        items=[TemplateOut.model_validate(row) for row in shown],
        next_cursor=encode_cursor(shown[-1].created_at, shown[-1].id) if len(rows) > limit else None,
    )


@router.get("/{template_id}", responses=problems(404))
async def get_template(
    template_id: str, actor: Viewer, services: Services, response: Response
) -> TemplateOut:
    """One template in its current version."""
    template = await services.templates.get(actor.organisation_id, template_id)
    response.headers["ETag"] = etag_of_template(template)
    return TemplateOut.model_validate(template)


@router.get("/{template_id}/versions/{version}", responses=problems(404))
async def get_template_version(
    template_id: str, version: int, actor: Viewer, services: Services
) -> TemplateVersionOut:
    """An earlier version, as the interviews that pinned it see it."""
    edition = await services.templates.version(actor.organisation_id, template_id, version)
    return TemplateVersionOut.model_validate(edition)


@router.get("/{template_id}/export", responses=problems(404))
async def export_template(
    template_id: str,
    actor: Viewer,
    services: Services,
    response: Response,
    version: Annotated[int | None, Query(ge=1, description="The current one when left out")] = None,
) -> TemplateDocument:
    """A template as a file that describes itself and can be imported again, here or elsewhere."""
    edition = await services.templates.version(actor.organisation_id, template_id, version)
    name = slug(edition.name).encode("ascii", "ignore").decode() or "template"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return TemplateDocument.model_validate(write(edition))


@router.post("/{template_id}/duplicate", status_code=201, responses=problems(404, 422))
async def duplicate_template(
    template_id: str,
    actor: Recruiter,
    services: Services,
    response: Response,
    body: DuplicateBody | None = None,
) -> TemplateOut:
    """Make a template of your own from the current version of another; also from a built-in one."""
    template = await services.templates.duplicate(
        actor.organisation_id, template_id, name=body.name if body else None, by=actor.user.id
    )
    response.headers["ETag"] = etag_of_template(template)
    return TemplateOut.model_validate(template)


@router.put("/{template_id}", responses=problems(400, 404, 412, 422))
async def update_template(
    template_id: str,
    body: TemplateBody,
    actor: Recruiter,
    services: Services,
    response: Response,
    if_match: IfMatch = None,
) -> TemplateOut:
    """Add a version; interviews that pinned an earlier one keep it."""
    template = await services.templates.update(
        actor.organisation_id,
        template_id,
        body.to_draft(),
        expected_version=version_of(if_match),
        by=actor.user.id,
    )
    response.headers["ETag"] = etag_of_template(template)
    return TemplateOut.model_validate(template)


@router.patch("/{template_id}", responses=problems(404, 412, 422))
async def archive_template(
    template_id: str, body: ArchiveBody, actor: Recruiter, services: Services
) -> TemplateOut:
    """Archive a template, or bring it back. Past interviews keep it."""
    return TemplateOut.model_validate(
        await services.templates.set_archived(actor.organisation_id, template_id, body.archived)
    )


@router.delete("/{template_id}", status_code=204, responses=problems(404))
async def delete_template(template_id: str, actor: Recruiter, services: Services) -> None:
    """Delete a template for good. Archiving keeps it for the interviews that used it."""
    await services.templates.delete(actor.organisation_id, template_id)
