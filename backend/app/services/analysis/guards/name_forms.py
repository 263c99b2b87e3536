"""The ways in which a name is written: whole, in parts, with other accents and hyphens, spelled, without spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.services.analysis.guards.folding import fold
from app.services.analysis.guards.name_words import PARTICLES, bare, is_ordinary

_LETTER: Final = r"[^\W\d_]"
_NOT_BEFORE: Final = rf"(?<!{_LETTER})"
_NOT_AFTER: Final = rf"(?!{_LETTER})"
_OR_GENITIVE: Final = rf"(?=s?(?!{_LETTER}))"
_UMLAUTS: Final = {"ä": "ae?", "ö": "oe?", "ü": "ue?", "å": "aa?", "ø": "oe?", "ß": "(?:ss?|z)", "æ": "ae?"}
_LONG_VOWEL: Final = re.compile(r"(?<=[aou])e(?=[a-z])")
_CASE_ENDINGS: Final = fold("(?:ого|ому|ой|ою|ую|ом|ем|ей|ым|а|у|е|ы|я|ю|и)?")
_PROCLITICS: Final = {"ARABIC": "[وفبلك]{0,2}(?:ال)?", "HEBREW": "[והבלמשכ]{0,3}"}
_WITHOUT_SPACES: Final = (
    "CJK",
    "HIRAGANA",
    "KATAKANA",
    "HANGUL",
    "THAI",
    "LAO",
    "KHMER",
    "MYANMAR",
    "BOPOMOFO",
)
_TWO_PART_FAMILIES: Final = frozenset(
    {"欧阳", "司马", "诸葛", "上官", "歐陽", "司馬", "諸葛", "남궁", "황보", "선우"}
)
_ADDRESSES: Final = (
    "先生|女士|小姐|经理|經理|老师|老師|同学|总监|总|工|"
    "さん|様|さま|くん|君|氏|ちゃん|씨|님|대리|과장|차장|부장|팀장|이사|대표|선생"
)


@dataclass(frozen=True, slots=True)
class NameForm:
    """`pattern` matches over folded text. An ordinary form is a name only where it is written like one."""

    pattern: str
    ordinary: bool


def script_of(text: str) -> str:
    """First word of the Unicode name of the first letter: `LATIN`, `CJK`, `ARABIC`."""
    letter = next((c for c in text if c.isalpha()), "")
    return unicodedata.name(letter, "UNKNOWN").split(" ")[0].split("-")[0] if letter else "UNKNOWN"


def name_forms(name: str) -> list[NameForm]:
    """Every form of one person's name; none for a name without letters."""
    words = [w for w in bare(name).split() if any(c.isalpha() for c in w)]
    found: dict[str, NameForm] = {}
    for form in (*_whole(words), *(form for word in words for form in _forms_of(word, words))):
        found.setdefault(form.pattern, form)
    return list(found.values())


def _whole(words: list[str]) -> Iterator[NameForm]:
    """All of it in one, in both orders, and the family name with its particles."""
    if len(words) < 2 or script_of(words[0]) in _WITHOUT_SPACES:
        if len(words) > 1:
            yield NameForm(re.escape(fold("".join(words))), ordinary=False)
        return
    if sum(len(w) for w in words) >= 5:
        yield NameForm(_bounded(r"[\s,.'\-]{0,3}".join(map(_letters, words))), ordinary=False)
        # `Best Mark` without a comma may as well be the best mark.
        comma = r"\s?,\s?" if all(map(is_ordinary, words)) else r"[\s,.'\-]{0,3}"
        first = r"[\s.'\-]{0,3}".join(map(_letters, words[:-1]))
        yield NameForm(_bounded(_letters(words[-1]) + comma + first), ordinary=False)
    for at, word in enumerate(words):
        if fold(word) in PARTICLES and 0 < at < len(words) - 1 and fold(words[at - 1]) not in PARTICLES:
            yield NameForm(_bounded(r"[\s'\-]{0,2}".join(map(_letters, words[at:]))), ordinary=False)


def _forms_of(word: str, words: list[str]) -> Iterator[NameForm]:
    if script_of(word) in _WITHOUT_SPACES:
        yield from _without_spaces(word, alone=len(words) == 1)
        return
    if fold(word) in PARTICLES and len(words) > 1 and word != words[0]:
        return
    pieces = [p for p in re.split(r"[-'’‐‑.·•]", word) if p]
    if len(pieces) > 1:
        yield NameForm(_bounded(r"[\s'\-.]{0,2}".join(map(_letters, pieces))), ordinary=False)
    for piece in pieces:
        if len(fold(piece)) < 2:
            continue
        ordinary = is_ordinary(piece)
        long = len(fold(piece)) >= 4
        ends = _OR_GENITIVE if long and not ordinary else _NOT_AFTER
        yield NameForm(f"{_starts(piece)}{_letters(piece)}{ends}", ordinary)
        if long:
            yield NameForm(_bounded(r"(?:[\s.,\-]{1,3})".join(map(re.escape, fold(piece)))), ordinary=False)


def _without_spaces(word: str, *, alone: bool) -> Iterator[NameForm]:
    """Such names stand in the middle of other letters, so that only their own letters tell them."""
    whole = re.escape(fold(word))
    yield NameForm(whole if len(word) > 1 else f"{whole}(?={_ADDRESSES})", ordinary=False)
    if not alone or not 2 <= len(word) <= 4 or script_of(word) not in {"CJK", "HANGUL"}:
        return
    family = word[:2] if word[:2] in _TWO_PART_FAMILIES else word[:1]
    given = word[len(family) :]
    yield NameForm(f"{re.escape(fold(family))}(?={_ADDRESSES})", ordinary=False)
    if len(given) > 1:
        yield NameForm(re.escape(fold(given)), ordinary=False)


def _bounded(pattern: str) -> str:
    return f"{_NOT_BEFORE}{pattern}{_OR_GENITIVE}"


def _starts(piece: str) -> str:
    proclitic = _PROCLITICS.get(script_of(piece), "")
    return f"{_NOT_BEFORE}{proclitic}"


def _letters(word: str) -> str:
    """The letters of a word, umlauts also in their spelling with two letters, hyphens and apostrophes optional."""
    if script_of(word) == "CYRILLIC" and len(word) >= 4:
        stem = fold(word)
        stem = stem[:-1] if stem[-1] in "аяьйеиоы" else stem
        return re.escape(stem) + "(?:" + re.escape(fold(word)[len(stem) :]) + ")?" + _CASE_ENDINGS
    letters: list[str] = []
    for character in unicodedata.normalize("NFC", word):
        lower = character.casefold() if character != "ẞ" else "ß"
        if character in "ßẞ":
            letters.append(_UMLAUTS["ß"])
        elif lower in _UMLAUTS:
            letters.append(_UMLAUTS[lower])
        elif character.isalnum():
            letters.append(re.escape(fold(character)))
        elif fold(character):
            letters.append(r"[\s'\-.]{0,2}")
    pattern = "".join(letters)
    if pattern.isalpha() and len(pattern) >= 5:
        pattern = _LONG_VOWEL.sub("e?", pattern)
    return pattern
