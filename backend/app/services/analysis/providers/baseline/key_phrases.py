"""Phrases that were said more than their share, each with the places where it was said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from app.models.analysis import Evidence, KeyPhrase
from app.models.transcript import SpeakerRole, Utterance
from app.services.analysis.text.turns import evidence
from app.services.analysis.text.words import STOP_WORDS, stem, tokens

_KEPT: Final = 15
_LONGEST: Final = 3
_PLACES: Final = 5
_SHORTEST_WORD: Final = 3
_LENGTH_COUNTS: Final = 1.2
"""Longer phrases say more than the sum of their words."""
_Key = tuple[str, ...]
"""The stems of a phrase: what makes `failed invoice` and `failed invoices` one."""


def key_phrases(
    utterances: Sequence[Utterance], roles: Mapping[str, SpeakerRole], names: Iterable[str]
) -> tuple[KeyPhrase, ...]:
    """From the candidate's statements when the roles are known, else from everybody's.

    A phrase tells something when it came back, or when it is all there is between two stop words.
    """
    candidates = {s for s, role in roles.items() if role is SpeakerRole.CANDIDATE}
    spoken = [u for u in utterances if not candidates or u.speaker in candidates]
    ignored = STOP_WORDS | frozenset(part for name in names for part in tokens(name))
    places: dict[_Key, list[Evidence]] = defaultdict(list)
    shown: dict[_Key, str] = {}
    whole: set[_Key] = set()
    for utterance in spoken:
        for run in _runs(tokens(utterance.text), ignored):
            whole.add(_key(run))
            for phrase in _parts(run):
                places[_key(phrase)].append(evidence(utterance))
                shown.setdefault(_key(phrase), " ".join(phrase))
    telling = [key for key in places if len(places[key]) > 1 or (len(key) > 1 and key in whole)]
    ranked = sorted(telling, key=lambda key: (-len(places[key]) * len(key) ** _LENGTH_COUNTS, shown[key]))
    chosen: list[_Key] = []
    for key in ranked:
        if len(chosen) == _KEPT:
            break
        if not any(_within(key, other) or _within(other, key) for other in chosen):
            chosen.append(key)
    return tuple(
        KeyPhrase(phrase=shown[key], count=len(places[key]), evidence=tuple(places[key][:_PLACES]))
        for key in chosen
    )


def _runs(words: Sequence[str], ignored: frozenset[str]) -> Iterator[tuple[str, ...]]:
    """Content words in a row, without a stop word between them."""
    run: list[str] = []
    for word in (*words, ""):
        if word and word not in ignored and len(word) >= _SHORTEST_WORD and not word.isdigit():
            run.append(word)
        elif run:
            yield tuple(run)
            run = []


def _parts(run: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for length in range(1, min(_LONGEST, len(run)) + 1):
        yield from (run[i : i + length] for i in range(len(run) - length + 1))


def _key(phrase: Sequence[str]) -> _Key:
    return tuple(stem(word) for word in phrase)


def _within(short: _Key, long: _Key) -> bool:
    return any(long[i : i + len(short)] == short for i in range(len(long) - len(short) + 1))
