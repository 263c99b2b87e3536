"""What holds for any talk: roles follow the voices, and chatter changes nobody's part."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.transcript import SpeakerRole, TranscriptDraft
from app.services.speakers.identifying import Known, identify
from tests.services.speakers.conversations import (
    CANDIDATE,
    INTERVIEW,
    INTERVIEWER,
    PEOPLE,
    STORY,
    UNKNOWN,
    Said,
    draft,
)

LINES = (
    "Hi, I'm Sarah.",
    "Hi Daniel, thanks for joining.",
    "Thank you for having me.",
    "What did you do in your last job?",
    "Do you have any questions for me?",
    "My notice period is three months.",
    "When would I hear from you?",
    "Ich bin Daniel.",
    "Yes.",
    STORY,
)
SMALL_TALK = ("Yes.", "Right.", "I see.", "It rained all morning.", "The train was late.", "Nice weather.")
OTHER = {"A": "B", "B": "A"}

talks = st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(LINES)), min_size=1, max_size=14)


def roles(said: Sequence[Said], labels: str = "ABC") -> dict[str, SpeakerRole]:
    known = Known(people=PEOPLE)
    result = identify(_listed(draft(*said), labels), known)
    return {speaker.label: speaker.role for speaker in result.speakers}


def _listed(given_draft: TranscriptDraft, labels: str) -> TranscriptDraft:
    """Speakers in the order of `labels`, whatever the order in which they speak."""
    ordered = sorted(given_draft.speakers, key=lambda s: labels.index(s.label))
    return given_draft.model_copy(update={"speakers": tuple(ordered)})


@settings(max_examples=25)
@given(talks, st.permutations("ABC"))
def test_names_of_speakers_mean_nothing(said: list[Said], order: list[str]) -> None:
    renamed = dict(zip("ABC", order, strict=True))
    before = roles(said)
    after = roles([(renamed[label], text) for label, text in said])
    assert after == {renamed[label]: role for label, role in before.items()}


@settings(max_examples=25)
@given(talks)
def test_there_is_at_most_one_candidate_and_every_role_has_its_reason(said: list[Said]) -> None:
    result = identify(draft(*said), Known(people=PEOPLE))
    assert [s.role for s in result.speakers].count(CANDIDATE) <= 1
    assert all(s.role_reason for s in result.speakers if s.role is not UNKNOWN)
    assert identify(draft(*said), Known(people=PEOPLE)) == result


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.integers(0, len(INTERVIEW)), st.sampled_from("AB"), st.sampled_from(SMALL_TALK)))
)
def test_small_talk_turns_nobody_into_the_other(added: list[tuple[int, str, str]]) -> None:
    said = list(INTERVIEW)
    for at, label, text in added:
        said.insert(at, (label, text))
    found = roles(said, "AB")
    assert found["A"] in (INTERVIEWER, UNKNOWN)
    assert found["B"] in (CANDIDATE, UNKNOWN)


@settings(max_examples=10)
@given(st.integers(2, len(INTERVIEW)))
def test_swapped_voices_swap_roles(length: int) -> None:
    said = INTERVIEW[:length]
    swapped = roles([(OTHER[label], text) for label, text in said], "AB")
    assert swapped == {OTHER[label]: role for label, role in roles(said, "AB").items()}
