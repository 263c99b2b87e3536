"""The whole story of an interview, top to bottom, one short function per step.

    address ───► fetch ─┐
    further part ► join ┤
    recording ──────────┴─► prepare ─┬──────────► transcribe ───────────┐
                                     └─► submit ─► (callback) ─► ingest ─┼─► analyse ─► notify ─► done
    transcript file ───────────────────────────────────────────► ingest ─┘

`fetch` is in `jobs.fetching`: an address is what comes in through a connection (`services.intake`). `join` is in
`jobs.joining`: a recording that was interrupted comes as several files. `transcribe` is the engine of this machine;
`submit` and what follows it is a vendor's part (`jobs.vendor`); `analyse` is in `jobs.debriefs`, and so is `measure`,
which is asked for by a person and goes from done to done.

A step gets the interview as it was claimed and says where to go next. It writes results under the interview's next
revision and the epoch of its claim; they count once the runner has committed the revision. Any step may be run twice,
killed anywhere and run again.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from anyio import Path as AsyncPath
from anyio import to_thread
from pydantic_core import to_json

from app.core.container import Container
from app.core.errors import InvalidInput
from app.jobs.debriefs import analyse, measure
from app.jobs.fetching import fetch
from app.jobs.joining import join, remove_superseded
from app.jobs.recording import RecordingLost, keep_transcript
from app.jobs.steps import Advance, Capacity, Postpone, ReportProgress, Settled, StepSpec
from app.jobs.vendor import overdue, read_answer, submit
from app.models.interview import Interview, Status
from app.models.notification import Topic
from app.models.transcript import TranscriptDraft
from app.services.notification.service import message
from app.services.storage.service import peaks_key
from app.services.transcription.base import Hints
from app.services.transcription.importers import parse_transcript


class RecordingSilent(InvalidInput):
    code = "recording_silent"


async def prepare(c: Container, interview: Interview, report: ReportProgress) -> Advance:
    """Decode the recording once from end to end: is there sound, is it whole, what does its waveform look like."""
    recording = interview.recording
    if recording is None:
        raise RecordingLost("The recording is gone; upload it again.")
    await remove_superseded(c, interview)
    async with c.store.as_file(recording.key) as path:
        prepared = await c.media.prepare(path)
    if prepared.is_silent and interview.imported is None:
        raise RecordingSilent(
            "The recording has no audible sound. Check the microphone and upload another recording."
        )
    await report(0.9)
    key = peaks_key(interview.organisation_id, interview.id)
    await c.store.put_bytes(key, to_json(prepared.peaks), content_type="application/json")
    changed = recording.model_copy(
        update={
            "peaks_key": key,
            "duration": prepared.info.duration,
            "channels": prepared.info.channels,
            "problems": prepared.problems,
        }
    )
    return Advance(await _after_prepare(c, interview), {"recording": changed})


async def _after_prepare(c: Container, interview: Interview) -> Status:
    """A transcript that was brought along is better than one that we or a vendor would make."""
    if interview.imported is None:
        vendor = await c.transcription_rules.vendor_for(interview.organisation_id)
        return Status.SUBMITTING if vendor else Status.TRANSCRIBING
    return Status.ANALYSING if interview.transcript_revision else Status.INGESTING


async def transcribe(c: Container, interview: Interview, report: ReportProgress) -> Advance:
    """Turn the recording into utterances with speakers."""
    recording = interview.recording
    if recording is None:
        raise RecordingLost("The recording is gone; upload it again.")
    hints = Hints(language=interview.language, speakers=interview.speakers_expected)
    scratch = c.settings.server.data_dir / "scratch"
    await AsyncPath(scratch).mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryDirectory(dir=scratch, prefix=f"{interview.id}-", ignore_cleanup_errors=True) as folder:
        async with c.store.as_file(recording.key) as path:
            audio = await c.media.decode(path, target=Path(folder) / "audio.wav")
        draft = await c.transcriber.transcribe(audio, hints, report)
    return await keep_transcript(c, interview, _with_excuse(interview, draft))


def _with_excuse(interview: Interview, draft: TranscriptDraft) -> TranscriptDraft:
    """Where another engine was to do it, the transcript says why this one did."""
    job = interview.transcription
    if job is None or job.given_up is None:
        return draft
    excuse = f"Made by {draft.engine.name}, because the chosen engine did not work: {job.given_up}"
    return draft.model_copy(update={"warnings": (excuse, *draft.warnings)})


async def ingest(c: Container, interview: Interview, report: ReportProgress) -> Advance | Postpone:
    """Read a vendor's answer, or the transcript file that came instead of, or next to, a recording."""
    if interview.transcription is not None and interview.transcription.delivery_key is not None:
        return await read_answer(c, interview, report)
    imported = interview.imported
    if imported is None:
        raise RecordingLost("The transcript file is gone; send it again.")
    data = await c.store.get_bytes(imported.key)
    await report(0.2)
    draft = await to_thread.run_sync(
        partial(
            parse_transcript,
            data,
            filename=imported.filename,
            max_bytes=c.settings.limits.max_transcript_bytes,
        )
    )
    return await keep_transcript(c, interview, draft, then=_after_import(interview))


