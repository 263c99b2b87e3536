"""The figures: small drafts against small labels, each figure where it should be."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.models.analysis import (
    Asked,
    Evidence,
    FactKind,
    InterviewingNote,
    LeftOut,
    NoteKind,
    Outcome,
    Passage,
    PracticalFact,
    ProtectedTopic,
    QuestionCoverage,
    RelatedPassages,
    SpeakerCheck,
    SpeakerVerdict,
    Topic,
)
from app.models.template import Level
from bench.quality.figures import Figure, Score, Share, total
from bench.quality.interview import LabelledInterview
from bench.quality.scoring import score
from bench.quality.stability import stability
from tests.bench.labelled import GOLD, cite, draft, falls, figure, flag, level, pair, read, strength


class TestPairs:
    def test_a_pair_matches_by_its_question_and_a_shared_line_of_the_answer(
        self, interview: LabelledInterview
    ) -> None:
        pairs = (pair(interview, "u002", "u004"), pair(interview, "u009", "u012"))
        assert figure(interview, Figure.QA_PRECISION, question_answers=pairs) == 0.5
        assert figure(interview, Figure.QA_RECALL, question_answers=pairs) == 0.5

    def test_a_question_may_begin_one_line_earlier_in_the_same_turn(
        self, interview: LabelledInterview
    ) -> None:
        assert (
            figure(interview, Figure.QA_PRECISION, question_answers=(pair(interview, "u001", "u003"),)) == 1.0
        )

    def test_a_line_of_somebody_else_is_no_neighbour(self, interview: LabelledInterview) -> None:
        assert (
            figure(interview, Figure.QA_PRECISION, question_answers=(pair(interview, "u004", "u006"),)) == 0.0
        )

    def test_a_label_is_matched_once_and_the_very_question_first(self, interview: LabelledInterview) -> None:
        pairs = (
            pair(interview, "u001", "u003", template="others"),
            pair(interview, "u002", "u003", template="last"),
        )
        assert figure(interview, Figure.QA_PRECISION, question_answers=pairs) == 0.5
        assert score(interview, draft(question_answers=pairs)).shares[Figure.TEMPLATE_RIGHT] == Share(1, 3)

    def test_a_minor_pair_is_no_mistake_and_no_loss(self, interview: LabelledInterview) -> None:
        assert (
            figure(interview, Figure.QA_PRECISION, question_answers=(pair(interview, "u005", "u006"),)) == 1.0
        )
        assert score(interview, draft()).shares[Figure.QA_RECALL] == Share(0, 2)


class TestTemplateQuestions:
    def test_saying_nothing_is_neither_right_nor_wrong(self, interview: LabelledInterview) -> None:
        unknown = QuestionCoverage(question_id="safety", question="?", state=Asked.UNKNOWN)
        shares = score(interview, draft(template_coverage=(unknown,))).shares
        assert (shares[Figure.TEMPLATE_RIGHT], shares[Figure.TEMPLATE_WRONG]) == (Share(0, 3), Share(0, 3))

    @pytest.mark.parametrize(("question", "right", "wrong"), [("safety", 1, 0), ("last", 0, 1)])
    def test_not_asked_must_be_true(
        self, interview: LabelledInterview, question: str, right: int, wrong: int
    ) -> None:
        said = QuestionCoverage(question_id=question, question="?", state=Asked.NOT_ASKED)
        shares = score(interview, draft(template_coverage=(said,))).shares
        assert (shares[Figure.TEMPLATE_RIGHT].hits, shares[Figure.TEMPLATE_WRONG].hits) == (right, wrong)

    def test_asked_needs_a_pair_that_asks_it(self, interview: LabelledInterview) -> None:
        pairs = (pair(interview, "u002", "u004"), pair(interview, "u009", "u010"))
        rows = (
            QuestionCoverage(
                question_id="last", question="?", state=Asked.ASKED, question_answer_ids=("u002",)
            ),
            QuestionCoverage(
                question_id="others", question="?", state=Asked.ASKED, question_answer_ids=("u002",)
            ),
            QuestionCoverage(question_id="safety", question="?", state=Asked.ASKED),
        )
        shares = score(interview, draft(question_answers=pairs, template_coverage=rows)).shares
        assert (shares[Figure.TEMPLATE_RIGHT].hits, shares[Figure.TEMPLATE_WRONG].hits) == (1, 2)

    def test_related_passages_are_found_when_one_lies_in_the_exchange(
        self, interview: LabelledInterview
    ) -> None:
        hit = Passage(evidence=cite(interview, "u003"), score=1.0)
        rows = (
            RelatedPassages(question_id="last", question="?", passages=(hit,)),
            RelatedPassages(question_id="others", question="?", passages=(hit,)),
        )
        assert figure(interview, Figure.RELATED_FOUND, related=rows) == 0.5
        assert Figure.RELATED_FOUND not in score(interview, draft()).shares


class TestEvidence:
    @pytest.mark.parametrize(
        ("utterance_id", "quote", "valid"),
        [
            ("u004", "cut the late   parcels", 1.0),
            ("u004", "cut the late parcels by two thirds", 0.0),
            ("u004", "", 0.0),
            ("u003", "by sorting them at night", 0.0),
            ("u001", "You led the depot", 0.0),
        ],
    )
    def test_a_strength_is_quoted_from_the_candidate_word_by_word(
        self, interview: LabelledInterview, utterance_id: str, quote: str, valid: float
    ) -> None:
        claims = (strength(interview, utterance_id, quote=quote),)
        assert figure(interview, Figure.EVIDENCE_VALID, strengths=claims) == valid

    def test_a_line_that_does_not_exist_is_not_valid(self, interview: LabelledInterview) -> None:
        nowhere = Evidence(utterance_id="u999", quote="x", start=0, end=1)
        assert figure(interview, Figure.EVIDENCE_VALID, topics=(Topic(name="t", evidence=(nowhere,)),)) == 0.0

    def test_times_outside_the_utterance_are_not_valid(self, interview: LabelledInterview) -> None:
        late = cite(interview, "u004").model_copy(update={"end": 500.0})
        assert figure(interview, Figure.EVIDENCE_VALID, topics=(Topic(name="t", evidence=(late,)),)) == 0.0

    def test_a_note_on_the_interviewing_is_not_quoted_from_the_candidate(
        self, interview: LabelledInterview
    ) -> None:
        note = InterviewingNote(
            id="n", text="x", kind=NoteKind.LEADING_QUESTION, evidence=(cite(interview, "u006"),)
        )
        assert figure(interview, Figure.EVIDENCE_VALID, interviewing=(note,)) == 0.0


class TestSupport:
    def test_a_claim_without_labelled_evidence_is_unsupported(self, interview: LabelledInterview) -> None:
        claims = (strength(interview, "u004"), strength(interview, "u010"))
        assert figure(interview, Figure.UNSUPPORTED, strengths=claims) == 0.5

    def test_a_claim_that_also_rests_on_a_trap_is_unsupported(self, interview: LabelledInterview) -> None:
        assert figure(interview, Figure.UNSUPPORTED, strengths=(strength(interview, "u004", "u008"),)) == 1.0

    def test_a_level_needs_evidence_of_its_own_criterion(self, interview: LabelledInterview) -> None:
        given = (
            level(interview, "order", Level.YES, "u004"),
            level(interview, "others", Level.NO, "u004"),
            level(interview, "lead", Level.NO, "u004"),
        )
        assert score(interview, draft(criteria=given)).shares[Figure.UNSUPPORTED] == Share(2, 3)

    def test_labelled_key_points_are_found_by_their_place(self, interview: LabelledInterview) -> None:
        assert figure(interview, Figure.STRENGTHS_FOUND, strengths=(strength(interview, "u004"),)) == 1.0
        assert figure(interview, Figure.RED_FLAGS_FOUND, red_flags=(flag(interview, "u003"),)) == 0.0


class TestTraps:
    @pytest.mark.parametrize(
        ("place", "trap"), [("u001", "interviewer_claim"), ("u008", "hypothetical"), ("u013", "injection")]
    )
    def test_a_strength_that_cites_one_falls_in(
        self, interview: LabelledInterview, place: str, trap: str
    ) -> None:
        assert falls(interview, strengths=(strength(interview, place),)) == [trap]

    def test_so_does_a_high_level_and_a_low_one_does_not(self, interview: LabelledInterview) -> None:
        assert falls(interview, criteria=(level(interview, "lead", Level.YES, "u008"),)) == ["hypothetical"]
        assert falls(interview, criteria=(level(interview, "lead", Level.NO, "u008"),)) == []

    def test_the_other_half_of_a_line_is_no_trap(self, interview: LabelledInterview) -> None:
        assert falls(interview, strengths=(strength(interview, "u003", quote="I drove the van."),)) == []
        assert falls(interview, strengths=(strength(interview, "u003", quote="van. Bea Tarn"),)) == [
            "third_party_name"
        ]

    def test_a_protected_topic_must_not_be_repeated_in_any_text(self, interview: LabelledInterview) -> None:
        assert falls(interview, red_flags=(flag(interview, "u010", "Has two Children."),)) == ["protected"]
        assert falls(interview, red_flags=(flag(interview, "u010", "Was childrens' clown."),)) == []
        assert falls(interview, summary=(strength(interview, "u006", text="Talks of children."),)) == [
            "protected"
        ]

    @pytest.mark.parametrize(("text", "fallen"), [("in six weeks", ["retraction"]), ("in two weeks", [])])
    def test_a_fact_may_cite_what_it_corrects(
        self, interview: LabelledInterview, text: str, fallen: list[str]
    ) -> None:
        fact = PracticalFact(id="p", text=text, kind=FactKind.START_DATE, evidence=(cite(interview, "u012"),))
        assert falls(interview, facts=(fact,)) == fallen
        assert figure(interview, Figure.FACTS_RECALL, facts=(fact,)) == (0.0 if fallen else 1.0)

    def test_what_no_claim_rests_on_is_avoided(self, interview: LabelledInterview) -> None:
        assert figure(interview, Figure.TRAPS_AVOIDED, strengths=(strength(interview, "u008"),)) == 5 / 6

    def test_words_to_the_software_are_to_be_shown(self, interview: LabelledInterview) -> None:
        shown = LeftOut(instructions=(cite(interview, "u013"),))
        assert figure(interview, Figure.INJECTIONS_SHOWN, left_out=shown) == 1.0
        assert figure(interview, Figure.INJECTIONS_SHOWN) == 0.0


class TestCriteria:
    def test_levels_are_measured_apart_from_leaving_them_out(self, interview: LabelledInterview) -> None:
        given = (level(interview, "order", Level.NO, "u004"), level(interview, "lead", None))
        shares = score(interview, draft(criteria=given)).shares
        assert shares[Figure.LEVELS_GIVEN] == Share(1, 2)
        assert shares[Figure.LEVELS_IN_RANGE] == Share(0, 1)
        assert shares[Figure.NOT_ASSESSED_KEPT] == Share(1, 1)
        assert shares[Figure.NOT_ASSESSED_PRECISION] == Share(1, 2)

    def test_a_level_out_of_thin_air_is_counted(self, interview: LabelledInterview) -> None:
        given = (level(interview, "lead", Level.YES, "u003"),)
        assert figure(interview, Figure.NOT_ASSESSED_KEPT, criteria=given) == 0.0


class TestNotes:
    @pytest.mark.parametrize(("topic", "found"), [(ProtectedTopic.FAMILY, 1.0), (ProtectedTopic.AGE, 0.0)])
    def test_a_protected_question_is_found_with_its_topic(
        self, interview: LabelledInterview, topic: ProtectedTopic, found: float
    ) -> None:
        note = InterviewingNote(
            id="n", text="x", kind=NoteKind.PROTECTED_TOPIC, topic=topic, evidence=(cite(interview, "u005"),)
        )
        assert figure(interview, Figure.NOTES_FOUND, interviewing=(note,)) == found


class TestGuards:
    def test_an_interview_that_should_pass_must_not_be_withheld(self, interview: LabelledInterview) -> None:
        assert figure(interview, Figure.GUARDS_RIGHT) == 1.0
        assert figure(interview, Figure.GUARDS_RIGHT, outcome=Outcome.INSUFFICIENT_DATA) == 0.0

    def test_with_swapped_speakers_nobody_is_to_be_assessed(self, tmp_path: Path) -> None:
        gold = GOLD.replace("[speakers.A]", '[expected]\nspeaker_check = "swapped"\n[speakers.A]', 1)
        swapped = read(tmp_path, gold)
        check = SpeakerCheck(verdict=SpeakerVerdict.SWAPPED)
        assert figure(swapped, Figure.GUARDS_RIGHT, speaker_check=check) == 1.0
        assert figure(swapped, Figure.GUARDS_RIGHT) == 0.0
        assert figure(swapped, Figure.UNSUPPORTED, strengths=(strength(swapped, "u004"),)) == 1.0
        assert (
            figure(swapped, Figure.NOT_ASSESSED_KEPT, criteria=(level(swapped, "order", Level.YES),)) == 2 / 3
        )

    def test_where_there_is_too_little_no_pair_is_missed(self, tmp_path: Path) -> None:
        gold = GOLD.replace("[speakers.A]", '[expected]\noutcome = "insufficient_data"\n[speakers.A]', 1)
        shares = score(read(tmp_path, gold), draft(outcome=Outcome.INSUFFICIENT_DATA)).shares
        assert shares[Figure.QA_RECALL].value is None
        assert shares[Figure.GUARDS_RIGHT].value == 1.0


class TestStability:
    def test_one_run_shows_nothing(self) -> None:
        assert stability([draft()]) == {}

    def test_agreeing_on_nothing_is_no_stability(self) -> None:
        assert stability([draft(), draft()])[Figure.LEVELS_STABLE].value is None
        assert stability([draft(), draft()])[Figure.CLAIMS_STABLE].value is None

    def test_a_level_that_flips_once_or_is_left_out_once_is_not_stable(
        self, interview: LabelledInterview
    ) -> None:
        yes, no = (level(interview, "order", given) for given in (Level.YES, Level.NO))
        same = level(interview, "others", Level.NO)
        runs = [draft(criteria=(yes, same)), draft(criteria=(no, same)), draft(criteria=(same,))]
        assert stability(runs)[Figure.LEVELS_STABLE] == Share(1, 2)

    def test_claims_are_compared_by_the_places_that_they_cite(self, interview: LabelledInterview) -> None:
        one = draft(strengths=(strength(interview, "u004", text="One wording."),))
        other = draft(strengths=(strength(interview, "u004", "u010", text="Another."),))
        assert stability([one, one])[Figure.CLAIMS_STABLE].value == 1.0
        assert stability([one, other])[Figure.CLAIMS_STABLE].value == 0.5


class TestAddingUp:
    def test_long_interviews_count_more(self) -> None:
        scores = [
            Score({Figure.QA_RECALL: Share(1, 1)}, {"levels": 1}),
            Score({Figure.QA_RECALL: Share(0, 3)}, {}),
        ]
        whole = total(scores)
        assert whole.shares[Figure.QA_RECALL].value == 0.25
        assert whole.values()["levels_claimed"] == 1.0
        assert whole.values()["qa_precision"] is None
