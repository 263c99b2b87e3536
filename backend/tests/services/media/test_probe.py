"""Probing tells what a file is from its content, how long it plays, and whether part of it is missing."""

from __future__ import annotations

import struct
import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.errors import AppError, InvalidInput, TooLarge, UnsupportedMedia
from app.models.audio import ProblemCode
from app.services.media.errors import EmptyFile, NoAudioTrack, NotMedia, TooLong, Truncated
from app.services.media.probe import clock, probe

SAMPLES = Path(__file__).parents[4] / "samples"
HOUR = 3600.0
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" * 200
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
    + bytes(64)
)


def codes(info: object) -> list[ProblemCode]:
    return [problem.code for problem in info.problems]  # type: ignore[attr-defined]


class TestWhatItIs:
    @pytest.mark.parametrize(
        ("kind", "container", "content_type", "codec", "has_video"),
        [
            ("wav", "wav", "audio/wav", "pcm_s16le", False),
            ("streamed wav", "wav", "audio/wav", "pcm_s16le", False),
            ("mp3", "mp3", "audio/mpeg", "mp3", False),
            ("m4a", "mp4", "audio/mp4", "aac", False),
            ("mp4 for the web", "mp4", "audio/mp4", "aac", False),
            ("mp4 in fragments", "mp4", "audio/mp4", "aac", False),
            ("mp4 with video", "mp4", "video/mp4", "aac", True),
            ("mov with video", "mov", "video/quicktime", "aac", True),
            ("ogg", "ogg", "audio/ogg", "opus", False),
            ("webm", "webm", "audio/webm", "opus", False),
            ("webm from a browser", "webm", "audio/webm", "opus", False),
            ("webm with video", "webm", "video/webm", "opus", True),
            ("mkv", "mkv", "audio/x-matroska", "opus", False),
            ("flac", "flac", "audio/flac", "flac", False),
            ("aac", "aac", "audio/aac", "aac", False),
            ("avi", "avi", "video/x-msvideo", "mp3", True),
        ],
    )
    def test_names_the_container_and_measures_it_whatever_the_file_is_called(
        self,
        record: Callable[..., Path],
        kind: str,
        container: str,
        content_type: str,
        codec: str,
        has_video: bool,
    ) -> None:
        info = probe(record(kind, name="recording.bin"), max_duration=HOUR)
        assert (info.container, info.content_type, info.codec) == (container, content_type, codec)
        assert info.has_video is has_video
        assert info.duration == pytest.approx(3.0, abs=0.06)
        assert info.channels == 1
        assert info.problems == ()

    @pytest.mark.parametrize(
        ("kind", "layout", "channels"),
        [
            ("wav", "stereo", 2),
            ("m4a", "stereo", 2),
            ("webm", "stereo", 2),
            ("wav", "5.1", 6),
            ("m4a", "5.1", 6),
        ],
    )
    def test_counts_the_channels(
        self, record: Callable[..., Path], kind: str, layout: str, channels: int
    ) -> None:
        info = probe(record(kind, layout=layout), max_duration=HOUR)
        assert (info.channels, info.sample_rate) == (channels, 48_000)

    @pytest.mark.parametrize(
        ("name", "seconds"),
        [
            ("interview.mp3", 232.189),
            ("interview.webm", 232.189),
            ("interview-stereo.m4a", 232.189),
            ("interview-30s.wav", 30.0),
        ],
    )
    def test_agrees_with_the_ground_truth_of_the_samples(self, name: str, seconds: float) -> None:
        assert probe(SAMPLES / name, max_duration=HOUR).duration == pytest.approx(seconds, abs=0.2)

    def test_a_cover_picture_is_not_a_video(self, record: Callable[..., Path], tmp_path: Path) -> None:
        picture = b"\x00image/png\x00\x03\x00" + PNG
        frame = b"APIC" + struct.pack(">I", len(picture)) + b"\x00\x00" + picture
        size = len(frame)
        tag = b"ID3\x03\x00\x00" + bytes([0, 0, size >> 7 & 127, size & 127]) + frame
        covered = tmp_path / "covered.mp3"
        covered.write_bytes(tag + record("mp3").read_bytes())
        info = probe(covered, max_duration=HOUR)
        assert (info.container, info.has_video, info.content_type) == ("mp3", False, "audio/mpeg")


