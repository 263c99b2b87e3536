"""The interview of a hit out of what both databases store, looking at nothing else of the document.

The model is not built: a page of results needs a few fields of dozens of them, and answers within milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class _Person(msgspec.Struct):
    name: str


class QuotedInterview(msgspec.Struct):
    title: str
    candidate: _Person | None = None
    position: str | None = None

    @property
    def candidate_name(self) -> str | None:
        return self.candidate.name if self.candidate else None


interview_from_json = msgspec.json.Decoder(QuotedInterview).decode


def interview_from(document: Mapping[str, object]) -> QuotedInterview:
    return msgspec.convert(document, QuotedInterview)
