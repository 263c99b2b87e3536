"""Turns and sentences: the units that the rules look at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from app.models.analysis import Evidence
from app.models.transcript import Utterance

_MARK: Final = "[.?!…。？！؟]"
_NO_MARK: Final = "[^.?!…。？！؟]"
_CLOSING: Final = "[\"'”’)\\]]"
# Nothing is looked at twice: a transcript may have thousands of dots in a row.
_SENTENCE: Final = re.compile(
    rf"\S(?:{_NO_MARK}++|{_MARK}++(?!{_CLOSING}*+(?:\s|$)))*+(?:{_MARK}++{_CLOSING}*+)?"
)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker said until somebody else spoke."""

    speaker: str
    utterances: tuple[Utterance, ...]

    @property
    def words(self) -> int:
        return sum(len(u.text.split()) for u in self.utterances)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A verbatim part of one utterance."""

    utterance: Utterance
    text: str

    def evidence(self) -> Evidence:
        return evidence(self.utterance, self.text)


def turns_of(utterances: Sequence[Utterance]) -> list[Turn]:
    spoken = (u for u in utterances if u.text.strip())
    return [Turn(speaker, tuple(said)) for speaker, said in groupby(spoken, key=lambda u: u.speaker)]


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Begin and end (exclusive) of each sentence, by its punctuation; a text without any is one sentence.

    No span begins or ends in white space, and nothing but white space is outside of them.
    """
    return [(m.start(), m.start() + len(m.group().rstrip())) for m in _SENTENCE.finditer(text)]


def sentences_of(utterances: Sequence[Utterance]) -> Iterator[Sentence]:
    for utterance in utterances:
        for start, end in sentence_spans(utterance.text):
            yield Sentence(utterance, utterance.text[start:end])


def evidence(utterance: Utterance, quote: str | None = None) -> Evidence:
    return Evidence(
        utterance_id=utterance.id,
        quote=quote if quote is not None else utterance.text.strip(),
        start=utterance.start,
        end=utterance.end,
    )


def is_english(language: str | None) -> bool:
    """Whether the English rules apply; an unknown language is given the benefit of the doubt."""
    return language is None or language.lower().split("-")[0] == "en"
