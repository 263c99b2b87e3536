"""Signing in over HTTP: who gets in, with what, and what everybody else is told."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pytest

from app.core.security import mint_session
from tests.fixtures.server import ORIGIN, SECRET, RunningServer, token_for

V5_COOKIE = "authjs.session-token"


def session_cookie(name: str = "ada") -> str:
    claims = {"sub": name, "email": f"{name}@example.com", "name": name.title()}
    return mint_session(claims, SECRET, salt=V5_COOKIE, max_age=timedelta(hours=1))


def with_cookie(server: RunningServer, **headers: str) -> httpx.AsyncClient:
    return server.client(None, Cookie=f"{V5_COOKIE}={session_cookie()}", **headers)


class TestBearer:
    async def test_a_valid_token_gets_in(self, server: RunningServer) -> None:
        answer = await server.client("ada").get("/me")
        assert answer.status_code == 200
        assert answer.json()["user"]["email"] == "ada@example.com"

    async def test_no_token_is_401_with_a_challenge(self, server: RunningServer) -> None:
        answer = await server.client(None).get("/me")
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "unauthenticated"

    @pytest.mark.parametrize(
        "token",
        [
            "garbage",
            "a.b.c.d.e",
            mint_session({"sub": "x"}, "another-secret-" * 3, salt="backend-api", max_age=timedelta(hours=1)),
            mint_session({"sub": "x"}, SECRET, salt="backend-api", max_age=timedelta(seconds=-60)),
        ],
        ids=["garbage", "five segments", "another secret", "expired"],
    )
    async def test_every_bad_token_gets_the_same_answer(self, server: RunningServer, token: str) -> None:
        answer = await server.client(None, Authorization=f"Bearer {token}").get("/me")
        assert answer.status_code == 401
        reference = await server.client(None, Authorization="Bearer nonsense").get("/me")
        assert answer.json()["detail"] == reference.json()["detail"]
        assert answer.json()["code"] == reference.json()["code"]


class TestCookies:
    async def test_a_session_cookie_gets_in(self, server: RunningServer) -> None:
        answer = await with_cookie(server).get("/me")
        assert answer.status_code == 200

    async def test_a_chunked_session_cookie_gets_in(self, server: RunningServer) -> None:
        cookie = session_cookie()
        parts = f"{V5_COOKIE}.0={cookie[:100]}; {V5_COOKIE}.1={cookie[100:]}"
        assert (await server.client(None, Cookie=parts).get("/me")).status_code == 200

    async def test_an_unsafe_request_needs_an_allowed_origin(self, server: RunningServer) -> None:
        body = {"title": "x"}
        assert (await with_cookie(server).post("/interviews", json=body)).status_code == 403
        foreign = await with_cookie(server, Origin="https://evil.test").post("/interviews", json=body)
        assert (foreign.status_code, foreign.json()["code"]) == (403, "origin_refused")
        ours = await with_cookie(server, Origin=ORIGIN).post("/interviews", json=body)
        assert ours.status_code == 201

    async def test_a_bearer_token_beside_a_cookie_is_judged_alone(self, server: RunningServer) -> None:
        client = with_cookie(server, Authorization="Bearer nonsense")
        assert (await client.get("/me")).status_code == 401


class TestFirstSignIn:
    async def test_it_makes_one_personal_organisation(self, server: RunningServer) -> None:
        first = (await server.client("ada").get("/me")).json()
        second = (await server.client("ada").get("/me")).json()
        assert first == second
        assert [(o["personal"], o["role"]) for o in first["organisations"]] == [(True, "admin")]

    async def test_it_makes_one_however_many_requests_come_at_once(self, server: RunningServer) -> None:
        client = server.client("grace")
        answers = await asyncio.gather(*(client.get("/me") for _ in range(10)))
        organisations = {o["id"] for a in answers for o in a.json()["organisations"]}
        assert len(organisations) == 1


class TestOrganisations:
    async def test_a_member_of_two_has_to_choose(self, server: RunningServer) -> None:
        ada = server.client("ada")
        second = (await ada.post("/organisations", json={"name": "Northwind"})).json()
        undecided = await ada.get("/interviews")
        assert (undecided.status_code, undecided.json()["code"]) == (400, "organisation_required")
        chosen = await ada.get("/interviews", headers={"X-Organization": second["id"]})
        assert chosen.status_code == 200

    async def test_a_foreign_organisation_is_refused(self, server: RunningServer) -> None:
        grace = (await server.client("grace").get("/me")).json()["organisations"][0]["id"]
        answer = await server.client("ada").get("/interviews", headers={"X-Organization": grace})
        assert (answer.status_code, answer.json()["code"]) == (403, "not_a_member")


class TestInvitations:
    async def test_an_invited_address_joins_with_the_offered_role(self, server: RunningServer) -> None:
        ada, grace = server.client("ada"), server.client("grace")
        organisation = (await ada.get("/me")).json()["organisations"][0]["id"]
        invited = await ada.post(
            "/organisation/invitations", json={"email": "Grace@example.com", "role": "recruiter"}
        )
        assert invited.status_code == 201
        waiting = (await grace.get("/me/invitations")).json()
        joined = await grace.post(f"/me/invitations/{waiting[0]['id']}/accept")
        assert (joined.status_code, joined.json()["role"]) == (200, "recruiter")
        organisations = {o["id"]: o["role"] for o in (await grace.get("/me")).json()["organisations"]}
        assert organisations[organisation] == "recruiter"

    async def test_it_serves_once_and_only_its_address(self, server: RunningServer) -> None:
        ada, grace, eve = server.client("ada"), server.client("grace"), server.client("eve")
        invited = (await ada.post("/organisation/invitations", json={"email": "grace@example.com"})).json()
        assert (await eve.post(f"/me/invitations/{invited['id']}/accept")).status_code == 404
        assert (await grace.post(f"/me/invitations/{invited['id']}/accept")).status_code == 200
        assert (await grace.post(f"/me/invitations/{invited['id']}/accept")).status_code == 404

    async def test_an_unverified_address_accepts_nothing(self, server: RunningServer) -> None:
        ada = server.client("ada")
        invited = (await ada.post("/organisation/invitations", json={"email": "eve@example.com"})).json()
        token = token_for("eve", email_verified=False)
        eve = server.client(None, Authorization=f"Bearer {token}")
        answer = await eve.post(f"/me/invitations/{invited['id']}/accept")
        assert (answer.status_code, answer.json()["code"]) == (403, "email_not_verified")

    async def test_the_last_admin_stays(self, server: RunningServer) -> None:
        ada = server.client("ada")
        me = (await ada.get("/me")).json()["user"]["id"]
        answer = await ada.delete(f"/organisation/members/{me}")
        assert (answer.status_code, answer.json()["code"]) == (409, "last_admin")
        demoted = await ada.patch(f"/organisation/members/{me}", json={"role": "viewer"})
        assert demoted.status_code == 409
