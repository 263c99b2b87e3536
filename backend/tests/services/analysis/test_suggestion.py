"""What levels add up to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.analysis import CriterionAssessment, Evidence, FlagType, RedFlag, Severity
from app.models.template import Criterion, Level, TemplateVersion
from app.services.analysis.suggestion import suggest
from tests.fixtures.documents import NOON

ORDER = [Level.STRONG_NO, Level.NO, Level.YES, Level.STRONG_YES]
levels = st.sampled_from([*ORDER, None])


def template(*weights: float) -> TemplateVersion:
    criteria = tuple(Criterion(id=f"c{n}", name=f"C{n}", weight=w) for n, w in enumerate(weights))
    return TemplateVersion(version=1, name="T", criteria=criteria, created_at=NOON)


def rated(*given_levels: Level | None) -> list[CriterionAssessment]:
    return [
        CriterionAssessment(criterion_id=f"c{n}", name=f"C{n}", level=v) for n, v in enumerate(given_levels)
    ]


def flag(severity: Severity) -> RedFlag:
    evidence = (Evidence(utterance_id="u", quote="q", start=0, end=1),)
    return RedFlag(id="f1", text="x", evidence=evidence, type=FlagType.OTHER, severity=severity)


class TestSuggest:
    @pytest.mark.parametrize(
        ("given_levels", "expected"),
        [
            ((Level.STRONG_YES, Level.STRONG_YES), Level.STRONG_YES),
            ((Level.STRONG_YES, Level.YES), Level.STRONG_YES),
            ((Level.YES, Level.YES), Level.YES),
            ((Level.YES, Level.NO), Level.NO),
            ((Level.STRONG_NO, Level.STRONG_NO), Level.STRONG_NO),
            ((Level.YES, None), Level.YES),
            ((None, None), None),
        ],
    )
    def test_is_the_middle_of_the_levels(
        self, given_levels: tuple[Level | None, ...], expected: Level | None
    ) -> None:
        assert suggest(rated(*given_levels), (), template(1, 1)).level == expected

    def test_weights_count(self) -> None:
        assert suggest(rated(Level.YES, Level.NO), (), template(3, 1)).level is Level.YES

    def test_without_levels_for_half_of_the_weight_nothing_is_suggested(self) -> None:
        suggestion = suggest(rated(Level.STRONG_YES, None), (), template(1, 3))
        assert suggestion.level is None
        assert "1 of 2 criteria" in suggestion.reasons[0]

    def test_a_critical_flag_rules_out_a_positive_one(self) -> None:
        suggestion = suggest(rated(Level.STRONG_YES), [flag(Severity.CRITICAL)], template(1))
        assert suggestion.level is None
        assert "critical" in suggestion.reasons[-1]
        assert suggest(rated(Level.YES), [flag(Severity.HIGH)], template(1)).level is Level.YES
        assert suggest(rated(Level.NO), [flag(Severity.CRITICAL)], template(1)).level is Level.NO

    def test_weights_of_zero_suggest_nothing(self) -> None:
        assert suggest(rated(Level.YES), (), template(0)).level is None

    @given(st.lists(levels, min_size=1, max_size=6), st.integers(0, 5))
    def test_a_better_level_never_makes_it_worse(self, given_levels: list[Level | None], which: int) -> None:
        which %= len(given_levels)
        weights = template(*[1.0] * len(given_levels))
        before = suggest(rated(*given_levels), (), weights).level
        better = list(given_levels)
        level = better[which]
        if level is None or level is Level.STRONG_YES or before is None:
            return
        better[which] = ORDER[ORDER.index(level) + 1]
        after = suggest(rated(*better), (), weights).level
        assert after is not None
        assert ORDER.index(after) >= ORDER.index(before)
