"""Every failure as `application/problem+json` (RFC 9457), rendered in one place."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from app.core.errors import AppError

log = structlog.get_logger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
_CODES: Final = {404: "route_not_found", 405: "method_not_allowed"}


class Problem(BaseModel):
    """A problem document. `code` is stable and for machines; `detail` is for people."""

    type: str = Field(examples=["about:blank"])
    title: str
    status: int
    code: str = Field(examples=["interview_not_found"])
    detail: str
    request_id: str | None = None


def problem_response(
    status: int,
    code: str,
    title: str,
    detail: str,
    *,
    request_id: str | None,
    headers: dict[str, str] | None = None,
    extra: dict[str, Any] | None = None,
) -> Response:
    body = {
        **(extra or {}),
        "type": "about:blank",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": request_id,
    }
    return Response(to_json(body, fallback=str), status, headers, media_type=MEDIA_TYPE)


def problem_of(error: AppError, *, request_id: str | None) -> Response:
    headers = {}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if error.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = "5"
    if error.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and "size" in error.extra:
        headers["Content-Range"] = f"bytes */{error.extra['size']}"
    return problem_response(
        error.status,
        error.code,
        error.title,
        error.detail,
        request_id=request_id,
        headers=headers,
        extra=error.extra,
    )


def _request_id(request: Request) -> str | None:
    found = request.scope.get("state", {}).get("request_id")
    return found if isinstance(found, str) else None


async def _app_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, AppError)  # noqa: S101 - registered for this class only
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.warning("request.failed", code=error.code)
    return problem_of(error, request_id=_request_id(request))


async def _invalid(request: Request, error: Exception) -> Response:
    """Says which field is wrong and why; the rejected value itself is not sent back."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
    fields = [
        {"field": ".".join(str(part) for part in e["loc"][1:]) or str(e["loc"][0]), "problem": e["msg"]}
        for e in error.errors()
    ]
    is_syntax = any(e["type"] == "json_invalid" for e in error.errors())
    code, status = ("invalid_json", 400) if is_syntax else ("invalid_input", 422)
    detail = "; ".join(f"{f['field']}: {f['problem']}" for f in fields[:5])
    return problem_response(
        status,
        code,
        "The request is not valid",
        detail,
        request_id=_request_id(request),
        extra={"errors": fields},
    )


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    return problem_response(
        error.status_code,
        _CODES.get(error.status_code, "http_error"),
        HTTPStatus(error.status_code).phrase,
        str(error.detail),
        request_id=_request_id(request),
        headers=dict(error.headers or {}),
    )


async def _abandoned(request: Request, error: Exception) -> Response:
    """An upload that broke off is no fault of ours, and nobody hears the answer."""
    assert isinstance(error, ClientDisconnect)  # noqa: S101 - registered for it
    log.info("request.abandoned")
    return problem_response(
        400,
        "request_abandoned",
        "The request broke off",
        "The connection ended before the request did; send it again.",
        request_id=_request_id(request),
    )


async def _crash(request: Request, error: Exception) -> Response:
    log.error("request.crashed", exc_info=error)
    return problem_response(
        500,
        "internal",
        "Internal error",
        "Something went wrong here; the request id finds it in the log.",
        request_id=_request_id(request),
    )


def install_error_handlers(app: FastAPI) -> None:
    app.add_exception_handler(AppError, _app_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ClientDisconnect, _abandoned)
    app.add_exception_handler(Exception, _crash)
