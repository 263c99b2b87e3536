"""When a file that is being written counts as complete."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.command_line.importing.content import Stamp
from app.command_line.watching.memory import Memory
from app.command_line.watching.settling import Settling

TALK = Path("talk.mp3")
SECONDS = 5.0


class TestSettling:
    def test_a_file_is_complete_once_it_stopped_growing_for_long_enough(self) -> None:
        settling = Settling(SECONDS)
        assert not settling.look({TALK: Stamp(10, 1)}, 0.0)
        assert not settling.look({TALK: Stamp(20, 2)}, 4.0)
        assert not settling.look({TALK: Stamp(20, 2)}, 8.9)
        assert settling.is_waiting
        assert settling.look({TALK: Stamp(20, 2)}, 9.0) == {TALK}
        assert not settling.is_waiting

    def test_a_file_that_is_written_again_has_to_settle_again(self) -> None:
        settling = Settling(SECONDS)
        settling.look({TALK: Stamp(10, 1)}, 0.0)
        assert settling.look({TALK: Stamp(10, 1)}, 5.0) == {TALK}
        assert not settling.look({TALK: Stamp(10, 2)}, 6.0), "the same size, written later"

    def test_a_file_that_went_away_and_came_back_begins_anew(self) -> None:
        settling = Settling(SECONDS)
        settling.look({TALK: Stamp(10, 1)}, 0.0)
        settling.look({}, 3.0)
        assert not settling.look({TALK: Stamp(10, 1)}, 6.0)

    @given(
        st.lists(st.tuples(st.integers(0, 3), st.floats(0.1, 3.0)), min_size=1, max_size=30),
        st.floats(0.0, 6.0),
    )
    def test_complete_means_unchanged_for_the_whole_time(
        self, looks: list[tuple[int, float]], seconds: float
    ) -> None:
        """Whatever was seen when: what is complete has looked the same for at least that long."""
        settling, now, seen = Settling(seconds), 0.0, list[tuple[float, int]]()
        for size, pause in looks:
            now += pause
            seen.append((now, size))
            complete = settling.look({TALK: Stamp(size, 0)}, now)
            same_since = now
            for at, earlier in reversed(seen):
                if earlier != size:
                    break
                same_since = at
            assert (TALK in complete) == (now - same_since >= seconds)


class TestMemory:
    def test_it_knows_over_a_restart_what_has_not_changed_since(self, tmp_path: Path) -> None:
        file = tmp_path / "state" / "watch.json"
        Memory(file).keep({TALK: Stamp(10, 1), Path("caf\udce9.txt"): Stamp(3, 3)})
        again = Memory(file)
        assert again.knows({TALK: Stamp(10, 1)})
        assert again.knows({Path("caf\udce9.txt"): Stamp(3, 3)}), "a name that is no text"
        assert not again.knows({TALK: Stamp(11, 1)})
        assert not again.knows({TALK: Stamp(10, 1), Path("talk.vtt"): Stamp(1, 1)})
        assert [one.name for one in file.parent.iterdir()] == ["watch.json"], "nothing half-written stays"

    def test_a_damaged_or_newer_file_is_as_good_as_none(self, tmp_path: Path) -> None:
        file = tmp_path / "watch.json"
        for content in ("{", "[]", '{"version": 99, "files": {}}', '{"version": 1, "files": {"a": 1}}', ""):
            file.write_text(content)
            memory = Memory(file)
            assert not memory.knows({TALK: Stamp(10, 1)})
            memory.keep({TALK: Stamp(10, 1)})
            assert json.loads(file.read_text())["files"] == {"talk.mp3": [10, 1]}

    def test_each_folder_server_and_organisation_has_its_own(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

        def known(server: str, organisation: str) -> bool:
            memory = Memory.of(tmp_path, server=server, organisation=organisation)
            return memory.knows({TALK: Stamp(1, 1)})

        Memory.of(tmp_path, server="http://a", organisation="acme").keep({TALK: Stamp(1, 1)})
        assert known("http://a", "acme")
        assert not known("http://b", "acme")
        assert not known("http://a", "other")
