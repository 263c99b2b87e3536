"""Every quote of a debrief, wherever it stands, found without the help of the code under test."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from app.models.analysis import AnalysisDraft, Evidence, LeftOut


def quotes_of(draft: AnalysisDraft) -> list[Evidence]:
    """Those of claims; what was left out of the model's input is no claim."""
    return list(_walk(draft))


def _walk(value: object) -> Iterator[Evidence]:
    if isinstance(value, Evidence):
        yield value
    elif isinstance(value, LeftOut):
        return
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _walk(getattr(value, name))
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from _walk(item)
