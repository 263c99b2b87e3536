"""The log of deliveries over the API, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.models.base import utc_now
from app.models.delivery import Carrier, Delivery, DeliveryStatus, Tried
from app.repositories.base import Repositories
from tests.fixtures.documents import a_delivery
from tests.fixtures.server import RunningServer


@pytest.fixture
def ada(each_server: RunningServer) -> httpx.AsyncClient:
    return each_server.client("ada")


async def stored_for(ada: httpx.AsyncClient, stored: Repositories, **fields: Any) -> Delivery:
    organisation = (await ada.get("/me")).json()["organisations"][0]["id"]
    age = fields.pop("age", 0)
    at = utc_now() - timedelta(minutes=age)
    delivery = a_delivery(organisation, **{"created_at": at, "due_at": at, **fields})
    assert await stored.deliveries(organisation).put(delivery)
    return delivery


def a_try(**fields: Any) -> Tried:
    return Tried(**({"at": utc_now(), "seconds": 0.2, "delivered": False, "code": "not_delivered"} | fields))


class TestList:
    async def test_newest_first_in_pages(self, ada: httpx.AsyncClient, stored: Repositories) -> None:
        ids = [(await stored_for(ada, stored, age=age)).id for age in (3, 2, 1)]
        first = (await ada.get("/deliveries", params={"limit": 2})).json()
        rest = (await ada.get("/deliveries", params={"limit": 2, "cursor": first["next_cursor"]})).json()
        assert [d["id"] for d in first["items"] + rest["items"]] == ids[::-1]
        assert rest["next_cursor"] is None

    async def test_by_status_carrier_target_and_interview(
        self, ada: httpx.AsyncClient, stored: Repositories
    ) -> None:
        dead = await stored_for(ada, stored, status=DeliveryStatus.DEAD, finished_at=utc_now())
        mail = await stored_for(ada, stored, carrier=Carrier.EMAIL, target_id="ann", interview_id="other")
        for where, expected in (
            ({"status": "dead"}, dead),
            ({"carrier": "email"}, mail),
            ({"target_id": "ann"}, mail),
            ({"interview_id": "other", "status": "pending"}, mail),
        ):
            found = (await ada.get("/deliveries", params=where)).json()["items"]
            assert [d["id"] for d in found] == [expected.id]
        assert (await ada.get("/deliveries", params={"status": "lost"})).status_code == 422

    async def test_everybody_sees_their_own_mail(self, ada: httpx.AsyncClient, stored: Repositories) -> None:
        me = (await ada.get("/me")).json()["user"]["id"]
        mine = await stored_for(ada, stored, carrier=Carrier.EMAIL, target_id=me, user_id=me)
        await stored_for(ada, stored, carrier=Carrier.EMAIL, target_id="bo", user_id="bo")
        listed = (await ada.get("/me/deliveries")).json()["items"]
        assert [d["id"] for d in listed] == [mine.id]

    async def test_other_organisations_see_nothing(
        self, each_server: RunningServer, ada: httpx.AsyncClient, stored: Repositories
    ) -> None:
        delivery = await stored_for(ada, stored)
        eve = each_server.client("eve")
        assert (await eve.get("/deliveries")).json()["items"] == []
        assert (await eve.get(f"/deliveries/{delivery.id}")).status_code == 404
        assert (await eve.post(f"/deliveries/{delivery.id}/resend")).status_code == 404


class TestOne:
    async def test_every_attempt_is_shown(self, ada: httpx.AsyncClient, stored: Repositories) -> None:
        tried = (a_try(status=503, request="asked", response="down"), a_try(delivered=True, code=None))
        delivery = await stored_for(ada, stored, tried=tried)
        shown = (await ada.get(f"/deliveries/{delivery.id}")).json()
        assert [(t["delivered"], t["code"], t["status"]) for t in shown["tried"]] == [
            (False, "not_delivered", 503),
            (True, None, None),
        ]
        assert (shown["tried"][0]["request"], shown["tried"][0]["response"]) == ("asked", "down")

    async def test_one_that_nobody_knows(self, ada: httpx.AsyncClient) -> None:
        unknown = await ada.get("/deliveries/x.email.y")
        assert (unknown.status_code, unknown.json()["code"]) == (404, "delivery_not_found")


class TestResend:
    async def test_a_finished_one_is_due_again_under_its_id(
        self, ada: httpx.AsyncClient, stored: Repositories
    ) -> None:
        dead = await stored_for(
            ada, stored, status=DeliveryStatus.DEAD, finished_at=utc_now(), attempt=9, tried=(a_try(),)
        )
        answer = await ada.post(f"/deliveries/{dead.id}/resend")
        assert answer.status_code == 202
        again = answer.json()
        assert (again["status"], again["attempt"], again["notice_id"]) == ("pending", 0, dead.notice_id)
        assert len((await ada.get(f"/deliveries/{dead.id}")).json()["tried"]) == 1

    async def test_one_on_its_way_is_left_alone(self, ada: httpx.AsyncClient, stored: Repositories) -> None:
        delivery = await stored_for(ada, stored)
        answer = await ada.post(f"/deliveries/{delivery.id}/resend")
        assert (answer.status_code, answer.json()["code"]) == (409, "delivery_pending")
