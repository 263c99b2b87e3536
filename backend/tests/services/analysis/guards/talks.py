"""Short talks for the tests of the guards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.models.interview import Participant
from app.models.template import TemplateVersion
from app.models.transcript import Engine, EngineKind, Speaker, SpeakerRole, TranscriptDraft, Utterance
from app.services.analysis.base import AnalysisInput

CANDIDATE = SpeakerRole.CANDIDATE
INTERVIEWER = SpeakerRole.INTERVIEWER
UNKNOWN = SpeakerRole.UNKNOWN

_ENGINE = Engine(name="import:json", version="1", kind=EngineKind.IMPORTED)


def utterances(*said: tuple[str, str], language: str | None = None) -> tuple[Utterance, ...]:
    """Each with its speaker and ten seconds of time."""
    return tuple(
        Utterance(id=f"u{n}", speaker=speaker, start=n * 10.0, end=n * 10.0 + 9, text=text, language=language)
        for n, (speaker, text) in enumerate(said)
    )


def talk(
    *said: tuple[str, str],
    speakers: Sequence[Speaker] = (),
    people: Sequence[Participant] = (),
    template: TemplateVersion | None = None,
) -> AnalysisInput:
    transcript = TranscriptDraft(engine=_ENGINE, speakers=tuple(speakers), utterances=utterances(*said))
    return AnalysisInput(transcript=transcript, people=tuple(people), template=template)


def roles(**given: SpeakerRole) -> Mapping[str, SpeakerRole]:
    return given
