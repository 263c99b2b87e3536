"""Corrections through the API: who has seen what, what comes back, what is refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from app.models.interview import Status
from app.repositories.base import Expect
from tests.fixtures.panel import Team
from tests.fixtures.words import a_talk

Post = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
async def path(team: Team) -> str:
    """Of the transcript of an interview that is done."""
    interview = await team.interview()
    await team.stored.transcripts(team.organisation).put(a_talk(interview, organisation_id=team.organisation))
    changes = {"status": Status.DONE, "epoch": 1}
    assert await team.stored.interviews(team.organisation).compare_and_set(interview, Expect(), changes)
    return f"/interviews/{interview}/transcript"


@pytest.fixture
def post(team: Team, path: str) -> Post:
    async def send(to: str, at: int | None, body: dict[str, Any] | None = None) -> httpx.Response:
        headers = {} if at is None else {"If-Match": f'"{at}"'}
        return await team.ivo.post(f"{path}/{to}", json=body, headers=headers)

    return send


def text(words: str, utterance: str = "u3") -> dict[str, Any]:
    return {"kind": "edit_text", "utterance_id": utterance, "text": words}


async def test_a_correction_and_what_it_came_to(team: Team, path: str, post: Post) -> None:
    before = await team.vic.get(path)
    # Weak, because it is compressed; `If-Match` takes either form.
    assert (before.headers["ETag"], before.json()["base"]) == ('W/"1"', None)
    answer = await post("edits", 1, text("It went badly."))
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"'), answer.text
    edited = answer.json()
    assert (edited["revision"], edited["base"], edited["removed"]) == (2, 1, [])
    assert (edited["outdated"], edited["status"]) == (["transcript"], "done")
    assert edited["change"]["details"] == {"utterance_id": "u3", "text": "It went badly."}
    after = await team.vic.get(path)
    assert after.headers["ETag"] == 'W/"2"'
    assert edited["changed"] == [after.json()["utterances"][2]]
    assert (await team.vic.get(path, params={"revision": 1})).json() == before.json()


async def test_the_revision_that_was_seen_is_named(post: Post) -> None:
    missing = await post("edits", None, text("A"))
    assert (missing.status_code, missing.json()["code"]) == (428, "if_match_required")
    assert (await post("edits", 1, text("A"))).status_code == 200
    late = await post("edits", 1, text("B"))
    assert (late.status_code, late.json()["code"], late.json()["revision"]) == (412, "version_mismatch", 2)
    assert (await post("edits", 2, text("B"))).status_code == 200
    for way in ("undo", "redo"):
        assert (await post(way, None)).status_code == 428
        assert (await post(way, 2)).status_code == 412


async def test_the_way_back_and_the_log(team: Team, path: str, post: Post) -> None:
    await post("edits", 1, text("A"))
    undone = await post("undo", 2)
    assert undone.json()["changed"][0]["text"] == "It went well."
    assert (await post("undo", 3)).json()["code"] == "nothing_to_undo"
    assert (await post("redo", 3)).json()["changed"][0]["text"] == "A"
    assert (await post("redo", 4)).json()["code"] == "nothing_to_redo"
    page = (await team.vic.get(f"{path}/edits", params={"limit": 2})).json()
    assert [(c["revision"], c["kind"], c["by_name"]) for c in page["items"]] == [
        (4, "undo", "Ivo"),
        (3, "undo", "Ivo"),
    ]
    rest = (await team.vic.get(f"{path}/edits", params={"cursor": page["next_cursor"]})).json()
    assert ([c["revision"] for c in rest["items"]], rest["next_cursor"]) == ([2], None)


async def test_find_and_replace_with_preview(team: Team, path: str, post: Post) -> None:
    wanted = {"find": " um,", "replace": "", "match_case": True}
    preview = await post("replace/preview", None, wanted)
    assert (preview.json()["revision"], preview.json()["found"], preview.headers["ETag"]) == (1, 1, '"1"')
    shown = preview.json()["changes"][0]
    assert shown["after"] == "We ran it on Cuban eddies, for two years."
    edited = (await post("edits", 1, {"kind": "replace_text", **wanted})).json()
    assert edited["changed"][0]["text"] == shown["after"]
    assert edited["change"]["details"] == {"find": " um,", "replace": "", "utterances": 1}
    nothing = (await post("edits", 2, {"kind": "replace_text", **wanted})).json()
    assert (nothing["change"], nothing["revision"], nothing["changed"]) == (None, 2, [])


async def test_cuts_joins_and_speakers(team: Team, path: str, post: Post) -> None:
    split = (await post("edits", 1, {"kind": "split_utterance", "utterance_id": "u3", "at": 8})).json()
    part = split["changed"][1]["id"]
    original = (await team.vic.get(f"{path}/original/{part}")).json()
    assert (original["revision"], [u["text"] for u in original["utterances"]]) == (1, ["It went well."])
    joined = (await post("edits", 2, {"kind": "join_utterances", "utterance_ids": ["u3", part]})).json()
    assert joined["removed"] == [part]
    off = {"kind": "split_off_speaker", "utterance_ids": ["u3"], "name": "Bo", "role": "observer"}
    bo = (await post("edits", 3, off)).json()["speakers"][2]
    assert (bo["label"], bo["name"], bo["role"], bo["role_confidence"]) == (
        "Speaker 3",
        "Bo",
        "observer",
        1.0,
    )
    await post("edits", 4, {"kind": "reassign", "utterance_ids": ["u4"], "speaker": bo["id"]})
    await post("edits", 5, {"kind": "swap_speakers", "first": "s1", "second": "s2"})
    merged = await post("edits", 6, {"kind": "merge_speakers", "into": "s2", "others": [bo["id"]]})
    assert [s["id"] for s in merged.json()["speakers"]] == ["s1", "s2"]
    named = {"kind": "describe_speaker", "speaker": "s2", "name": "Ada", "analyse": True}
    assert (await post("edits", 7, named)).json()["status"] == "analysing"


async def test_any_script_and_lines_are_words(post: Post) -> None:
    said = "שלום עולם\nمرحبا 我们 👩‍👩‍👧‍👦\n"
    answer = await post("edits", 1, text(said))
    assert answer.status_code == 200, answer.text
    assert answer.json()["changed"][0]["text"].split() == said.split()


async def test_what_cannot_be_is_a_problem(post: Post) -> None:
    refused: list[tuple[dict[str, Any], int, str]] = [
        (text("A", "x"), 422, "utterance_unknown"),
        (text("  "), 422, "text_empty"),
        (text("It\x00went."), 422, "invalid_input"),
        ({"kind": "replace_text", "find": "went", "replace": "a\x00"}, 422, "invalid_input"),
        ({"kind": "describe_speaker", "speaker": "s1", "name": "A\x00da"}, 422, "invalid_input"),
        ({"kind": "split_utterance", "utterance_id": "u3", "at": 99}, 422, "cut_invalid"),
        ({"kind": "join_utterances", "utterance_ids": ["u1", "u2"]}, 409, "speakers_differ"),
        ({"kind": "reassign", "utterance_ids": ["u1"], "speaker": "x"}, 422, "speaker_unknown"),
        ({"kind": "undo", "revision": 1}, 422, "invalid_input"),
        ({"kind": "split_utterance", "utterance_id": "u3", "at": 2, "new_id": "n"}, 422, "invalid_input"),
    ]
    for body, status, code in refused:
        answer = await post("edits", 1, body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
