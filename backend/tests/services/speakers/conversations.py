"""Talks in a few lines, for what is to be read out of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.models.interview import Participant
from app.models.transcript import Engine, EngineKind, Speaker, SpeakerRole, TranscriptDraft, Utterance
from app.services.speakers.identifying import Known, identify

INTERVIEWER, CANDIDATE = SpeakerRole.INTERVIEWER, SpeakerRole.CANDIDATE
OBSERVER, UNKNOWN = SpeakerRole.OBSERVER, SpeakerRole.UNKNOWN
DANIEL = Participant(name="Daniel Reyes", email="d.reyes@example.com", role=CANDIDATE)
SARAH = Participant(name="Sarah Lind", email="sarah@example.com", role=INTERVIEWER)
PEOPLE = (DANIEL, SARAH)

Said = tuple[str, str]


def draft(
    *said: Said,
    roles: Mapping[str, SpeakerRole] | None = None,
    channels: Mapping[str, int] | None = None,
    language: str | None = None,
) -> TranscriptDraft:
    """Each label is a speaker; every utterance takes a second for each word."""
    labels = list(dict.fromkeys(label for label, _ in said))
    utterances: list[Utterance] = []
    at = 0.0
    for n, (label, text) in enumerate(said):
        end = at + len(text.split())
        channel = channels[label] if channels else None
        utterances.append(
            Utterance(
                id=f"u{n}", speaker=f"s{labels.index(label)}", start=at, end=end, text=text, channel=channel
            )
        )
        at = end + 0.5
    return TranscriptDraft(
        engine=Engine(name="test", version="1", kind=EngineKind.IMPORTED),
        language=language,
        duration=at,
        speakers=tuple(
            Speaker(
                id=f"s{n}",
                label=label,
                role=(roles or {}).get(label, UNKNOWN),
                role_confidence=0.95 if label in (roles or {}) else 0.0,
                role_reason=f"labelled “{label}” in the file" if label in (roles or {}) else None,
            )
            for n, label in enumerate(labels)
        ),
        utterances=tuple(utterances),
    )


def identified(
    said: Sequence[Said], people: tuple[Participant, ...] = (), **changes: object
) -> dict[str, Speaker]:
    """Speakers by label, as they come out."""
    known = Known(people=people, channels=changes.pop("order", ()))  # type: ignore[arg-type]
    result = identify(draft(*said, **changes), known)  # type: ignore[arg-type]
    return {speaker.label: speaker for speaker in result.speakers}


def roles_of(speakers: Mapping[str, Speaker]) -> dict[str, SpeakerRole]:
    return {label: speaker.role for label, speaker in speakers.items()}


STORY = (
    "We moved the billing system from one large database to a queue with several readers, and I wrote most of the "
    "migration myself over about four months, with two other engineers who looked after the tests and the rollout."
)
INTERVIEW: tuple[Said, ...] = (
    ("A", "Good morning, thanks for joining us today."),
    ("B", "Thank you for having me, I am glad to be here."),
    ("A", "Can you walk me through your last project?"),
    ("B", STORY),
    ("A", "What was your role in that?"),
    ("B", STORY),
    ("A", "Have you ever had to roll back a release?"),
    ("B", "Yes, in my last job I had to do so twice, and both times it was the database that was slow."),
    ("A", "How do you decide when to roll back?"),
    ("B", "I look at the error rate for ten minutes, and then I ask the person who is on call that day."),
    ("A", "Do you have any questions for me?"),
    ("B", "Yes, when would I hear from you?"),
    ("A", "We will get back to you next week."),
)
"""Nobody is named."""
