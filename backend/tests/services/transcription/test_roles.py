"""Roles of speakers: given with a reason, or not at all."""

from __future__ import annotations

import pytest
from app.services.transcription.roles import THRESHOLD, KnownPerson, assign_roles

from app.models.transcript import Engine, EngineKind, Speaker, SpeakerRole, TranscriptDraft, Utterance
from app.services.transcription.importers.labels import UNNAMED

INTERVIEWER, CANDIDATE, UNKNOWN = SpeakerRole.INTERVIEWER, SpeakerRole.CANDIDATE, SpeakerRole.UNKNOWN
PEOPLE = (KnownPerson("Daniel Reyes", CANDIDATE), KnownPerson("Sarah Lind", INTERVIEWER))


def draft(*said: tuple[str, str], roles: dict[str, SpeakerRole] | None = None) -> TranscriptDraft:
    labels = list(dict.fromkeys(label for label, _ in said))
    return TranscriptDraft(
        engine=Engine(name="test", version="1", kind=EngineKind.IMPORTED),
        speakers=tuple(
            Speaker(id=f"s{n}", label=label, role=(roles or {}).get(label, UNKNOWN))
            for n, label in enumerate(labels)
        ),
        utterances=tuple(
            Utterance(id=f"u{n}", speaker=f"s{labels.index(label)}", start=n, end=n + 1, text=text)
            for n, (label, text) in enumerate(said)
        ),
    )


def roles_of(result: TranscriptDraft) -> dict[str, SpeakerRole]:
    return {speaker.label: speaker.role for speaker in result.speakers}


class TestByName:
    @pytest.mark.parametrize("label", ["Daniel Reyes", "daniel reyes", "Reyes, Daniel", "Daniel"])
    def test_the_participant_whose_name_it_is(self, label: str) -> None:
        result = assign_roles(draft((label, "Hello."), ("Sarah Lind", "Hi.")), PEOPLE)
        assert roles_of(result) == {label: CANDIDATE, "Sarah Lind": INTERVIEWER}
        assert result.speakers[0].name == "Daniel Reyes"
        assert "matches the participant" in (result.speakers[0].role_reason or "")

    def test_a_first_name_that_two_share_is_nobodys(self) -> None:
        people = (*PEOPLE, KnownPerson("Daniel Okafor", INTERVIEWER))
        result = assign_roles(draft(("Daniel", "Hi."), ("Mia", "Hi."), ("Tom", "Hi.")), people)
        assert set(roles_of(result).values()) == {UNKNOWN}

    def test_the_remaining_one_of_two_is_the_other(self) -> None:
        result = assign_roles(draft(("Sarah Lind", "Hi."), ("Guest", "Hello.")), PEOPLE)
        assert roles_of(result)["Guest"] is CANDIDATE
        assert "only other speaker" in (result.speakers[1].role_reason or "")

    def test_what_the_file_declares_stands(self) -> None:
        declared = draft(("Daniel Reyes", "Hi."), ("Sarah Lind", "Hi."), roles={"Daniel Reyes": INTERVIEWER})
        assert roles_of(assign_roles(declared, PEOPLE))["Daniel Reyes"] is INTERVIEWER


class TestByQuestions:
    def test_who_asks_and_talks_less_is_the_interviewer(self) -> None:
        said = [("A", "What did you build?"), ("B", "A billing system that served many customers.")] * 5
        result = assign_roles(draft(*said), ())
        assert roles_of(result) == {"A": INTERVIEWER, "B": CANDIDATE}
        assert result.speakers[0].role_reason == "asks 5 of 5 questions"

    def test_unpunctuated_drafts_count_too(self) -> None:
        said = [
            ("A", "tell me about a conflict you had"),
            ("B", "we disagreed about the queue for a long time"),
        ] * 5
        assert roles_of(assign_roles(draft(*said), ()))["A"] is INTERVIEWER

    def test_few_questions_prove_nothing_but_the_reason_is_kept(self) -> None:
        result = assign_roles(draft(("A", "How are you?"), ("B", "I am fine and so is everybody here.")), ())
        assert roles_of(result) == {"A": UNKNOWN, "B": UNKNOWN}
        assert 0 < result.speakers[0].role_confidence < THRESHOLD
        assert result.speakers[0].role_reason

    def test_questions_from_both_sides_prove_nothing(self) -> None:
        said = [("A", "What is this?"), ("B", "Why do you ask?")] * 5
        assert set(roles_of(assign_roles(draft(*said), ())).values()) == {UNKNOWN}

    def test_who_asks_most_and_talks_most_is_left_to_a_person(self) -> None:
        said = [
            ("A", "So, after all this long introduction of mine, what did you build?"),
            ("B", "Things."),
        ] * 5
        assert set(roles_of(assign_roles(draft(*said), ())).values()) == {UNKNOWN}

    def test_three_speakers_are_left_to_a_person(self) -> None:
        said = [("A", "What is this?"), ("B", "A thing."), ("C", "A good one.")] * 5
        assert set(roles_of(assign_roles(draft(*said), ())).values()) == {UNKNOWN}

    def test_words_without_a_speaker_never_get_a_role(self) -> None:
        said = [("A", "What is this?"), (UNNAMED, "A thing that we made.")] * 5
        assert roles_of(assign_roles(draft(*said), ()))[UNNAMED] is UNKNOWN
