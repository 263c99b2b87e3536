"""Highlights: marked by time, utterances or words; read by everybody, changed by whoever made them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.v1.test_recordings import tone
from tests.fixtures.documents import a_transcript
from tests.fixtures.panel import Team
from tests.services.test_transcript_spans import TALK


@pytest.fixture
async def path(team: Team) -> str:
    """Of the highlights of an interview with a transcript of nine seconds."""
    interview = await team.interview()
    transcript = a_transcript(interview, team.organisation, utterances=TALK, duration=9.0)
    await team.stored.transcripts(team.organisation).put(transcript)
    return f"/interviews/{interview}/highlights"


async def test_a_moment_is_marked_and_found_again(team: Team, path: str) -> None:
    marked = await team.ivo.post(
        path, json={"start": 3.0, "end": 7.5, "comment": "Owns it.", "tags": ["ownership", "ownership"]}
    )
    assert marked.status_code == 201, marked.text
    body = marked.json()
    assert body["quote"] == "I took the blame, and fixed it. 🙂 Really."
    assert body["utterance_ids"] == ["u2"]
    assert (body["tags"], body["created_by_name"], marked.headers["etag"]) == (["ownership"], "Ivo", '"1"')
    frontend = team.server.settings.server.frontend_url
    assert body["link"] == f"{frontend}{path.removesuffix('/highlights')}?t=3"
    assert (await team.vic.get(f"{path}/{body['id']}")).json() == body
    assert (await team.vic.get(path)).json() == {"items": [body], "next_cursor": None}


async def test_words_may_be_marked_instead_of_times(team: Team, path: str) -> None:
    words = {"from": {"utterance_id": "u2", "offset": 2}, "to": {"utterance_id": "u2", "offset": 16}}
    marked = await team.ivo.post(path, json=words)
    assert (marked.status_code, marked.json().get("quote")) == (201, "took the blame")
    marked = await team.ivo.post(path, json={"utterance_ids": ["u1", "u3"]})
    assert (marked.status_code, marked.json().get("quote")) == (201, "What did you do then?\nGood.")


async def test_what_marks_nothing_is_refused(team: Team, path: str) -> None:
    refused: list[tuple[dict[str, Any], str]] = [
        ({"start": 3, "end": 3}, "moment_out_of_range"),
        ({"start": 3, "end": 30}, "moment_out_of_range"),
        ({"utterance_ids": ["nobody"]}, "words_not_found"),
        ({"start": 3}, "invalid_input"),
        ({"start": 3, "end": 4, "utterance_ids": ["u1"]}, "invalid_input"),
        ({"comment": "nothing marked"}, "invalid_input"),
        ({"start": 1, "end": 2, "quote": "I lied."}, "invalid_input"),
    ]
    for body, code in refused:
        answer = await team.ivo.post(path, json=body)
        assert (body, answer.status_code, answer.json()["code"]) == (body, 422, code)
    assert (await team.ivo.get(path)).json()["items"] == []


async def test_the_list_goes_on_page_by_page(team: Team, path: str) -> None:
    made = [(await team.ivo.post(path, json={"start": i, "end": i + 1})).json()["id"] for i in range(5)]
    seen: list[str] = []
    cursor: str | None = None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await team.vic.get(path, params=params)).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(made)
    assert len(seen) == 5


async def test_comment_and_tags_change_what_was_marked_does_not(team: Team, path: str) -> None:
    made = (await team.ivo.post(path, json={"utterance_ids": ["u2"], "tags": ["a"]})).json()
    own = f"{path}/{made['id']}"
    changed = await team.ivo.patch(own, json={"comment": "Look."}, headers={"If-Match": '"1"'})
    assert changed.status_code == 200, changed.text
    assert changed.headers["etag"] == '"2"'
    kept = {**made, "comment": "Look.", "version": 2, "updated_at": changed.json()["updated_at"]}
    assert changed.json() == kept
    late = await team.ivo.patch(own, json={"comment": "Mine."}, headers={"If-Match": '"1"'})
    assert (late.status_code, late.json()["code"], late.json()["version"]) == (412, "version_mismatch", 2)
    assert (await team.ivo.patch(own, json={"start": 1})).status_code == 422


async def test_only_its_maker_and_admins_change_or_remove_it(team: Team, path: str) -> None:
    own = f"{path}/{(await team.ivo.post(path, json={'start': 1, 'end': 2})).json()['id']}"
    assert (await team.ina.patch(own, json={"comment": "x"})).json()["code"] == "not_your_highlight"
    assert (await team.ina.delete(own)).status_code == 403
    assert (await team.ada.patch(own, json={"comment": "x"})).status_code == 200
    assert (await team.ivo.delete(own)).status_code == 204
    gone = await team.ivo.delete(own)
    assert (gone.status_code, gone.json()["code"]) == (404, "highlight_missing")


async def test_other_organisations_and_deleted_interviews_have_none(team: Team, path: str) -> None:
    await team.ivo.post(path, json={"start": 1, "end": 2})
    stranger = team.server.client("zoe")
    assert (await stranger.get(path)).json()["code"] == "interview_not_found"
    await team.ada.delete(path.removesuffix("/highlights"))
    assert (await team.ada.get(path)).status_code == 404


async def test_a_recording_without_a_transcript_can_be_marked_and_cut(team: Team) -> None:
    interview = (await team.ada.post("/interviews", json={"title": "x"})).json()["id"]
    path = f"/interviews/{interview}/highlights"
    nothing = await team.ivo.post(path, json={"start": 0, "end": 1})
    assert nothing.json()["code"] == "moment_out_of_range"
    await team.ada.put(f"/interviews/{interview}/recording", content=tone(3))
    made = (await team.ivo.post(path, json={"start": 0.5, "end": 2})).json()
    assert (made["quote"], made["utterance_ids"]) == ("", [])
    assert made["link"].endswith("?t=0.5")
    clip = await team.vic.get(f"{path}/{made['id']}/clip")
    assert (clip.status_code, clip.headers["content-type"]) == (200, "audio/mp4")
    assert "attachment" in clip.headers["content-disposition"]
