"""What handlers ask for, by name. Handlers never write `Depends`.

The aliases take an `HTTPConnection`, so that they serve HTTP and websocket routes alike.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Depends, Header, Query, Security
from fastapi.security import HTTPBearer
from fastapi.security.base import SecurityBase
from starlette.requests import HTTPConnection, Request

from app.core.container import Container
from app.core.cursors import decode_cursor
from app.core.errors import Forbidden, Unauthenticated
from app.core.security import Claims, InvalidToken, Reason, origin_allowed
from app.models.organisation import Role
from app.repositories.base import PageKey
from app.services.accounts import Actor, Caller, RoleTooLow

_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_RANK: Final = {Role.VIEWER: 0, Role.INTERVIEWER: 1, Role.RECRUITER: 2, Role.ADMIN: 3}
_bearer: Final = HTTPBearer(
    auto_error=False, description="A NextAuth session token, a minted API token, or an OIDC token."
)


class OriginRefused(Forbidden):
    code = "origin_refused"


def container_of(connection: HTTPConnection) -> Container:
    container = connection.state.container
    assert isinstance(container, Container)  # noqa: S101 - put there by the lifespan
    return container


async def verify_claims(connection: HTTPConnection) -> Claims:
    """The claims of the caller's token: Bearer first, then cookies. Raises `Unauthenticated`."""
    container = container_of(connection)
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        if container.oidc is not None and token.count(".") == 2:
            return await container.oidc.verify(token.strip())
        return _with_identity(container.sessions.verify_bearer(token.strip()))
    claims = container.sessions.verify_cookies(connection.cookies)
    if claims is None:
        raise Unauthenticated("Send a session cookie or an Authorization: Bearer token.")
    _refuse_foreign_origin(connection, container)
    return _with_identity(claims)


def _with_identity(claims: Claims) -> Claims:
    """Genuine tokens may name nobody (no user id, no e-mail address); there is no account to give them."""
    if not claims.identity:
        raise InvalidToken(Reason.NO_IDENTITY)
    return claims


def _refuse_foreign_origin(connection: HTTPConnection, container: Container) -> None:
    """Cookies travel by themselves, so a request that changes something must come from a page of ours."""
    is_websocket = connection.scope["type"] == "websocket"
    if not is_websocket and connection.scope["method"] in _SAFE_METHODS:
        return
    origin = connection.headers.get("origin")
    fetch_site = None if is_websocket else connection.headers.get("sec-fetch-site")
    if not origin_allowed(origin, fetch_site, container.settings.server.allowed_origins):
        raise OriginRefused("Requests with a cookie must come from an allowed origin (ALLOWED_ORIGINS).")


async def _sign_in(request: Request) -> Caller:
    return await container_of(request).accounts.sign_in(await verify_claims(request))


async def _caller(request: Request, _: Annotated[object, Security(_bearer)]) -> Caller:
    return await _sign_in(request)


CallerDep = Annotated[Caller, Depends(_caller)]


def actor_of(caller: Caller, organisation: str | None, least: Role) -> Actor:
    """The caller in the chosen organisation. Raises when they are no member or their role is too low."""
    actor = caller.act_for(organisation)
    if _RANK[actor.role] < _RANK[least]:
        raise RoleTooLow(f"This needs the role {least} or higher; yours is {actor.role}.")
    return actor


class _AtLeast(SecurityBase):
    """Gives the actor, and is the scheme that the description of the API names.

    One dependency for what could be three: each costs a request several times what the sign-in does.
    """

    model = _bearer.model
    scheme_name = _bearer.scheme_name

    def __init__(self, role: Role) -> None:
        self._role = role

    async def __call__(
        self,
        request: Request,
        x_organization: Annotated[
            str | None, Header(description="Organisation id; needed by members of several")
        ] = None,
    ) -> Actor:
        return actor_of(await _sign_in(request), x_organization, self._role)


_VIEWER: Final = _AtLeast(Role.VIEWER)


async def viewer_of(request: Request) -> Actor:
    """As `Viewer`, for what answers a request by itself."""
    return await _VIEWER(request, request.headers.get("x-organization"))


Viewer = Annotated[Actor, Security(_VIEWER)]
Interviewer = Annotated[Actor, Security(_AtLeast(Role.INTERVIEWER))]
Recruiter = Annotated[Actor, Security(_AtLeast(Role.RECRUITER))]
Admin = Annotated[Actor, Security(_AtLeast(Role.ADMIN))]


# Dependencies are coroutines although they wait for nothing: the framework runs plain functions in a thread.
async def _container(connection: HTTPConnection) -> Container:
    return container_of(connection)


Services = Annotated[Container, Depends(_container)]


async def _require_draft(actor: Actor, interview_id: str, services: Container) -> Actor:
    interview = await services.interviews.get(actor.organisation_id, interview_id)
    await services.visibility.require_draft(actor, interview)
    return actor


async def _draft_reader(interview_id: str, actor: Viewer, services: Services) -> Actor:
    return await _require_draft(actor, interview_id, services)


async def _draft_reviewer(interview_id: str, actor: Interviewer, services: Services) -> Actor:
    return await _require_draft(actor, interview_id, services)


async def _draft_auditor(interview_id: str, actor: Recruiter, services: Services) -> Actor:
    return await _require_draft(actor, interview_id, services)


DraftReader = Annotated[Actor, Depends(_draft_reader)]
"""A viewer to whom the visibility rule shows the draft of the interview in the path, and what follows from it."""
DraftReviewer = Annotated[Actor, Depends(_draft_reviewer)]
DraftAuditor = Annotated[Actor, Depends(_draft_auditor)]
"""A recruiter who may see the draft, and how it was made."""


async def _page_key(
    cursor: Annotated[str | None, Query(max_length=200, description="`next_cursor` of the last page")] = None,
) -> PageKey | None:
    return decode_cursor(cursor) if cursor else None


After = Annotated[PageKey | None, Depends(_page_key)]
Limit = Annotated[int, Query(ge=1, le=100)]
IfMatch = Annotated[
    str | None, Header(alias="If-Match", description="ETag of the version that you have seen")
]
