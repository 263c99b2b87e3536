"""Reading JSON of which nothing is certain: what is not of the expected kind is as good as missing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import unescape
from typing import Final

Object = Mapping[str, object]

_IS_HTML: Final = re.compile(r"</[a-z]|<br|<(?:p|li|div)>|&(?:[a-z]+|#\d+);", re.IGNORECASE)
_BLOCK: Final = re.compile(r"</?(?:p|div|br|li|ul|ol|h[1-6]|tr)\b[^<>]*>", re.IGNORECASE)
_TAG: Final = re.compile(r"</?[a-z][^<>]*>|<!--[^<>]*-->", re.IGNORECASE)


def obj(value: object) -> Object:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else {}


def objects(value: object) -> Sequence[Object]:
    """The objects of an array; those that are none are skipped."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text(value: object) -> str:
    """The text without white space around it, or an empty one."""
    return value.strip() if isinstance(value, str) else ""


def first_text(source: Object, *names: str) -> str:
    """The first of the members that has text."""
    return next((found for name in names if (found := text(source.get(name)))), "")


def number(value: object) -> float | None:
    """A number of moderate size; None for anything else, a boolean among it."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e9 < value < 1e9:
        return None
    return float(value)


def identifier(value: object) -> str:
    """An id as text; systems have them as text or as numbers."""
    return str(value) if isinstance(value, int) and number(value) is not None else text(value)


def plain_text(html: str) -> str:
    """The words of a piece of HTML, a line for each block. Text with a `<` in it is not HTML for that reason.

    Expressions whose time grows with the length of the text do it; Python's parser needs minutes for hostile input.
    """
    if not _IS_HTML.search(html):
        return html.strip()
    bare = _TAG.sub("", _BLOCK.sub("\n", html))
    lines = (" ".join(line.split()) for line in unescape(bare).split("\n"))
    return "\n".join(line for line in lines if line)
