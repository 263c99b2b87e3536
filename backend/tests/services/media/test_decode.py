"""Decoding gives 16 kHz sound on the player's clock, a waveform, a loudness and an honest list of problems."""

from __future__ import annotations

import os
import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.errors import AppError
from app.models.audio import SILENCE_FLOOR_DBFS, PcmAudio, Prepared, ProblemCode
from app.services.media.decode import decode_to_wav, prepare
from app.services.media.errors import Truncated
from app.services.media.peaks import MAX_PIXELS, LevelMeter, PeakMeter
from tests.services.media.conftest import HALF_SCALE, KINDS, SAMPLES, silence, tone

HOUR = 3600.0
BACKEND = Path(__file__).parents[3]


def codes(outcome: Prepared | PcmAudio) -> list[ProblemCode]:
    return [problem.code for problem in outcome.problems]


def read(path: Path) -> np.ndarray:
    with wave.open(str(path), "rb") as wav:
        assert (wav.getframerate(), wav.getsampwidth()) == (16_000, 2)
        return np.frombuffer(wav.readframes(wav.getnframes()), "<i2").reshape(-1, wav.getnchannels())


class TestDecodeToWav:
    @pytest.mark.parametrize("kind", KINDS)
    def test_every_container_gives_the_same_tone(
        self, record: Callable[..., Path], tmp_path: Path, kind: str
    ) -> None:
        pcm = decode_to_wav(record(kind), tmp_path / "out.wav")
        samples = read(pcm.path)
        assert pcm.duration == pytest.approx(3.0, abs=0.06)
        assert len(samples) == pytest.approx(pcm.duration * 16_000, abs=16)
        spectrum = np.abs(np.fft.rfft(samples[:32_000, 0]))
        assert np.argmax(spectrum) == pytest.approx(440 * 2, abs=2)
        assert (pcm.skipped_packets, pcm.problems) == (0, ())

    def test_keeps_two_channels_apart(self, tmp_path: Path) -> None:
        pcm = decode_to_wav(SAMPLES / "interview-stereo.m4a", tmp_path / "out.wav")
        samples = read(pcm.path).astype(np.int32)
        assert pcm.channels == samples.shape[1] == 2
        assert np.abs(samples[:, 0] - samples[:, 1]).mean() > 100

    @pytest.mark.parametrize("kind", ["wav", "m4a"])
    def test_mixes_more_channels_down_to_two(
        self, record: Callable[..., Path], tmp_path: Path, kind: str
    ) -> None:
        pcm = decode_to_wav(record(kind, layout="5.1"), tmp_path / "out.wav")
        assert (pcm.channels, read(pcm.path).shape[1]) == (2, 2)

    @pytest.mark.parametrize("channels", [3, 4, 8])
    def test_channels_without_known_places_are_mixed_too(self, tmp_path: Path, channels: int) -> None:
        source = tmp_path / "mixer.wav"
        with wave.open(str(source), "wb") as wav:
            wav.setnchannels(channels)
            wav.setsampwidth(2)
            wav.setframerate(16_000)
            wav.writeframes(np.repeat(tone(0, 16_000, 16_000), channels).tobytes())
        pcm = decode_to_wav(source, tmp_path / "out.wav")
        assert (pcm.channels, pcm.duration) == (2, 1.0)
        assert np.abs(read(pcm.path)).max() > 1000

    def test_missing_sound_becomes_silence_so_that_times_match_the_player(
        self, record: Callable[..., Path], tmp_path: Path
    ) -> None:
        pcm = decode_to_wav(record("webm", seconds=6, skip=(2.0, 4.0)), tmp_path / "out.wav")
        loud = np.abs(read(pcm.path)[:, 0]) > 1000
        assert pcm.duration == pytest.approx(6.0, abs=0.05)
        assert not loud[int(2.2 * 16_000) : int(3.8 * 16_000)].any()
        assert loud[int(4.2 * 16_000) :].any()

    def test_damaged_packets_are_skipped_and_counted(
        self, record: Callable[..., Path], tmp_path: Path
    ) -> None:
        path = record("mp4 for the web", seconds=6)
        data = bytearray(path.read_bytes())
        middle = data.index(b"mdat") + len(data[data.index(b"mdat") :]) // 2
        data[middle : middle + 800] = b"\xff" * 800
        path.write_bytes(data)
        pcm = decode_to_wav(path, tmp_path / "out.wav")
        assert pcm.skipped_packets > 0
        assert codes(pcm) == [ProblemCode.DAMAGED]
        assert pcm.duration == pytest.approx(6.0, abs=0.1)

    def test_leaves_no_partial_file_behind(
        self, record: Callable[..., Path], cut: Callable[..., Path], tmp_path: Path
    ) -> None:
        source, folder = cut(record("m4a")), tmp_path / "out"
        with pytest.raises(Truncated):
            decode_to_wav(source, folder / "out.wav")
        assert not folder.exists()
        decode_to_wav(record("mp3"), folder / "out.wav")
        assert [path.name for path in folder.iterdir()] == ["out.wav"]


