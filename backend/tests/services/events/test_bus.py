"""The event bus: one contract, kept within a process and between two that share a Redis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from uuid import uuid4

import pytest
import pytest_asyncio

from app.models.event import Event, EventKind
from app.services.events.base import EventBus, SlowSubscriber, Subscription
from app.services.events.local import LocalEventBus
from app.services.events.providers.redis import RedisEventBus
from tests.fixtures.scraping import counted

CAPACITY = 16
DROPPED = "debrief_events_dropped_total"


@dataclass
class Machines:
    """Where something happens, and where people watch: the same bus, or two joined by Redis."""

    here: EventBus
    there: EventBus


@pytest_asyncio.fixture(params=["local", "redis"])
async def machines(request: pytest.FixtureRequest) -> AsyncIterator[Machines]:
    if request.param == "local":
        bus = LocalEventBus(capacity=CAPACITY)
        yield Machines(bus, bus)
        return
    url, channel = request.getfixturevalue("redis_url"), f"test:{uuid4().hex}"
    async with AsyncExitStack() as stack:
        buses = [RedisEventBus(url, channel, capacity=CAPACITY) for _ in range(2)]
        for bus in buses:
            await stack.enter_async_context(bus.running())
        async with asyncio.timeout(60):
            for bus in buses:
                await bus.wait_connected()
        yield Machines(*buses)


def changed(version: int = 1, *, organisation: str = "acme", user: str | None = None) -> Event:
    return Event(
        kind=EventKind.INTERVIEW_CHANGED,
        organisation_id=organisation,
        interview_id="i1",
        user_id=user,
        version=version,
        data={"status": "done", "progress": None, "title": "Ünïcode \u2028 ✓"},
    )


async def take(subscription: Subscription, count: int) -> list[Event]:
    taken: list[Event] = []
    async with asyncio.timeout(60):
        async for event in subscription:
            taken.append(event)
            if len(taken) == count:
                break
    return taken


async def test_an_event_arrives_elsewhere_as_it_was_sent(machines: Machines) -> None:
    async with machines.there.subscribe("acme") as events:
        sent = changed(user="ada")
        machines.here.publish(sent)
        assert await take(events, 1) == [sent]


async def test_everybody_gets_each_event_once_whoever_sent_it(machines: Machines) -> None:
    async with (
        machines.here.subscribe("acme") as one,
        machines.here.subscribe("acme") as two,
        machines.there.subscribe("acme") as three,
    ):
        for version in (1, 2, 3):
            machines.here.publish(changed(version))
        for events in (one, two, three):
            assert [e.version for e in await take(events, 3)] == [1, 2, 3]
        machines.there.publish(changed(4))
        # Had anybody got one twice, it would stand before this.
        for events in (one, two, three):
            assert [e.version for e in await take(events, 1)] == [4]


async def test_events_of_one_sender_keep_their_order(machines: Machines) -> None:
    async with machines.there.subscribe("acme") as events:
        seen: list[int] = []
        for first in range(0, 200, 10):
            for version in range(first, first + 10):
                machines.here.publish(changed(version))
            seen += [e.version for e in await take(events, 10)]
        assert seen == list(range(200))


async def test_an_organisation_hears_nothing_of_another(machines: Machines) -> None:
    async with machines.there.subscribe("acme") as acme, machines.there.subscribe("umbrella") as umbrella:
        machines.here.publish(changed(1, organisation="umbrella"))
        machines.here.publish(changed(2, organisation="acme"))
        assert [e.version for e in await take(acme, 1)] == [2]
        assert [e.version for e in await take(umbrella, 1)] == [1]
        assert machines.there.watched_organisations() == {"acme", "umbrella"}
    assert machines.there.watched_organisations() == frozenset()


async def test_a_slow_subscriber_is_cut_and_nobody_waits_for_it(machines: Machines) -> None:
    async with machines.there.subscribe("acme") as slow, machines.there.subscribe("acme") as quick:
        for version in range(2 * CAPACITY):
            machines.here.publish(changed(version))
            assert [e.version for e in await take(quick, 1)] == [version]
        with pytest.raises(SlowSubscriber):
            await take(slow, 2 * CAPACITY)


async def test_the_pipeline_hears_what_its_own_process_does_and_nothing_else(machines: Machines) -> None:
    async with machines.here.subscribe(None) as own, machines.here.subscribe("acme") as everything:
        if machines.there is not machines.here:
            machines.there.publish(changed(1))
            assert [e.version for e in await take(everything, 1)] == [1]
        machines.here.hand_out(changed(2))
        machines.here.publish(changed(3))
        assert [e.version for e in await take(own, 1)] == [3]


async def test_what_was_found_is_handed_out_here_alone(machines: Machines) -> None:
    async with machines.here.subscribe("acme") as here, machines.there.subscribe("acme") as there:
        machines.here.hand_out(changed(1))
        machines.here.publish(changed(2))
        assert [e.version for e in await take(here, 2)] == [1, 2]
        found_elsewhere = [1] if machines.there is machines.here else []
        assert [e.version for e in await take(there, len(found_elsewhere) + 1)] == [*found_elsewhere, 2]


async def test_a_listener_is_called_with_each_event_in_order(machines: Machines) -> None:
    heard: list[list[int]] = [[] for _ in range(250)]
    async with AsyncExitStack() as stack:
        for versions in heard:
            stack.enter_context(machines.there.listen("acme", lambda e, to=versions: to.append(e.version)))  # type: ignore[misc]
        assert machines.there.watched_organisations() == {"acme"}
        machines.here.publish(changed(9, organisation="umbrella"))
        for version in range(20):
            machines.here.publish(changed(version))
        async with asyncio.timeout(60):
            while len(heard[-1]) < 20:
                await asyncio.sleep(0.01)
    assert heard == [list(range(20))] * len(heard)
    machines.here.publish(changed(20))
    await asyncio.sleep(0.05)
    assert len(heard[0]) == 20
    assert machines.there.watched_organisations() == frozenset()


async def test_a_listener_that_fails_stops_no_other() -> None:
    bus, heard = LocalEventBus(), asyncio.Event()
    failures: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: failures.append(context["exception"]))

    def fail(_: Event) -> None:
        raise ValueError

    with bus.listen("acme", fail), bus.listen("acme", lambda _: heard.set()):
        bus.publish(changed())
        await asyncio.wait_for(heard.wait(), 20)
    assert len(failures) == 1


async def test_what_cannot_be_told_in_time_is_lost_and_its_listeners_are_told_so() -> None:
    bus = LocalEventBus()
    heard: list[int] = []
    lost: list[str] = []
    with (
        bus.listen("acme", lambda event: heard.append(event.version), lambda: lost.append("acme")),
        bus.listen("umbrella", lambda event: heard.append(event.version), lambda: lost.append("umbrella")),
    ):
        bus.publish(changed(1, organisation="umbrella"))
        for version in range(10_000):
            bus.publish(changed(version + 2))
        assert lost == ["acme"], "once, at once, and nobody else's"
        assert bus.watched_organisations() == {"umbrella"}
        for organisation in ("acme", "umbrella"):
            await bus.handed_out(organisation)
        assert heard == [1], "who is to begin anew is told nothing more"
        with bus.listen("acme", lambda event: heard.append(event.version)):
            bus.publish(changed(20_000))
            await bus.handed_out("acme")
        assert heard == [1, 20_000]


async def test_what_is_not_wanted_takes_no_room() -> None:
    bus = LocalEventBus(capacity=1)
    async with bus.subscribe("acme", lambda event: event.version == 3) as events:
        for version in range(5):
            bus.publish(changed(version))
        assert [e.version for e in await take(events, 1)] == [3]


async def test_events_that_the_pipeline_is_too_slow_for_are_no_lost_ones() -> None:
    bus = LocalEventBus(capacity=1)
    before = counted(DROPPED)
    async with bus.subscribe(None), bus.subscribe("acme"):
        for version in range(5):
            bus.publish(changed(version))
    assert counted(DROPPED) == before
