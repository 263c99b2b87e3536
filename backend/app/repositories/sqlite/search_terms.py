"""Terms as FTS5 is given them.

The tokenizer splits at everything but ASCII letters, digits, the underscore and what is beyond ASCII, so other
characters are written as `_` and their code. Each term begins with its organisation: what another one has indexed
makes no search slower, however common the word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from app.models.transcript import SpeakerRole

_OTHERS: Final = re.compile(r"[^a-z0-9\x80-\U0010ffff]")
_ESCAPE: Final = "_"
_CODE: Final = re.compile(f"{_ESCAPE}([0-9a-f]{{2}})")
_ROLE: Final = "_role_"
"""No escape: those have two digits."""


def escaped(terms: Iterable[str]) -> list[str]:
    """Terms as they are kept, separated by spaces. Empty ones are left out."""
    return [_OTHERS.sub(_code, term) for term in terms if term]


def unescaped(terms: str) -> list[str]:
    """The terms of which these were made, without the empty ones."""
    if _ESCAPE not in terms:
        return terms.split(" ")
    return [_CODE.sub(_character, term) for term in terms.split(" ")]


def _code(found: re.Match[str]) -> str:
    return f"{_ESCAPE}{ord(found[0]):02x}"


def _character(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


@lru_cache(maxsize=1024)
def scope(organisation_id: str) -> str:
    """What stands before each term of an organisation. Two may share it: the rows are looked at, too."""
    return blake2b(organisation_id.encode(), digest_size=4).hexdigest()


def indexed(organisation_id: str, role: str, terms: str) -> str:
    """The text that is indexed of a passage."""
    prefix = scope(organisation_id)
    return f"{prefix}{_ROLE}{role} {prefix}" + terms.replace(" ", f" {prefix}")


def match(organisation_id: str, phrases: Iterable[Sequence[str]], role: SpeakerRole | None) -> str:
    """The question for all of the phrases, which are of escaped terms."""
    prefix = scope(organisation_id)
    wanted = [" ".join(f"{prefix}{term}" for term in phrase) for phrase in phrases]
    if role is not None:
        wanted.append(f"{prefix}{_ROLE}{role.value}")
    return " AND ".join(f'"{phrase}"' for phrase in wanted)
