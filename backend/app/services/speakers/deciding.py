"""From evidence to roles: every reading of the talk is weighed against every other one.

One of those who speak is the candidate, or nobody is. Each such reading has what speaks for it and what speaks against
it, and what speaks against it weighs more: two signs that contradict each other leave less certainty than none. Below
`THRESHOLD` the role stays unknown, and the reason says what speaks for and against the likeliest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import Final

from app.models.transcript import SpeakerRole
from app.services.speakers.evidence import Evidence, Kind, total

THRESHOLD: Final = 0.7
_SUREST: Final = 0.95
"""Nothing that a machine concludes is surer."""
_AGAINST: Final = 1.5
"""What speaks against a reading counts that much more than what speaks for it."""
_SOMEBODY: Final = 1.8
"""Log-odds that a role is there at all where two or more speak."""
_FOR_SHOWN: Final = 3
_AGAINST_SHOWN: Final = 2
_WORTH_TELLING: Final = 0.3
_OPPOSITE: Final = {
    SpeakerRole.CANDIDATE: SpeakerRole.INTERVIEWER,
    SpeakerRole.INTERVIEWER: SpeakerRole.CANDIDATE,
}
_ORDER: Final = (SpeakerRole.CANDIDATE, SpeakerRole.INTERVIEWER, SpeakerRole.OBSERVER)
_CALLED: Final = {
    SpeakerRole.CANDIDATE: "the candidate",
    SpeakerRole.INTERVIEWER: "an interviewer",
    SpeakerRole.OBSERVER: "an observer",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`role` is unknown below the threshold; `confidence` is then that of the likeliest one."""

    role: SpeakerRole
    likeliest: SpeakerRole
    confidence: float
    reason: str | None


