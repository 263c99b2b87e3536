"""Who may call what: every route of the API is in this table, and every role is tried on every route."""

from __future__ import annotations

import re
from typing import Final

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from app.core.config import Settings
from app.main import create_app
from app.models.organisation import Role
from tests.fixtures.server import RunningServer

PUBLIC: Final = "public"
SIGNED: Final = "signed address"
CALLED: Final = "signed call"
CALLER: Final = "anybody signed in"

REVIEW: Final = "/interviews/{interview_id}/analyses/{revision}/review"

TABLE: Final[dict[tuple[str, str], Role | str]] = {
    ("GET", "/health"): PUBLIC,
    ("GET", "/health/ready"): PUBLIC,
    ("GET", "/me"): CALLER,
    ("GET", "/me/invitations"): CALLER,
    ("POST", "/me/invitations/{invitation_id}/accept"): CALLER,
    ("POST", "/organisations"): CALLER,
    ("GET", "/inbox"): Role.VIEWER,
    ("GET", "/inbox/unread"): Role.VIEWER,
    ("POST", "/inbox/read"): Role.VIEWER,
    ("GET", "/me/notifications"): Role.VIEWER,
    ("PUT", "/me/notifications"): Role.VIEWER,
    ("GET", "/me/scorecard-requests"): Role.INTERVIEWER,
    ("POST", "/interviews/{interview_id}/scorecard-requests"): Role.RECRUITER,
    ("GET", "/interviews/{interview_id}/scorecard-requests"): Role.VIEWER,
    ("DELETE", "/interviews/{interview_id}/scorecard-requests/{user_id}"): Role.RECRUITER,
    ("POST", "/organisation/channels"): Role.ADMIN,
    ("GET", "/organisation/channels"): Role.ADMIN,
    ("GET", "/organisation/channels/{channel_id}"): Role.ADMIN,
    ("PATCH", "/organisation/channels/{channel_id}"): Role.ADMIN,
    ("DELETE", "/organisation/channels/{channel_id}"): Role.ADMIN,
    ("POST", "/organisation/channels/{channel_id}/test"): Role.ADMIN,
    ("POST", "/me/channels"): Role.VIEWER,
    ("GET", "/me/channels"): Role.VIEWER,
    ("GET", "/me/channels/{channel_id}"): Role.VIEWER,
    ("PATCH", "/me/channels/{channel_id}"): Role.VIEWER,
    ("DELETE", "/me/channels/{channel_id}"): Role.VIEWER,
    ("POST", "/me/channels/{channel_id}/test"): Role.VIEWER,
    ("GET", "/deliveries"): Role.ADMIN,
    ("GET", "/deliveries/{delivery_id}"): Role.ADMIN,
    ("POST", "/deliveries/{delivery_id}/resend"): Role.ADMIN,
    ("GET", "/me/deliveries"): Role.VIEWER,
    ("GET", "/notifications/preview"): Role.VIEWER,
    ("GET", "/organisation"): Role.VIEWER,
    ("PATCH", "/organisation"): Role.ADMIN,
    ("GET", "/organisation/members"): Role.VIEWER,
    ("PATCH", "/organisation/members/{user_id}"): Role.ADMIN,
    ("DELETE", "/organisation/members/{user_id}"): Role.ADMIN,
    ("POST", "/organisation/invitations"): Role.ADMIN,
    ("GET", "/organisation/invitations"): Role.ADMIN,
    ("DELETE", "/organisation/invitations/{invitation_id}"): Role.ADMIN,
    ("POST", "/interviews"): Role.INTERVIEWER,
    ("GET", "/interviews"): Role.VIEWER,
    ("GET", "/interviews/{interview_id}"): Role.VIEWER,
    ("PATCH", "/interviews/{interview_id}"): Role.INTERVIEWER,
    ("POST", "/interviews/{interview_id}/retry"): Role.INTERVIEWER,
    ("DELETE", "/interviews/{interview_id}"): Role.RECRUITER,
    ("PUT", "/interviews/{interview_id}/recording"): Role.INTERVIEWER,
    ("GET", "/interviews/{interview_id}/recording"): Role.VIEWER,
    ("GET", "/interviews/{interview_id}/recording/peaks"): Role.VIEWER,
    ("GET", "/interviews/{interview_id}/recording/clip"): Role.VIEWER,
    ("POST", "/interviews/{interview_id}/highlights"): Role.INTERVIEWER,
    ("GET", "/interviews/{interview_id}/highlights"): Role.VIEWER,
    ("GET", "/interviews/{interview_id}/highlights/{highlight_id}"): Role.VIEWER,
    ("PATCH", "/interviews/{interview_id}/highlights/{highlight_id}"): Role.INTERVIEWER,
    ("DELETE", "/interviews/{interview_id}/highlights/{highlight_id}"): Role.INTERVIEWER,
    ("GET", "/interviews/{interview_id}/highlights/{highlight_id}/clip"): Role.VIEWER,
    ("POST", "/interviews/{interview_id}/recording/parts"): Role.INTERVIEWER,
    ("DELETE", "/interviews/{interview_id}/recording/parts/{part_id}"): Role.INTERVIEWER,
    ("POST", "/interviews/{interview_id}/uploads"): Role.INTERVIEWER,
    ("GET", "/interviews/{interview_id}/uploads/{upload_id}"): Role.INTERVIEWER,
    ("GET", "/interviews/{interview_id}/uploads/{upload_id}/{part_number}"): Role.INTERVIEWER,
    ("POST", "/interviews/{interview_id}/uploads/{upload_id}/complete"): Role.INTERVIEWER,
    ("DELETE", "/interviews/{interview_id}/uploads/{upload_id}"): Role.INTERVIEWER,
    ("PUT", "/interviews/{interview_id}/transcript"): Role.INTERVIEWER,
    ("POST", "/interviews/{interview_id}/transcript/edits"): Role.INTERVIEWER,
    ("GET", "/interviews/{interview_id}/transcript/edits"): Role.VIEWER,
    ("POST", "/interviews/{interview_id}/transcript/undo"): Role.INTERVIEWER,
    ("POST", "/interviews/{interview_id}/transcript/redo"): Role.INTERVIEWER,
    ("POST", "/interviews/{interview_id}/transcript/replace/preview"): Role.INTERVIEWER,
    ("GET", "/interviews/{interview_id}/transcript/original/{utterance_id}"): Role.VIEWER,
    ("GET", "/interviews/{interview_id}/transcript"): Role.VIEWER,
    ("GET", "/interviews/{interview_id}/transcript/utterances"): Role.VIEWER,
    ("GET", "/interviews/{interview_id}/transcript/export"): Role.VIEWER,
    ("GET", "/interviews/{interview_id}/speakers"): Role.VIEWER,
    ("GET", "/interviews/{interview_id}/analysis"): Role.VIEWER,
    ("GET", "/interviews/{interview_id}/analyses"): Role.VIEWER,
    ("GET", "/interviews/{interview_id}/analyses/compare"): Role.VIEWER,
    ("POST", "/interviews/{interview_id}/analysis"): Role.INTERVIEWER,
    ("GET", "/interviews/{interview_id}/analyses/{revision}/replay"): Role.RECRUITER,
    ("POST", "/interviews/{interview_id}/stability"): Role.INTERVIEWER,
    ("GET", "/interviews/{interview_id}/stability"): Role.VIEWER,
    ("GET", "/interviews/{interview_id}/stabilities"): Role.VIEWER,
    ("GET", "/search"): Role.VIEWER,
    ("GET", "/usage"): Role.RECRUITER,
    ("POST", "/analyses/rerun"): Role.RECRUITER,
    ("GET", "/interviews/{interview_id}/export"): Role.VIEWER,
    ("GET", "/interviews/{interview_id}/scorecard"): Role.INTERVIEWER,
    ("PUT", "/interviews/{interview_id}/scorecard"): Role.INTERVIEWER,
    ("DELETE", "/interviews/{interview_id}/scorecard"): Role.INTERVIEWER,
    ("POST", "/interviews/{interview_id}/scorecard/submission"): Role.INTERVIEWER,
    ("GET", "/interviews/{interview_id}/scorecards"): Role.VIEWER,
    ("GET", REVIEW): Role.VIEWER,
    ("PUT", f"{REVIEW}/overrides/{{criterion_id}}"): Role.INTERVIEWER,
    ("DELETE", f"{REVIEW}/overrides/{{criterion_id}}"): Role.INTERVIEWER,
    ("POST", f"{REVIEW}/dismissals"): Role.INTERVIEWER,
    ("DELETE", f"{REVIEW}/dismissals/{{claim_id}}"): Role.INTERVIEWER,
    ("PUT", f"{REVIEW}/confirmation"): Role.INTERVIEWER,
    ("DELETE", f"{REVIEW}/confirmation"): Role.INTERVIEWER,
    ("GET", "/panel"): Role.VIEWER,
    ("POST", "/templates"): Role.RECRUITER,
    ("POST", "/templates/import"): Role.RECRUITER,
    ("GET", "/templates"): Role.VIEWER,
    ("GET", "/templates/{template_id}"): Role.VIEWER,
    ("GET", "/templates/{template_id}/versions/{version}"): Role.VIEWER,
    ("GET", "/templates/{template_id}/export"): Role.VIEWER,
    ("POST", "/templates/{template_id}/duplicate"): Role.RECRUITER,
    ("PUT", "/templates/{template_id}"): Role.RECRUITER,
    ("PATCH", "/templates/{template_id}"): Role.RECRUITER,
    ("DELETE", "/templates/{template_id}"): Role.RECRUITER,
    ("POST", "/organisation/endpoints"): Role.ADMIN,
    ("GET", "/organisation/endpoints"): Role.ADMIN,
    ("GET", "/organisation/endpoints/{endpoint_id}"): Role.ADMIN,
    ("PATCH", "/organisation/endpoints/{endpoint_id}"): Role.ADMIN,
    ("DELETE", "/organisation/endpoints/{endpoint_id}"): Role.ADMIN,
    ("POST", "/organisation/endpoints/{endpoint_id}/enable"): Role.ADMIN,
    ("POST", "/organisation/endpoints/{endpoint_id}/disable"): Role.ADMIN,
    ("POST", "/organisation/endpoints/{endpoint_id}/secret/rotate"): Role.ADMIN,
    ("POST", "/organisation/endpoints/{endpoint_id}/test"): Role.ADMIN,
    ("POST", "/organisation/endpoints/{endpoint_id}/recover"): Role.ADMIN,
    ("POST", "/ws/ticket"): Role.VIEWER,
    ("WEBSOCKET", "/ws"): Role.VIEWER,
    ("WEBSOCKET", "/ws/interviews/{interview_id}/live"): Role.INTERVIEWER,
    ("PUT", "/storage/uploads/{upload_id}/parts/{part_number}"): SIGNED,
    ("GET", "/storage/objects/{key:path}"): SIGNED,
    ("POST", "/webhooks/deepgram/{token}"): SIGNED,
    ("POST", "/webhooks/zoom/{connection_id}"): CALLED,
    ("POST", "/webhooks/recordings/{connection_id}"): CALLED,
    ("POST", "/organisation/connections"): Role.ADMIN,
    ("GET", "/organisation/connections"): Role.ADMIN,
    ("GET", "/organisation/connections/{connection_id}"): Role.ADMIN,
    ("PATCH", "/organisation/connections/{connection_id}"): Role.ADMIN,
    ("POST", "/organisation/connections/{connection_id}/secret"): Role.ADMIN,
    ("DELETE", "/organisation/connections/{connection_id}"): Role.ADMIN,
    ("POST", "/interviews/{interview_id}/recording/fetch"): Role.RECRUITER,
}
BODIES: Final[dict[tuple[str, str], object]] = {
    ("POST", "/analyses/rerun"): {"outdated": True},
    ("POST", "/inbox/read"): {"all": True},
    ("POST", "/organisation/channels"): {"name": "x", "url": "discord://1/x"},
    ("PATCH", "/organisation/channels/{channel_id}"): {"name": "x"},
    ("POST", "/me/channels"): {"name": "x", "url": "discord://1/x"},
    ("PATCH", "/me/channels/{channel_id}"): {"name": "x"},
    ("PUT", "/me/notifications"): {},
    ("POST", "/interviews/{interview_id}/scorecard-requests"): {"user_ids": ["x"]},
    ("POST", "/interviews"): {"title": "x"},
    ("POST", "/interviews/{interview_id}/stability"): {"runs": 2},
    ("PATCH", "/interviews/{interview_id}"): {"title": "x"},
    ("POST", "/organisations"): {"name": "x"},
    ("PATCH", "/organisation"): {"name": "x"},
    ("PATCH", "/organisation/members/{user_id}"): {"role": "viewer"},
    ("POST", "/organisation/invitations"): {"email": "x@example.com"},
    ("PUT", "/interviews/{interview_id}/scorecard"): {"notes": "x"},
    ("PUT", f"{REVIEW}/overrides/{{criterion_id}}"): {"level": "yes", "reason": "x"},
    ("POST", f"{REVIEW}/dismissals"): {"claim_id": None, "reason": "x"},
    ("PUT", f"{REVIEW}/confirmation"): {"level": "yes"},
    ("POST", "/organisation/endpoints"): {"url": "https://93.184.216.34/"},
    ("PATCH", "/organisation/endpoints/{endpoint_id}"): {"description": "x"},
    ("POST", "/organisation/endpoints/{endpoint_id}/recover"): {"since": "2026-01-01T00:00:00Z"},
    ("POST", "/templates"): {"name": "x"},
    ("POST", "/interviews/{interview_id}/highlights"): {"start": 0, "end": 1},
    ("PATCH", "/interviews/{interview_id}/highlights/{highlight_id}"): {"comment": "x"},
    ("PUT", "/templates/{template_id}"): {"name": "x"},
    ("PATCH", "/templates/{template_id}"): {"archived": True},
    ("POST", "/interviews/{interview_id}/uploads"): {"filename": "x.wav"},
    ("POST", "/interviews/{interview_id}/recording/fetch"): {"url": "https://203.0.113.7/x.wav"},
    ("POST", "/organisation/connections"): {"kind": "signed_url", "name": "x"},
    ("PATCH", "/organisation/connections/{connection_id}"): {"name": "x"},
    ("POST", "/organisation/connections/{connection_id}/secret"): {},
    ("POST", "/interviews/{interview_id}/uploads/{upload_id}/complete"): {
        "parts": [{"PartNumber": 1, "ETag": "x"}]
    },
}
RANK: Final = [Role.VIEWER, Role.INTERVIEWER, Role.RECRUITER, Role.ADMIN]


