"""The matrix of a panel: which criteria are the same, and which rows come first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.models.interview import TemplateRef
from app.models.scorecard import CardStatus, LevelOverride, Rating, Scorecard
from app.models.template import Level
from app.services.analysis_view import ReviewedAnalysis, apply_review
from app.services.panel_matrix import Agreement, DraftState, Names, PanelColumn, matrix
from tests.fixtures.documents import NOON, a_review, a_scorecard, an_interview
from tests.fixtures.people import QUOTE, an_assessment

STRONG_NO, NO, YES, STRONG_YES = Level
ENG, ENG2, LEAD = (
    TemplateRef(id="eng", version=1),
    TemplateRef(id="eng", version=2),
    TemplateRef(id="lead", version=1),
)
CRITERIA = ("a", "b", "c", "d")
NAMES: Names = {ENG: [(c, f"Criterion {c}") for c in CRITERIA]}


def a_card(user: str, template: TemplateRef = ENG, id: str = "i", **levels: Level | None) -> Scorecard:
    ratings = tuple(Rating(criterion_id=c, level=level) for c, level in levels.items())
    return a_scorecard(
        id, user, ratings=ratings, template=template, status=CardStatus.SUBMITTED, submitted_at=NOON
    )


def a_column(
    *cards: Scorecard,
    template: TemplateRef | None = ENG,
    id: str = "i",
    view: ReviewedAnalysis | None = None,
) -> PanelColumn:
    draft = DraftState.SHOWN if view else DraftState.NONE
    return PanelColumn(an_interview(id=id, template=template), cards, 0, 0, draft, view)


class TestOrder:
    def test_people_who_differ_come_first_then_the_machine_then_the_rest_then_the_unrated(self) -> None:
        levels = {"a": None, "b": YES, "c": NO, "d": YES}
        view = apply_review(an_assessment(levels=levels), None)
        column = a_column(a_card("ann", b=YES, c=YES, d=NO), a_card("bo", d=STRONG_YES), view=view)
        rows = matrix([column], NAMES)
        assert [(row.criteria[0][1], row.agreement) for row in rows] == [
            ("d", Agreement.PEOPLE_DIFFER),
            ("c", Agreement.MACHINE_DIFFERS),
            ("b", Agreement.AGREED),
            ("a", Agreement.UNRATED),
        ]

    def test_the_widest_disagreement_comes_first_and_equal_ones_stay_in_the_templates_order(self) -> None:
        cards = (
            a_card("ann", a=NO, b=STRONG_NO, c=YES, d=NO),
            a_card("bo", a=YES, b=STRONG_YES, c=NO, d=YES),
        )
        rows = matrix([a_column(*cards)], NAMES)
        assert [row.criteria[0][1] for row in rows] == ["b", "a", "c", "d"]

    def test_people_differ_across_interviews_too(self) -> None:
        columns = [
            a_column(a_card("ann", a=YES, id="i"), id="i"),
            a_column(a_card("ann", a=NO, id="j"), id="j"),
        ]
        row = matrix(columns, NAMES)[0]
        assert row.agreement is Agreement.PEOPLE_DIFFER
        assert [(cell.interview_id, cell.level) for cell in row.people] == [("i", YES), ("j", NO)]

    def test_an_override_is_a_persons_word(self) -> None:
        override = LevelOverride(
            criterion_id="a", level=NO, original=YES, reason="x", by="rex", by_name="Rex", at=NOON
        )
        view = apply_review(an_assessment(levels={"a": YES}), a_review("i", overrides=(override,)))
        alone = matrix([a_column(view=view)], NAMES)[0]
        assert (alone.criteria[0][1], alone.agreement) == ("a", Agreement.MACHINE_DIFFERS)
        together = matrix([a_column(a_card("ann", a=YES), view=view)], NAMES)[0]
        assert together.agreement is Agreement.PEOPLE_DIFFER

    def test_what_the_machine_did_not_assess_is_no_disagreement(self) -> None:
        view = apply_review(an_assessment(levels={"a": None}), None)
        row = matrix([a_column(a_card("ann", a=YES), view=view)], NAMES)[0]
        assert (row.agreement, row.machine[0].criterion.assessment.evidence) == (Agreement.AGREED, (QUOTE,))

    @given(
        st.lists(
            st.dictionaries(st.sampled_from(CRITERIA), st.none() | st.sampled_from(list(Level)), max_size=4),
            max_size=5,
        )
    )
    def test_every_level_is_there_once_and_rows_keep_the_promised_order(
        self, given: list[dict[str, Level | None]]
    ) -> None:
        cards = [a_card(f"p{n}", **levels) for n, levels in enumerate(given)]
        rows = matrix([a_column(*cards)], NAMES)
        said = {(row.criteria[0][1], cell.user_id): cell.level for row in rows for cell in row.people}
        assert said == {
            (c, f"p{n}"): level for n, levels in enumerate(given) for c, level in levels.items() if level
        }
        places = [tuple(Agreement).index(row.agreement) for row in rows]
        assert places == sorted(places)
        assert sorted(row.criteria[0][1] for row in rows) == list(CRITERIA)


class TestSameCriterion:
    def test_within_a_template_the_id_decides_whatever_the_name_becomes(self) -> None:
        names: Names = {ENG: [("own", "Ownership")], ENG2: [("own", "Taking responsibility")]}
        columns = [
            a_column(a_card("ann", own=YES), template=ENG),
            a_column(a_card("bo", ENG2, "j", own=NO), template=ENG2, id="j"),
        ]
        (row,) = matrix(columns, names)
        assert (row.name, row.criteria, len(row.people)) == ("Ownership", (("eng", "own"),), 2)

    def test_between_templates_the_folded_name_decides(self) -> None:
        names: Names = {ENG: [("own", "Ownership ")], LEAD: [("x1", "OWNERSHIP"), ("own", "Owning")]}
        columns = [
            a_column(a_card("ann", own=YES), template=ENG),
            a_column(a_card("bo", LEAD, "j", x1=NO, own=YES), template=LEAD, id="j"),
        ]
        rows = matrix(columns, names)
        assert [(row.name, row.criteria) for row in rows] == [
            ("Ownership ", (("eng", "own"), ("lead", "x1"))),
            ("Owning", (("lead", "own"),)),
        ]

    def test_two_of_one_template_stay_two_although_they_are_called_the_same(self) -> None:
        names: Names = {ENG: [("a", "Clarity"), ("b", "Clarity")]}
        rows = matrix([a_column(a_card("ann", a=YES, b=NO))], names)
        assert sorted(row.criteria for row in rows) == [(("eng", "a"),), (("eng", "b"),)]

    def test_a_rating_outlives_the_name_of_its_criterion(self) -> None:
        (row,) = matrix([a_column(a_card("ann", gone=YES), template=None)], {ENG: []})
        assert (row.name, row.people[0].level) == ("gone", YES)
