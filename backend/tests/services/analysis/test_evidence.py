"""What may be stored: nothing but claims whose words are in the transcript, said by whom they are ascribed to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.models.analysis import (
    AnalysisDraft,
    Evidence,
    KeyPhrase,
    Outcome,
    Passage,
    QuestionAnswer,
    RelatedPassages,
)
from app.models.transcript import Engine, EngineKind, Utterance
from app.services.analysis.evidence import verify

SAID = (
    Utterance(id="u1", speaker="I", start=0, end=2, text="What did you build?"),
    Utterance(id="u2", speaker="C", start=2, end=6, text="I built the billing service,  and it\u00a0held."),
)


def quote(utterance: str, text: str) -> Evidence:
    return Evidence(utterance_id=utterance, quote=text, start=0, end=1)


def draft(**claims: object) -> AnalysisDraft:
    engine = Engine(name="hostile", version="1", kind=EngineKind.VENDOR)
    return AnalysisDraft.model_validate({"engine": engine, "outcome": Outcome.COMPLETE, **claims})


def pair(question: Evidence, *answer: Evidence) -> QuestionAnswer:
    return QuestionAnswer(id="q1", asker="I", answerer="C", question=question, answer=answer)


class TestWhatStands:
    def test_a_verbatim_quote(self) -> None:
        verified = verify(
            draft(question_answers=(pair(quote("u1", "What did you build?"), quote("u2", "I built")),)), SAID
        )
        assert len(verified.question_answers[0].answer) == 1
        assert (verified.coverage.claims, verified.coverage.verified, verified.coverage.rejected) == (2, 2, 0)

    def test_white_space_and_unicode_forms_do_not_matter(self) -> None:
        verified = verify(
            draft(key_phrases=(KeyPhrase(phrase="x", count=1, evidence=(quote("u2", "and it held."),)),)),
            SAID,
        )
        assert verified.coverage.rejected == 0


class TestWhatFalls:
    def test_invented_words(self) -> None:
        verified = verify(draft(question_answers=(pair(quote("u1", "What did you break?")),)), SAID)
        assert verified.question_answers == ()
        assert verified.coverage.rejected == 1

    def test_an_utterance_that_is_not_there(self) -> None:
        row = RelatedPassages(
            question_id="q", question="?", passages=(Passage(evidence=quote("u9", "I"), score=1),)
        )
        assert verify(draft(related=(row,)), SAID).related[0].passages == ()

    def test_an_empty_quote(self) -> None:
        assert (
            verify(
                draft(key_phrases=(KeyPhrase(phrase="x", count=1, evidence=(quote("u1", "  "),)),)), SAID
            ).key_phrases
            == ()
        )

    def test_words_of_somebody_else(self) -> None:
        """A question ascribed to the interviewer and found in the candidate's words is the wrong speaker's."""
        verified = verify(
            draft(question_answers=(pair(quote("u2", "I built"), quote("u1", "build?")),)), SAID
        )
        assert verified.question_answers == ()
        assert verified.coverage.rejected == 2

    def test_another_case_is_another_text(self) -> None:
        assert (
            verify(
                draft(question_answers=(pair(quote("u1", "WHAT DID YOU BUILD?")),)), SAID
            ).coverage.rejected
            == 1
        )


@given(utterance=st.sampled_from(["u1", "u2", "u3"]), text=st.text(max_size=30))
def test_whatever_is_kept_is_in_the_transcript(utterance: str, text: str) -> None:
    verified = verify(
        draft(key_phrases=(KeyPhrase(phrase="p", count=1, evidence=(quote(utterance, text),)),)), SAID
    )
    texts = {u.id: " ".join(u.text.replace("\u00a0", " ").split()) for u in SAID}
    for phrase in verified.key_phrases:
        for evidence in phrase.evidence:
            assert evidence.utterance_id in texts
    assert verified.coverage.claims == 1