def routes_of(app: FastAPI) -> set[tuple[str, str]]:
    found = set()
    for context in iter_route_contexts(app.routes):
        path = str(context.path)
        if path.startswith("/api/"):
            methods = context.methods or {"WEBSOCKET"}
            found |= {(method, path.removeprefix("/api/v1")) for method in methods}
    return found


async def member_with(server: RunningServer, role: Role) -> httpx.AsyncClient:
    """A client of somebody who has this role in Ada's organisation."""
    ada = server.client("ada")
    organisation = (await ada.get("/me")).json()["organisations"][0]["id"]
    if role is Role.ADMIN:
        return server.client("ada", **{"X-Organization": organisation})
    name = f"member-{role}"
    invited = await ada.post("/organisation/invitations", json={"email": f"{name}@example.com", "role": role})
    member = server.client(name, **{"X-Organization": organisation})
    joined = await member.post(f"/me/invitations/{invited.json()['id']}/accept")
    assert joined.status_code == 200
    return member


async def call(client: httpx.AsyncClient, method: str, path: str) -> httpx.Response:
    concrete = re.sub(r"\{version\}|\{part_number\}|\{revision\}", "1", path)
    concrete = re.sub(r"\{[^}]+\}", "00000000000000000000000000", concrete)
    return await client.request(method, concrete, json=BODIES.get((method, path)))


