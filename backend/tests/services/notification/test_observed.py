"""Attempts to deliver are counted by what came of them."""

from __future__ import annotations

import pytest

from app.core.metrics import page
from app.jobs.deliveries import WorkerLost
from app.models.base import new_id, utc_now
from app.models.delivery import Carrier, Delivery
from app.models.notification import Topic
from app.services.notification.base import Exchange, NeverDeliverable, NotDelivered, TargetGone
from app.services.notification.email import MailNotConfigured, NoAddress
from app.services.notification.observed import ObservedSender
from app.services.notification.webhooks import EndpointGone
from tests.fixtures.scraping import parsed


class _RefusedAddress(NotDelivered):
    code = "address_refused"


class Postman:
    """`Sender`: does what it is told."""

    def __init__(self, failure: BaseException | None) -> None:
        self._failure = failure

    async def send(self, _: Delivery) -> Exchange:
        if self._failure is not None:
            raise self._failure
        return Exchange(status=204)


def a_delivery() -> Delivery:
    now = utc_now()
    return Delivery(
        id=new_id(),
        organisation_id="acme",
        notice_id=new_id(),
        topic=Topic.DEBRIEF_READY,
        carrier=Carrier.WEBHOOK,
        target_id="endpoint",
        due_at=now,
        created_at=now,
    )


def counted(outcome: str) -> float:
    now = parsed(page((), None)[0].decode())
    return now.value("debrief_delivery_attempts_total", carrier="webhook", outcome=outcome)


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (NotDelivered("Busy."), "not_delivered"),
        (_RefusedAddress("A private network."), "not_delivered"),
        (NeverDeliverable("No such room."), "never_deliverable"),
        (WorkerLost("Whatever sent it ended its worker, every time."), "never_deliverable"),
        (TargetGone("The endpoint was removed."), "target_gone"),
        (EndpointGone("It answered 410."), "target_gone"),
        (MailNotConfigured("No mail server."), "target_gone"),
        (NoAddress("No address."), "target_gone"),
        (ValueError("?"), "not_delivered"),
    ],
)
async def test_a_failure_is_counted_and_passed_on(failure: Exception, outcome: str) -> None:
    before = counted(outcome)
    with pytest.raises(type(failure)):
        await ObservedSender(Postman(failure)).send(a_delivery())
    assert counted(outcome) == before + 1


async def test_so_is_what_was_delivered() -> None:
    before = counted("delivered")
    assert await ObservedSender(Postman(None)).send(a_delivery()) == Exchange(status=204)
    assert counted("delivered") == before + 1
