"""Transcripts in which a name stands on a line of its own, above the words (as copied from meeting captions)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from app.services.transcription.importers.labels import key, looks_like_name, word_set

_REPLIES: Final = word_set("""
    yes no yeah yep nope ok okay sure right great perfect thanks hello hi hey exactly absolutely correct good bye
    cool nice wow definitely indeed alright
""")


def names_on_own_lines(lines: Sequence[tuple[str, bool]]) -> frozenset[int]:
    """Positions of the lines that are names. Each line comes with whether a blank line stands above it.

    With paragraphs, a name begins each of them; without, names and words take turns. At least two names must come
    back, otherwise the file only happens to have short lines.
    """
    if any(blank for _, blank in lines[1:]):
        places = [i for i, (_, blank) in enumerate(lines) if blank]
        # A name needs words under it in the same paragraph.
        places = [i for i in places if i + 1 < len(lines) and not lines[i + 1][1]]
        paragraphs = sum(blank for _, blank in lines)
    else:
        places = list(range(0, len(lines) - 1, 2))
        paragraphs = (len(lines) + 1) // 2
    names = {i: key(lines[i][0]) for i in places if _is_name(lines[i][0])}
    counts = Counter(names.values())
    back = [name for name, count in counts.items() if count > 1]
    if len(back) < 2 or len(names) < 0.6 * paragraphs:
        return frozenset()
    return frozenset(names)


def _is_name(line: str) -> bool:
    words = line.split()
    return (
        len(words) <= 4
        and key(line) not in _REPLIES
        and not re.search(r"[.:…-]$", line)
        and looks_like_name(line)
    )
