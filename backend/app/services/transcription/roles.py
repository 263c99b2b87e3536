"""Who is the interviewer and who the candidate. Never confidently the wrong one: without proof the role stays open.

Evidence is used in the order of its strength: what the file declares, the list of participants, and, in a talk of
two, who asks the questions. Every role has a confidence and a reason that a person can check; below `THRESHOLD` the
reason is kept and the role stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.models.transcript import Speaker, SpeakerRole, TranscriptDraft
from app.services.transcription.importers.labels import UNNAMED, is_generic

THRESHOLD: Final = 0.7
_EXACT: Final = 0.95
_PARTIAL: Final = 0.85
_REMAINING: Final = 0.75
_FEWEST_QUESTIONS: Final = 4
_QUESTION: Final = re.compile(
    r"[?？؟]|^(?:so |and |okay |well |great )*(?:what|how|why|when|where|which|who|could you|can you|would you|do you|"
    r"did you|have you|are you|tell me|describe|walk me)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A participant as the interview names them; `role` None when nobody said."""

    name: str
    role: SpeakerRole | None


@dataclass(frozen=True, slots=True)
class _Guess:
    role: SpeakerRole
    confidence: float
    reason: str
    name: str | None = None


def assign_roles(draft: TranscriptDraft, participants: Sequence[KnownPerson]) -> TranscriptDraft:
    """The draft with names and roles for the speakers that can be told. Pure and synchronous."""
    guesses = {s.id: g for s in draft.speakers if (g := _by_name(s, participants, draft.speakers))}
    open_ones = [s for s in draft.speakers if not _settled(s, guesses)]
    known = {_role(s, guesses) for s in draft.speakers if _settled(s, guesses)}
    if len(draft.speakers) == 2 and len(open_ones) == 1:
        guesses |= _the_other(open_ones[0], known)
    elif len(draft.speakers) == 2 and len(open_ones) == 2:
        guesses |= _by_questions(draft, open_ones)
    return draft.model_copy(update={"speakers": tuple(_apply(s, guesses.get(s.id)) for s in draft.speakers)})


def _settled(speaker: Speaker, guesses: dict[str, _Guess]) -> bool:
    return speaker.role is not SpeakerRole.UNKNOWN or speaker.id in guesses


def _role(speaker: Speaker, guesses: dict[str, _Guess]) -> SpeakerRole:
    return speaker.role if speaker.role is not SpeakerRole.UNKNOWN else guesses[speaker.id].role


def _by_name(
    speaker: Speaker, participants: Sequence[KnownPerson], speakers: Iterable[Speaker]
) -> _Guess | None:
    """The one participant whose name the speaker's label is, or begins or ends, and no other speaker's."""
    label = speaker.name or speaker.label
    if speaker.role is not SpeakerRole.UNKNOWN or label == UNNAMED or is_generic(label):
        return None
    others = [_parts(s.name or s.label) for s in speakers if s.id != speaker.id]
    own = _parts(label)
    matching = [p for p in participants if _same(own, _parts(p.name))]
    if len(matching) != 1 or any(_same(other, _parts(matching[0].name)) for other in others):
        return None
    person = matching[0]
    if person.role is None or person.role is SpeakerRole.UNKNOWN:
        return None
    exact = set(own) == set(_parts(person.name))
    return _Guess(
        person.role,
        _EXACT if exact else _PARTIAL,
        f"the label “{label}” matches the participant {person.name}",
        person.name,
    )


def _parts(name: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W\d_]+", name.casefold()))


def _same(label: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Also `Reyes, Daniel`, and `Daniel` alone."""
    return bool(label) and set(label) <= set(name)


def _the_other(speaker: Speaker, known: set[SpeakerRole]) -> dict[str, _Guess]:
    """In a talk of two, who is not the interviewer is the candidate, and the other way round."""
    if speaker.label == UNNAMED:
        return {}
    opposite = {
        SpeakerRole.INTERVIEWER: SpeakerRole.CANDIDATE,
        SpeakerRole.CANDIDATE: SpeakerRole.INTERVIEWER,
    }
    for role in known & opposite.keys():
        reason = f"the only other speaker is the {role}"
        return {speaker.id: _Guess(opposite[role], _REMAINING, reason)}
    return {}


def _by_questions(draft: TranscriptDraft, two: Sequence[Speaker]) -> dict[str, _Guess]:
    asked = {s.id: sum(_asks(u.text) for u in draft.utterances if u.speaker == s.id) for s in two}
    said = {s.id: sum(len(u.text.split()) for u in draft.utterances if u.speaker == s.id) for s in two}
    total = sum(asked.values())
    if total == 0 or UNNAMED in {s.label for s in two}:
        return {}
    asker, other = sorted(two, key=lambda s: asked[s.id], reverse=True)
    share = asked[asker.id] / total
    confidence = round(min(0.9, share) * min(1.0, total / _FEWEST_QUESTIONS), 2)
    if said[asker.id] > said[other.id]:
        # Whoever interviews asks more and talks less; when the two signs disagree, a person should look.
        confidence = round(confidence * 0.75, 2)
    reason = f"asks {asked[asker.id]} of {total} questions"
    return {
        asker.id: _Guess(SpeakerRole.INTERVIEWER, confidence, reason),
        other.id: _Guess(SpeakerRole.CANDIDATE, confidence, f"the other speaker {reason}"),
    }


def _asks(text: str) -> bool:
    return _QUESTION.search(text) is not None


def _apply(speaker: Speaker, guess: _Guess | None) -> Speaker:
    if guess is None:
        return speaker
    sure = guess.confidence >= THRESHOLD
    return speaker.model_copy(
        update={
            "name": speaker.name or guess.name,
            "role": guess.role if sure else SpeakerRole.UNKNOWN,
            "role_confidence": guess.confidence,
            "role_reason": guess.reason,
        }
    )