def _after_import(interview: Interview) -> Status:
    """What a person's transcript interrupted, if it did: the recording is wanted all the same."""
    if interview.recording is None:
        is_to_come = interview.source is not None and interview.source.url != ""
        return Status.FETCHING if is_to_come else Status.ANALYSING
    return Status.PREPARING if interview.recording.peaks_key is None else Status.ANALYSING


async def notify(_: Container, interview: Interview, __: ReportProgress) -> Advance:
    """Say that the debrief is ready: the message is in the same update as `done`, so neither comes alone."""
    ready = message(
        Topic.DEBRIEF_READY,
        analysis_revision=interview.analysis_revision,
        requested_by=interview.analysis_requested_by,
    )
    return Advance(Status.DONE, {}, (ready,))


async def erase(c: Container, interview: Interview, _: ReportProgress) -> Settled:
    """Finish a deletion that was begun by a request which did not live to see its end."""
    await c.eraser.erase(interview)
    return Settled()


async def purge(c: Container, interview: Interview, _: ReportProgress) -> Settled | Postpone:
    """Remove the tombstone of a deleted interview, as soon as it may go."""
    left = await c.eraser.purge(interview)
    if left is None:
        return Settled()
    # The moment of the deletion stays: to those who follow changes this is none.
    return Postpone(left.total_seconds(), changes={"updated_at": interview.updated_at})


PIPELINE: Final = {
    Status.FETCHING: StepSpec(fetch, timeout=3600, uses=Capacity.IO),
    Status.JOINING: StepSpec(join, timeout=3600, uses=Capacity.CPU),
    Status.PREPARING: StepSpec(prepare, timeout=3600, uses=Capacity.CPU),
    Status.SUBMITTING: StepSpec(submit, timeout=3600, uses=Capacity.VENDOR),
    Status.AWAITING: StepSpec(overdue, timeout=60, uses=Capacity.IO),
    Status.TRANSCRIBING: StepSpec(transcribe, timeout=6 * 3600, uses=Capacity.CPU),
    Status.INGESTING: StepSpec(ingest, timeout=600, uses=Capacity.IO),
    Status.ANALYSING: StepSpec(analyse, timeout=1800, uses=Capacity.IO),
    Status.NOTIFYING: StepSpec(notify, timeout=60, uses=Capacity.IO),
    Status.MEASURING: StepSpec(measure, timeout=3 * 3600, uses=Capacity.IO),
    Status.DELETING: StepSpec(erase, timeout=600, uses=Capacity.IO),
    Status.DELETED: StepSpec(purge, timeout=600, uses=Capacity.IO),
}
