"""Which files an import takes, and which of them belong together."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.command_line.errors import CommandFailed
from app.command_line.importing.details import Details, Person
from app.command_line.importing.finding import find
from app.command_line.importing.manifest import read_manifest


def touched(folder: Path, *names: str) -> Path:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")
    return folder


def names(folder: Path, *paths: str) -> list[str]:
    return [item.name for item in find([folder / path for path in paths] or [folder]).items]


class TestFind:
    def test_a_folder_gives_what_is_below_it_in_order(self, tmp_path: Path) -> None:
        touched(tmp_path, "b.mp3", "a.txt", "2026/spring/c.WAV")
        assert names(tmp_path) == ["a.txt", "b.mp3", "c.WAV"]

    def test_a_recording_and_a_transcript_of_one_name_are_one_item(self, tmp_path: Path) -> None:
        touched(tmp_path, "talk.mp4", "talk.vtt", "other/talk.mp4", "other/notes.vtt")
        assert sorted(names(tmp_path)) == ["notes.vtt", "talk.mp4", "talk.mp4 + talk.vtt"]

    def test_of_several_transcripts_the_one_that_tells_most_is_taken(self, tmp_path: Path) -> None:
        found = find([touched(tmp_path, "talk.m4a", "talk.txt", "talk.srt", "talk.vtt")])
        assert [item.name for item in found.items] == ["talk.m4a + talk.vtt"]
        assert [(one.path.name, one.reason) for one in found.skipped] == [
            ("talk.srt", "talk.vtt is the same transcript"),
            ("talk.txt", "talk.vtt is the same transcript"),
        ]

    def test_of_several_recordings_the_first_gets_the_transcript(self, tmp_path: Path) -> None:
        touched(tmp_path, "talk.m4a", "talk.mp4", "talk.vtt")
        assert names(tmp_path) == ["talk.m4a + talk.vtt", "talk.mp4"]

    def test_what_is_hidden_temporary_or_something_else_is_skipped_and_named(self, tmp_path: Path) -> None:
        unwanted = [".hidden.mp3", "~$talk.txt", "talk.mp3.part", "a.crdownload", "b.tmp", "c.mp3~", "d.pdf"]
        found = find([touched(tmp_path, *unwanted, ".git/e.mp3", "good.mp3")])
        assert [item.name for item in found.items] == ["good.mp3"]
        assert {one.path.name for one in found.skipped} == set(unwanted), "hidden folders are not looked into"

    def test_a_path_that_is_named_twice_counts_once(self, tmp_path: Path) -> None:
        touched(tmp_path, "x/talk.mp3")
        assert names(tmp_path, "x", "x/talk.mp3", "x/../x/talk.mp3") in (
            ["talk.mp3"],
            ["talk.mp3", "talk.mp3"],
        )
        assert names(tmp_path, "x", "x/talk.mp3") == ["talk.mp3"]


class TestDetails:
    @pytest.mark.parametrize(
        ("text", "person"),
        [
            ("Daniel Reyes", Person("Daniel Reyes")),
            ("Daniel Reyes <daniel@example.com>", Person("Daniel Reyes", "daniel@example.com")),
            ("Reyes, Daniel", Person("Reyes, Daniel")),
        ],
    )
    def test_a_candidate_is_a_name_perhaps_with_an_address(self, text: str, person: Person) -> None:
        assert Person.read(text) == person

    def test_the_title_is_the_name_of_the_file_without_what_no_title_may_have(self) -> None:
        body = Details().body(stem="caf\udce9\x1b[31m talk", external_id="x")
        assert body == {"title": "caf? [31m talk", "external_id": "x"}
        assert len(Details().body(stem="é" * 400, external_id="x")["title"]) == 300
        assert Details(title="Mine").body(stem="talk", external_id="x")["title"] == "Mine"


class TestManifest:
    def test_a_row_says_more_about_a_file(self, tmp_path: Path) -> None:
        touched(tmp_path, "talks/a.mp3", "talks/b.mp3")
        manifest = tmp_path / "list.csv"
        manifest.write_text(
            "\ufefffile,title,candidate,candidate_email,tags\n"
            'talks/a.mp3,"First, round",Zoë,zoe@example.com,senior; backend\n'
            "talks/b.mp3,,,,\n",
            encoding="utf-8",
        )
        given = Details(position="Engineer", tags=("2026",))
        read = read_manifest(manifest, given)
        assert read[tmp_path / "talks" / "a.mp3"] == Details(
            title="First, round",
            candidate=Person("Zoë", "zoe@example.com"),
            position="Engineer",
            tags=("2026", "senior", "backend"),
        )
        assert read[tmp_path / "talks" / "b.mp3"] == given

    def test_a_field_may_hold_what_looks_like_the_end_of_a_line(self, tmp_path: Path) -> None:
        touched(tmp_path, "a.mp3", "b.mp3")
        manifest = tmp_path / "list.csv"
        manifest.write_text(
            'file,title\r\na.mp3,First\u2028round\r\nb.mp3,"Second\nround"\r\n', encoding="utf-8", newline=""
        )
        titles = [details.title for details in read_manifest(manifest, Details()).values()]
        assert titles == ["First\u2028round", "Second\nround"]

    def test_a_candidate_may_bring_an_address_along_as_on_the_command_line(self, tmp_path: Path) -> None:
        touched(tmp_path, "a.mp3", "b.mp3")
        manifest = tmp_path / "list.csv"
        manifest.write_text(
            "file,candidate,candidate_email\n"
            "a.mp3,Zoë <zoe@example.com>\n"
            "b.mp3,Zoë <zoe@example.com>,other@example.com\n",
            encoding="utf-8",
        )
        read = read_manifest(manifest, Details())
        assert read[tmp_path / "a.mp3"].candidate == Person("Zoë", "zoe@example.com")
        assert read[tmp_path / "b.mp3"].candidate == Person("Zoë", "other@example.com")

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("name\na.mp3\n", "not 'name'"),
            ("title\nx\n", "`file` and any of"),
            ("file\nmissing.mp3\n", "line 2: there is no file 'missing.mp3'"),
            ("", "`file` and any of"),
            (f"file,title\nlist.csv,{'x' * 200_000}\n", "line 2: field larger than"),
            ("file,title\nlist.csv,First, round\n", "line 2: it has more fields than the first line; put"),
            ("file,candidate_email\nlist.csv,a@b.example\n", "line 2: candidate_email is of no use without"),
        ],
    )
    def test_what_it_cannot_mean_is_named(self, tmp_path: Path, text: str, reason: str) -> None:
        manifest = tmp_path / "list.csv"
        manifest.write_text(text)
        with pytest.raises(CommandFailed, match=reason):
            read_manifest(manifest, Details())
