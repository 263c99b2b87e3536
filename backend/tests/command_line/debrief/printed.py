"""A debrief as the API gives it, in which every field is filled, and what the terminal makes of it."""

from __future__ import annotations

import io
from typing import Any

from rich.console import Console

from app.api.v1.schemas.analyses import AnalysisOut
from app.api.v1.schemas.interviews import InterviewOut
from app.api.v1.schemas.transcripts import TranscriptOut
from app.command_line.debrief.page import print_debrief
from app.models.analysis import Analysis
from app.models.scorecard import Review
from app.models.stability import StabilityReport
from app.services.analysis_view import apply_review, with_stability
from app.services.reviews import ReadDebrief
from tests.services.export.analysed import TEMPLATE, a_full_analysis
from tests.services.export.facts import an_engineers_interview, the_transcript

Json = dict[str, Any]


def answer(
    analysis: Analysis,
    review: Review | None = None,
    *,
    outdated: tuple[str, ...] = (),
    stability: StabilityReport | None = None,
) -> Json:
    """What the API says of this analysis."""
    view = with_stability(apply_review(analysis, review, TEMPLATE), stability)
    return AnalysisOut.read(ReadDebrief(view, outdated)).model_dump(mode="json")


def shown(
    analysis: Json | None = None, *, width: int = 80, transcript: Json | None = None, terminal: bool = False
) -> str:
    """As it is printed: into a file, or on a terminal with colours."""
    file = io.StringIO()
    console = Console(
        file=file,
        width=width,
        highlight=False,
        force_terminal=terminal,
        color_system="standard" if terminal else None,
    )
    print_debrief(
        console,
        InterviewOut.model_validate(an_engineers_interview()).model_dump(mode="json"),
        transcript or TranscriptOut.model_validate(the_transcript()).model_dump(mode="json"),
        analysis or answer(a_full_analysis()),
    )
    return file.getvalue()


def words_of(printed: str) -> str:
    """Without line breaks and blanks, so that a sentence is found however it was wrapped."""
    return " ".join(printed.split())
