"""Signed addresses of the local object store: what R2 does itself for the hosted one.

No token is asked for: the signature, made for one object, one method and a short time, is the permission.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import FileResponse

from app.api.v1.problems import problems
from app.core.deps import Services
from app.core.errors import NotFound
from app.services.storage.providers.local import LocalObjectStore

router = APIRouter(prefix="/storage", tags=["storage"])

Expires = Annotated[int, Query(ge=0)]
Signature = Annotated[str, Query(max_length=200)]


class NotServedHere(NotFound):
    code = "not_served_here"


@router.put("/uploads/{upload_id}/parts/{part_number}", responses=problems(404, 413, 422))
async def put_upload_part(
    upload_id: str,
    part_number: int,
    request: Request,
    services: Services,
    key: Annotated[str, Query(max_length=1024)],
    expires: Expires,
    signature: Signature,
) -> Response:
    """Take one part of a multipart upload; the answer's ETag names it in the completion."""
    store = _local(services.store)
    store.verify_part_url(key, upload_id, part_number, expires, signature)
    part = await store.put_part(
        upload_id, part_number, request.stream(), max_bytes=services.settings.limits.max_upload_bytes
    )
    return Response(headers={"ETag": f'"{part.etag}"'})


@router.get("/objects/{key:path}", responses=problems(404, 416))
async def get_object(
    key: str,
    services: Services,
    expires: Expires,
    signature: Signature,
    filename: Annotated[str, Query(max_length=300)] = "",
) -> Response:
    """Read one object. Supports Range."""
    store = _local(services.store)
    store.verify_object_url(key, filename, expires, signature)
    found = await store.head(key)
    path = store.local_path(key)
    if found is None or path is None:
        raise NotFound("This object is gone.")
    return FileResponse(
        path,
        media_type=found.content_type,
        filename=filename or None,
        headers={"ETag": f'"{found.etag}"', "X-Content-Type-Options": "nosniff"},
    )


def _local(store: object) -> LocalObjectStore:
    if not isinstance(store, LocalObjectStore):
        raise NotServedHere("Objects are served by the object store itself.")
    return store
