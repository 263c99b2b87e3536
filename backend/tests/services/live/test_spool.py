"""Live recordings on the disk: one writer, and nothing lost with a process."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from app.models.base import new_id, utc_now
from app.models.live import LiveEncoding, LiveUtterance
from app.services.live.journal import Begun, Ended, Heard, PartBegun
from app.services.live.spool import Spool, SpoolBusy, SpooledRecording, SpoolFull, SpoolNameInvalid

ID = new_id()


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "live")


def begun(spool: Spool, data: bytes = b"") -> SpooledRecording:
    spooled = spool.claim(ID)
    spooled.note(Begun(session_id="s", organisation_id="acme", interview_id=ID, begun_at=utc_now()))
    spooled.begin_part(part(1))
    spooled.append(data)
    return spooled


def part(number: int) -> PartBegun:
    return PartBegun(
        number=number, encoding=LiveEncoding.LINEAR16, sample_rate=16_000, channels=1, begun_at=utc_now()
    )


def utterance(number: int) -> LiveUtterance:
    return LiveUtterance(id=f"live-{number}", text="Grüße", start=1, end=2, channel=0, stream=1)


class TestOneWriter:
    def test_a_second_claim_is_refused_until_the_first_is_closed(self, spool: Spool) -> None:
        first = spool.claim(ID)
        with pytest.raises(SpoolBusy):
            spool.claim(ID)
        first.close()
        spool.claim(ID).close()

    def test_a_folder_that_was_removed_meanwhile_is_made_anew(self, spool: Spool) -> None:
        first = spool.claim(ID)
        first.remove()
        second = spool.claim(ID)
        first.close()
        assert second.folder.is_dir()
        second.close()

    def test_an_id_cannot_reach_into_another_folder(self, spool: Spool) -> None:
        with pytest.raises(SpoolNameInvalid):
            spool.claim("../objects")


class TestWhatSurvives:
    def test_bytes_and_lines_of_a_process_that_ended(self, spool: Spool) -> None:
        spooled = begun(spool, b"abcdef")
        spooled.note(Heard(utterance=utterance(1)))
        spooled.close()
        again = spool.claim(ID)
        again.resume_part()
        assert again.received == 6
        assert again.begun.session_id == "s"
        assert again.journal.finals == [utterance(1)]
        again.close()

    @pytest.mark.parametrize("torn", [b'{"kind":"hea', b'{"kind":"unknown"}\n', b"\xff\n"])
    def test_a_torn_line_is_cut_off_and_what_follows_is_read_again(self, spool: Spool, torn: bytes) -> None:
        spooled = begun(spool)
        spooled.note(Heard(utterance=utterance(1)))
        spooled.close()
        with (spooled.folder / "journal.jsonl").open("ab") as file:
            file.write(torn)
        again = spool.claim(ID)
        again.note(Heard(utterance=utterance(2)), Ended())
        again.close()
        journal = spool.look(ID)
        assert journal is not None
        assert journal.finals == [utterance(1), utterance(2)]
        assert journal.ended

    def test_a_full_disk_leaves_whole_frames_only(
        self, spool: Spool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        spooled = begun(spool, b"abcdef")
        write, calls = os.write, iter([2, None])

        def short(file: int, data: bytes) -> int:
            count = next(calls)
            if count is None:
                raise OSError(28, "No space left on device")
            return write(file, data[:count])

        monkeypatch.setattr(os, "write", short)
        with pytest.raises(SpoolFull):
            spooled.append(b"ghijkl")
        monkeypatch.undo()
        assert spooled.part_path(part(1)).read_bytes() == b"abcdef"
        spooled.close()


class TestWhatIsLeft:
    def test_idle_time_counts_from_the_last_change(self, spool: Spool) -> None:
        spooled = begun(spool, b"ab")
        spooled.close()
        assert spool.idle_seconds(ID) < 5
        for path in spooled.folder.iterdir():
            os.utime(path, (time.time() - 300,) * 2)
        assert 295 < spool.idle_seconds(ID) < 310

    def test_a_refused_recording_is_kept_for_a_while_and_goes_with_its_interview(self, spool: Spool) -> None:
        for finish in (lambda: spool.remove_refused(-1), lambda: spool.remove(ID)):
            spooled = begun(spool, b"ab")
            spooled.set_aside()
            spooled.close()
            assert spool.waiting() == []
            spool.remove_refused(60)
            assert len(list(spooled.folder.parent.iterdir())) == 1
            finish()
            assert list(spooled.folder.parent.iterdir()) == []
