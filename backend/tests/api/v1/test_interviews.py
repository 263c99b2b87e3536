"""Interviews over HTTP."""

from __future__ import annotations

import asyncio

import httpx

from tests.fixtures.server import RunningServer

FULL = {
    "title": "Backend engineer, first round",
    "candidate": {"name": "Daniel Reyes", "email": "daniel@example.com"},
    "position": "Backend Engineer",
    "participants": [{"name": "Sarah Lind", "role": "interviewer"}],
    "language": "en-GB",
    "speakers_expected": 2,
    "template": {"id": "builtin-software-engineer"},
    "scheduled_at": "2026-11-24T09:30:00+01:00",
    "tags": ["engineering", "round-1", "engineering"],
    "external_id": "ats-4711",
}


async def create(api: httpx.AsyncClient, **fields: object) -> dict[str, object]:
    answer = await api.post("/interviews", json={"title": "x", **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


class TestCreate:
    async def test_it_keeps_everything_that_was_said(self, api: httpx.AsyncClient) -> None:
        answer = await api.post("/interviews", json=FULL)
        assert answer.status_code == 201
        body = answer.json()
        assert answer.headers["location"] == f"/api/v1/interviews/{body['id']}"
        assert body["status"] == "created"
        assert body["candidate"] == {
            "name": "Daniel Reyes",
            "email": "daniel@example.com",
            "role": "candidate",
        }
        assert body["template"] == {"id": "builtin-software-engineer", "version": 1}
        assert body["scheduled_at"] == "2026-11-24T08:30:00Z"
        assert body["tags"] == ["engineering", "round-1"]
        assert (await api.get(f"/interviews/{body['id']}")).json() == body

    async def test_the_same_idempotency_key_makes_one_interview(self, api: httpx.AsyncClient) -> None:
        headers = {"Idempotency-Key": "request-0001"}
        answers = await asyncio.gather(
            *(api.post("/interviews", json=FULL, headers=headers) for _ in range(8))
        )
        assert {a.status_code for a in answers} == {201}
        assert len({a.json()["id"] for a in answers}) == 1

    async def test_a_key_used_for_something_else_is_refused(self, api: httpx.AsyncClient) -> None:
        headers = {"Idempotency-Key": "request-0001"}
        await api.post("/interviews", json=FULL, headers=headers)
        answer = await api.post("/interviews", json={"title": "another"}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")

    async def test_an_unknown_template_is_404(self, api: httpx.AsyncClient) -> None:
        answer = await api.post("/interviews", json={"title": "x", "template": {"id": "nope"}})
        assert (answer.status_code, answer.json()["code"]) == (404, "template_not_found")


class TestBadInput:
    async def test_broken_json_is_400(self, api: httpx.AsyncClient) -> None:
        answer = await api.post(
            "/interviews", content=b'{"title": ', headers={"Content-Type": "application/json"}
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_json")
        assert answer.headers["content-type"] == "application/problem+json"

    async def test_an_unknown_field_is_named(self, api: httpx.AsyncClient) -> None:
        answer = await api.post("/interviews", json={"title": "x", "titel": "y"})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "titel"

    async def test_a_rejected_value_is_not_sent_back(self, api: httpx.AsyncClient) -> None:
        answer = await api.post(
            "/interviews", json={"title": "x", "candidate": {"name": "y", "email": "not-an-address-4711"}}
        )
        assert answer.status_code == 422
        assert "not-an-address-4711" not in answer.text

    async def test_ten_megabytes_in_a_title_are_refused(self, api: httpx.AsyncClient) -> None:
        answer = await api.post("/interviews", json={"title": "x" * 10_000_000})
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")

    async def test_a_title_over_the_limit_is_422(self, api: httpx.AsyncClient) -> None:
        assert (await api.post("/interviews", json={"title": "x" * 301})).status_code == 422

    async def test_a_chunked_body_is_bounded_as_it_arrives(self, api: httpx.AsyncClient) -> None:
        async def endless():
            for _ in range(64):
                yield b" " * 65_536

        answer = await api.post(
            "/interviews", content=endless(), headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 413

    async def test_an_unknown_path_is_a_problem_too(self, api: httpx.AsyncClient) -> None:
        answer = await api.get("/nowhere")
        assert (answer.status_code, answer.json()["code"]) == (404, "route_not_found")

    async def test_a_date_without_a_zone_is_refused(self, api: httpx.AsyncClient) -> None:
        answer = await api.post("/interviews", json={"title": "x", "scheduled_at": "2026-11-24T09:30:00"})
        assert answer.status_code == 422


class TestForeign:
    async def test_another_organisations_interview_is_404_everywhere(self, server: RunningServer) -> None:
        mine = await create(server.client("ada"))
        eve = server.client("eve")
        path = f"/interviews/{mine['id']}"
        answers = [
            await eve.get(path),
            await eve.patch(path, json={"title": "y"}),
            await eve.delete(path),
            await eve.post(f"{path}/retry"),
            await eve.put(f"{path}/recording", content=b"RIFF"),
            await eve.get(f"{path}/recording"),
            await eve.put(f"{path}/transcript", content=b"A: hello"),
            await eve.get(f"{path}/transcript"),
            await eve.get(f"{path}/analysis"),
            await eve.post(f"{path}/uploads", json={"filename": "a.wav"}),
        ]
        assert {(a.status_code, a.json()["code"]) for a in answers} == {(404, "interview_not_found")}
        assert (await server.client("ada").get(path)).json()["title"] == "x"


class TestList:
    async def test_newest_first_page_by_page(self, api: httpx.AsyncClient) -> None:
        made = [(await create(api, title=f"n{i}"))["id"] for i in range(7)]
        seen, cursor = [], None
        while True:
            page = (
                await api.get("/interviews", params={"limit": 3, **({"cursor": cursor} if cursor else {})})
            ).json()
            assert len(page["items"]) <= 3
            seen += [row["id"] for row in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert seen == made[::-1]

    async def test_each_filter_narrows(self, api: httpx.AsyncClient) -> None:
        wanted = (await api.post("/interviews", json=FULL)).json()
        await create(api, title="other", position="Designer", tags=["design"])
        for name, value in {
            "candidate": "daniel",
            "position": "BACKEND",
            "tag": "round-1",
            "external_id": "ats-4711",
        }.items():
            rows = (await api.get("/interviews", params={name: value})).json()["items"]
            assert [r["id"] for r in rows] == [wanted["id"]], name
        assert (await api.get("/interviews", params={"status": "done"})).json()["items"] == []
        later = {"created_from": "2999-01-01T00:00:00Z"}
        assert (await api.get("/interviews", params=later)).json()["items"] == []

    async def test_a_foreign_cursor_is_400(self, api: httpx.AsyncClient) -> None:
        answer = await api.get("/interviews", params={"cursor": "bm9wZQ"})
        assert (answer.status_code, answer.json()["code"]) == (400, "cursor_invalid")

    async def test_a_misspelt_filter_is_refused_and_named(self, api: httpx.AsyncClient) -> None:
        answer = await api.get("/interviews", params={"stauts": "done"})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "stauts"

    async def test_a_limit_out_of_range_is_422(self, api: httpx.AsyncClient) -> None:
        assert (await api.get("/interviews", params={"limit": 101})).status_code == 422


class TestPatch:
    async def test_only_the_given_fields_change(self, api: httpx.AsyncClient) -> None:
        before = (await api.post("/interviews", json=FULL)).json()
        path = f"/interviews/{before['id']}"
        after = (await api.patch(path, json={"position": None, "tags": ["new"]})).json()
        assert (after["position"], after["tags"]) == (None, ["new"])
        assert after["candidate"] == before["candidate"]
        assert after["version"] == before["version"] + 1

    async def test_a_stale_etag_is_412(self, api: httpx.AsyncClient) -> None:
        made = await api.post("/interviews", json=FULL)
        path, etag = f"/interviews/{made.json()['id']}", made.headers["etag"]
        assert (await api.patch(path, json={"title": "a"}, headers={"If-Match": etag})).status_code == 200
        stale = await api.patch(path, json={"title": "b"}, headers={"If-Match": etag})
        assert (stale.status_code, stale.json()["code"]) == (412, "version_mismatch")

    async def test_a_title_cannot_be_cleared(self, api: httpx.AsyncClient) -> None:
        made = await create(api)
        answer = await api.patch(f"/interviews/{made['id']}", json={"title": None})
        assert answer.status_code == 422
        assert (await api.patch(f"/interviews/{made['id']}", json={"title": ""})).status_code == 422


class TestDelete:
    async def test_it_is_gone_and_says_so(self, api: httpx.AsyncClient) -> None:
        made = await create(api)
        receipt = await api.delete(f"/interviews/{made['id']}")
        assert receipt.status_code == 200
        assert receipt.json()["interview_id"] == made["id"]
        assert (await api.get(f"/interviews/{made['id']}")).status_code == 404
        assert (await api.delete(f"/interviews/{made['id']}")).status_code == 404
        assert (await api.get("/interviews")).json()["items"] == []


class TestRetry:
    async def test_what_has_not_failed_is_not_retried(self, api: httpx.AsyncClient) -> None:
        made = await create(api)
        answer = await api.post(f"/interviews/{made['id']}/retry")
        assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_retry")
