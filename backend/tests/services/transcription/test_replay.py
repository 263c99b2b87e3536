"""Whatever is lost when, every word is told once, in order, with its time in the recording."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.services.transcription.live import Heard, HeardWord
from app.services.transcription.replay import Settled, Stretch


@dataclass
class Engine:
    """One connection to an engine that hears every word of which it got the whole sound, its times a little off."""

    script: list[HeardWord]
    begin: float
    jitter: float
    told: float
    """Recording's time up to which finals were given."""
    sent: float = field(default=0.0)

    def final(self, end: float) -> Heard:
        words = tuple(
            HeardWord(w.text, w.start - self.begin + self.jitter, w.end - self.begin + self.jitter)
            for w in self.script
            if w.start >= self.begin - 1e-6 and self.told < w.end <= end
        )
        result = Heard(0, self.told - self.begin, end - self.begin, words, is_final=True)
        self.told = end
        return result


def script(lengths: list[tuple[float, float]]) -> list[HeardWord]:
    """Words with the given (pause before, length)."""
    words, at = [], 0.0
    for number, (pause, length) in enumerate(lengths):
        words.append(HeardWord(f"w{number}", at + pause, at + pause + length))
        at += pause + length
    return words


LENGTHS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.02, 0.3, 2.5]), st.sampled_from([0.08, 0.2, 0.4, 0.9])),
    min_size=1,
    max_size=60,
)
STEPS = st.lists(
    st.tuples(st.sampled_from(["sound", "final", "lost", "restart"]), st.floats(0.05, 4.0)), max_size=60
)


@example([(2.5, 0.08), (0.0, 0.9)], [("sound", 6.0), ("final", 1.0), ("lost", 1.0)], 0.02)
@given(LENGTHS, STEPS, st.sampled_from([-0.02, 0.0, 0.02]))
@settings(deadline=None, max_examples=400)
def test_every_word_is_told_once(
    lengths: list[tuple[float, float]], steps: list[tuple[str, float]], jitter: float
) -> None:
    words = script(lengths)
    settled, told = Settled(), list[HeardWord]()

    def connect() -> tuple[Engine, Stretch]:
        begin = settled.resume_at(1)
        return Engine(words, begin, jitter, told=begin), Stretch(settled, begin)

    def tell(engine: Engine, stretch: Stretch, end: float) -> None:
        told.extend(stretch.place(engine.final(end)).words)

    engine, stretch = connect()
    recorded = 0.0
    for step, amount in steps:
        match step:
            case "sound":
                recorded += amount
            case "final":
                # An engine settles any time between its last final and what it has got.
                end = engine.told + (recorded - engine.told) * min(1.0, amount / 2)
                if end > engine.told:
                    tell(engine, stretch, end)
            case "lost":
                engine, stretch = connect()
            case "restart":
                # What a new process knows: the words that were kept.
                settled = Settled(spoken=dict(settled.spoken))
                engine, stretch = connect()
    tell(engine, stretch, max(recorded, words[-1].end + 1.0))
    assert [word.text for word in told] == [word.text for word in words]
    for heard, spoken in zip(told, words, strict=True):
        assert abs(heard.start - spoken.start) <= 0.05
        assert abs(heard.end - spoken.end) <= 0.05


def heard(*words: tuple[str, float, float], channel: int = 0, end: float = 10.0) -> Heard:
    return Heard(channel, 0.0, end, tuple(HeardWord(*word) for word in words), is_final=True)


class TestResumption:
    def test_begins_a_little_before_the_end_of_the_last_result(self) -> None:
        settled = Settled()
        Stretch(settled, 0.0).place(heard(("a", 1.0, 2.0), end=9.0))
        assert settled.resume_at(1) == 8.0

    def test_begins_just_before_the_end_of_a_word_that_was_settled_later(self) -> None:
        settled = Settled()
        Stretch(settled, 0.0).place(heard(("a", 8.0, 8.8), end=9.0))
        assert settled.resume_at(1) == pytest.approx(8.7)

    def test_but_never_repeats_that_word(self) -> None:
        settled = Settled()
        Stretch(settled, 0.0).place(heard(("a", 8.0, 8.8), end=9.0))
        again = Stretch(settled, 8.7).place(heard(("a", 0.0, 0.1), ("b", 0.1, 0.5)))
        assert [word.text for word in again.words] == ["b"]

    def test_waits_for_the_slower_channel(self) -> None:
        settled = Settled()
        stretch = Stretch(settled, 0.0)
        stretch.place(heard(channel=0, end=9.0))
        stretch.place(heard(channel=1, end=4.0))
        assert settled.resume_at(2) == 3.0

    def test_the_other_channel_does_not_say_it_again(self) -> None:
        settled = Settled()
        stretch = Stretch(settled, 0.0)
        stretch.place(heard(("a", 5.0, 6.0), channel=0, end=9.0))
        stretch.place(heard(channel=1, end=4.0))
        again = Stretch(settled, 3.0)
        assert again.place(heard(("a", 2.0, 3.0), ("b", 3.1, 4.0), channel=0)).words == (
            HeardWord("b", 6.1, 7.0),
        )
        assert [w.text for w in again.place(heard(("c", 2.0, 3.0), channel=1)).words] == ["c"]

    def test_a_word_that_reaches_into_the_last_one_is_cut(self) -> None:
        settled = Settled(spoken={0: 6.0})
        assert Stretch(settled, 5.0).place(heard(("b", 0.9, 1.6))).words == (HeardWord("b", 6.0, 6.6),)

    def test_an_interim_result_settles_nothing(self) -> None:
        settled = Settled()
        interim = Heard(0, 0.0, 5.0, (HeardWord("a", 1.0, 2.0),), is_final=False)
        Stretch(settled, 0.0).place(interim)
        assert settled.resume_at(1) == 0.0
