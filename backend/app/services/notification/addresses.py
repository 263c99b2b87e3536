"""Mentions in what people write: `@` and the e-mail address of a colleague."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_MENTION: Final = re.compile(
    r"""
    (?<![\w.@+%-])@                              # not inside an address, nor behind another @
    (?P<address>
        [^\s@<>()\[\]{},;:"`*\\]{1,64}@         # what stands before the @ of an address
        [\w-]{1,63}(?:\.[\w-]{1,63})+            # its domain; a full stop behind it is the sentence's
    )
    """,
    re.VERBOSE,
)


def mentioned_addresses(texts: Iterable[str]) -> frozenset[str]:
    """The addresses that are mentioned, folded. Whether they are anybody's is not known here."""
    return frozenset(found["address"].casefold() for text in texts for found in _MENTION.finditer(text))
