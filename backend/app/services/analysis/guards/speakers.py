"""Whether the roles of the speakers can be relied on: what is said is held against what the labels say.

A label is believed until the talk speaks clearly against it. Both must hold then: the one who is labelled the candidate
speaks like an interviewer, and somebody else speaks like the candidate. A person who said who is who was asked, and is
not asked again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from app.models.analysis import SpeakerCheck, SpeakerVerdict
from app.models.transcript import Speaker, SpeakerRole
from app.services.analysis.base import AnalysisInput
from app.services.analysis.guards.speaker_names import name_signs
from app.services.analysis.guards.speaker_signs import (
    Sign,
    phrase_signs,
    question_signs,
    questions_among,
    template_signs,
)
from app.services.analysis.text.turns import is_english, sentences_of, turns_of

_MARGIN: Final = 5.0
"""Points by which the labelled candidate has to be more of an interviewer than somebody else."""
_LIKE_AN_INTERVIEWER: Final = 1.5
_REASONS: Final = 4
_WHAT_TO_DO: Final = "Say who is who, then analyse again."
_LABELS: Final = {
    SpeakerRole.CANDIDATE: "the candidate",
    SpeakerRole.INTERVIEWER: "an interviewer",
    SpeakerRole.OBSERVER: "an observer",
}


def check_speakers(request: AnalysisInput) -> SpeakerCheck:
    """What to make of the roles that the transcript gives. Only speakers who say something count."""
    speaking = _speaking(request)
    missing = tuple(_missing(speaking))
    if missing:
        return SpeakerCheck(verdict=SpeakerVerdict.UNKNOWN, reasons=(*missing, _WHAT_TO_DO))
    against = _against(request, speaking)
    if against:
        return SpeakerCheck(verdict=SpeakerVerdict.SWAPPED, reasons=(*against, _WHAT_TO_DO))
    candidates = [s for s in speaking if s.role is SpeakerRole.CANDIDATE]
    if len(candidates) > 1:
        names = " and ".join(_called(s) for s in candidates)
        several = f"More than one speaker is labelled the candidate: {names}."
        return SpeakerCheck(verdict=SpeakerVerdict.UNKNOWN, reasons=(several, _WHAT_TO_DO))
    return SpeakerCheck(verdict=SpeakerVerdict.CONFIRMED)


def _speaking(request: AnalysisInput) -> list[Speaker]:
    """In the order in which they first speak; one whom the transcript does not list has no role."""
    listed = {s.id: s for s in request.transcript.speakers}
    ids = dict.fromkeys(u.speaker for u in request.transcript.utterances if u.text.strip())
    return [listed.get(i) or Speaker(id=i, label=i) for i in ids]


def _missing(speaking: Sequence[Speaker]) -> Iterator[str]:
    roles = {s.role for s in speaking}
    for role in (SpeakerRole.CANDIDATE, SpeakerRole.INTERVIEWER):
        if role not in roles:
            yield f"None of those who speak is known to be {_LABELS[role]}."


def _against(request: AnalysisInput, speaking: Sequence[Speaker]) -> list[str]:
    """Why the roles are the wrong way round, the strongest reasons in the order of the talk; empty when they are not."""
    signs = list(_signs(request))
    points = {s.id: sum(sign.points for sign in signs if sign.speaker == s.id) for s in speaking}
    # Of several labelled candidates none may look like one: then it is the labels that are wrong, not their number.
    labelled = min((s for s in speaking if s.role is SpeakerRole.CANDIDATE), key=lambda s: points[s.id])
    other = min((s for s in speaking if s.role is not SpeakerRole.CANDIDATE), key=lambda s: points[s.id])
    if labelled.is_by_person or other.is_by_person:
        return []
    if points[labelled.id] < _LIKE_AN_INTERVIEWER or points[labelled.id] - points[other.id] < _MARGIN:
        return []
    return _sentences(signs, {labelled.id: labelled, other.id: other})


def _signs(request: AnalysisInput) -> Iterator[Sign]:
    utterances = request.transcript.utterances
    english = is_english(request.transcript.language)
    turns = turns_of(utterances)
    sentences = list(sentences_of(utterances))
    asked = questions_among(sentences, english=english)
    yield from phrase_signs(sentences)
    yield from question_signs(turns, asked, english=english)
    yield from template_signs(asked, request.template)
    yield from name_signs(request, sentences)


def _sentences(signs: Sequence[Sign], two: Mapping[str, Speaker]) -> list[str]:
    """One for each kind of sign, about either of the two, as far as it speaks against their labels."""
    strongest: dict[tuple[str, str], Sign] = {}
    for sign in signs:
        speaker = two.get(sign.speaker)
        if speaker is not None and (sign.points > 0) == (speaker.role is SpeakerRole.CANDIDATE):
            strongest.setdefault((sign.speaker, sign.kind), sign)
    chosen = sorted(strongest.values(), key=lambda s: -abs(s.points))[:_REASONS]
    return [f"{_who(two[s.speaker])} {s.says}." for s in sorted(chosen, key=lambda s: s.at)]


def _who(speaker: Speaker) -> str:
    label = _LABELS.get(speaker.role)
    return f"{_called(speaker)}, labelled as {label}," if label else f"{_called(speaker)}, who has no role,"


def _called(speaker: Speaker) -> str:
    return f"“{speaker.name or speaker.label}”"
