"""What people said about speakers, carried over to a transcript that is made again."""

from __future__ import annotations

from datetime import UTC, datetime

from app.models.transcript import Speaker, SpeakerRole, Transcript, TranscriptDraft
from app.services.speakers.carrying import carried_over, told_by_people
from app.services.speakers.identifying import Known, identify
from tests.services.speakers.conversations import CANDIDATE, INTERVIEW, INTERVIEWER, UNKNOWN, draft


def stored(made: TranscriptDraft, revision: int = 1, base: int | None = None) -> Transcript:
    return Transcript(
        id="t",
        organisation_id="o",
        interview_id="i",
        revision=revision,
        base=base,
        epoch=1,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        **{name: getattr(made, name) for name in TranscriptDraft.model_fields},
    )


def described(transcript: Transcript, speaker_id: str, *, base: int = 1, **changes: object) -> Transcript:
    """The next revision, in which a person described a speaker."""
    speakers = tuple(s.model_copy(update=changes) if s.id == speaker_id else s for s in transcript.speakers)
    return transcript.model_copy(
        update={"speakers": speakers, "revision": transcript.revision + 1, "base": base}
    )


def by_person(role: SpeakerRole) -> dict[str, object]:
    return {"role": role, "role_confidence": 1.0, "role_reason": "said by a person"}


def remade(older: Transcript, original: Transcript, newer: TranscriptDraft) -> dict[str, Speaker]:
    carried = carried_over(newer, older, told_by_people(older, original))
    return {s.label: s for s in identify(carried, Known()).speakers}


ORIGINAL = stored(identify(draft(*INTERVIEW), Known()))
AGAIN = draft(*((f"Speaker {label}", text) for label, text in INTERVIEW))
"""The same talk by another engine, which calls the speakers something else."""


def test_a_role_and_a_name_go_to_who_speaks_at_the_same_times() -> None:
    older = described(ORIGINAL, "s0", name="Sarah", **by_person(CANDIDATE))
    speakers = remade(older, ORIGINAL, AGAIN)
    assert (speakers["Speaker A"].name, speakers["Speaker A"].role) == ("Sarah", CANDIDATE)
    assert speakers["Speaker A"].role_confidence == 1.0
    reason = speakers["Speaker A"].role_reason
    assert reason == (
        "said by a person of transcript 2, in which the same voice speaks at the same times (100 %)"
    )
    assert speakers["Speaker B"].role is INTERVIEWER, "what follows from it"


def test_what_the_machine_concluded_is_concluded_anew() -> None:
    speakers = remade(ORIGINAL, ORIGINAL, draft(*INTERVIEW[:2]))
    assert told_by_people(ORIGINAL, None) == ()
    assert speakers["A"].role_reason is None or "said by a person" not in speakers["A"].role_reason


def test_a_name_alone_is_carried_again_and_again() -> None:
    older = described(ORIGINAL, "s1", name="Daniel")
    once = remade(older, ORIGINAL, AGAIN)["Speaker B"]
    assert (once.name, once.role) == ("Daniel", CANDIDATE)
    assert (once.role_reason or "").startswith("name said by a person of transcript 2")
    newer = stored(AGAIN.model_copy(update={"speakers": (AGAIN.speakers[0], once)}), 3)
    twice = {s.label: s for s in carried_over(draft(*INTERVIEW), newer, told_by_people(newer, None)).speakers}
    assert twice["B"].name == "Daniel"


def test_that_a_role_cannot_be_told_is_a_persons_word_too() -> None:
    unsure = {"role": UNKNOWN, "role_confidence": 0.0, "role_reason": "said by a person"}
    speakers = remade(described(ORIGINAL, "s0", **unsure), ORIGINAL, AGAIN)
    assert speakers["Speaker A"].role is UNKNOWN
    assert (speakers["Speaker A"].role_reason or "").startswith("said by a person")


def test_voices_that_cannot_be_matched_are_asked_about_again() -> None:
    older = described(ORIGINAL, "s0", name="Sarah", **by_person(CANDIDATE))
    mixed = AGAIN.model_copy(
        update={
            "utterances": tuple(
                u.model_copy(update={"speaker": f"s{n // 3 % 2}"}) for n, u in enumerate(AGAIN.utterances)
            )
        }
    )
    speakers = {s.label: s for s in carried_over(mixed, older, told_by_people(older, ORIGINAL)).speakers}
    assert {s.name for s in speakers.values()} == {None}


def test_a_transcript_without_times_matches_nobody() -> None:
    older = described(ORIGINAL, "s0", name="Sarah", **by_person(CANDIDATE))
    timeless = AGAIN.model_copy(
        update={
            "utterances": tuple(u.model_copy(update={"start": 0.0, "end": 0.0}) for u in AGAIN.utterances)
        }
    )
    carried = carried_over(timeless, older, told_by_people(older, ORIGINAL))
    assert carried == timeless
