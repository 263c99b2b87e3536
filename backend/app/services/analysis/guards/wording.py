"""The lint of a debrief's own sentences: none about a person's inner state, personality, voice, looks, origin or health.

Words are judged by whom they are said of: `confidence interval`, `the customer was angry` and `lazy loading` stay. What
stands in quotation marks is the candidate's own and is not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from app.services.analysis.guards.folding import Folded, fold
from app.services.analysis.guards.lexicon import wording_elsewhere
from app.services.analysis.guards.lexicon.wording_english import ALWAYS, OF_NAMES, OF_PERSONS, OTHERS, THINGS
from app.services.analysis.guards.phrases import word_set

_QUOTED: Final = re.compile(r"“[^“”]*”|„[^„“”]*[“”]|«[^«»]*»|\"[^\"]*\"|(?<!\w)‘[^‘]*?’(?!\w)")
_NAME: Final = re.compile(r"\b[A-ZÀ-ÖØ-Þ][\w'’-]+(?: [A-ZÀ-ÖØ-Þ][\w'’-]+)?(?= )")
_NO_NAMES: Final = word_set("""
    the this that these those it a an our its what there here one both each every some all most many his her their my
    code tests data everything nothing metrics deployment release
""")
_GAP: Final = " # "
"""Stands for what is not looked at, so that its neighbours do not become neighbours of each other."""


def refused_wording(text: str) -> tuple[str, ...]:
    """The words for which the sentence must not be shown, in lower case and in their order; empty when it may."""
    plain = fold(_QUOTED.sub(_GAP, text))
    for harmless in (THINGS, wording_elsewhere.THINGS, OTHERS):
        plain = harmless.sub(_GAP, plain)
    found = [*_matches(plain), *_after_names(text)]
    return tuple(dict.fromkeys(word for _, word in sorted(found)))


def _matches(plain: str) -> Iterator[tuple[int, str]]:
    for pattern in (ALWAYS, wording_elsewhere.ALWAYS, OF_PERSONS):
        for match in pattern.finditer(plain):
            yield match.start(), match.group()


def _after_names(text: str) -> Iterator[tuple[int, str]]:
    folded = Folded.of(_QUOTED.sub(lambda m: " " * len(m.group()), text))
    for match in OF_NAMES.finditer(folded.text):
        start, _ = folded.origin(match.start(), match.end())
        name = _last_name(folded.source[:start])
        if name is not None and fold(name) not in _NO_NAMES:
            yield match.start(), match.group()


def _last_name(before: str) -> str | None:
    """The name that a text ends with."""
    names = [m for m in _NAME.finditer(before) if m.end() == len(before.rstrip())]
    return names[-1].group() if names else None