def test_the_table_has_every_route(settings: Settings) -> None:
    assert routes_of(create_app(settings)) == set(TABLE)


def test_operation_ids_are_unique_and_stable(settings: Settings) -> None:
    paths = create_app(settings).openapi()["paths"]
    ids = [operation["operationId"] for path in paths.values() for operation in path.values()]
    assert len(ids) == len(set(ids)) == sum(1 for method, _ in TABLE if method != "WEBSOCKET")
    assert {"create_interview", "list_interviews", "put_recording", "get_analysis"} <= set(ids)


@pytest.mark.parametrize("role", RANK)
async def test_every_route_keeps_to_the_table(server: RunningServer, role: Role) -> None:
    client = await member_with(server, role)
    wrong = []
    for (method, path), least in TABLE.items():
        if method == "WEBSOCKET":
            continue
        answer = await call(client, method, path)
        is_problem = answer.headers.get("content-type") == "application/problem+json"
        code = answer.json()["code"] if is_problem else None
        refused = answer.status_code == 403 and code == "role_too_low"
        should = isinstance(least, Role) and RANK.index(role) < RANK.index(least)
        # Who calls with a signature of its own is nobody's member.
        unexpected = {500} if least == CALLED else {401, 500}
        if refused != should or answer.status_code in unexpected:
            wrong.append((method, path, answer.status_code, code))
    assert wrong == []


async def test_without_a_token_only_public_routes_answer(server: RunningServer) -> None:
    client = server.client(None)
    wrong = []
    for (method, path), least in TABLE.items():
        if method == "WEBSOCKET":
            continue
        answer = await call(client, method, path)
        expected = {PUBLIC: {200}, SIGNED: {403, 422}}.get(str(least), {401})
        if answer.status_code not in expected:
            wrong.append((method, path, answer.status_code))
    assert wrong == []
