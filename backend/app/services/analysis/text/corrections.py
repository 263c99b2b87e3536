"""How people take back what they have just said, in English."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final


class Correction(StrEnum):
    NONE = "none"
    PERHAPS = "perhaps"
    """`Actually, …`: a correction only if another figure follows."""
    TAKEN_BACK = "taken_back"
    """`No, sorry, I'm telling you wrong.`: what was said no longer holds, whatever follows."""


def _rule(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_SHORT: Final = 10
"""Words of a sentence that is about nothing but a correction; in a longer one, `I was wrong` is part of a story."""
_MOST_PARTS: Final = 8
"""More corrections than that in one sentence are none."""
_OWN_WORDS: Final = 3
"""Words of a sentence before a correction in it that may be what is corrected."""
_HESITATING: Final = r"(?:(?:oh|ah|well|hm+|er|um|uh)\b\W*)*+"
_PERHAPS: Final = r"(?:no|sorry|wait|actually|i meant?|or rather|rather|make (?:that|it)|hang on|hold on)\b"
_TAKEN_BACK: Final = _rule(
    r"\b(?:scratch that|strike that|correction|let me (?:correct|rephrase|take that back)|"
    r"(?:have|need|want) to correct (?:that|myself)|i (?:misspoke|take that back)|"
    r"(?:saying|said|telling|told) (?:you |that |it |this )*(?:wrong|nonsense)|i was wrong|my mistake|"
    r"(?:that|this)(?:'s| is| was) (?:wrong|not right|nonsense|incorrect|a mistake))\b"
)
_NO_SORRY: Final = _rule(
    rf"^{_HESITATING}(?:(?:sorry|actually|wait)\b[\s,]+no\b(?! problem)|"
    r"no\b[\s,]+(?:no\b[\s,]+)*(?:sorry|wait|actually|hang on|hold on)\b)"
)
_CHANGED: Final = _rule(r"\b(?:changed|raised|extended|shortened|reduced)\b")
"""`Actually, they changed it.`"""
_CORRECTING: Final = _rule(rf"^(?:or\s+)?{_HESITATING}{_PERHAPS}")
_WITHIN: Final = _rule(
    r"(?:\s*[,;—–]|\s+-)\s*(?=(?:or\s+)?(?:no|sorry|wait|actually|i meant?|rather|make (?:that|it)|hang on|hold on|"
    r"scratch that|strike that|correction)\b)|\s+(?=(?:no wait|no sorry|sorry no|i mean|or rather|scratch that)\b)"
)
_ONLY_CUES: Final = _rule(rf"\W*{_HESITATING}(?:{_PERHAPS}\W*){{0,4}}+")


def correction(text: str, *, names_it: bool) -> Correction:
    """What a sentence says of what was said before. `names_it`: it says itself what is to be corrected."""
    is_about_it = names_it or len(text.split()) <= _SHORT
    if _NO_SORRY.match(text) or (is_about_it and _TAKEN_BACK.search(text)):
        return Correction.TAKEN_BACK
    if not _CORRECTING.match(text):
        return Correction.NONE
    return Correction.TAKEN_BACK if is_about_it and _CHANGED.search(text) else Correction.PERHAPS


def is_aside(before: str) -> bool:
    """Whether a correction inside of a sentence, after `before`, can only be one of that sentence."""
    return len(before.split()) >= _OWN_WORDS


def corrected_parts(sentence: str) -> list[str]:
    """The sentence, cut before every word that may begin a correction (`four weeks, no, eight`)."""
    parts: list[str] = []
    begin = cut = 0
    for match in (*_WITHIN.finditer(sentence), None):
        end = match.start() if match else len(sentence)
        # `No, wait` is one cue: behind nothing but other cues there is no cut.
        if len(parts) == _MOST_PARTS and match:
            continue
        if match is None or not _ONLY_CUES.fullmatch(sentence, cut, end):
            parts.append(sentence[begin:end])
            begin = match.end() if match else end
        cut = match.end() if match else end
    return [part for part in parts if part.strip()]
