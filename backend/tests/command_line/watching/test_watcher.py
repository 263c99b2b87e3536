"""What a watcher takes up again, and what it forgets; and the wait for a server that is away."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from app.command_line.api import Api, Json
from app.command_line.errors import ApiFailed
from app.command_line.importing import shipping as shipping_module
from app.command_line.importing.content import Stamp
from app.command_line.importing.details import Details
from app.command_line.importing.display import Display
from app.command_line.importing.finding import Item
from app.command_line.importing.results import Outcome, Result
from app.command_line.importing.shipping import Plan, Shipping
from app.command_line.patience import Patience
from app.command_line.watching import looking
from app.command_line.watching import watcher as watcher_module
from app.command_line.watching.looking import Seen
from app.command_line.watching.memory import Memory
from app.command_line.watching.watcher import Watcher


class Told:
    """Ships nothing: the test says what becomes of the items."""

    def __init__(self) -> None:
        self.submitted: list[str] = []
        self.ended: list[Result] = []

    @property
    def is_busy(self) -> bool:
        return bool(self.ended)

    def submit(self, item: Item) -> None:
        self.submitted.append(item.name)

    def step(self, _: float) -> list[Result]:
        ended, self.ended = self.ended, []
        return ended


class Bench:
    def __init__(self, place: Path) -> None:
        self.now = 0.0
        self.folder = place / "incoming"
        self.folder.mkdir()
        self.shipping = Told()
        self.memory = Memory(place / "memory.json")
        self.watcher = Watcher(self.folder, cast(Shipping, self.shipping), self.memory, Display(), settle=0.0)

    def write(self, *names: str) -> None:
        for name in names:
            (self.folder / name).write_text("the same")

    def looked(self) -> list[str]:
        """What a look submits."""
        self.shipping.submitted.clear()
        self.watcher.look()
        return list(self.shipping.submitted)

    def ends(
        self, name: str, outcome: Outcome, *, may_pass: bool = False, same_as: str | None = None
    ) -> None:
        first = self.folder / same_as if same_as else None
        sent = "i" if outcome is Outcome.DONE else None
        result = Result((self.folder / name,), outcome, sent, may_pass=may_pass, same_as=first)
        self.shipping.ended.append(result)
        self.watcher.once()

    def knows(self, name: str) -> bool:
        return self.memory.knows({self.folder / name: Stamp.of(self.folder / name)})


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    bench = Bench(tmp_path)
    clock = SimpleNamespace(monotonic=lambda: bench.now, sleep=lambda _: None)
    monkeypatch.setattr(watcher_module, "time", clock)
    return bench


class TestDuplicates:
    def test_they_are_left_alone_while_the_other_file_is_under_way_and_once_it_is_there(
        self, bench: Bench
    ) -> None:
        bench.write("a.txt", "b.txt")
        assert bench.looked() == ["a.txt", "b.txt"]
        bench.ends("b.txt", Outcome.DUPLICATE, same_as="a.txt")
        assert bench.looked() == []
        bench.ends("a.txt", Outcome.DONE)
        assert bench.looked() == []
        assert (bench.knows("a.txt"), bench.knows("b.txt")) == (True, False)

    def test_when_the_other_file_never_arrived_they_are_sent_themselves(self, bench: Bench) -> None:
        bench.write("a.txt", "b.txt")
        bench.looked()
        bench.ends("b.txt", Outcome.DUPLICATE, same_as="a.txt")
        bench.shipping.submitted.clear()
        bench.ends("a.txt", Outcome.FAILED)
        assert bench.looked() == ["b.txt"]

    def test_when_the_other_file_is_gone_they_are_looked_up(self, bench: Bench) -> None:
        bench.write("a.txt", "b.txt")
        bench.looked()
        bench.ends("a.txt", Outcome.DONE)
        bench.ends("b.txt", Outcome.DUPLICATE, same_as="a.txt")
        (bench.folder / "a.txt").unlink()
        assert bench.looked() == ["b.txt"]


class TestForgetting:
    def test_what_failed_and_is_gone_makes_nobody_look(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bench.write("a.txt")
        bench.looked()
        bench.ends("a.txt", Outcome.FAILED, may_pass=True)
        (bench.folder / "a.txt").unlink()
        looks = 0

        def look(folder: Path) -> Seen:
            nonlocal looks
            looks += 1
            return looking.look(folder)

        monkeypatch.setattr(watcher_module, "look", look)
        monkeypatch.setattr(watcher_module, "ticks", lambda *_, **__: [False] * 10)
        bench.now += 61
        bench.watcher.watch(poll=None)
        assert looks == 1, "the one at the start"

    def test_what_was_refused_and_came_back_is_tried_again(self, bench: Bench) -> None:
        bench.write("a.txt")
        bench.looked()
        bench.ends("a.txt", Outcome.FAILED)
        assert bench.looked() == []
        there = (bench.folder / "a.txt").rename(bench.folder.parent / "a.txt")
        assert bench.looked() == []
        there.rename(bench.folder / "a.txt")
        assert bench.looked() == ["a.txt"]

    def test_what_failed_for_a_while_is_tried_again_after_a_minute(self, bench: Bench) -> None:
        bench.write("a.txt")
        bench.looked()
        bench.ends("a.txt", Outcome.FAILED, may_pass=True)
        bench.now += 59
        assert bench.looked() == []
        bench.now += 1
        assert bench.looked() == ["a.txt"]


class Away:
    """A server that has the interview already, and goes away while its debrief is made."""

    def __init__(self, failures: int) -> None:
        self._failures = failures

    def list_interviews(self, *_: object, **__: object) -> Json:
        row = {"id": "i", "status": "analysing", "recording": None, "progress": None}
        return {"items": [row], "next_cursor": None}

    def interview(self, _: str) -> Json:
        if self._failures:
            self._failures -= 1
            raise ApiFailed("The server does not answer.")
        return {"id": "i", "status": "done", "recording": None, "progress": None}

    def newest_analysis(self, _: str) -> None:
        return None


class TestAnOutage:
    @pytest.mark.parametrize(("for_ever", "outcome"), [(True, Outcome.DONE), (False, Outcome.FAILED)])
    def test_who_follows_for_ever_outlasts_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, for_ever: bool, outcome: Outcome
    ) -> None:
        monkeypatch.setattr(shipping_module, "ASK_EVERY", 0.0)
        file = tmp_path / "a.txt"
        file.write_text("x")
        plan = Plan(lambda _: Details(), jobs=1, for_ever=for_ever)
        results: list[Result] = []
        with Shipping(cast(Api, Away(3)), Patience(0.0), plan, Display()) as shipping:
            shipping.submit(Item(None, file))
            while shipping.is_busy:
                results += shipping.step(0.01)
        assert [result.outcome for result in results] == [outcome]


class TestClaims:
    def test_that_of_a_file_that_is_gone_is_taken_over(self, tmp_path: Path) -> None:
        first, second = tmp_path / "a.txt", tmp_path / "b.txt"
        plan = Plan(lambda _: Details(), jobs=1, wait=False)

        def outcome(shipping: Shipping, file: Path) -> Outcome:
            shipping.submit(Item(None, file))
            while True:
                for result in shipping.step(0.01):
                    return result.outcome

        with Shipping(cast(Api, Away(0)), Patience(0.0), plan, Display()) as shipping:
            first.write_text("x")
            assert outcome(shipping, first) is Outcome.SENT
            second.write_text("x")
            assert outcome(shipping, second) is Outcome.DUPLICATE
            first.unlink()
            assert outcome(shipping, second) is Outcome.SENT
