"""`python -m bench.quality.stamp NAME…`: give the lines of scripts their ids and times."""

from __future__ import annotations

import sys

from bench.quality.interview import FOLDER
from bench.quality.script import stamp


def main(given: list[str]) -> None:
    for name in given:
        path = FOLDER / f"{name}.txt"
        path.write_text(stamp(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
