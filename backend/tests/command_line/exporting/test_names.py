"""Titles become names of files, and nothing else."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.command_line.exporting.names import file_name

ID = "01m8a9w6npgadqewdh5rz44186"


class TestFileName:
    @pytest.mark.parametrize(
        ("title", "name"),
        [
            ("Backend engineer, first round", "Backend engineer, first round (5rz44186).pdf"),
            ("Zoë / Ångström", "Zoë Ångström (5rz44186).pdf"),
            ("../../etc/passwd", "etc passwd (5rz44186).pdf"),
            ("C:\\Windows\\win.ini", "C Windows win.ini (5rz44186).pdf"),
            ("...", "Interview (5rz44186).pdf"),
            ("a\nb\x00c", "a b c (5rz44186).pdf"),
            ("CON", "CON (5rz44186).pdf"),
        ],
    )
    def test_it_reads_like_the_title(self, title: str, name: str) -> None:
        assert file_name(title, ID, ".pdf") == name

    def test_equal_titles_stay_apart(self) -> None:
        assert file_name("Talk", ID, ".md") != file_name("Talk", ID[:-1] + "7", ".md")

    @given(st.text(max_size=400), st.sampled_from([".pdf", ".transcript.json"]))
    @example("../" * 100, ".pdf")
    @example("\u202egnp.exe", ".pdf")
    @example("\ud800", ".pdf")
    @example("é" * 300, ".transcript.json")
    def test_no_title_leads_out_of_the_folder(self, title: str, suffix: str) -> None:
        """Whatever people write as a title: one visible name that every file system takes, right in the folder."""
        name = file_name(title, ID, suffix)
        assert (Path("folder") / name).parent == Path("folder")
        assert PureWindowsPath(name).name == name
        assert not name.startswith((".", " "))
        assert name.endswith(f"(5rz44186){suffix}")
        assert name.isprintable()
        assert len(name.encode()) <= 200
