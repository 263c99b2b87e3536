"""Transcripts are stored in parts small enough that other threads get their turn between two of them."""

from __future__ import annotations

from app.models.transcript import Utterance, Word
from app.repositories.transcript_parts import join, split
from tests.fixtures.documents import a_transcript

WORD = Word(text="word", start=1.25, end=1.5, confidence=0.99)


def utterance(number: int, words: int) -> Utterance:
    return Utterance(id=f"u{number}", speaker="s", start=0, end=1, text="x", words=(WORD,) * words)


class TestSplit:
    def test_joining_gives_the_transcript_back(self) -> None:
        transcript = a_transcript("i", utterances=tuple(utterance(n, n % 40) for n in range(500)))
        head, parts = split(transcript)
        assert head.utterances == ()
        assert len(parts) > 1
        assert join(head, parts) == transcript

    def test_parts_stay_small_unless_one_utterance_is_not(self) -> None:
        transcript = a_transcript(
            "i", utterances=(*(utterance(n, 50) for n in range(200)), utterance(200, 5000))
        )
        _, parts = split(transcript)
        assert [len(part) > 150_000 for part in parts].count(True) == 1

    def test_no_utterances_make_no_parts(self) -> None:
        transcript = a_transcript("i")
        assert split(transcript) == (transcript, [])
