"""Who is who, as a person sees it who is to say so: on both databases, with a model that would assess."""

from __future__ import annotations

from typing import Any

from tests.fixtures.debriefing import office
from tests.fixtures.openai import RunningOpenAI
from tests.fixtures.server import SettingsFactory

STORY = (
    "We moved the billing system to a queue with several readers, and the rollout took about four months. "
)
UNCLEAR = (
    "WEBVTT\n\n00:01.000 --> 00:09.000\n<v Speaker 1>"
    + STORY * 2
    + "\n\n00:10.000 --> 00:19.000\n<v Speaker 2>"
    + STORY * 2
    + "\n\n00:20.000 --> 00:21.000\n<v Speaker 1>Yes.\n"
).encode()
CLEAR = UNCLEAR.replace(b"Speaker 1", b"Sarah Lind").replace(b"Speaker 2", b"Daniel Reyes")
PEOPLE = {
    "candidate": {"name": "Daniel Reyes"},
    "participants": [{"name": "Sarah Lind", "role": "interviewer"}],
}


async def test_an_interview_says_that_it_needs_somebody_and_shows_what_it_takes(
    each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI
) -> None:
    async with office(each_settings_with, diligent_openai) as shown:
        interview = await shown.debriefed(UNCLEAR, **PEOPLE)
        other = await shown.debriefed(CLEAR, **PEOPLE)
        found = (await shown.api.get(f"/interviews/{interview}")).json()
        assert found["needs_speakers"] is True
        assert "None of those who speak is known to be the candidate." in found["speaker_reasons"]
        assert (await shown.api.get(f"/interviews/{other}")).json()["needs_speakers"] is False
        for wanted, listed in ((True, [interview]), (False, [other])):
            rows = (await shown.api.get("/interviews", params={"needs_speakers": wanted})).json()["items"]
            assert [row["id"] for row in rows] == listed

        answer = await shown.api.get(f"/interviews/{interview}/speakers")
        # Weak, because it is compressed; `If-Match` takes it all the same.
        assert (answer.status_code, answer.headers["ETag"]) == (200, 'W/"1"')
        body = answer.json()
        assert (body["revision"], body["needs_speakers"]) == (1, True)
        assert body["reasons"] == found["speaker_reasons"]
        first, second = body["speakers"]
        assert (first["label"], first["role"], first["name"]) == ("Speaker 1", "unknown", None)
        assert first["words"] == second["words"] + 1
        assert first["samples"][0]["start"] == 1.0
        assert {s["name"] for s in first["suggestions"]} == {"Daniel Reyes", "Sarah Lind"}

        # The same recording with labels: what was missing is there, and nobody is needed any more.
        await shown.send(interview, CLEAR)
        assert (await shown.done(interview))["needs_speakers"] is False
        body = (await shown.api.get(f"/interviews/{interview}/speakers")).json()
        assert [(s["name"], s["role"]) for s in body["speakers"]] == [
            ("Sarah Lind", "interviewer"),
            ("Daniel Reyes", "candidate"),
        ]
        assert "matches the participant" in body["speakers"][0]["reason"]


async def test_whoever_says_who_is_who_takes_it_off_the_list(
    each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI
) -> None:
    async with office(each_settings_with, diligent_openai) as shown:
        interview = await shown.debriefed(UNCLEAR, **PEOPLE)
        transcript = f"/interviews/{interview}/transcript"
        seen = await shown.api.get(f"/interviews/{interview}/speakers")
        etag, (first, second) = seen.headers["ETag"], seen.json()["speakers"]

        async def post(what: str, body: dict[str, object] | None = None) -> dict[str, Any]:
            nonlocal etag
            sent = await shown.api.post(f"{transcript}/{what}", json=body, headers={"If-Match": etag})
            assert sent.status_code == 200, sent.text
            etag = sent.headers["ETag"]
            return dict((await shown.api.get(f"/interviews/{interview}")).json())

        describe = {"kind": "describe_speaker", "speaker": first["id"], "role": "interviewer"}
        half = await post("edits", describe)
        assert half["needs_speakers"] is True
        assert "None of those who speak is known to be an interviewer." not in half["speaker_reasons"]
        answered = {"kind": "describe_speaker", "speaker": second["id"], "role": "candidate"}
        said = await post("edits", answered)
        assert (said["needs_speakers"], said["speaker_reasons"]) == (False, [])
        assert said["status"] == "done"
        assert said["outdated"] == ["transcript"]
        taken_back = await post("undo")
        assert (taken_back["needs_speakers"], taken_back["speaker_reasons"]) == (
            True,
            half["speaker_reasons"],
        )
        assert (await post("redo"))["needs_speakers"] is False
        said_first = first["samples"][0]["utterance_id"]
        words = {"kind": "edit_text", "utterance_id": said_first, "text": "We moved the billing system."}
        assert (await post("edits", words))["needs_speakers"] is False

        assert (await shown.again(interview))["needs_speakers"] is False
        assert (await shown.debrief(interview))["withheld"] == []


async def test_without_a_transcript_there_are_no_speakers(settings_with: SettingsFactory) -> None:
    async with office(settings_with) as shown:
        interview = await shown.create()
        answer = await shown.api.get(f"/interviews/{interview}/speakers")
        assert (answer.status_code, answer.json()["code"]) == (404, "transcript_missing")
