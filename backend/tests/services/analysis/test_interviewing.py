"""Notes on the interviewing: whose questions count, what they quote, and what is no note."""

from __future__ import annotations

import pytest

from app.models.analysis import InterviewingNote, NoteKind, ProtectedTopic
from app.models.transcript import Speaker, SpeakerRole, TranscriptDraft, Utterance
from app.services.analysis.interviewing import leading_questions, protected_notes
from app.services.analysis.redaction import Span

SPEAKERS = (
    Speaker(id="I", label="Interviewer", role=SpeakerRole.INTERVIEWER),
    Speaker(id="C", label="Candidate", role=SpeakerRole.CANDIDATE),
    Speaker(id="X", label="Speaker 3"),
)


def talk(*said: tuple[str, str]) -> list[Utterance]:
    return [
        Utterance(id=f"u{n}", speaker=speaker, start=n, end=n + 1, text=text)
        for n, (speaker, text) in enumerate(said)
    ]


def leading(*said: tuple[str, str], english: bool = True) -> list[str]:
    notes = leading_questions(talk(*said), SPEAKERS, english=english)
    return [note.evidence[0].quote for note in notes]


class TestLeadingQuestions:
    def test_the_sentence_is_the_evidence(self) -> None:
        [note] = leading_questions(
            talk(("I", "Good. You don't mind overtime, do you? Take your time.")), SPEAKERS, english=True
        )
        assert (note.kind, note.topic) == (NoteKind.LEADING_QUESTION, None)
        assert note.evidence[0].quote == "You don't mind overtime, do you?"
        assert note.evidence[0].utterance_id == "u0"

    def test_each_has_an_id_of_its_own(self) -> None:
        said = talk(("I", "You like it, don't you?"), ("C", "Yes."), ("I", "You'd agree that it works?"))
        notes = leading_questions(said, SPEAKERS, english=True)
        assert len({note.id for note in notes}) == len(notes) == 2

    @pytest.mark.parametrize("speaker", ["C", "X"])
    def test_only_interviewers_lead(self, speaker: str) -> None:
        assert leading((speaker, "You don't mind overtime, do you?")) == []

    def test_making_sure_of_what_was_said_is_not_leading(self) -> None:
        answer = ("C", "I led the migration of the billing system.")
        question = ("I", "So you led the billing migration, right?")
        assert leading(answer, question) == []
        assert leading(question, answer) == [question[1]]

    def test_but_an_opinion_is_put_into_the_mouth_all_the_same(self) -> None:
        assert leading(("C", "I work with Python."), ("I", "So you're good with Python, right?")) == [
            "So you're good with Python, right?"
        ]

    def test_the_rules_are_english(self) -> None:
        assert leading(("I", "You don't mind overtime, do you?"), english=False) == []

    def test_the_sample_has_none(self, sample: TranscriptDraft) -> None:
        assert leading_questions(sample.utterances, sample.speakers, english=True) == ()


def protected(
    said: list[Utterance], *cuts: tuple[str, str, ProtectedTopic], english: bool = True
) -> tuple[InterviewingNote, ...]:
    """`cuts` are an utterance's id, the words that were cut, and the topic."""
    texts = {u.id: u.text for u in said}
    spans = [
        (Span(i, texts[i].index(words), texts[i].index(words) + len(words)), topic)
        for i, words, topic in cuts
    ]
    return protected_notes(spans, said, SPEAKERS, english=english)


class TestProtectedTopics:
    def test_the_whole_question_is_the_evidence(self) -> None:
        said = talk(("I", "Thanks. Are you planning to have children? I have two."))
        [note] = protected(said, ("u0", "children", ProtectedTopic.FAMILY))
        assert (note.kind, note.topic) == (NoteKind.PROTECTED_TOPIC, ProtectedTopic.FAMILY)
        assert note.evidence[0].quote == "Are you planning to have children?"
        assert "no part in the decision" in note.text

    @pytest.mark.parametrize("topic", list(ProtectedTopic))
    def test_every_topic_has_a_plain_name(self, topic: ProtectedTopic) -> None:
        [note] = protected(talk(("I", "Tell me about that.")), ("u0", "that", topic))
        assert "{" not in note.text
        assert note.topic is topic

    def test_what_candidates_tell_by_themselves_is_no_note(self) -> None:
        said = talk(("C", "Do you offer child care? I have two children."))
        assert protected(said, ("u0", said[0].text, ProtectedTopic.FAMILY)) == ()

    def test_what_interviewers_tell_of_themselves_is_none(self) -> None:
        said = talk(("I", "I have two children myself."))
        assert protected(said, ("u0", "two children", ProtectedTopic.FAMILY)) == ()

    def test_a_guess_about_the_candidate_is_one(self) -> None:
        said = talk(("I", "At your age you surely think of a family."))
        assert len(protected(said, ("u0", "At your age", ProtectedTopic.AGE))) == 1

    def test_one_sentence_on_two_topics_gives_two_notes(self) -> None:
        said = talk(("I", "How old are you and are you married?"))
        notes = protected(
            said, ("u0", "How old", ProtectedTopic.AGE), ("u0", "married", ProtectedTopic.FAMILY)
        )
        assert {note.topic for note in notes} == {ProtectedTopic.AGE, ProtectedTopic.FAMILY}
        assert len({note.id for note in notes}) == 2

    def test_two_cuts_in_one_sentence_on_one_topic_give_one(self) -> None:
        said = talk(("I", "Are you married, and do you have children?"))
        family = ProtectedTopic.FAMILY
        assert len(protected(said, ("u0", "married", family), ("u0", "children", family))) == 1

    def test_a_cut_of_an_utterance_that_is_gone_is_none(self) -> None:
        assert protected_notes([(Span("gone", 0, 5), ProtectedTopic.AGE)], [], SPEAKERS) == ()
