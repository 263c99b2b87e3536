"""Shared fixtures live in `tests/fixtures`, one file for each subject."""

from __future__ import annotations

import os

# The application object is built when `app.main` is imported; tests must not pick up a developer's settings.
os.environ.setdefault("ENVIRONMENT", "test")

pytest_plugins = ["tests.fixtures.databases", "tests.fixtures.server"]
