"""How many words a text has, also where they are written without spaces between them."""

from __future__ import annotations

import re
from typing import Final

_UNSPACED: Final = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_SIGNS_IN_WORD: Final = 2


def count_words(text: str) -> int:
    """Two signs of Chinese, Japanese or Thai count as a word."""
    signs = len(_UNSPACED.findall(text))
    return len(_UNSPACED.sub(" ", text).split()) + -(-signs // _SIGNS_IN_WORD)
