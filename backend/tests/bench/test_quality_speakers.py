"""Roles of the labelled interviews without their labels: nobody gets a wrong one."""

from __future__ import annotations

import pytest

from bench.quality.interview import load, names
from bench.quality.speakers import Given, Told, talks, told


@pytest.mark.parametrize("given", Given)
@pytest.mark.parametrize("name", names())
def test_right_in_interviews_and_never_wrong_in_panels(name: str, given: Given) -> None:
    whole, *panels = (told(talk) for talk in talks(load(name), given))
    assert whole[Told.RIGHT] == whole.total()
    assert all(panel[Told.WRONG] == 0 for panel in panels)
