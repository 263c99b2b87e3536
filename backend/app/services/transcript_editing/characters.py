"""Characters as people see them: where text may be cut, and which scripts are written without spaces."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from app.services.transcript_editing.errors import TextEmpty, TextInvalid

_ZERO_WIDTH_JOINER: Final = "\u200d"
_MODIFIERS: Final = re.compile("[\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\u1160-\u11ff]")
"""Skin tones, the tags of regional flags, and the later parts of a Korean syllable that is spelled out."""
UNSPACED: Final = re.compile(
    "[\u2e80-\u303f\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
    "\U00020000-\U0003ffff]"
)
"""Chinese and Japanese writing. Korean has spaces."""


def is_boundary(text: str, at: int) -> bool:
    """Whether one visible character ends and another begins before `text[at]`. The ends of the text are boundaries."""
    if not 0 < at < len(text):
        return True
    before, after = text[at - 1], text[at]
    if _ZERO_WIDTH_JOINER in (before, after) or unicodedata.category(after).startswith("M"):
        return False
    if _MODIFIERS.match(after):
        return False
    if not _is_flag_letter(after):
        return True
    begins = at
    while begins > 0 and _is_flag_letter(text[begins - 1]):
        begins -= 1
    # Flags are pairs of such letters.
    return (at - begins) % 2 == 0


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def visible(text: str) -> list[str]:
    """The text in visible characters."""
    cuts = [at for at in range(len(text)) if is_boundary(text, at)]
    return [text[start:end] for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True)]


def join(texts: list[str]) -> str:
    """With one space between two texts, and none where both sides are written without."""
    joined = ""
    for text in texts:
        is_close = not joined or not text or (UNSPACED.match(joined[-1]) and UNSPACED.match(text[0]))
        joined += text if is_close else f" {text}"
    return joined


def checked(text: str) -> str:
    """What is kept of a text that a person typed. Raises `TextEmpty` and `TextInvalid`."""
    stripped = text.strip()
    if not stripped:
        raise TextEmpty("Nothing would be left of the words of this utterance.")
    try:
        stripped.encode()
    except UnicodeEncodeError:
        raise TextInvalid("The text has half a character in it (a lone surrogate).") from None
    return stripped
