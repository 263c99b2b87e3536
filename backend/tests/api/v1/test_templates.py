"""Templates over HTTP: editions are kept, the built-in ones are read-only."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.fixtures.server import RunningServer

BODY: dict[str, Any] = {
    "name": "Backend, first round",
    "questions": [{"id": "outage", "text": "Tell me about an outage.", "required": True}],
    "criteria": [
        {
            "id": "ownership",
            "name": "Ownership",
            "weight": 2,
            "anchors": {"strong_no": "Blames.", "yes": "Names their part."},
        }
    ],
}


async def create(api: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await api.post("/templates", json={**BODY, **fields})
    assert answer.status_code == 201, answer.text
    created: dict[str, Any] = answer.json()
    return created


class TestCreate:
    async def test_it_begins_with_version_one(self, api: httpx.AsyncClient) -> None:
        created = await create(api)
        assert created["version"] == created["current"]["version"] == 1
        assert created["current"]["criteria"][0]["anchors"] == BODY["criteria"][0]["anchors"]
        assert created["current"]["questions"][0]["required"] is True
        assert (await api.get(f"/templates/{created['id']}")).json() == created

    @pytest.mark.parametrize(
        "fields",
        [
            {"name": ""},
            {"questions": [{"id": "a", "text": "x"}, {"id": "a", "text": "y"}]},
            {"criteria": [{"id": "a", "name": "x", "anchors": {"maybe": "?"}}]},
            {"criteria": [{"id": "a", "name": "x", "weight": -1}]},
            {"colour": "blue"},
        ],
        ids=[
            "no name",
            "one id twice",
            "a level that the scale has not",
            "a negative weight",
            "an unknown field",
        ],
    )
    async def test_what_makes_no_sense_is_422(self, api: httpx.AsyncClient, fields: dict[str, Any]) -> None:
        answer = await api.post("/templates", json={**BODY, **fields})
        assert answer.status_code == 422
        assert (await api.get("/templates")).json()["items"][0]["builtin"]


class TestUpdate:
    async def test_an_interview_keeps_the_version_that_it_pinned(self, api: httpx.AsyncClient) -> None:
        template = (await create(api))["id"]
        pinned = (await api.post("/interviews", json={"title": "x", "template": {"id": template}})).json()
        changed = await api.put(f"/templates/{template}", json={**BODY, "name": "Second edition"})
        assert (changed.json()["version"], changed.headers["etag"]) == (2, '"2"')
        assert (await api.get(f"/interviews/{pinned['id']}")).json()["template"]["version"] == 1
        first = (await api.get(f"/templates/{template}/versions/1")).json()
        assert first["name"] == BODY["name"]
        newer = (await api.post("/interviews", json={"title": "x", "template": {"id": template}})).json()
        assert newer["template"]["version"] == 2

    async def test_a_stale_etag_is_412(self, api: httpx.AsyncClient) -> None:
        template = (await create(api))["id"]
        await api.put(f"/templates/{template}", json=BODY)
        answer = await api.put(f"/templates/{template}", json=BODY, headers={"If-Match": '"1"'})
        assert answer.status_code == 412

    async def test_a_version_that_never_was_is_404(self, api: httpx.AsyncClient) -> None:
        template = (await create(api))["id"]
        assert (await api.get(f"/templates/{template}/versions/2")).status_code == 404
        answer = await api.post(
            "/interviews", json={"title": "x", "template": {"id": template, "version": 2}}
        )
        assert answer.status_code == 404


class TestBuiltIn:
    async def test_two_good_ones_are_there_for_everybody(self, api: httpx.AsyncClient) -> None:
        listed = (await api.get("/templates")).json()["items"]
        assert [t["builtin"] for t in listed] == [True, True]
        for template in listed:
            edition = template["current"]
            assert any(q["required"] for q in edition["questions"])
            assert all(
                c["anchors"].keys() == {"strong_no", "no", "yes", "strong_yes"} for c in edition["criteria"]
            )

    @pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
    async def test_they_cannot_be_changed(self, api: httpx.AsyncClient, method: str) -> None:
        body = {"PUT": BODY, "PATCH": {"archived": True}, "DELETE": None}[method]
        answer = await api.request(method, "/templates/builtin-software-engineer", json=body)
        assert answer.status_code in (403, 409)
        assert answer.headers["content-type"] == "application/problem+json"


class TestList:
    async def test_pages_go_from_the_newest_to_the_built_in(self, api: httpx.AsyncClient) -> None:
        made = [(await create(api, name=f"T{n}"))["id"] for n in range(3)]
        seen: list[str] = []
        cursor = None
        while True:
            page = (
                await api.get("/templates", params={"limit": 2, **({"cursor": cursor} if cursor else {})})
            ).json()
            seen += [t["id"] for t in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert seen[:3] == made[::-1]
        assert len(seen) == len(set(seen)) == 5

    async def test_archived_ones_are_listed_apart_and_cannot_be_chosen(self, api: httpx.AsyncClient) -> None:
        template = (await create(api))["id"]
        assert (await api.patch(f"/templates/{template}", json={"archived": True})).json()["archived"]
        assert template not in {t["id"] for t in (await api.get("/templates")).json()["items"]}
        archived = (await api.get("/templates", params={"archived": True})).json()["items"]
        assert [t["id"] for t in archived] == [template]
        answer = await api.post("/interviews", json={"title": "x", "template": {"id": template}})
        assert answer.status_code == 409
        await api.patch(f"/templates/{template}", json={"archived": False})
        assert (
            await api.post("/interviews", json={"title": "x", "template": {"id": template}})
        ).status_code == 201


class TestExport:
    async def test_a_file_of_it_can_be_imported_without_any_loss(self, api: httpx.AsyncClient) -> None:
        created = await create(api, name="Développeur “A/B” 👩‍💻")
        file = await api.get(f"/templates/{created['id']}/export")
        assert file.headers["content-disposition"] == 'attachment; filename="developpeur-a-b.json"'
        assert file.headers["content-type"] == "application/json"
        document = file.json()
        assert (document["format"], document["format_version"]) == ("debrief.template", 1)
        answer = await api.post("/templates/import", content=file.content)
        assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
        imported = answer.json()
        assert (imported["source"], imported["left_out"]) == ("debrief", [])
        again = (await api.get(f"/templates/{imported['template']['id']}/export")).json()
        assert again == document
        assert imported["template"]["id"] != created["id"]

    async def test_an_earlier_version_can_be_had(self, api: httpx.AsyncClient) -> None:
        template = (await create(api))["id"]
        await api.put(f"/templates/{template}", json={**BODY, "name": "为什么"})
        first = await api.get(f"/templates/{template}/export", params={"version": 1})
        assert first.json()["name"] == BODY["name"]
        current = await api.get(f"/templates/{template}/export")
        assert current.json()["name"] == "为什么"
        assert current.headers["content-disposition"] == 'attachment; filename="template.json"'
        missing = await api.get(f"/templates/{template}/export", params={"version": 3})
        assert missing.status_code == 404


class TestImport:
    async def test_a_scorecard_of_another_system_says_what_was_left_out(self, api: httpx.AsyncClient) -> None:
        body = {
            "interview": "Onsite",
            "attributes": [{"name": "Depth", "type": "Skills", "rating": "no", "note": "guesses"}],
            "questions": [{"id": 1, "question": "What broke last?"}],
        }
        imported = (await api.post("/templates/import", json=body)).json()
        assert imported["source"] == "greenhouse"
        assert imported["left_out"] == [
            "The category “Skills”: criteria have none.",
            "Ratings, notes and answers: they are about a candidate.",
        ]
        stored = (await api.get(f"/templates/{imported['template']['id']}")).json()
        assert stored == imported["template"]
        assert [q["text"] for q in stored["current"]["questions"]] == ["What broke last?"]
        edited = {k: stored["current"][k] for k in ("name", "description", "questions", "criteria")}
        assert (await api.put(f"/templates/{stored['id']}", json=edited)).status_code == 200

    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"hello": "world"}', b'"\\ud800"', b"[" * 9999])
    async def test_anything_else_is_a_422_that_says_what_is_understood(
        self, api: httpx.AsyncClient, body: bytes
    ) -> None:
        answer = await api.post("/templates/import", content=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "template_unreadable")
        assert "Greenhouse" in answer.json()["detail"]

    async def test_more_than_a_megabyte_is_413(self, api: httpx.AsyncClient) -> None:
        answer = await api.post("/templates/import", content=b" " * (2**20 + 1))
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


class TestDuplicate:
    async def test_a_built_in_one_becomes_a_template_of_ones_own(self, api: httpx.AsyncClient) -> None:
        source = (await api.get("/templates/builtin-software-engineer")).json()
        answer = await api.post("/templates/builtin-software-engineer/duplicate")
        copy = answer.json()
        assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
        assert (copy["builtin"], copy["version"]) == (False, 1)
        assert copy["current"]["name"] == f"Copy of {source['current']['name']}"
        for part in ("description", "questions", "criteria"):
            assert copy["current"][part] == source["current"][part]
        assert (await api.patch(f"/templates/{copy['id']}", json={"archived": True})).status_code == 200

    async def test_the_current_version_is_copied_under_the_given_name(self, api: httpx.AsyncClient) -> None:
        template = (await create(api))["id"]
        await api.put(f"/templates/{template}", json={**BODY, "name": "n" * 200, "criteria": []})
        named = (await api.post(f"/templates/{template}/duplicate", json={"name": "Mine"})).json()
        assert (named["current"]["name"], named["current"]["criteria"]) == ("Mine", [])
        unnamed = (await api.post(f"/templates/{template}/duplicate", json={})).json()
        assert unnamed["current"]["name"] == f"Copy of {'n' * 192}"
        assert (await api.post("/templates/gone/duplicate")).status_code == 404


class TestArchived:
    async def test_an_interview_that_pinned_it_still_reads_its_version(self, api: httpx.AsyncClient) -> None:
        template = (await create(api))["id"]
        pinned = {"id": template, "version": 1}
        interview = (await api.post("/interviews", json={"title": "x", "template": pinned})).json()["id"]
        await api.put(f"/templates/{template}", json={**BODY, "name": "Second edition"})
        await api.patch(f"/templates/{template}", json={"archived": True})
        assert (await api.get(f"/interviews/{interview}")).json()["template"] == pinned
        assert (await api.get(f"/templates/{template}/versions/1")).json()["name"] == BODY["name"]
        for version in (1, 2):
            choice = {"template": {"id": template, "version": version}}
            answer = await api.patch(f"/interviews/{interview}", json=choice)
            assert (answer.status_code, answer.json()["code"]) == (409, "template_archived")


class TestScope:
    async def test_another_organisations_template_is_404_everywhere(self, server: RunningServer) -> None:
        template = (await create(server.client("ada")))["id"]
        bob = server.client("bob")
        answers = [
            await bob.get(f"/templates/{template}"),
            await bob.get(f"/templates/{template}/versions/1"),
            await bob.put(f"/templates/{template}", json=BODY),
            await bob.patch(f"/templates/{template}", json={"archived": True}),
            await bob.delete(f"/templates/{template}"),
            await bob.get(f"/templates/{template}/export"),
            await bob.post(f"/templates/{template}/duplicate"),
            await bob.post("/interviews", json={"title": "x", "template": {"id": template}}),
        ]
        assert {a.status_code for a in answers} == {404}

    async def test_a_deleted_one_is_gone(self, api: httpx.AsyncClient) -> None:
        template = (await create(api))["id"]
        assert (await api.delete(f"/templates/{template}")).status_code == 204
        assert (await api.get(f"/templates/{template}")).status_code == 404