class TestPrepare:
    @pytest.mark.parametrize("name", ["interview.mp3", "interview.webm", "interview-stereo.m4a"])
    def test_reads_the_samples_to_their_true_end(self, name: str) -> None:
        prepared = prepare(SAMPLES / name, max_duration=HOUR)
        assert prepared.decoded_duration == pytest.approx(232.189, abs=0.2)
        assert prepared.problems == ()
        assert prepared.skipped_packets == 0
        assert -40 < prepared.level.rms_dbfs < -10
        assert 2000 <= prepared.peaks.length <= MAX_PIXELS

    def test_writes_the_sound_too_when_given_a_folder(
        self, record: Callable[..., Path], tmp_path: Path
    ) -> None:
        prepared = prepare(record("ogg"), tmp_path / "work", max_duration=HOUR)
        assert prepared.pcm is not None
        assert prepared.pcm.path == tmp_path / "work" / "audio.wav"
        assert len(read(prepared.pcm.path)) == pytest.approx(prepared.decoded_duration * 16_000, abs=16)

    def test_writes_nothing_otherwise(self, record: Callable[..., Path], tmp_path: Path) -> None:
        source = record("ogg")
        assert prepare(source, max_duration=HOUR).pcm is None
        assert list(tmp_path.iterdir()) == [source]

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
            "flac",
            "aac",
        ],
    )
    def test_a_cut_file_is_prepared_as_far_as_it_goes(
        self, record: Callable[..., Path], cut: Callable[..., Path], kind: str
    ) -> None:
        prepared = prepare(cut(record(kind, seconds=6)), max_duration=HOUR)
        assert codes(prepared) == [ProblemCode.TRUNCATED]
        assert prepared.decoded_duration == pytest.approx(3.0, abs=0.6)

    @pytest.mark.parametrize("kind", ["wav", "mp3", "m4a", "webm", "flac"])
    def test_a_silent_recording_is_said_to_be_silent(self, record: Callable[..., Path], kind: str) -> None:
        prepared = prepare(record(kind, signal=silence), max_duration=HOUR)
        assert codes(prepared) == [ProblemCode.SILENT]
        assert prepared.is_silent
        assert prepared.level.peak_dbfs < -60
        assert prepared.level.active_seconds == 0

    def test_one_word_in_minutes_of_silence_is_mostly_silent(self, record: Callable[..., Path]) -> None:
        def one_word(start: int, count: int, rate: int) -> np.ndarray:
            return tone(start, count, rate) if start < rate else silence(start, count, rate)

        prepared = prepare(record("flac", seconds=120, signal=one_word), max_duration=HOUR)
        assert codes(prepared) == [ProblemCode.MOSTLY_SILENT]
        assert prepared.level.active_seconds == pytest.approx(1.0, abs=0.3)

    @pytest.mark.slow
    def test_three_hours_of_silence(self, record: Callable[..., Path]) -> None:
        prepared = prepare(record("flac", seconds=3 * HOUR, signal=silence), max_duration=4 * HOUR)
        assert codes(prepared) == [ProblemCode.SILENT]
        assert prepared.decoded_duration == 3 * HOUR
        assert prepared.peaks.length <= MAX_PIXELS
        assert prepared.level.rms_dbfs == SILENCE_FLOOR_DBFS

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        kind=st.sampled_from(sorted(KINDS)),
        keep=st.floats(0, 1),
        flips=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=20),
    )
    def test_cut_and_corrupted_files_raise_nothing_but_our_own_errors(
        self,
        originals: dict[str, bytes],
        tmp_path: Path,
        kind: str,
        keep: float,
        flips: list[tuple[float, int]],
    ) -> None:
        data = bytearray(originals[kind])
        for place, value in flips:
            data[int(place * (len(data) - 1))] = value
        path = tmp_path / "damaged"
        path.write_bytes(data[: int(len(data) * keep)])
        try:
            prepared = prepare(path, max_duration=HOUR)
        except AppError as error:
            assert error.status < 500
        else:
            assert 0 < prepared.decoded_duration <= HOUR + 1


