"""From a file to a debrief, through a real server and the real pipeline."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest

from tests.api.v1.test_recordings import new_interview, tone
from tests.fixtures.server import SAMPLES, SettingsFactory, running, wait_until

SCRIPT = json.loads((SAMPLES / "script.json").read_text())
BODY = {
    "title": "Backend engineer",
    "candidate": {"name": "Daniel"},
    "participants": [{"name": "Sarah", "role": "interviewer"}],
    "template": {"id": "builtin-software-engineer"},
}


async def create(api: httpx.AsyncClient) -> str:
    return str((await api.post("/interviews", json=BODY)).json()["id"])


class TestImportedTranscript:
    async def test_it_becomes_a_debrief_whose_every_quote_is_in_the_transcript(
        self, settings_with: SettingsFactory
    ) -> None:
        async with running(settings_with()) as server:
            api = server.client()
            interview = await create(api)
            sent = await api.put(
                f"/interviews/{interview}/transcript", content=(SAMPLES / "script.json").read_bytes()
            )
            assert sent.status_code == 202, sent.text
            done = await wait_until(api, interview, "done", "failed")
            assert done["status"] == "done", done["failure"]

            transcript = (await api.get(f"/interviews/{interview}/transcript")).json()
            assert len(transcript["utterances"]) == len(SCRIPT["utterances"])
            roles = {s["name"]: s["role"] for s in transcript["speakers"]}
            assert roles == {"Sarah": "interviewer", "Daniel": "candidate"}
            assert transcript["engine"]["kind"] == "imported"

            debrief = (await api.get(f"/interviews/{interview}/analysis")).json()
            assert debrief["engine"]["kind"] == "offline_baseline"
            assert debrief["outdated"] == []
            assert len(debrief["question_answers"]) == len(SCRIPT["qa_pairs"])
            assert debrief["coverage"]["rejected"] == 0
            said = {u["id"]: u["text"] for u in transcript["utterances"]}
            quotes = [qa["question"] for qa in debrief["question_answers"]]
            quotes += [e for qa in debrief["question_answers"] for e in qa["answer"]]
            quotes += [p["evidence"] for r in debrief["related"] for p in r["passages"]]
            assert quotes
            assert all(q["quote"] in said[q["utterance_id"]] for q in quotes)

    async def test_a_new_template_marks_the_debrief_outdated_and_a_new_one_can_be_made(
        self, settings_with: SettingsFactory
    ) -> None:
        async with running(settings_with()) as server:
            api = server.client()
            interview = await create(api)
            path = f"/interviews/{interview}"
            await api.put(f"{path}/transcript", content=(SAMPLES / "script.json").read_bytes())
            await wait_until(api, interview, "done")
            await api.patch(path, json={"template": {"id": "builtin-first-interview"}})
            assert (await api.get(f"{path}/analysis")).json()["outdated"] == ["template"]
            assert (await api.post(f"{path}/analysis")).status_code == 202
            await wait_until(api, interview, "done")
            newest = (await api.get(f"{path}/analysis")).json()
            assert (newest["revision"], newest["outdated"]) == (2, [])
            first = (await api.get(f"{path}/analysis", params={"revision": 1})).json()
            assert first["template_id"] == "builtin-software-engineer"
            listed = (await api.get(f"{path}/analyses")).json()["items"]
            assert [a["revision"] for a in listed] == [2, 1]

    async def test_it_goes_next_to_a_recording(self, settings_with: SettingsFactory) -> None:
        async with running(settings_with()) as server:
            api = server.client()
            interview = await create(api)
            await api.put(f"/interviews/{interview}/recording", content=tone(2))
            await api.put(
                f"/interviews/{interview}/transcript", content=(SAMPLES / "script.json").read_bytes()
            )
            done = await wait_until(api, interview, "done", "failed")
            assert done["status"] == "done", done["failure"]
            transcript = (await api.get(f"/interviews/{interview}/transcript")).json()
            assert transcript["engine"]["kind"] == "imported"
            assert (await api.get(f"/interviews/{interview}/recording/peaks")).status_code == 200

    @pytest.mark.parametrize(
        ("data", "status", "code"),
        [
            (b"", 422, "transcript_empty"),
            (b"%PDF-1.7 \x00\x01", 422, "transcript_unreadable"),
            (b"x" * (10 * 2**20 + 1), 413, "transcript_too_large"),
        ],
        ids=["nothing", "a PDF", "over the limit"],
    )
    async def test_a_bad_file_is_refused_at_once(
        self, settings_with: SettingsFactory, data: bytes, status: int, code: str
    ) -> None:
        async with running(settings_with(worker={"worker_in_process": False})) as server:
            api = server.client()
            interview = await create(api)
            answer = await api.put(f"/interviews/{interview}/transcript", content=data)
            assert (answer.status_code, answer.json()["code"]) == (status, code)
            assert (await api.get(f"/interviews/{interview}")).json()["status"] == "created"

    async def test_overlapping_and_reversed_times_are_reported_and_nothing_is_lost(
        self, settings_with: SettingsFactory
    ) -> None:
        vtt = (
            "WEBVTT\n\n"
            "00:00:05.000 --> 00:00:09.000\n<v Sarah>What did you build last year?\n\n"
            "00:00:08.000 --> 00:00:12.000\n<v Daniel>A billing system.\n\n"
            "00:00:20.000 --> 00:00:15.000\n<v Daniel>It served many customers.\n"
        )
        async with running(settings_with()) as server:
            api = server.client()
            interview = await create(api)
            await api.put(f"/interviews/{interview}/transcript", content=vtt.encode())
            await wait_until(api, interview, "done")
            transcript = (await api.get(f"/interviews/{interview}/transcript")).json()
            texts = " ".join(u["text"] for u in transcript["utterances"])
            assert texts == "What did you build last year? A billing system. It served many customers."
            assert all(u["start"] <= u["end"] for u in transcript["utterances"])
            assert transcript["warnings"]
            debrief = (await api.get(f"/interviews/{interview}/analysis")).json()
            assert debrief["outcome"] == "insufficient_data"
            assert debrief["reasons"]


class TestRecording:
    async def test_the_stereo_sample_gets_its_two_speakers(self, settings_with: SettingsFactory) -> None:
        async with running(settings_with()) as server:
            api = server.client()
            interview = await create(api)
            data = (SAMPLES / "interview-30s.wav").read_bytes()
            await api.put(f"/interviews/{interview}/recording", content=data)
            done = await wait_until(api, interview, "done", "failed")
            assert done["status"] == "done", done["failure"]
            assert [s["outcome"] for s in done["history"]] == ["committed"] * 4
            transcript = (await api.get(f"/interviews/{interview}/transcript")).json()
            assert transcript["engine"]["kind"] == "offline_draft"
            assert transcript["utterances"]

    async def test_silence_fails_with_a_reason_and_can_be_replaced(
        self, settings_with: SettingsFactory
    ) -> None:
        async with running(settings_with()) as server:
            api = server.client()
            interview = await new_interview(api)
            silent = tone()[:44] + bytes(16_000)
            await api.put(f"/interviews/{interview}/recording", content=silent)
            failed = await wait_until(api, interview, "failed", "done")
            assert failed["failure"]["code"] == "recording_silent"
            assert failed["failure"]["step"] == "preparing"
            again = await api.put(f"/interviews/{interview}/recording", content=tone())
            assert again.status_code == 202


class TestManyAtOnce:
    async def test_a_hundred_uploads_all_reach_their_end_unattended(
        self, settings_with: SettingsFactory
    ) -> None:
        vtt = (SAMPLES / "script.json").read_bytes()
        async with running(settings_with(worker={"worker_cpu_concurrency": 2})) as server:
            api = server.client()

            async def one() -> str:
                interview = await create(api)
                sent = await api.put(f"/interviews/{interview}/transcript", content=vtt)
                assert sent.status_code == 202
                return interview

            interviews = await asyncio.gather(*(one() for _ in range(100)))
            for interview in interviews:
                done = await wait_until(api, interview, "done", "failed")
                assert done["status"] == "done"
                assert (done["transcript_revision"], done["analysis_revision"]) == (1, 1)
