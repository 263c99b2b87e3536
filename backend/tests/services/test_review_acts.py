"""Acts of a review, in any order: what the machine said is never lost, and nothing that was done is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.scorecard import Review
from app.models.template import Level
from app.services.review_acts import (
    By,
    DraftDismissed,
    NothingToTakeBack,
    blank_review,
    claim_ids,
    confirmation_taken_back,
    confirmed,
    dismissal_taken_back,
    dismissed,
    overridden,
    override_taken_back,
)
from tests.fixtures.documents import NOON, an_analysis
from tests.fixtures.people import an_assessment

ORIGINALS: dict[str, Level | None] = {"ownership": Level.YES, "design": Level.NO, "clarity": None}
SUGGESTED = Level.YES
ANN = By("ann", "Ann", NOON)

people = st.builds(
    lambda name, minutes: By(name, name.title(), NOON + timedelta(minutes=minutes)),
    st.sampled_from(["ann", "bo"]),
    st.integers(0, 100),
)
levels = st.none() | st.sampled_from(list(Level))
criteria = st.sampled_from(sorted(ORIGINALS))
claims = st.none() | st.sampled_from(["c1", "c2", "q1"])
reasons = st.text(min_size=1, max_size=5)

Act = Callable[[Review], Review]
acts: st.SearchStrategy[Act] = st.one_of(
    st.builds(
        lambda c, level, reason, by: (
            lambda r: overridden(r, c, level, original=ORIGINALS[c], reason=reason, by=by)
        ),
        criteria,
        levels,
        reasons,
        people,
    ),
    st.builds(lambda c, by: lambda r: override_taken_back(r, c, by=by), criteria, people),
    st.builds(lambda c, reason, by: lambda r: dismissed(r, c, reason=reason, by=by), claims, reasons, people),
    st.builds(lambda c, by: lambda r: dismissal_taken_back(r, c, by=by), claims, people),
    st.builds(
        lambda level, by: lambda r: confirmed(r, level, original=SUGGESTED, reason="", by=by), levels, people
    ),
    st.builds(lambda by: lambda r: confirmation_taken_back(r, by=by), people),
)


def after(sequence: list[Act]) -> tuple[Review, list[Review]]:
    """The review after the acts that were possible, and every state on the way."""
    review = blank_review(an_analysis("i"))
    states = [review]
    for act in sequence:
        try:
            review = act(review)
        except (NothingToTakeBack, DraftDismissed):
            continue
        states.append(review)
    return review, states


class TestAnySequence:
    @given(st.lists(acts, max_size=25))
    def test_keeps_the_original(self, sequence: list[Act]) -> None:
        review, _ = after(sequence)
        told = [*review.overrides, *(event.override for event in review.history if event.override)]
        assert all(override.original == ORIGINALS[override.criterion_id] for override in told)
        confirmations = [review.confirmation, *(event.confirmation for event in review.history)]
        assert all(c.original == SUGGESTED for c in confirmations if c is not None)

    @given(st.lists(acts, max_size=25))
    def test_only_adds_to_the_history(self, sequence: list[Act]) -> None:
        _, states = after(sequence)
        for earlier, later in pairwise(states):
            assert later.history[: len(earlier.history)] == earlier.history
            assert len(later.history) > len(earlier.history)

    @given(st.lists(acts, max_size=25))
    def test_what_is_in_force_follows_from_the_history(self, sequence: list[Act]) -> None:
        review, _ = after(sequence)
        overrides, dismissals, confirmation = {}, {}, None
        for event in review.history:
            if event.override:
                overrides[event.override.criterion_id] = None if event.withdrawn else event.override
            if event.dismissal:
                dismissals[event.dismissal.claim_id] = None if event.withdrawn else event.dismissal
            if event.confirmation:
                confirmation = None if event.withdrawn else event.confirmation
        assert {o.criterion_id: o for o in review.overrides} == {c: o for c, o in overrides.items() if o}
        assert {d.claim_id: d for d in review.dismissals} == {c: d for c, d in dismissals.items() if d}
        assert review.confirmation == confirmation

    @given(st.lists(acts, max_size=25))
    def test_never_confirms_a_dismissed_draft(self, sequence: list[Act]) -> None:
        _, states = after(sequence)
        for review in states:
            assert review.confirmation is None or all(d.claim_id for d in review.dismissals)


class TestDismissingTheDraft:
    def test_takes_the_confirmation_back_and_says_so(self) -> None:
        review = confirmed(blank_review(an_analysis("i")), Level.NO, original=None, reason="", by=ANN)
        review = dismissed(review, None, reason="Wrong file.", by=ANN)
        assert review.confirmation is None
        assert [(e.confirmation is not None, e.withdrawn) for e in review.history] == [
            (True, False),
            (True, True),
            (False, False),
        ]
        with pytest.raises(DraftDismissed):
            confirmed(review, Level.NO, original=None, reason="", by=ANN)


def test_claims_of_every_kind_can_be_dismissed() -> None:
    assert claim_ids(an_assessment()) == {"c1", "c2", "c3", "c4", "q1"}
