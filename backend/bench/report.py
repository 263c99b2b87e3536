"""One measured ratio and its goal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ratio:
    """`value` compares Debrief with its peer; `at_least` or `at_most` is the goal (neither: only reported)."""

    what: str
    peer: str
    value: float
    at_least: float | None = None
    at_most: float | None = None
    unit: str = "%"

    @property
    def met(self) -> bool:
        too_low = self.at_least is not None and self.value < self.at_least
        too_high = self.at_most is not None and self.value > self.at_most
        return not (too_low or too_high)

    @property
    def shown(self) -> str:
        return self._format(self.value)

    @property
    def goal_shown(self) -> str:
        if self.at_least is not None:
            return f"≥ {self._format(self.at_least)}"
        return f"≤ {self._format(self.at_most)}" if self.at_most is not None else "–"

    def _format(self, value: float) -> str:
        return f"{value:.0%}" if self.unit == "%" else f"{value:.2f} {self.unit}"


def show(ratios: Iterable[Ratio]) -> None:
    for ratio in ratios:
        missed = "" if ratio.met else " - MISSED"
        print(f"{ratio.what}: {ratio.shown} ({ratio.peer}; goal {ratio.goal_shown}){missed}")
