"""What becomes of a delivery, over every course of events."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.jobs.delivery_outcome import LEAST_JITTER, LONGEST_WAIT, Ended, after, is_spent
from app.models.base import FAR_FUTURE
from app.models.delivery import TRIED_KEPT, TRIED_TEXT, Delivery, DeliveryStatus
from app.services.notification.base import Exchange, NeverDeliverable, NotDelivered, TargetGone
from tests.fixtures.documents import NOON, a_delivery

WAITS = (5.0, 300.0, 1800.0)


def claimed(attempt: int = 1, **fields: Any) -> Delivery:
    return a_delivery(attempt=attempt, epoch=attempt, **fields)


def outcome(
    failure: NotDelivered | None, attempt: int = 1, *, jitter: float = 1.0, **exchange: Any
) -> dict[str, Any]:
    ended = Ended(NOON, 0.5, Exchange(**exchange), failure)
    return after(claimed(attempt), ended, WAITS, NOON, jitter=jitter)


class TestOneAttempt:
    def test_what_was_taken_is_delivered(self) -> None:
        changes = outcome(None, status=200, request="asked", response="answered")
        assert (changes["status"], changes["finished_at"]) == (DeliveryStatus.DELIVERED, NOON)
        [tried] = changes["tried"]
        assert (tried.delivered, tried.status, tried.request, tried.response) == (
            True,
            200,
            "asked",
            "answered",
        )

    def test_what_is_for_nobody_any_more_is_cancelled(self) -> None:
        changes = outcome(TargetGone("The channel was removed."))
        assert changes["status"] is DeliveryStatus.CANCELLED
        assert (changes["tried"][0].code, changes["tried"][0].detail) == (
            "target_gone",
            "The channel was removed.",
        )

    def test_what_can_never_be_delivered_is_dead_at_once(self) -> None:
        assert outcome(NeverDeliverable("No such user."))["status"] is DeliveryStatus.DEAD

    @pytest.mark.parametrize(("attempt", "wait"), [(1, 5), (2, 300), (3, 1800)])
    def test_the_rest_waits_longer_each_time(self, attempt: int, wait: float) -> None:
        changes = outcome(NotDelivered("Busy."), attempt)
        assert "status" not in changes
        assert changes["due_at"] == NOON + timedelta(seconds=wait)

    def test_after_the_last_wait_it_is_dead(self) -> None:
        assert outcome(NotDelivered("Busy."), 4)["status"] is DeliveryStatus.DEAD

    def test_a_receiver_may_ask_for_more_time_up_to_a_day(self) -> None:
        for asked, wait in ((60.0, 60), (1.0, 5), (10**9, LONGEST_WAIT)):
            changes = outcome(NotDelivered("Busy.", retry_after=asked))
            assert changes["due_at"] == NOON + timedelta(seconds=wait)

    @given(st.floats(LEAST_JITTER, 1.0))
    def test_jitter_shortens_a_wait_a_little(self, jitter: float) -> None:
        due_at = outcome(NotDelivered("Busy."), 2, jitter=jitter)["due_at"]
        assert timedelta(seconds=240) <= due_at - NOON <= timedelta(seconds=300)

    def test_what_was_said_is_cut(self) -> None:
        long = "x" * (TRIED_TEXT + 1)
        failure = NotDelivered(long, exchange=Exchange(request=long, response=long))
        [tried] = outcome(failure)["tried"]
        assert (len(tried.detail), len(tried.request), len(tried.response)) == (TRIED_TEXT,) * 3


FAILURES = {
    "delivered": None,
    "busy": NotDelivered("Busy."),
    "asks for time": NotDelivered("Busy.", retry_after=3600.0),
    "refused": NeverDeliverable("No."),
    "gone": TargetGone("Gone."),
}


class Course(RuleBasedStateMachine):
    """A delivery on its way: claimed, tried, lost, sent again by hand, in any order."""

    @initialize(waits=st.lists(st.floats(0, 1000), max_size=12))
    def begin(self, waits: list[float]) -> None:
        self.waits = tuple(waits)
        self.now = NOON
        self.delivery = a_delivery(due_at=NOON)
        self.attempts = 0
        self.finals = 0

    @precondition(lambda self: self.delivery.status is DeliveryStatus.PENDING)
    @rule(name=st.sampled_from(sorted(FAILURES)), jitter=st.floats(LEAST_JITTER, 1.0))
    def attempt(self, name: str, jitter: float) -> None:
        self._claim()
        failure = NeverDeliverable("Lost.") if is_spent(self.delivery, self.waits) else FAILURES[name]
        self.attempts += not is_spent(self.delivery, self.waits)
        ended = Ended(self.now, 0.1, Exchange(), failure)
        changes = after(self.delivery, ended, self.waits, self.now, jitter=jitter)
        self.finals += "status" in changes
        self.delivery = self.delivery.model_copy(update=changes)

    @precondition(lambda self: self.delivery.status is DeliveryStatus.PENDING)
    @rule()
    def lose_the_worker(self) -> None:
        self._claim()
        self.attempts += not is_spent(self.delivery, self.waits)

    @precondition(lambda self: self.delivery.status is not DeliveryStatus.PENDING)
    @rule()
    def send_again(self) -> None:
        again = {"status": DeliveryStatus.PENDING, "due_at": self.now, "attempt": 0, "finished_at": None}
        self.delivery = self.delivery.model_copy(update=again)
        self.attempts, self.finals = 0, 0

    def _claim(self) -> None:
        self.now = max(self.now, self.delivery.due_at) + timedelta(seconds=1)
        counters = {"attempt": self.delivery.attempt + 1, "epoch": self.delivery.epoch + 1}
        self.delivery = self.delivery.model_copy(update={"due_at": self.now, **counters})

    @invariant()
    def it_is_never_sent_more_often_than_is_allowed(self) -> None:
        assert self.attempts <= len(self.waits) + 1

    @invariant()
    def it_ends_once_and_then_is_due_no_more(self) -> None:
        is_pending = self.delivery.status is DeliveryStatus.PENDING
        assert self.finals == (0 if is_pending else 1)
        assert (self.delivery.finished_at is None) == is_pending
        assert (self.delivery.due_at == FAR_FUTURE) == (not is_pending)

    @invariant()
    def the_attempts_are_told_in_order(self) -> None:
        moments = [tried.at for tried in self.delivery.tried]
        assert moments == sorted(moments)
        assert len(moments) <= TRIED_KEPT


TestEveryCourse = Course.TestCase
