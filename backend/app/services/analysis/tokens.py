"""How many tokens a text comes to, estimated without a vocabulary: a tokenizer would have to be downloaded."""

from __future__ import annotations

import re
from typing import Final

_CHARACTERS_PER_TOKEN: Final = 4
_IDEOGRAPHS: Final = re.compile(
    r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]"
)
"""Scripts without spaces, in which about every character is a token."""
_OTHERS: Final = re.compile(
    r"[^\x00-\x7f\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]"
)
_OTHERS_PER_TOKEN: Final = 2


def estimate_tokens(text: str) -> int:
    """Rather too many than too few: a request that is thought too long is split, one that is too long fails."""
    ideographs = len(_IDEOGRAPHS.findall(text))
    others = len(_OTHERS.findall(text))
    plain = len(text) - ideographs - others
    return ideographs + -(-others // _OTHERS_PER_TOKEN) + -(-plain // _CHARACTERS_PER_TOKEN)
