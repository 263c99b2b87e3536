"""What both databases must do with deliveries: queue once, claim once, fence the late, keep a log for a while."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime
from typing import Any

import pytest

from app.models.base import FAR_FUTURE
from app.models.delivery import Carrier, Delivery, DeliveryStatus, Tried
from app.models.notification import Topic
from app.repositories.base import DeliveryFilter, PageKey, Repositories
from tests.fixtures.databases import OpenDatabase
from tests.fixtures.documents import FROM_THE_FUTURE, NOON, a_delivery, minutes, unreadable

LEASE = NOON + minutes(1)
FAILED = Tried(
    at=NOON,
    seconds=0.25,
    delivered=False,
    code="timeout",
    detail="Zeitüberschreitung ⏱",
    status=504,
    response="…",
)


async def claim(repositories: Repositories, now: datetime = NOON) -> Delivery | None:
    return await repositories.delivery_queue.claim_due(now, lease_until=now + minutes(1))


async def store(repositories: Repositories, *deliveries: Delivery) -> None:
    for delivery in deliveries:
        assert await repositories.deliveries(delivery.organisation_id).put(delivery)


async def store_due(repositories: Repositories, count: int) -> None:
    await store(
        repositories, *(a_delivery(id=f"d{n:03}", due_at=NOON - minutes(count - n)) for n in range(count))
    )


def finished(status: DeliveryStatus = DeliveryStatus.DELIVERED, **fields: Any) -> Delivery:
    return a_delivery(**({"status": status, "attempt": 3, "epoch": 3, "finished_at": NOON} | fields))


class TestPut:
    async def test_gives_back_every_field(self, repositories: Repositories) -> None:
        delivery = a_delivery(
            topic=Topic.SCORECARD_OVERDUE,
            interview_id=None,
            carrier=Carrier.EMAIL,
            target_id="ann",
            user_id="ann",
            payload={"über": [1, {"a": None}]},
            digest_since=NOON - minutes(60 * 24),
            digest_until=NOON,
            status=DeliveryStatus.DEAD,
            attempt=2,
            epoch=4,
            tried=(FAILED, FAILED),
            finished_at=NOON + minutes(1),
        )
        assert await repositories.deliveries("acme").put(delivery)
        assert await repositories.deliveries("acme").get(delivery.id) == delivery

    async def test_a_second_time_changes_nothing(self, repositories: Repositories) -> None:
        acme = repositories.deliveries("acme")
        tries = [a_delivery(id="d", payload={"n": n}) for n in range(8)]
        put = await asyncio.gather(*(acme.put(each) for each in tries))
        assert put.count(True) == 1
        assert await acme.get("d") == tries[put.index(True)]

    async def test_dates_are_kept_to_the_millisecond(self, repositories: Repositories) -> None:
        await store(repositories, a_delivery(id="d", created_at=NOON.replace(microsecond=123_987)))
        found = await repositories.deliveries("acme").get("d")
        assert found is not None
        assert found.created_at == NOON.replace(microsecond=123_000)

    async def test_survives_a_restart(self, open_database: OpenDatabase) -> None:
        delivery = a_delivery()
        async with open_database() as first:
            await store(first, delivery)
        async with open_database() as second:
            assert await second.deliveries("acme").get(delivery.id) == delivery
            claimed = await claim(second)
        assert claimed is not None
        assert claimed.id == delivery.id


class TestScope:
    async def test_another_organisation_neither_reads_nor_writes(self, repositories: Repositories) -> None:
        pending, done = a_delivery(), finished()
        await store(repositories, pending, done)
        other = repositories.deliveries("other")
        assert await other.get(done.id) is None
        assert await other.list_newest(DeliveryFilter(), after=None, limit=9) == []
        assert await other.revive(done.id, NOON) is None
        assert await other.cancel_pending(pending.carrier, pending.target_id, NOON) == 0
        acme = repositories.deliveries("acme")
        assert [await acme.get(pending.id), await acme.get(done.id)] == [pending, done]

    async def test_a_delivery_of_another_organisation_is_refused(self, repositories: Repositories) -> None:
        with pytest.raises(ValueError, match="another organisation"):
            await repositories.deliveries("other").put(a_delivery())


class TestListNewest:
    async def test_newest_first_in_pages(self, repositories: Repositories) -> None:
        await store(
            repositories, *(a_delivery(id=f"d{n}", created_at=NOON + minutes(n // 2)) for n in range(5))
        )
        acme = repositories.deliveries("acme")
        first = await acme.list_newest(DeliveryFilter(), after=None, limit=3)
        after = PageKey(first[-1].created_at, first[-1].id)
        rest = await acme.list_newest(DeliveryFilter(), after=after, limit=3)
        assert [d.id for d in (*first, *rest)] == ["d4", "d3", "d2", "d1", "d0"]

    @pytest.mark.parametrize(
        ("where", "expected"),
        [
            (DeliveryFilter(status=DeliveryStatus.DEAD), ["d3"]),
            (DeliveryFilter(carrier=Carrier.EMAIL), ["d2", "d1"]),
            (DeliveryFilter(target_id="ann"), ["d2"]),
            (DeliveryFilter(interview_id="i2"), ["d3", "d1"]),
            (DeliveryFilter(carrier=Carrier.EMAIL, interview_id="i2"), ["d1"]),
            (
                DeliveryFilter(DeliveryStatus.PENDING, Carrier.EMAIL, "ann", "i2"),
                [],
            ),
        ],
        ids=str,
    )
    async def test_conditions_are_combined(
        self, repositories: Repositories, where: DeliveryFilter, expected: list[str]
    ) -> None:
        await store(
            repositories,
            a_delivery(id="d0"),
            a_delivery(id="d1", carrier=Carrier.EMAIL, target_id="bo", interview_id="i2"),
            a_delivery(id="d2", carrier=Carrier.EMAIL, target_id="ann", interview_id=None),
            finished(DeliveryStatus.DEAD, id="d3", interview_id="i2"),
        )
        found = await repositories.deliveries("acme").list_newest(where, after=None, limit=9)
        assert [d.id for d in found] == expected
        if expected:
            after = PageKey(found[0].created_at, found[0].id)
            rest = await repositories.deliveries("acme").list_newest(where, after=after, limit=9)
            assert [d.id for d in rest] == expected[1:]


class TestClaimDue:
    async def test_takes_the_one_that_waited_longest_and_counts(self, repositories: Repositories) -> None:
        await store_due(repositories, 2)
        claimed = await claim(repositories)
        assert claimed is not None
        assert (claimed.id, claimed.due_at, claimed.epoch, claimed.attempt) == ("d000", LEASE, 1, 1)
        assert claimed.status is DeliveryStatus.PENDING
        assert await repositories.deliveries("acme").get("d000") == claimed

    async def test_takes_nothing_that_is_not_due_or_finished(self, repositories: Repositories) -> None:
        await store(
            repositories,
            a_delivery(due_at=NOON + minutes(1)),
            *(finished(status) for status in DeliveryStatus if status is not DeliveryStatus.PENDING),
        )
        assert await claim(repositories) is None
        assert await claim(repositories, NOON + minutes(1)) is not None

    async def test_takes_again_when_the_lease_has_run_out(self, repositories: Repositories) -> None:
        await store_due(repositories, 1)
        await claim(repositories)
        assert await claim(repositories) is None
        again = await claim(repositories, LEASE)
        assert again is not None
        assert (again.epoch, again.attempt) == (2, 2)

    async def test_serves_all_organisations(self, repositories: Repositories) -> None:
        await store(repositories, a_delivery("acme"), a_delivery("other"))
        claims = [await claim(repositories) for _ in range(3)]
        assert sorted(c.organisation_id for c in claims if c) == ["acme", "other"]

    async def test_fifty_claims_at_once_take_each_delivery_once(self, repositories: Repositories) -> None:
        await store_due(repositories, 30)
        claims = await asyncio.gather(*(claim(repositories) for _ in range(50)))
        taken = Counter(c.id for c in claims if c is not None)
        assert taken == Counter({f"d{n:03}": 1 for n in range(30)})

    async def test_two_processes_take_each_delivery_once(self, open_database: OpenDatabase) -> None:
        async with open_database() as one, open_database() as two:
            await store_due(one, 20)
            claims = await asyncio.gather(*(claim(each) for _ in range(15) for each in (one, two)))
        assert Counter(c.id for c in claims if c is not None) == Counter({f"d{n:03}": 1 for n in range(20)})


class TestRecord:
    async def test_sets_whole_fields(self, repositories: Repositories) -> None:
        await store_due(repositories, 1)
        claimed = await claim(repositories)
        assert claimed is not None
        changes = {
            "status": DeliveryStatus.DELIVERED,
            "due_at": NOON + minutes(9),
            "tried": (FAILED, FAILED.model_copy(update={"delivered": True, "code": None})),
            "attempt": 5,
            "finished_at": NOON.replace(microsecond=123_987),
        }
        assert await repositories.delivery_queue.record("d000", epoch=1, changes=changes)
        expected = claimed.model_copy(update={**changes, "finished_at": NOON.replace(microsecond=123_000)})
        assert await repositories.deliveries("acme").get("d000") == expected
        assert await claim(repositories, NOON + minutes(10)) is None

    async def test_a_failed_attempt_is_due_again_later(self, repositories: Repositories) -> None:
        await store_due(repositories, 1)
        await claim(repositories)
        queue, later = repositories.delivery_queue, NOON + minutes(5)
        assert await queue.record("d000", epoch=1, changes={"due_at": later, "tried": (FAILED,)})
        assert await claim(repositories, LEASE) is None
        again = await claim(repositories, later)
        assert again is not None
        assert (again.attempt, again.tried) == (2, (FAILED,))

    async def test_an_attempt_with_an_old_epoch_changes_nothing(self, repositories: Repositories) -> None:
        await store_due(repositories, 1)
        await claim(repositories)
        current = await claim(repositories, LEASE)
        queue, changes = repositories.delivery_queue, {"status": DeliveryStatus.DEAD}
        assert not await queue.record("d000", epoch=1, changes=changes)
        assert not await queue.record("gone", epoch=1, changes=changes)
        assert await repositories.deliveries("acme").get("d000") == current

    @pytest.mark.parametrize("changes", [{"epoch": 9}, {"unknown": 1}, {"status": "unheard of"}])
    async def test_other_fields_and_values_are_refused(
        self, repositories: Repositories, changes: dict[str, Any]
    ) -> None:
        await store_due(repositories, 1)
        with pytest.raises(ValueError, match=r"not changeable|validation error"):
            await repositories.delivery_queue.record("d000", epoch=0, changes=changes)


class TestRevive:
    @pytest.mark.parametrize("status", [s for s in DeliveryStatus if s is not DeliveryStatus.PENDING])
    async def test_makes_a_finished_one_due_with_fresh_attempts(
        self, repositories: Repositories, status: DeliveryStatus
    ) -> None:
        stored = finished(status, tried=(FAILED,))
        await store(repositories, stored)
        again = await repositories.deliveries("acme").revive(stored.id, LEASE)
        pending = {"status": DeliveryStatus.PENDING, "due_at": LEASE, "finished_at": None}
        assert again == stored.model_copy(update={**pending, "attempt": 0, "epoch": 4})
        assert await repositories.deliveries("acme").get(stored.id) == again
        claimed = await claim(repositories, LEASE)
        assert claimed is not None
        assert (claimed.id, claimed.attempt) == (stored.id, 1)

    async def test_one_that_waits_is_left_alone(self, repositories: Repositories) -> None:
        stored = a_delivery()
        await store(repositories, stored)
        assert await repositories.deliveries("acme").revive(stored.id, LEASE) is None
        assert await repositories.deliveries("acme").revive("gone", LEASE) is None
        assert await repositories.deliveries("acme").get(stored.id) == stored

    async def test_of_many_at_once_one_revives_it(self, repositories: Repositories) -> None:
        await store(repositories, finished(id="d"))
        acme = repositories.deliveries("acme")
        revived = await asyncio.gather(*(acme.revive("d", LEASE) for _ in range(8)))
        assert sum(each is not None for each in revived) == 1


class TestCancelPending:
    async def test_cancels_what_waits_for_the_target(self, repositories: Repositories) -> None:
        mail = {"carrier": Carrier.EMAIL, "target_id": "ann"}
        await store(
            repositories,
            a_delivery(id="d0", **mail),
            a_delivery(id="d1", **mail),
            finished(id="d2", **mail),
            a_delivery(id="d3", carrier=Carrier.CHANNEL, target_id="ann"),
            a_delivery(id="d4", carrier=Carrier.EMAIL, target_id="bo"),
            a_delivery("other", id="d5", **mail),
        )
        acme = repositories.deliveries("acme")
        assert await acme.cancel_pending(Carrier.EMAIL, "ann", LEASE) == 2
        cancelled = await acme.list_newest(
            DeliveryFilter(status=DeliveryStatus.CANCELLED), after=None, limit=9
        )
        assert [(d.id, d.finished_at) for d in cancelled] == [("d1", LEASE), ("d0", LEASE)]
        assert {d.due_at for d in cancelled} == {FAR_FUTURE}, "nothing comes of it any more"
        assert {c.id for c in [await claim(repositories) for _ in range(4)] if c} == {"d3", "d4", "d5"}

    async def test_it_is_due_never_again_and_keeps_all_the_rest(self, repositories: Repositories) -> None:
        waiting = a_delivery(epoch=7, attempt=2, tried=(FAILED,), payload={"ü": [1.5, None, "\x00"]})
        await store(repositories, waiting)
        acme = repositories.deliveries("acme")
        late = LEASE.replace(microsecond=123_987)
        assert await acme.cancel_pending(waiting.carrier, waiting.target_id, late) == 1
        changes = {
            "status": DeliveryStatus.CANCELLED,
            "due_at": FAR_FUTURE,
            "finished_at": LEASE.replace(microsecond=123_000),
            "epoch": 8,
        }
        assert await acme.get(waiting.id) == waiting.model_copy(update=changes)
        assert await repositories.delivery_queue.delete_finished(late + minutes(1), limit=9) == 1

    async def test_one_may_be_excepted(self, repositories: Repositories) -> None:
        acme, one = repositories.deliveries("acme"), a_delivery(id="d1")
        await store(repositories, a_delivery(id="d0"), one)
        assert await acme.cancel_pending(one.carrier, one.target_id, LEASE, except_id="d1") == 1
        assert await acme.get("d1") == one
        assert await acme.cancel_pending(one.carrier, one.target_id, LEASE, except_id="unknown") == 1

    async def test_one_may_be_left_to_the_attempt_that_is_under_way(self, repositories: Repositories) -> None:
        await store_due(repositories, 3)
        claimed = await claim(repositories)
        assert claimed is not None
        acme = repositories.deliveries("acme")
        assert await acme.cancel_pending(claimed.carrier, claimed.target_id, NOON, except_id=claimed.id) == 2
        changes = {"status": DeliveryStatus.DEAD, "finished_at": NOON}
        assert await repositories.delivery_queue.record(claimed.id, epoch=claimed.epoch, changes=changes)

    async def test_an_attempt_under_way_does_not_bring_it_back(self, repositories: Repositories) -> None:
        await store_due(repositories, 1)
        claimed = await claim(repositories)
        assert claimed is not None
        await repositories.deliveries("acme").cancel_pending(claimed.carrier, claimed.target_id, NOON)
        changes = {"status": DeliveryStatus.PENDING, "due_at": NOON}
        assert not await repositories.delivery_queue.record("d000", epoch=claimed.epoch, changes=changes)
        assert await claim(repositories, LEASE) is None


class TestOverview:
    async def test_counts_every_status(self, repositories: Repositories) -> None:
        await store(repositories, a_delivery(), a_delivery("other"), finished(DeliveryStatus.DEAD))
        counted = await repositories.delivery_queue.count_by_status()
        assert counted == dict.fromkeys(DeliveryStatus, 0) | {
            DeliveryStatus.PENDING: 2,
            DeliveryStatus.DEAD: 1,
        }

    async def test_the_oldest_that_is_due(self, repositories: Repositories) -> None:
        assert await repositories.delivery_queue.oldest_due(NOON) is None
        await store(repositories, finished(due_at=NOON - minutes(99)), a_delivery(due_at=NOON + minutes(1)))
        assert await repositories.delivery_queue.oldest_due(NOON) is None
        await store_due(repositories, 2)
        assert await repositories.delivery_queue.oldest_due(NOON) == NOON - minutes(2)


class TestUnreadable:
    @FROM_THE_FUTURE
    async def test_one_that_cannot_be_read_is_put_off_and_holds_nothing_up(
        self, repositories: Repositories
    ) -> None:
        strange = [
            unreadable(a_delivery(id=f"s{n}", due_at=NOON - minutes(9)), topic="from.the.future")
            for n in range(3)
        ]
        await store(repositories, *strange, a_delivery(id="d", due_at=NOON))
        claimed = await claim(repositories)
        assert claimed is not None
        assert (claimed.id, claimed.attempt, claimed.due_at) == ("d", 1, LEASE)
        assert await claim(repositories) is None
        assert await repositories.delivery_queue.oldest_due(NOON) is None
        assert await repositories.delivery_queue.oldest_due(LEASE) == LEASE
        assert (await repositories.delivery_queue.count_by_status())[DeliveryStatus.PENDING] == 4


class TestDeleteFinished:
    async def test_removes_what_was_finished_before_oldest_first(self, repositories: Repositories) -> None:
        ages = (3, 1, 2, 0)
        await store(
            repositories,
            a_delivery(id="pending", created_at=NOON - minutes(99)),
            *(finished(id=f"d{age}", finished_at=NOON - minutes(age)) for age in ages),
        )
        queue, acme = repositories.delivery_queue, repositories.deliveries("acme")
        assert await queue.delete_finished(NOON, limit=2) == 2
        assert await acme.get("d1") is not None
        assert await queue.delete_finished(NOON, limit=9) == 1
        assert await queue.delete_finished(NOON, limit=9) == 0
        left = await acme.list_newest(DeliveryFilter(), after=None, limit=9)
        assert [d.id for d in left] == ["d0", "pending"]

    async def test_a_limit_of_nothing_removes_nothing(self, repositories: Repositories) -> None:
        await store(repositories, finished(id="d", finished_at=NOON - minutes(1)))
        assert await repositories.delivery_queue.delete_finished(NOON, limit=0) == 0
        assert await repositories.deliveries("acme").get("d") is not None
