"""Lists of words and of patterns, written so that people can read and extend them.

In a list of patterns every line is one regular expression over folded text (see `folding`). A space in it stands for
any white space, ` ?` for white space or none. It is bounded by words on both sides unless it begins or ends with
`~`. A line that begins with `|` continues the one before, and one that ends with it goes on in the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from app.services.analysis.guards.folding import fold

_CONTINUED: Final = re.compile(r"\n\s*\||\|\n\s*")


def word_set(words: str) -> frozenset[str]:
    """The words of a text, folded."""
    return frozenset(fold(words).split())


def any_of(words: Iterable[str]) -> str:
    """A group that matches each of the words, the longest first."""
    return "(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + ")"


def patterns(lines: str, **names: str) -> re.Pattern[str]:
    """One expression that matches what any of the lines does. `<name>` stands for the expression of that name."""
    whole = _CONTINUED.sub("|", lines)
    return re.compile("|".join(_line(line, names) for line in whole.splitlines() if line.strip()))


def _line(line: str, names: dict[str, str]) -> str:
    line = line.strip()
    before = "" if line.startswith("~") else r"(?<!\w)"
    after = "" if line.endswith("~") else r"(?!\w)"
    body = "".join(c if c.isascii() else fold(c) for c in line.strip("~"))
    for name, expression in names.items():
        body = body.replace(f"<{name}>", expression)
    return before + "(?:" + body.replace(" ?", r"\s*").replace(" ", r"\s+") + ")" + after
