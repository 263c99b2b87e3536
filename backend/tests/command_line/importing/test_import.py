"""`import` against a real server: what arrives, and what is said about it."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import wave
from collections.abc import AsyncIterator
from inspect import isawaitable
from pathlib import Path

import anyio
import pytest

from tests.api.v1.test_recordings import tone
from tests.command_line.conftest import invoked
from tests.command_line.importing.conftest import (
    a_talk,
    by_name,
    imported,
    interviews,
    outcomes,
    rows_of,
    write_talks,
)
from tests.command_line.importing.line import a_line
from tests.fixtures.openai import running_openai
from tests.fixtures.server import SAMPLES, RunningServer, SettingsFactory, running, wait_until
from tests.standins.openai.analyst import Brain, ChatRequest, Reply
from tests.standins.openai.brains import diligent


@pytest.fixture
async def working(settings_with: SettingsFactory) -> AsyncIterator[RunningServer]:
    """A server with its pipeline."""
    async with running(settings_with()) as server:
        yield server


class TestWhatArrives:
    async def test_a_pair_is_one_interview_and_everything_is_waited_for(
        self, working: RunningServer, talks: Path
    ) -> None:
        shutil.copy(SAMPLES / "interview-30s.wav", talks / "first round.wav")
        shutil.copy(SAMPLES / "script.json", talks / "first round.json")
        write_talks(talks, range(1))
        (talks / "notes.pdf").write_bytes(b"%PDF")
        rows = by_name(await imported(working, str(talks)))
        assert rows.keys() == {"first round.wav", "talk-000.txt", "notes.pdf"}
        assert rows["notes.pdf"]["outcome"] == "skipped"
        pair = rows["first round.wav"]
        assert pair["outcome"] == "done"
        assert [Path(file).name for file in pair["files"]] == ["first round.wav", "first round.json"]
        assert pair["duration"] == pytest.approx(30, abs=0.1)
        assert pair["claims"] > 0
        interview = (await working.client().get(f"/interviews/{pair['interview_id']}")).json()
        assert interview["title"] == "first round"
        assert interview["recording"]["filename"] == "first round.wav"
        assert interview["imported"]["filename"] == "first round.json"

    async def test_options_say_more_about_the_interviews(self, server: RunningServer, talks: Path) -> None:
        [file] = write_talks(talks, range(1))
        options = [
            "--title",
            "Second round",
            "--candidate",
            "Zoë <zoe@example.com>",
            "--position",
            "Engineer",
        ]
        options += ["--template", "builtin-software-engineer", "--language", "en", "--tag", "a", "--tag", "b"]
        [row] = await imported(server, str(file), *options, "--speakers", "3", "--no-wait")
        assert row["outcome"] == "sent"
        made = (await server.client().get(f"/interviews/{row['interview_id']}")).json()
        assert made["title"] == "Second round"
        assert (made["candidate"]["name"], made["candidate"]["email"]) == ("Zoë", "zoe@example.com")
        assert (made["position"], made["language"], made["tags"]) == ("Engineer", "en", ["a", "b"])
        assert (made["template"]["id"], made["speakers_expected"]) == ("builtin-software-engineer", 3)

    async def test_a_manifest_says_more_about_each(self, server: RunningServer, talks: Path) -> None:
        write_talks(talks, range(2))
        manifest = talks / "list.csv"
        manifest.write_text("file,title\ntalk-000.txt,Zero\ntalk-001.txt,One\n")
        rows = await imported(server, "--manifest", str(manifest), "--no-wait")
        assert outcomes(rows) == {"sent": 2}
        assert {row["title"] for row in await interviews(server.client())} == {"Zero", "One"}

    async def test_it_acts_for_the_organisation_that_is_named(
        self, server: RunningServer, talks: Path
    ) -> None:
        [file] = write_talks(talks, range(1))
        ada = server.client()
        acme = (await ada.post("/organisations", json={"name": "Acme"})).json()["id"]
        refused = await invoked(server, "import", str(file))
        assert refused.exit_code == 1
        assert "organisation_required" in refused.output
        done = await invoked(server, "import", str(file), "--no-wait", "--organization", acme)
        assert done.exit_code == 0, done.output
        again = await invoked(
            server, "import", str(file), "--no-wait", environment={"DEBRIEF_ORGANIZATION": acme}
        )
        assert again.exit_code == 0, again.output
        assert len(await interviews(server.client("ada", **{"X-Organization": acme}))) == 1


class TestOnce:
    async def test_the_same_content_under_two_names_is_one_interview(
        self, server: RunningServer, talks: Path
    ) -> None:
        write_talks(talks, range(2))
        shutil.copy(talks / "talk-000.txt", talks / "copy of it.txt")
        rows = await imported(server, str(talks), "--no-wait", "--jobs", "3")
        assert outcomes(rows) == {"sent": 2, "duplicate": 1}
        assert len(await interviews(server.client())) == 2
        [same] = [row for row in rows if row["outcome"] == "duplicate"]
        assert same["detail"] in ("the same as talk-000.txt", "the same as copy of it.txt")

    async def test_run_again_with_other_options_under_another_name_it_is_found(
        self, working: RunningServer, talks: Path
    ) -> None:
        [file] = write_talks(talks, range(1))
        [first] = await imported(working, str(file))
        renamed = file.rename(talks / "renamed.txt")
        [again] = await imported(working, str(renamed), "--title", "Other", "--tag", "new")
        assert (again["outcome"], again["interview_id"]) == ("present", first["interview_id"])

    async def test_an_interview_that_was_made_and_got_nothing_is_gone_on_with(
        self, server: RunningServer, talks: Path
    ) -> None:
        [file] = write_talks(talks, range(1))
        await imported(server, str(file), "--no-wait")
        [made] = await interviews(server.client())
        await server.client().delete(f"/interviews/{made['id']}")
        body = {"title": "Begun elsewhere", "external_id": made["external_id"]}
        begun = (await server.client().post("/interviews", json=body)).json()
        [row] = await imported(server, str(file), "--no-wait")
        assert (row["outcome"], row["interview_id"]) == ("sent", begun["id"])
        assert (await server.client().get(f"/interviews/{begun['id']}")).json()["imported"]

    async def test_what_was_deleted_on_the_server_can_be_imported_again(
        self, server: RunningServer, talks: Path
    ) -> None:
        [file] = write_talks(talks, range(1))
        for _ in range(2):
            [row] = await imported(server, str(file), "--no-wait")
            assert row["outcome"] == "sent"
            assert (await server.client().delete(f"/interviews/{row['interview_id']}")).status_code == 200

    async def test_a_transcript_that_comes_after_its_recording_joins_it_and_the_other_way_round(
        self, server: RunningServer, talks: Path
    ) -> None:
        api = server.client()
        (talks / "a.wav").write_bytes(tone(1.0))
        (talks / "b.txt").write_text(a_talk(1))
        first = by_name(await imported(server, str(talks), "--no-wait"))
        (talks / "a.txt").write_text(a_talk(2))
        (talks / "b.wav").write_bytes(tone(1.5))
        second = by_name(await imported(server, str(talks), "--no-wait"))
        assert second["a.wav"]["interview_id"] == first["a.wav"]["interview_id"]
        assert second["b.wav"]["interview_id"] == first["b.txt"]["interview_id"]
        for row in await interviews(api):
            interview = (await api.get(f"/interviews/{row['id']}")).json()
            assert interview["recording"]
            assert interview["imported"]

    async def test_a_recording_that_joined_a_transcript_is_found_when_it_comes_alone(
        self, server: RunningServer, talks: Path
    ) -> None:
        api = server.client()
        transcript, recording = talks / "a.txt", talks / "a.wav"
        transcript.write_text(a_talk(1))
        [first] = await imported(server, str(talks), "--no-wait")
        recording.write_bytes(tone(1.5))
        [joined] = await imported(server, str(talks), "--no-wait")
        sha256 = hashlib.sha256(recording.read_bytes()).hexdigest()
        interview = (await api.get(f"/interviews/{joined['interview_id']}")).json()
        assert interview["external_id"] == f"sha256:{sha256}"
        elsewhere = recording.rename(talks / "recording of a.wav")
        [alone] = await imported(server, str(elsewhere), "--no-wait")
        assert alone["interview_id"] == joined["interview_id"] == first["interview_id"]
        assert len(await interviews(api)) == 1

    async def test_a_recording_that_joined_a_transcript_in_an_import_that_was_cut_off_is_noted_later(
        self, server: RunningServer, talks: Path
    ) -> None:
        api = server.client()
        (talks / "a.txt").write_text(a_talk(1))
        [row] = await imported(server, str(talks), "--no-wait")
        (talks / "a.wav").write_bytes(tone(1.5))
        path = f"/interviews/{row['interview_id']}"
        known_by = (await api.get(path)).json()["external_id"]
        await imported(server, str(talks), "--no-wait")
        await api.patch(path, json={"external_id": known_by})
        await imported(server, str(talks), "--no-wait")
        assert (await api.get(path)).json()["external_id"] != known_by
        await api.patch(path, json={"external_id": known_by})
        (talks / "a.wav").write_bytes(tone(2.0))
        await imported(server, str(talks), "--no-wait")
        assert (await api.get(path)).json()["external_id"] == known_by, "it has another recording"

    async def test_a_recording_is_sent_once_the_debrief_of_its_transcript_is_made(
        self, settings_with: SettingsFactory, talks: Path
    ) -> None:
        analysed = asyncio.Event()

        def slow(brain: Brain) -> Brain:
            async def answer(asked: ChatRequest) -> Reply:
                await analysed.wait()
                reply = brain(asked)
                return await reply if isawaitable(reply) else reply

            return answer

        brains = {schema: slow(brain) for schema, brain in diligent().items()}
        async with (
            running_openai(brains=brains) as openai,
            running(settings_with(openai=openai.settings().model_dump())) as server,
            a_line(server) as line,
        ):
            rule = {"analyst": "openai", "when_down": "fail"}
            assert (await server.client().patch("/organisation", json={"analysis": rule})).status_code == 200
            shutil.copy(SAMPLES / "script.json", talks / "a.json")
            [first] = await imported(server, str(talks), "--no-wait", "--language", "en")
            (talks / "a.wav").write_bytes(tone(1.5))
            asked = f"GET /api/v1/interviews/{first['interview_id']}"
            await wait_until(server.client(), first["interview_id"], "analysing")
            elsewhere = RunningServer(line.url, server.settings)
            importing = asyncio.create_task(imported(elsewhere, str(talks), "--no-wait"))
            while line.requests.count(asked) < 2 and not importing.done():
                await asyncio.sleep(0.02)
            assert not [request for request in line.requests if request.startswith("PUT")]
            analysed.set()
            [row] = await importing
            assert (row["outcome"], row["interview_id"]) == ("sent", first["interview_id"])
            interview = (await server.client().get(f"/interviews/{row['interview_id']}")).json()
            assert interview["recording"]["filename"] == "a.wav"

    async def test_two_imports_at_once_make_one_interview_of_each_file(
        self, server: RunningServer, talks: Path
    ) -> None:
        write_talks(talks, range(6))
        (talks / "sound.wav").write_bytes(tone(1.0))
        async with anyio.create_task_group() as group:
            for title in ("one", "other"):
                group.start_soon(imported, server, str(talks), "--no-wait", "--tag", title)
        assert len(await interviews(server.client())) == 7


class TestTrouble:
    async def test_what_fails_does_not_stop_the_others_and_leaves_nothing(
        self, working: RunningServer, talks: Path
    ) -> None:
        write_talks(talks, range(2))
        (talks / "picture.mp3").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500))
        (talks / "empty.txt").write_text("")
        ended = await invoked(working, "import", str(talks), "--json")
        assert ended.exit_code == 1
        rows = by_name(rows_of(ended))
        assert outcomes(list(rows.values())) == {"done": 2, "failed": 2}
        assert rows["picture.mp3"]["detail"].startswith("not_media: ")
        assert rows["empty.txt"]["detail"].startswith("transcript_empty: ")
        assert len(await interviews(working.client())) == 2

    async def test_an_interview_that_failed_in_the_pipeline_says_why(
        self, working: RunningServer, talks: Path
    ) -> None:
        with wave.open(str(talks / "silence.wav"), "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", ""))
            file.writeframes(bytes(16_000))
        [row] = await imported(working, str(talks))
        assert row["outcome"] == "failed"
        assert "no audible sound" in row["detail"]
        [again] = await imported(working, str(talks))
        assert (again["outcome"], again["interview_id"]) == ("failed", row["interview_id"])

    @pytest.mark.parametrize(
        "arguments",
        [
            [],
            ["nowhere.mp3"],
            ["talks", "--title", "One for all"],
            ["talks", "--jobs", "0"],
            ["--manifest", "talks"],
        ],
    )
    async def test_wrong_usage_is_exit_code_2(
        self, server: RunningServer, talks: Path, arguments: list[str]
    ) -> None:
        write_talks(talks, range(2))
        refused = await invoked(server, "import", *arguments, folder=talks.parent)
        assert refused.exit_code == 2, refused.output
        assert await interviews(server.client()) == []

    async def test_nothing_to_import_is_said(self, server: RunningServer, talks: Path) -> None:
        (talks / "notes.pdf").write_bytes(b"%PDF")
        ended = await invoked(server, "import", str(talks))
        assert ended.exit_code == 1
        assert "nothing to import" in ended.output


class TestWhatIsSaid:
    async def test_a_dry_run_sends_nothing(self, server: RunningServer, talks: Path) -> None:
        write_talks(talks, range(1))
        await imported(server, str(talks), "--no-wait")
        write_talks(talks, range(2))
        rows = by_name(await imported(server, str(talks), "--dry-run"))
        assert rows["talk-000.txt"]["outcome"] == "present"
        assert rows["talk-001.txt"]["outcome"] == "planned"
        assert len(await interviews(server.client())) == 1

    async def test_in_a_pipe_it_is_lines_and_a_table(self, working: RunningServer, talks: Path) -> None:
        file = talks / "talk [bold]\x1b[31m.txt"
        file.write_text(a_talk(1))
        shown = await invoked(working, "import", str(talks))
        assert shown.exit_code == 0, shown.output
        assert "\x1b" not in shown.output
        lines = shown.output.splitlines()
        assert lines[0].startswith("sent ")
        assert lines[1].startswith("done ")
        assert "talk [bold]" in lines[1]
        assert lines[-1] == "1 in all: 1 done"
