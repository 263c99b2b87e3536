"""What a debrief is printed from: three answers of the API, and what is looked up in them all the time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Material:
    interview: Json
    transcript: Json
    analysis: Json
    names: Mapping[str, str]
    """By speaker id."""
    said_by: Mapping[str, str]
    """Name of the speaker by utterance id."""
    dismissed: Mapping[str, Json]
    """Who took a claim out, and why, by claim id."""

    @classmethod
    def of(cls, interview: Json, transcript: Json, analysis: Json) -> Self:
        names = {s["id"]: str(s["name"] or s["label"]) for s in transcript["speakers"]}
        return cls(
            interview,
            transcript,
            analysis,
            names=names,
            said_by={u["id"]: names.get(u["speaker"], u["speaker"]) for u in transcript["utterances"]},
            dismissed={d["claim_id"]: d for d in analysis["dismissed"]},
        )

    @property
    def is_dismissed(self) -> bool:
        """A person took the whole draft out: nothing of it counts."""
        return self.analysis["draft_dismissed"] is not None
