"""The debrief's part of the story: analyse, and measure how far an analysis can be repeated."""

from __future__ import annotations

from typing import Any, Final

from app.core.container import Container
from app.core.errors import ProviderError, ProviderUnavailable
from app.jobs.steps import Advance, Postpone, ReportProgress
from app.models.analysis import Analysis
from app.models.base import utc_now
from app.models.interview import Analysed, Failure, Interview, OutboxEntry, Status
from app.models.notification import Topic
from app.models.organisation import WhenDown
from app.services.analysis.errors import ModelUnusable
from app.services.debriefing.answers import StoredAnswers
from app.services.notification.service import message

_FIRST_WAIT: Final = 30.0
_LONGEST_WAIT: Final = 600.0
_MOST_WAITS: Final = 150
"""About a day."""


async def analyse(c: Container, interview: Interview, report: ReportProgress) -> Advance | Postpone:
    """Write the debrief; every claim in it has been checked against the transcript."""
    revision = interview.analysis_revision + 1
    answers = _answers(c, interview, str(revision))
    try:
        analysis = await c.writer.write(interview, answers, report)
    except ProviderUnavailable as error:
        return await _when_down(c, interview, error)
    except ModelUnusable:
        await answers.forget()
        raise
    await c.repositories.analyses(interview.organisation_id).put(analysis)
    made_of = Analysed(transcript_revision=analysis.transcript_revision, template=interview.template)
    changes = {"analysis_revision": revision, "analysed": made_of, "analysis_waits": 0, **_waiting(analysis)}
    return Advance(Status.NOTIFYING, changes, _questions(interview, analysis))


def _waiting(analysis: Analysis) -> dict[str, Any]:
    """Whether the interview is among those that need a person to say who is who."""
    check = analysis.speaker_check
    waits = check is not None and analysis.waits_for_speakers
    return {"needs_speakers": waits, "speaker_reasons": check.reasons if check is not None and waits else ()}


def _questions(interview: Interview, analysis: Analysis) -> tuple[OutboxEntry, ...]:
    """What only a person can say."""
    check = analysis.speaker_check
    if check is None or not analysis.waits_for_speakers:
        return ()
    needed = message(
        Topic.SPEAKERS_NEEDED,
        analysis_revision=analysis.revision,
        verdict=check.verdict.value,
        requested_by=interview.analysis_requested_by,
    )
    return (needed,)


async def measure(c: Container, interview: Interview, report: ReportProgress) -> Advance:
    """Analyse the transcript as often as was asked for, and keep what that says about the debrief.

    When that cannot be done the interview says why, and is done as it was before.
    """
    revision = interview.stability_revision + 1
    books = [_answers(c, interview, f"stability-{revision}-{run}") for run in range(interview.stability_runs)]
    try:
        measured = await c.stability.measure(interview, books, report)
    except ProviderError as error:
        if isinstance(error, ModelUnusable):
            for answers in books:
                await answers.forget()
        if isinstance(error, ProviderUnavailable) and not _is_last(c, interview):
            raise
        return Advance(Status.DONE, {"stability_failure": _failure(interview, error)})
    await c.repositories.stability(interview.organisation_id).put(measured)
    return Advance(Status.DONE, {"stability_revision": revision, "stability_failure": None})


def _is_last(c: Container, interview: Interview) -> bool:
    return interview.attempt >= c.settings.worker.worker_max_attempts


def _failure(interview: Interview, error: ProviderError) -> Failure:
    return Failure(
        step=interview.status,
        code=error.code,
        message=error.detail,
        attempts=interview.attempt,
        failed_at=utc_now(),
    )


def _answers(c: Container, interview: Interview, name: str) -> StoredAnswers:
    return StoredAnswers(c.store, interview.organisation_id, interview.id, name)


async def _when_down(c: Container, interview: Interview, error: ProviderUnavailable) -> Postpone:
    """Wait, if that is what the organisation wants; raises the error where an attempt is to be counted."""
    when_down = (await c.analysis_rules.of(interview.organisation_id)).when_down
    if when_down is not WhenDown.WAIT or interview.analysis_waits >= _MOST_WAITS:
        raise error
    wait = min(_FIRST_WAIT * 2 ** min(interview.analysis_waits, 10), _LONGEST_WAIT)
    return Postpone(
        max(wait, error.retry_after or 0.0), error.code, {"analysis_waits": interview.analysis_waits + 1}
    )
