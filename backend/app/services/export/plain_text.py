"""Text that every format can carry."""

from __future__ import annotations

import re
from typing import Final

_BREAKS: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Direction overrides could make a quote rewrite how the words around it read; they stand for no character.
_INVISIBLE: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17))
    + "]"
)


def printable(text: str) -> str:
    """The text with line feeds as its only line breaks, without direction controls.

    Control characters, lone surrogates and code points that are no characters become U+FFFD, so that what is not
    shown can be seen to be missing.
    """
    text = _INVISIBLE.sub("", _BREAKS.sub("\n", text)).replace("\t", " ")
    return _FORBIDDEN.sub("\ufffd", text)
