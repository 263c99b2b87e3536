"""The vendor's part of the story: send the recording, wait for the answer, read it, or do without.

A job is written down before it is sent, so that an answer finds it however early it comes. If nothing comes, the
recording is sent once more as a new generation of the same job; the first answer to any of them counts.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from anyio import to_thread

from app.core.container import Container
from app.core.errors import ProviderError, ProviderRejected, ProviderUnavailable
from app.jobs.recording import RecordingLost, keep_transcript
from app.jobs.steps import Advance, Postpone, ReportProgress
from app.models.base import new_id, utc_now
from app.models.interview import Interview, Recording, Status, TranscriptionJob
from app.models.organisation import WhenDown
from app.repositories.base import Expect, Fenced
from app.services.callbacks import pack, unpack
from app.services.storage.service import delivery_key
from app.services.transcription.base import Order, VendorFailed, VendorTranscriber

GENERATIONS: Final = 2
_TRIES_BEFORE_NEXT: Final = 3
_PATIENCE: Final = timedelta(days=1)
_FIRST_WAIT: Final = 30.0
_LONGEST_WAIT: Final = 600.0
_FULL_WAIT: Final = 5.0
"""Seconds until the vendor's queue is looked at again."""


class AnswerOverdue(ProviderRejected):
    code = "transcription_overdue"


class VendorGone(ProviderUnavailable):
    code = "vendor_not_configured"


async def submit(c: Container, interview: Interview, _: ReportProgress) -> Advance | Postpone:
    """Send the recording to the vendor: by address with a callback, or whole, waiting for the answer."""
    recording = interview.recording
    if recording is None:
        raise RecordingLost("The recording is gone; upload it again.")
    if await c.repositories.jobs.count_awaiting(utc_now()) >= c.settings.deepgram.in_flight:
        return Postpone(_FULL_WAIT)
    job = await _write_down(c, interview, recording)
    try:
        if c.vendor is None:
            raise VendorGone("Deepgram is no longer configured here.")
        template = await c.templates.edition(interview.organisation_id, interview.template)
        rule = await c.analysis_rules.of(interview.organisation_id)
        order = Order.of(interview, template, sentiment=rule.shows_sentiment)
        if c.uses_callbacks:
            return await _send_address(c, c.vendor, interview, recording, job, order)
        return await _send_and_wait(c, c.vendor, interview, recording, job, order)
    except ProviderError as error:
        return await _when_down(c, interview, job, error)


async def overdue(c: Container, interview: Interview, _: ReportProgress) -> Advance | Postpone:
    """No answer came in time: send the recording once more, then do what the organisation wants."""
    job = _job(interview)
    if job.generation < GENERATIONS:
        return _again(job)
    minutes = round(c.settings.deepgram.deepgram_deadline_seconds / 60)
    error = AnswerOverdue(
        f"Deepgram took the recording {GENERATIONS} times and sent no transcript within {minutes} minutes of either. "
        "Check that PUBLIC_URL can be reached from the internet (`python -m app.cli doctor`), then retry."
    )
    return await _when_down(c, interview, job, error)


async def read_answer(c: Container, interview: Interview, _: ReportProgress) -> Advance | Postpone:
    """Make the transcript from what the vendor sent."""
    job = _job(interview)
    if c.vendor is None or job.delivery_key is None:
        raise VendorGone("Deepgram is no longer configured here; its answer cannot be read.")
    kept = await c.store.get_bytes(job.delivery_key)
    try:
        draft = await to_thread.run_sync(lambda kept, parse: parse(unpack(kept)), kept, c.vendor.parse)
    except VendorFailed as error:
        if error.may_pass and job.generation < GENERATIONS:
            return _again(job)
        return await _when_down(c, interview, job, error)
    return await keep_transcript(c, interview, draft)


async def _write_down(c: Container, interview: Interview, recording: Recording) -> TranscriptionJob:
    """The job of this recording, stored under the fence of this claim. Raises `Fenced`."""
    job = interview.transcription
    if job is None or job.recording_key != recording.key or job.delivery_key or job.given_up:
        job = TranscriptionJob(id=new_id(), recording_key=recording.key, created_at=utc_now())
        expected = Expect(statuses=(Status.SUBMITTING,), epoch=interview.epoch)
        written = await c.repositories.jobs.compare_and_set(interview.id, expected, {"transcription": job})
        if written is None:
            raise Fenced("A newer claim exists.")
    return job


async def _send_address(
    c: Container,
    vendor: VendorTranscriber,
    interview: Interview,
    recording: Recording,
    job: TranscriptionJob,
    order: Order,
) -> Advance:
    deadline = timedelta(seconds=c.settings.deepgram.deepgram_deadline_seconds)
    signed = await c.store.sign_get(
        recording.key,
        # The vendor may fetch the recording at any time until the answer is overdue.
        expires_in=max(c.settings.storage.signed_url_seconds, int(deadline.total_seconds())),
        content_type=recording.content_type,
    )
    if signed is None:
        raise ProviderRejected("The object store hands out no addresses; set DEEPGRAM_DELIVERY=wait.")
    request_id = await vendor.submit(signed.url, order, c.callbacks.address(interview.id, job))
    sent = job.model_copy(update={"request_id": request_id})
    return Advance(Status.AWAITING, {"transcription": sent, "due_at": utc_now() + deadline})


async def _send_and_wait(
    c: Container,
    vendor: VendorTranscriber,
    interview: Interview,
    recording: Recording,
    job: TranscriptionJob,
    order: Order,
) -> Advance:
    answer = await vendor.transcribe(c.store.read(recording.key), order)
    key = delivery_key(interview.organisation_id, interview.id, job.id)
    await c.store.put_bytes(key, await to_thread.run_sync(pack, answer), "application/zlib")
    return Advance(
        Status.INGESTING, {"transcription": job.model_copy(update={"delivery_key": key, "request_id": None})}
    )


async def _when_down(
    c: Container, interview: Interview, job: TranscriptionJob, error: ProviderError
) -> Advance | Postpone:
    """What the organisation's rule says; raises the error where that is to count attempts, or to fail."""
    when_down = (await c.transcription_rules.of(interview.organisation_id)).when_down
    may_pass = isinstance(error, ProviderUnavailable)
    if when_down is WhenDown.NEXT and not (may_pass and interview.attempt < _TRIES_BEFORE_NEXT):
        return Advance(
            Status.TRANSCRIBING, {"transcription": job.model_copy(update={"given_up": error.detail})}
        )
    if when_down is WhenDown.WAIT and may_pass and utc_now() - job.created_at < _PATIENCE:
        wait = min(_FIRST_WAIT * 2 ** min(job.waits, 10), _LONGEST_WAIT)
        longer = job.model_copy(update={"waits": job.waits + 1})
        return Postpone(
            max(wait, getattr(error, "retry_after", None) or 0.0), error.code, {"transcription": longer}
        )
    raise error


def _again(job: TranscriptionJob) -> Advance:
    update = {"generation": job.generation + 1, "delivery_key": None, "request_id": None}
    return Advance(Status.SUBMITTING, {"transcription": job.model_copy(update=update)})


def _job(interview: Interview) -> TranscriptionJob:
    if interview.transcription is None:
        raise RecordingLost("Nothing was given to a transcription vendor; upload the recording again.")
    return interview.transcription
