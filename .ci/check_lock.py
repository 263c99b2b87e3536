"""The lock files satisfy pyproject.toml: every direct requirement is pinned to a version that it allows.

Compiling again would pick up releases of the day and fail for no fault of the change, so the check reads only.
"""

import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]


def pins(path: Path) -> dict[str, str]:
    found = {}
    for line in path.read_text().splitlines():
        match = re.match(r"^([A-Za-z0-9_.-]+)(?:\[.*\])?==([^ ;]+)", line)
        if match:
            found[canonicalize_name(match[1])] = match[2]
    return found


def main() -> int:
    project = tomllib.loads((ROOT / "backend/pyproject.toml").read_text())
    groups = project["dependency-groups"]
    wanted = {
        "requirements.txt": [*project["project"]["dependencies"], *groups["test"]],
        "requirements-dev.txt": [g for g in groups["dev"] if isinstance(g, str)],
    }
    problems = []
    for name, requirements in wanted.items():
        locked = pins(ROOT / name)
        for text in requirements:
            requirement = Requirement(text)
            version = locked.get(canonicalize_name(requirement.name))
            if version is None:
                problems.append(f"{name}: {requirement.name} is not pinned")
            elif not requirement.specifier.contains(version, prereleases=True):
                problems.append(f"{name}: {requirement.name}=={version} does not satisfy {requirement.specifier}")
    dev, base = pins(ROOT / "requirements-dev.txt"), pins(ROOT / "requirements.txt")
    problems += [f"{n} is {v} in one lock and {dev[n]} in the other" for n, v in base.items() if dev.get(n, v) != v]
    print("\n".join(problems) or "The locks satisfy pyproject.toml.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
