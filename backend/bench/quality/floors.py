"""Floors under the figures: `--check` fails below them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter

FLOORS: Final = Path(__file__).parent / "floors.toml"


class Floors(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    at_least: dict[str, float] = {}
    at_most: dict[str, float] = {}


def load_floors(path: Path = FLOORS) -> dict[str, Floors]:
    """By the name of the engine."""
    return TypeAdapter(dict[str, Floors]).validate_python(tomllib.loads(path.read_text(encoding="utf-8")))


def missed(floors: Floors, values: Mapping[str, float | None]) -> Iterator[str]:
    """A sentence for each figure that is not where it should be, or that nobody measures."""
    for name, floor in floors.at_least.items():
        value = values.get(name)
        if value is None:
            yield f"{name}: nothing was measured, at least {floor:g} is wanted"
        elif value < floor:
            yield f"{name}: {value:.3f} is below {floor:g}"
    for name, ceiling in floors.at_most.items():
        if name not in values:
            yield f"{name}: there is no such figure"
        elif (value := values[name]) is not None and value > ceiling:
            yield f"{name}: {value:.3f} is above {ceiling:g}"
