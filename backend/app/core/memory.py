"""The garbage collector and the event loop."""

from __future__ import annotations

import gc
from functools import cache


@cache
def spare_the_collector() -> None:
    """Let the collector skip what is there once the process has started: modules, schemas, clients.

    A full collection walks every object while nothing else runs. Over all that was imported this takes 50 to 100 ms, and
    reading one long transcript sets off several; over what requests make it takes a few.
    """
    gc.freeze()
