"""Names and roles for the speakers of a transcript, from everything that is known. Pure and synchronous."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.models.interview import Participant
from app.models.template import TemplateVersion
from app.models.transcript import Speaker, SpeakerRole, Transcript, TranscriptDraft
from app.services.analysis.guards.speaker_signs import clock
from app.services.analysis.text.turns import turns_of
from app.services.speakers.behaviour import behaviour_evidence
from app.services.speakers.deciding import Scales, Verdict
from app.services.speakers.evidence import Evidence
from app.services.speakers.listed import (
    NAME_BY_A_PERSON,
    Match,
    channel_evidence,
    is_said,
    listed_evidence,
    matches,
)
from app.services.speakers.spoken import Naming, SpokenNames, names_of
from app.services.transcription.importers.labels import UNNAMED

_SURE_ENOUGH_FOR_A_NAME: Final = 0.8


@dataclass(frozen=True, slots=True)
class Known:
    """What the interview says besides its transcript."""

    people: tuple[Participant, ...] = ()
    template: TemplateVersion | None = None
    channels: tuple[SpeakerRole, ...] = ()
    """Who is on which channel, in their order; empty where nobody said."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What all evidence comes to, whether or not it is enough to say so."""

    speaker: Speaker
    verdict: Verdict
    person: Participant | None
    """Of the list of participants, when it is clear which one."""
    name: str | None
    name_reason: str | None = None


def identify(draft: TranscriptDraft, known: Known) -> TranscriptDraft:
    """The draft with names and roles for the speakers that can be told."""
    told = {o.speaker.id: o for o in opinions(draft, known)}
    speakers = tuple(_applied(s, told[s.id]) if s.id in told else s for s in draft.speakers)
    return draft.model_copy(update={"speakers": speakers})


def opinions(transcript: Transcript | TranscriptDraft, known: Known) -> list[Opinion]:
    """About every listed speaker but the unnamed, who may be several people."""
    listed = [s for s in transcript.speakers if s.label != UNNAMED]
    speaking = list(dict.fromkeys(u.speaker for u in transcript.utterances if u.text.strip()))
    ids = list(dict.fromkeys((*(s.id for s in transcript.speakers), *speaking)))
    turns = turns_of(transcript.utterances)
    found = matches(listed, known.people)
    spoken = SpokenNames(turns, known.people)
    evidence: list[Evidence] = [
        *listed_evidence(listed, found),
        *channel_evidence(transcript.utterances, known.channels),
        *spoken.evidence(),
        *behaviour_evidence(transcript.utterances, language=transcript.language, template=known.template),
    ]
    verdicts = Scales(ids, evidence).verdicts()
    named = names_of(spoken.namings, len(ids))
    only = {s.id: _the_only(verdicts[s.id], verdicts, known.people) for s in listed}
    return [_opinion(s, verdicts[s.id], found.get(s.id), named.get(s.id), only[s.id]) for s in listed]


def _the_only(
    verdict: Verdict, verdicts: Mapping[str, Verdict], people: Sequence[Participant]
) -> Participant | None:
    """The one participant of a role that one speaker has: surely the same person."""
    if verdict.role is SpeakerRole.UNKNOWN or verdict.confidence < _SURE_ENOUGH_FOR_A_NAME:
        return None
    of_role = [p for p in people if p.role is verdict.role]
    rivals = [v for v in verdicts.values() if v.likeliest is verdict.role]
    return of_role[0] if len(of_role) == 1 and len(rivals) == 1 else None


def _opinion(
    speaker: Speaker,
    verdict: Verdict,
    match: Match | None,
    naming: Naming | None,
    only: Participant | None,
) -> Opinion:
    """A label's name before what is said, and what is said before what follows from the role alone."""
    if match is not None:
        reason = f"the label “{match.label}” matches"
        return Opinion(speaker, verdict, match.person, speaker.name or match.person.name, reason)
    if naming is not None:
        person = naming.person or (only if only and _same_person(naming.name, only) else None)
        verb = "introduces themselves" if naming.is_own else "is spoken to"
        reason = f"{verb} as {naming.name} at {clock(naming.at)}"
        return Opinion(speaker, verdict, person, person.name if person else naming.name, reason)
    if only is not None:
        return Opinion(speaker, verdict, only, only.name, f"the only {only.role} on the list of participants")
    return Opinion(speaker, verdict, None, None)


def _same_person(name: str, person: Participant) -> bool:
    return set(name.casefold().split()) <= set(person.name.casefold().split())


def _applied(speaker: Speaker, opinion: Opinion) -> Speaker:
    """What a person said stays as it is; of a name that a person gave, the reason goes on saying so."""
    verdict = opinion.verdict
    if is_said(speaker):
        return speaker
    name_reason = speaker.role_reason or ""
    by_person = (name_reason,) if name_reason.startswith(NAME_BY_A_PERSON) else ()
    reason = "; ".join((*by_person, *((verdict.reason,) if verdict.reason else ())))
    return speaker.model_copy(
        update={
            "name": speaker.name or opinion.name,
            "role": verdict.role,
            "role_confidence": verdict.confidence,
            "role_reason": reason or None,
        }
    )
