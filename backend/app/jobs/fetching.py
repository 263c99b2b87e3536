"""Fetch a recording that a meeting service, or a program of the organisation, told us of."""

from __future__ import annotations

from app.core.container import Container
from app.core.errors import InvalidInput
from app.jobs.steps import Advance, ReportProgress
from app.models.interview import Interview


class SourceLost(InvalidInput):
    code = "source_missing"


async def fetch(_: Container, __: Interview, ___: ReportProgress) -> Advance:
    raise SourceLost("Nothing says where the recording is.")