class TestWhatItRefuses:
    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (PDF, "PDF"),
            (PNG, "PNG"),
            (b"PK\x03\x04" + bytes(range(256)) * 8, "ZIP"),
            (b"Interviewer: tell me about yourself.\n" * 50, "text file"),
            ("Größe und Straße: Übung macht den Meister. ".encode() * 100, "text file"),
            (b"<!DOCTYPE html><html><body>Not found</body></html>", "web page"),
            (b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n", "import it as a transcript"),
            (bytes(20_000), "not audio or video"),
            (bytes(range(1, 256)) * 100, "not audio or video"),
        ],
    )
    def test_says_what_a_file_named_mp3_really_is(self, tmp_path: Path, content: bytes, said: str) -> None:
        path = tmp_path / "interview.mp3"
        path.write_bytes(content)
        with pytest.raises(NotMedia, match=said) as caught:
            probe(path, max_duration=HOUR)
        assert (caught.value.code, caught.value.status) == ("not_media", 415)
        assert isinstance(caught.value, UnsupportedMedia)

    def test_an_empty_file(self, tmp_path: Path) -> None:
        path = tmp_path / "interview.wav"
        path.touch()
        with pytest.raises(EmptyFile) as caught:
            probe(path, max_duration=HOUR)
        assert caught.value.code == "recording_empty"
        assert isinstance(caught.value, InvalidInput)

    def test_a_header_without_a_sample(self, tmp_path: Path) -> None:
        path = tmp_path / "interview.wav"
        with wave.open(str(path), "wb") as wav:
            wav.setnchannels(1)
            wav.setsampwidth(2)
            wav.setframerate(16_000)
        with pytest.raises(EmptyFile):
            probe(path, max_duration=HOUR)

    def test_a_video_without_sound(self, video_without_sound: Path) -> None:
        with pytest.raises(NoAudioTrack) as caught:
            probe(video_without_sound, max_duration=HOUR)
        assert caught.value.code == "no_audio_track"

    @pytest.mark.parametrize(
        "kind", ["wav", "mp3", "m4a", "ogg", "webm", "webm from a browser", "flac", "aac"]
    )
    def test_what_lasts_longer_than_allowed(self, record: Callable[..., Path], kind: str) -> None:
        with pytest.raises(TooLong, match="0:02") as caught:
            probe(record(kind), max_duration=2.0)
        assert caught.value.code == "recording_too_long"
        assert isinstance(caught.value, TooLarge)

    def test_a_playlist_never_makes_it_open_other_files(
        self, record: Callable[..., Path], tmp_path: Path
    ) -> None:
        playlist = tmp_path / "interview.mp3"
        # Not text by our own test, so that only FFmpeg's list of formats stands in the way.
        playlist.write_bytes(
            b"#EXTM3U\n#EXTINF:6,\x01\n" + str(record("mp3")).encode() + b"\n#EXT-X-ENDLIST\n"
        )
        with pytest.raises(NotMedia):
            probe(playlist, max_duration=HOUR)


class TestCutFiles:
    @pytest.mark.parametrize(
        "kind",
        [
            "wav",
            "mp3",
            "mp4 for the web",
            "mp4 in fragments",
            "ogg",
            "webm",
            "webm from a browser",
            "mkv",
            "flac",
        ],
    )
    def test_what_is_left_is_readable_and_reported_as_truncated(
        self, record: Callable[..., Path], cut: Callable[..., Path], kind: str
    ) -> None:
        info = probe(cut(record(kind, seconds=6)), max_duration=HOUR)
        assert codes(info) == [ProblemCode.TRUNCATED]
        assert info.duration == pytest.approx(3.0, abs=0.6)

    @pytest.mark.parametrize("kind", ["m4a", "mp4 with video", "mov with video"])
    def test_without_the_index_at_its_end_nothing_can_be_read(
        self, record: Callable[..., Path], cut: Callable[..., Path], kind: str
    ) -> None:
        with pytest.raises(Truncated) as caught:
            probe(cut(record(kind)), max_duration=HOUR)
        assert (caught.value.code, caught.value.status) == ("recording_truncated", 422)

    @pytest.mark.parametrize("kind", ["wav", "m4a", "ogg", "webm", "webm from a browser", "flac"])
    def test_cut_inside_the_header(self, record: Callable[..., Path], tmp_path: Path, kind: str) -> None:
        path = tmp_path / "start"
        path.write_bytes(record(kind).read_bytes()[:30])
        with pytest.raises((Truncated, NotMedia, EmptyFile)):
            probe(path, max_duration=HOUR)

    def test_a_cut_counts_against_the_limit_only_with_what_is_left(
        self, record: Callable[..., Path], cut: Callable[..., Path]
    ) -> None:
        assert probe(cut(record("wav", seconds=6)), max_duration=4.0).duration == pytest.approx(3.0, abs=0.1)

    @pytest.mark.parametrize("kind", ["mp3", "wav"])
    def test_a_trailing_tag_is_no_damage(
        self, record: Callable[..., Path], tmp_path: Path, kind: str
    ) -> None:
        path = tmp_path / "tagged"
        path.write_bytes(record(kind).read_bytes() + b"TAG" + b"Interview".ljust(125, b"\x00"))
        assert probe(path, max_duration=HOUR).problems == ()


class TestAnyBytes:
    @settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.sampled_from(
            [
                b"",
                b"RIFF\x00\x00\x00\x00WAVE",
                b"OggS\x00\x02",
                b"\x1aE\xdf\xa3",
                b"fLaC",
                b"ID3",
                b"\xff\xfb",
            ]
        )
        | st.sampled_from(
            [b"\x00\x00\x00\x18ftypM4A ", b"FORM\x00\x00\x10\x00AIFF", b"#!AMR\n", b".snd", b"FLV\x01"]
        ),
        st.binary(max_size=3000),
    )
    def test_raise_nothing_but_our_own_errors(self, tmp_path: Path, start: bytes, rest: bytes) -> None:
        path = tmp_path / "noise"
        path.write_bytes(start + rest)
        try:
            info = probe(path, max_duration=HOUR)
        except AppError as error:
            assert error.status < 500
        else:
            assert info.duration <= HOUR


class TestClock:
    @pytest.mark.parametrize(
        ("seconds", "text"), [(0, "0:00"), (65.9, "1:05"), (3600, "1:00:00"), (7384, "2:03:04")]
    )
    def test_reads_as_people_write_it(self, seconds: float, text: str) -> None:
        assert clock(seconds) == text
