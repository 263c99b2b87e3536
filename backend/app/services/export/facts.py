"""What an export is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.models.analysis import Analysis, Evidence, ProtectedTopic
from app.models.interview import Interview
from app.models.scorecard import Review, Scorecard, SubmittedCard
from app.models.template import TemplateVersion
from app.models.transcript import MIXED, Speaker, SpeakerRole, Transcript


@dataclass(frozen=True, slots=True)
class DebriefFacts:
    organisation: str
    interview: Interview
    analysis: Analysis
    exported_at: datetime
    shows_sentiment: bool
    transcript: Transcript | None = None
    """Of the revision that was analysed; its utterances are not needed. None when it is gone."""
    said_by: Mapping[str, str] = field(default_factory=dict)
    """Speaker ids by utterance id, at least for the utterances that the analysis quotes."""
    review: Review | None = None
    scorecards: tuple[Scorecard, ...] = ()
    """Drafts may be among them; of a card that is being changed, what was submitted before is shown."""
    template: TemplateVersion | None = None
    """The edition that the analysis was made with."""
    outdated: tuple[str, ...] = ()
    """What changed since the analysis was made: `transcript`, `template`."""
    recording_url: str | None = None
    """Where a member can play the recording; quotes link into it."""

    @property
    def submitted(self) -> tuple[tuple[str, SubmittedCard], ...]:
        """What people have given in, with their names, by name."""
        cards = sorted(self.scorecards, key=lambda card: (card.user_name.casefold(), card.id))
        return tuple((card.user_name, given) for card in cards if (given := card.last_submitted) is not None)

    @property
    def language(self) -> str | None:
        """BCP 47 tag of what was said."""
        found = self.transcript.language if self.transcript else None
        asked = self.interview.language
        return found or (asked if asked != MIXED else None)

    @property
    def left_out(self) -> tuple[ProtectedTopic, ...]:
        return self.analysis.left_out.protected

    def speaker_of(self, evidence: Evidence) -> Speaker | None:
        return self.speaker(self.said_by.get(evidence.utterance_id))

    def speaker(self, speaker_id: str | None) -> Speaker | None:
        speakers = self.transcript.speakers if self.transcript else ()
        return next((s for s in speakers if s.id == speaker_id), None)

    def is_of_candidate(self, evidence: Evidence) -> bool:
        speaker = self.speaker_of(evidence)
        return speaker is not None and speaker.role is SpeakerRole.CANDIDATE


def speaker_name(speaker: Speaker | None) -> str:
    """The person's name if it is known; a neutral label goes with the role if that is known."""
    if speaker is None:
        return "Unknown speaker"
    if speaker.name:
        return speaker.name
    if speaker.role is SpeakerRole.UNKNOWN:
        return speaker.label
    return f"{speaker.label} ({speaker.role})"