class Scales:
    """All evidence about the speakers of one talk."""

    def __init__(self, speakers: Sequence[str], found: Iterable[Evidence]) -> None:
        self._speakers = speakers
        self._found: defaultdict[tuple[str, SpeakerRole], list[Evidence]] = defaultdict(list)
        for piece in found:
            self._found[piece.speaker, piece.role].append(piece)
        self._points = {place: total(pieces) for place, pieces in self._found.items()}

    def points(self, speaker: str, role: SpeakerRole) -> float:
        return self._points.get((speaker, role), 0.0)

    def verdicts(self) -> dict[str, Verdict]:
        return {speaker: self._verdict(speaker) for speaker in self._speakers}

    def likelihood(self, speaker: str) -> Mapping[SpeakerRole, float]:
        """Confidence in each role; they do not add up to one, for all of them may be doubtful."""
        return {
            SpeakerRole.CANDIDATE: self._candidate(speaker),
            SpeakerRole.INTERVIEWER: self._interviewer(speaker),
            SpeakerRole.OBSERVER: self._observer(speaker),
        }

    def _verdict(self, speaker: str) -> Verdict:
        likely = self.likelihood(speaker)
        role = max(_ORDER, key=lambda r: likely[r])
        confidence = round(min(likely[role], _SUREST), 2)
        if self._is_said(speaker):
            confidence = 1.0
        if confidence < THRESHOLD:
            return Verdict(SpeakerRole.UNKNOWN, role, confidence, self._doubt(speaker, role))
        return Verdict(role, role, confidence, self._reason(speaker, role))

    def _candidate(self, speaker: str) -> float:
        others = (s for s in self._speakers if s != speaker)
        against = sum(exp(-self._margin(speaker, other)) for other in others)
        return 1 / (1 + against + exp(-self._alone(speaker, SpeakerRole.CANDIDATE)))

    def _margin(self, one: str, other: str) -> float:
        """How much more likely it is that `one` is the candidate than that `other` is."""
        candidate, interviewer = SpeakerRole.CANDIDATE, SpeakerRole.INTERVIEWER
        in_favour = self.points(one, candidate) + self.points(other, interviewer)
        against = self.points(other, candidate) + self.points(one, interviewer)
        present = self.points(one, SpeakerRole.OBSERVER) - self.points(other, SpeakerRole.OBSERVER)
        return in_favour - _AGAINST * against - present

    def _alone(self, speaker: str, role: SpeakerRole) -> float:
        """How much more likely it is that `speaker` has this role than that nobody of those who speak has it."""
        own = self.points(speaker, role) - _AGAINST * self.points(speaker, SpeakerRole.OBSERVER)
        return own + (_SOMEBODY if len(self._speakers) > 1 else 0.0)

    def _own(self, speaker: str, role: SpeakerRole) -> float:
        others = sum(self.points(speaker, r) for r in _ORDER if r is not role)
        return self.points(speaker, role) - _AGAINST * others

    def _interviewer(self, speaker: str) -> float:
        """In a talk of two, who is not the candidate is the interviewer; of more, each one has to show it."""
        if len(self._speakers) == 2:
            other = next(s for s in self._speakers if s != speaker)
            alone = self._alone(speaker, SpeakerRole.INTERVIEWER)
            return 1 / (1 + exp(-self._margin(other, speaker)) + exp(-alone))
        own = self._own(speaker, SpeakerRole.INTERVIEWER)
        return (1 - self._candidate(speaker)) / (1 + exp(-own))

    def _observer(self, speaker: str) -> float:
        own = self._own(speaker, SpeakerRole.OBSERVER)
        return 1 / (1 + exp(-own)) if self.points(speaker, SpeakerRole.OBSERVER) else 0.0

    def _is_said(self, speaker: str) -> bool:
        return any(
            piece.kind is Kind.SAID for role in _ORDER for piece in self._found.get((speaker, role), ())
        )

    def _reason(self, speaker: str, role: SpeakerRole) -> str:
        """What speaks for it, strongest first; then what speaks against it, if that is worth a thought."""
        own = _told(self._found.get((speaker, role), ()), _FOR_SHOWN)
        reason = "; ".join(own) if own else self._by_elimination(speaker, role)
        return _with_doubts(reason, self._doubts(speaker, role))

    def _by_elimination(self, speaker: str, role: SpeakerRole) -> str:
        other = next(s for s in self._speakers if s != speaker)
        opposite = _OPPOSITE.get(role, SpeakerRole.UNKNOWN)
        why = _told(self._found.get((other, opposite), ()), 1)
        return f"the only other speaker is the {opposite}" + (f", who {why[0]}" if why else "")

    def _doubt(self, speaker: str, role: SpeakerRole) -> str | None:
        """Why nothing is known for sure; None where there is nothing to tell."""
        own = _told(self._found.get((speaker, role), ()), _FOR_SHOWN)
        doubts = self._doubts(speaker, role)
        if not own and not doubts:
            return None
        called = _CALLED[role]
        if not own:
            return f"not sure: against {called} speaks that this speaker {' and '.join(doubts)}"
        return _with_doubts(f"not sure: perhaps {called}, because this speaker {'; '.join(own)}", doubts)

    def _doubts(self, speaker: str, role: SpeakerRole) -> list[str]:
        found = [p for r in _ORDER if r is not role for p in self._found.get((speaker, r), ())]
        return _told((p for p in found if p.points >= _WORTH_TELLING), _AGAINST_SHOWN)


def _told(found: Iterable[Evidence], most: int) -> list[str]:
    """The strongest piece of each kind in words; of what a label says, the strongest alone."""
    strongest: dict[Kind, Evidence] = {}
    for piece in sorted(found, key=_rank):
        strongest.setdefault(piece.kind, piece)
    return [piece.says for piece in strongest.values()][:most]


def _rank(piece: Evidence) -> tuple[float, str]:
    return -piece.points, piece.says


def _with_doubts(reason: str, doubts: Sequence[str]) -> str:
    return f"{reason}; against it: {'; '.join(doubts)}" if doubts else reason
