from __future__ import annotations
import re


def refused_wording(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"nervous|hesitant|likeable|accent|young mother", text))