class TestMemory:
    @pytest.mark.slow
    def test_two_hours_take_no_more_memory_than_ten_minutes(self, tmp_path: Path) -> None:
        """MP3 is a stream of frames: the sample again and again is a long recording that costs nothing to make."""
        sample = (SAMPLES / "interview.mp3").read_bytes()
        peaks = {}
        for times in (3, 32):
            path = tmp_path / f"{times}.mp3"
            with path.open("wb") as file:
                for _ in range(times):
                    file.write(sample)
            peaks[times] = _peak_memory(path, tmp_path / "work")
        assert peaks[32] - peaks[3] < 6 * 1024, peaks


def _peak_memory(recording: Path, folder: Path) -> int:
    """The largest resident size, in KiB, of a process that prepares `recording` with its PCM."""
    script = (
        "import resource, sys; from pathlib import Path\n"
        "from app.services.media.decode import prepare\n"
        "prepare(Path(sys.argv[1]), Path(sys.argv[2]), max_duration=1e5)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    command = [sys.executable, "-c", script, str(recording), str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(BACKEND)}
    return int(subprocess.run(command, env=environment, check=True, capture_output=True).stdout)


class TestPeaks:
    def test_a_pixel_is_a_pair_per_channel(self) -> None:
        meter = PeakMeter(channels=2, sample_rate=1000, per_second=10)
        left = np.array([-HALF_SCALE, HALF_SCALE] * 50, np.int16)
        meter.add(np.stack((left, np.zeros(100, np.int16)), axis=1))
        peaks = meter.finish()
        assert (peaks.length, peaks.samples_per_pixel, peaks.channels) == (1, 100, 2)
        assert peaks.data == [-64, 64, 0, 0]

    @settings(max_examples=60)
    @given(
        sizes=st.lists(st.integers(0, 9000), min_size=1, max_size=30),
        channels=st.integers(1, 2),
        seed=st.integers(0, 2**32 - 1),
    )
    def test_any_slicing_gives_the_true_extremes(self, sizes: list[int], channels: int, seed: int) -> None:
        generator = np.random.default_rng(seed)
        samples = generator.integers(-32768, 32768, (sum(sizes), channels)).astype(np.int16)
        meter = PeakMeter(channels=channels, sample_rate=100, per_second=50)
        for block in np.split(samples, np.cumsum(sizes)[:-1]):
            meter.add(block)
        peaks = meter.finish()
        assert peaks.length <= MAX_PIXELS
        assert len(peaks.data) == peaks.length * channels * 2
        step = peaks.samples_per_pixel
        assert peaks.length == -(-len(samples) // step)
        for index in range(0, peaks.length, max(1, peaks.length // 50)):
            window = samples[index * step : (index + 1) * step] >> 8
            pixel = np.array(peaks.data[index * channels * 2 : (index + 1) * channels * 2]).reshape(
                channels, 2
            )
            assert (pixel[:, 0] == window.min(axis=0)).all()
            assert (pixel[:, 1] == window.max(axis=0)).all()


class TestLevel:
    def test_a_full_scale_square_wave_is_zero_decibels(self) -> None:
        meter = LevelMeter(channels=1, sample_rate=1000)
        meter.add(np.full((1000, 1), -32768, np.int16))
        level = meter.finish()
        assert (level.rms_dbfs, level.peak_dbfs, level.active_seconds) == (0.0, 0.0, 1.0)

    def test_one_live_channel_is_enough_to_be_active(self) -> None:
        meter = LevelMeter(channels=2, sample_rate=1000)
        meter.add(np.stack((tone(0, 2000, 1000), np.zeros(2000, np.int16)), axis=1))
        level = meter.finish()
        assert level.active_seconds == 2.0
        assert level.channel_rms_dbfs[1] == SILENCE_FLOOR_DBFS

    @pytest.mark.parametrize(("amplitude", "active"), [(20, 0.0), (60, 1.0)])
    def test_minus_sixty_decibels_separate_sound_from_silence(self, amplitude: int, active: float) -> None:
        meter = LevelMeter(channels=1, sample_rate=1000)
        meter.add(np.array([[amplitude], [-amplitude]] * 500, np.int16))
        assert meter.finish().active_seconds == active
