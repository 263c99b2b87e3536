"""Who speaks when, against the ground truth of the sample and in the cases where there is nothing to tell apart."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from app.services.transcription.providers.diarization.diarize import diarize
from app.services.transcription.providers.diarization.segments import Diarization, Method, Turn, speaker_at
from tests.services.transcription.conftest import Decode

RATE = 16_000


def wav(path: Path, samples: NDArray[np.float64], *, rate: int = RATE) -> Path:
    """Samples from -1 to 1, one column for each channel."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


def samples_of(path: Path) -> NDArray[np.float64]:
    with wave.open(str(path), "rb") as file:
        frames = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return frames.reshape(-1, file.getnchannels()) / 32768


def right_sentences(found: Diarization, script: dict[str, Any], names: dict[int, str]) -> int:
    said = script["utterances"]
    return sum(names.get(who(found, u), "") == u["speaker"] for u in said)


def who(found: Diarization, utterance: dict[str, Any]) -> int:
    speaker = speaker_at(found, utterance["start"], utterance["end"])
    return -1 if speaker is None else speaker


class TestStereo:
    def test_each_side_is_a_speaker(self, decoded: Decode, script: dict[str, Any]) -> None:
        found = diarize(decoded("interview-stereo.m4a").path, speakers=2)
        assert found.method is Method.CHANNELS
        assert right_sentences(found, script, {0: "I", 1: "C"}) >= 54

    def test_the_same_on_both_sides_is_mono(self, decoded: Decode, tmp_path: Path) -> None:
        mono = samples_of(decoded("interview-30s.wav").path)[:, 0]
        found = diarize(wav(tmp_path / "x.wav", np.stack([mono, mono * 0.9], axis=1)), speakers=2)
        assert found.method is Method.VOICES

    def test_a_silent_side_is_mono(self, decoded: Decode, tmp_path: Path) -> None:
        mono = samples_of(decoded("interview-30s.wav").path)[:, 0]
        found = diarize(wav(tmp_path / "x.wav", np.stack([mono, mono * 0], axis=1)), speakers=2)
        assert found.method is Method.VOICES

    def test_more_people_than_sides_is_said(self, decoded: Decode) -> None:
        found = diarize(decoded("interview-stereo.m4a").path, speakers=3)
        assert "3 speakers were expected" in found.warnings[0]


class TestMono:
    @pytest.mark.parametrize("name", ["interview.mp3", "interview.webm"])
    def test_two_voices_are_told_apart(self, name: str, decoded: Decode, script: dict[str, Any]) -> None:
        found = diarize(decoded(name).path, speakers=2)
        assert found.method is Method.VOICES
        permutations = ({0: "I", 1: "C"}, {0: "C", 1: "I"})
        assert max(right_sentences(found, script, names) for names in permutations) >= 50
        assert any("Check the turns" in warning for warning in found.warnings)

    def test_an_assumed_number_is_said(self, decoded: Decode) -> None:
        found = diarize(decoded("interview-30s.wav").path, speakers=None)
        assert {turn.speaker for turn in found.turns} <= {0, 1}
        assert "two were assumed" in found.warnings[0]

    def test_the_given_number_is_kept(self, decoded: Decode) -> None:
        found = diarize(decoded("interview.mp3").path, speakers=3)
        assert {turn.speaker for turn in found.turns} == {0, 1, 2}

    def test_one_speaker_is_not_split(self, decoded: Decode) -> None:
        found = diarize(decoded("interview.mp3").path, speakers=1)
        assert (found.method, {turn.speaker for turn in found.turns}) == (Method.SINGLE, {0})

    def test_the_same_file_gives_the_same_turns(self, decoded: Decode) -> None:
        path = decoded("interview-30s.wav").path
        assert diarize(path, speakers=2) == diarize(path, speakers=2)

    def test_turns_lie_in_the_recording_and_in_order(self, decoded: Decode) -> None:
        audio = decoded("interview.mp3")
        turns = diarize(audio.path, speakers=2).turns
        assert all(0 <= t.start < t.end <= audio.duration + 0.05 for t in turns)
        assert [t.start for t in turns] == sorted(t.start for t in turns)
        assert turns[0].speaker == 0


class TestNothingToTell:
    @pytest.mark.parametrize("channels", [1, 2])
    @pytest.mark.parametrize("seconds", [0.0, 0.01, 0.3, 5.0])
    def test_silence_has_no_turns(self, tmp_path: Path, seconds: float, channels: int) -> None:
        quiet = np.zeros((int(seconds * RATE), channels))
        assert diarize(wav(tmp_path / "x.wav", quiet), speakers=2).turns == ()

    def test_a_single_word_is_one_speaker(self, decoded: Decode, tmp_path: Path) -> None:
        word = samples_of(decoded("interview-30s.wav").path)[int(0.7 * RATE) : int(1.1 * RATE), 0]
        found = diarize(wav(tmp_path / "x.wav", word), speakers=2)
        assert {turn.speaker for turn in found.turns} <= {0}

    def test_another_sample_rate_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="16 kHz"):
            diarize(wav(tmp_path / "x.wav", np.zeros(8000), rate=8000), speakers=2)


class TestSpeakerAt:
    FOUND = Diarization((Turn(0, 0.0, 2.0), Turn(1, 2.0, 5.0), Turn(0, 8.0, 9.0)), Method.VOICES)

    @pytest.mark.parametrize(
        ("start", "end", "speaker"),
        [(0.5, 1.0, 0), (1.5, 3.5, 1), (5.2, 5.9, 1), (7.5, 7.9, 0), (6.2, 6.8, None)],
        ids=["inside", "most of it", "just after", "just before", "too far from any"],
    )
    def test_who_it_is(self, start: float, end: float, speaker: int | None) -> None:
        assert speaker_at(self.FOUND, start, end) == speaker
