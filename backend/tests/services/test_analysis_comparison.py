"""What changed between two analyses, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from app.models.analysis import (
    Analysis,
    Asked,
    Claim,
    CriterionAssessment,
    Evidence,
    FactKind,
    FlagType,
    InterviewingNote,
    NoteKind,
    Outcome,
    PracticalFact,
    QuestionCoverage,
    RedFlag,
    Severity,
    StatementSentiment,
    Suggestion,
)
from app.models.provenance import Provenance
from app.models.template import Level
from app.models.transcript import Engine, EngineKind, Polarity
from app.services.analysis_comparison import (
    ClaimKind,
    Comparison,
    KeptClaim,
    MadeOtherwise,
    OneClaim,
    compare,
)
from tests.fixtures.documents import an_analysis

PLACE = (Evidence(utterance_id="u1", quote="I moved our billing to Kafka", start=1, end=2),)
OTHER_PLACE = (Evidence(utterance_id="u2", quote="three months, I am afraid", start=3, end=4),)


def changed(before: dict[str, Any], after: dict[str, Any]) -> Comparison:
    return compare(an_analysis("i", **before), an_analysis("i", revision=2, **after))


def judged(level: Level | None, rationale: str = "", key: str = "depth") -> CriterionAssessment:
    return CriterionAssessment(criterion_id=key, name=key.title(), level=level, rationale=rationale)


def covered(state: Asked, key: str = "outage") -> QuestionCoverage:
    return QuestionCoverage(question_id=key, question=f"About the {key}?", state=state)


class TestEqualOnes:
    def test_nothing_changed_but_the_wording_of_what_was_kept(self) -> None:
        same: dict[str, Any] = {
            "strengths": (Claim(id="a", text="Moved billing to Kafka", evidence=PLACE),),
            "criteria": (judged(Level.YES),),
            "template_coverage": (covered(Asked.ASKED),),
            "suggestion": Suggestion(level=Level.YES, reasons=("all yes",)),
        }
        found = changed(same, same)
        assert len(found.kept) == 1
        assert not any((found.made_otherwise, found.criteria, found.added, found.removed, found.questions))
        assert found.suggestion is None


class TestCriteria:
    def test_another_level_comes_with_both_rationales(self) -> None:
        one, other = judged(Level.NO, "guessed"), judged(Level.YES, "explained it later")
        (change,) = changed({"criteria": (one,)}, {"criteria": (other,)}).criteria
        assert (change.criterion_id, change.before, change.after) == ("depth", one, other)

    def test_another_rationale_for_the_same_level_is_no_change(self) -> None:
        assert changed({"criteria": (judged(None, "a"),)}, {"criteria": (judged(None, "b"),)}).criteria == ()

    def test_criteria_of_another_template_come_and_go(self) -> None:
        gone, new = judged(None, key="gone"), judged(Level.YES, key="new")
        changes = changed({"criteria": (gone,)}, {"criteria": (new,)}).criteria
        assert [(c.before, c.after) for c in changes] == [(None, new), (gone, None)]


class TestClaims:
    def test_each_kind_is_matched_by_itself(self) -> None:
        strength = Claim(id="s", text="Moved billing to Kafka", evidence=PLACE)
        flag = RedFlag(
            id="f",
            text="Moved billing to Kafka",
            evidence=PLACE,
            type=FlagType.OTHER,
            severity=Severity.LOW,
        )
        found = changed({"strengths": (strength,)}, {"red_flags": (flag,)})
        assert found.removed == (OneClaim(ClaimKind.STRENGTH, strength),)
        assert found.added == (OneClaim(ClaimKind.RED_FLAG, flag),)

    def test_all_kinds_are_compared(self) -> None:
        claim = Claim(id="c", text="Three months", evidence=OTHER_PLACE)
        flag = RedFlag(**claim.model_dump(), type=FlagType.AVAILABILITY, severity=Severity.MEDIUM)
        fact = PracticalFact(**claim.model_dump(), kind=FactKind.NOTICE_PERIOD)
        note = InterviewingNote(**claim.model_dump(), kind=NoteKind.LEADING_QUESTION)
        everything = {
            "summary": (claim,),
            "strengths": (claim,),
            "red_flags": (flag,),
            "facts": (fact,),
            "interviewing": (note,),
        }
        assert {c.kind for c in changed({}, everything).added} == set(ClaimKind)
        assert {c.kind for c in changed(everything, {}).removed} == set(ClaimKind)
        worse = {**everything, "red_flags": (flag.model_copy(update={"severity": Severity.HIGH}),)}
        kept = changed(everything, worse).kept
        assert KeptClaim(ClaimKind.RED_FLAG, flag, worse["red_flags"][0]) in kept
        assert {c.kind for c in kept} == set(ClaimKind)

    def test_sentiment_is_no_part_of_it(self) -> None:
        sentiments = (StatementSentiment(polarity=Polarity.NEGATIVE, evidence=PLACE[0]),)
        assert changed({}, {"sentiments": sentiments}).added == ()


class TestQuestions:
    def test_those_with_another_state_are_listed(self) -> None:
        found = changed(
            {"template_coverage": (covered(Asked.NOT_ASKED), covered(Asked.ASKED, "gone"))},
            {"template_coverage": (covered(Asked.ASKED), covered(Asked.UNKNOWN, "new"))},
        )
        assert [(q.question_id, q.before, q.after) for q in found.questions] == [
            ("outage", Asked.NOT_ASKED, Asked.ASKED),
            ("new", None, Asked.UNKNOWN),
            ("gone", Asked.ASKED, None),
        ]


class TestSuggestion:
    @pytest.mark.parametrize(
        ("before", "after", "is_change"),
        [(Level.YES, Level.YES, False), (Level.YES, None, True), (None, Level.NO, True)],
    )
    def test_a_change_is_one_of_the_level(
        self, before: Level | None, after: Level | None, is_change: bool
    ) -> None:
        one, other = (Suggestion(level=level, reasons=("because",)) for level in (before, after))
        found = changed({"suggestion": one}, {"suggestion": other}).suggestion
        assert (found is not None) is is_change

    def test_no_suggestion_and_one_without_a_level_are_the_same(self) -> None:
        assert changed({"suggestion": Suggestion(level=None, reasons=())}, {}).suggestion is None


class TestMaking:
    def test_names_what_was_not_the_same(self) -> None:
        engine = Engine(name="openai", version="3", kind=EngineKind.VENDOR, model="gpt-x")
        found = changed(
            {"template_id": "t", "template_version": 1},
            {
                "engine": engine,
                "outcome": Outcome.INSUFFICIENT_DATA,
                "template_id": "t",
                "template_version": 2,
                "transcript_revision": 4,
                "provenance": Provenance(model="gpt-x-1", prompt_version="7", prompt_hash="ab"),
            },
        )
        assert found.made_otherwise == (
            MadeOtherwise("outcome", "complete", "insufficient_data"),
            MadeOtherwise("engine", "test 1", "openai 3"),
            MadeOtherwise("model", None, "gpt-x-1"),
            MadeOtherwise("prompt_version", None, "7"),
            MadeOtherwise("prompt_hash", None, "ab"),
            MadeOtherwise("template", "t, version 1", "t, version 2"),
            MadeOtherwise("transcript_revision", "1", "4"),
        )

    def test_an_analysis_without_a_template_has_none(self) -> None:
        (template,) = changed({}, {"template_id": "t", "template_version": 1}).made_otherwise
        assert (template.what, template.before) == ("template", None)

    def test_of_analyses_from_the_same_analysis_nothing_differs(self) -> None:
        analysis: Analysis = an_analysis("i")
        assert compare(analysis, analysis).made_otherwise == ()
