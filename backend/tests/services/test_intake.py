"""What comes in through connections, when it comes too early, twice, or to an interview that went another way."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.core.container import Container, open_container
from app.jobs.execution import Attempt
from app.jobs.fetching import fetch
from app.jobs.pipeline import PIPELINE, ingest
from app.jobs.steps import Advance
from app.models.base import utc_now
from app.models.connection import Connection, ConnectionKind, InterviewDefaults, Preference
from app.models.interview import Failure, Interview, Recording, Status, entering
from app.repositories.base import Expect
from app.services.connections import ConnectionDraft
from app.services.intake import Outcome
from app.services.interviews import InterviewDraft
from app.services.storage.service import interview_prefix
from tests.api.v1.test_recordings import tone
from tests.fixtures.connected import PRIVATE
from tests.fixtures.server import make_settings
from tests.standins.zoom.meetings import (
    Meeting,
    Stretch,
    completed,
    sample_transcript,
    transcript_completed,
)
from tests.standins.zoom.server import SECRET

ORGANISATION = "acme"
BASE = "http://127.0.0.1:9"


@pytest.fixture
async def container(tmp_path: Path) -> AsyncIterator[Container]:
    settings = make_settings(tmp_path, outgoing=PRIVATE, worker={"worker_in_process": False})
    async with open_container(settings) as opened:
        yield opened


@pytest.fixture
async def connection(container: Container) -> Connection:
    draft = ConnectionDraft(ConnectionKind.ZOOM, "Zoom", SECRET, Preference.AUDIO, InterviewDefaults())
    return await container.connections.create(ORGANISATION, draft, by="ada")


@pytest.fixture
def meeting() -> Meeting:
    return Meeting([Stretch({"M4A": b"a", "TRANSCRIPT": b"t"})])


async def told(
    container: Container, connection: Connection, meeting: Meeting, without: tuple[str, ...] = ()
) -> Interview:
    """An interview that the service told of."""
    body = json.dumps(completed(meeting, BASE, "a-token", without=without)).encode()
    received = await container.intake.receive_event(connection, body)
    return await container.interviews.get(ORGANISATION, received.interview_ids[0])


async def dead(container: Container, interview: Interview, step: Status = Status.FETCHING) -> Interview:
    """It could not be fetched, or came to its end later."""
    failure = Failure(step=step, code="source_refused", message="x", attempts=1, failed_at=utc_now())
    changes = {**entering(Status.FAILED, utc_now()), "failure": failure}
    failed = await container.repositories.jobs.compare_and_set(interview.id, Expect(), changes)
    assert failed is not None
    return failed


async def with_recording(
    container: Container, connection: Connection, meeting: Meeting, status: Status
) -> Interview:
    """Everything but the transcript file was here and looked at, and it went on from there."""
    interview = await told(container, connection, meeting, without=("TRANSCRIPT",))
    recording = Recording(
        key="x",
        upload_id=None,
        filename="x.m4a",
        content_type="audio/mp4",
        size=1,
        etag="x",
        container="mp4",
        duration=1.0,
        channels=1,
        sample_rate=8000,
        has_video=False,
        peaks_key="x",
        uploaded_at=utc_now(),
    )
    changes = {**entering(status, utc_now()), "recording": recording}
    changed = await container.repositories.jobs.compare_and_set(interview.id, Expect(), changes)
    assert changed is not None
    return changed


async def told_in_vain(container: Container, connection: Connection, meeting: Meeting) -> Advance:
    """What comes of a late transcript that is nowhere to be had."""
    body = json.dumps(transcript_completed(meeting, BASE, "a-token")).encode()
    received = await container.intake.receive_event(connection, body)
    assert received.outcome is Outcome.ACCEPTED
    now = utc_now()
    claimed = await container.repositories.jobs.claim_due(
        now, [Status.FETCHING], owner="w", lease_until=now + timedelta(minutes=1)
    )
    assert claimed is not None
    last = container.settings.worker.worker_max_attempts
    return await fetch(container, claimed.model_copy(update={"attempt": last}), silent)


async def silent(_: float) -> None:
    pass


async def purged(container: Container, interview: Interview, after: timedelta) -> Interview | None:
    """The tombstone after workers came by so much later; None when it is gone."""
    jobs = container.repositories.jobs
    now = utc_now() + after
    claimed = await jobs.claim_due(now, [Status.DELETED], owner="w", lease_until=now + timedelta(minutes=1))
    assert claimed is not None
    # By the clock of the claim: the deletion was so long ago.
    kept_until = claimed.kept_until and claimed.kept_until - after
    older = claimed.model_copy(update={"kept_until": kept_until})
    await Attempt(container, older, PIPELINE[Status.DELETED]).run()
    return await jobs.get(interview.id)


class TestDeleted:
    async def test_a_repeated_call_does_not_bring_it_back_for_a_day(
        self, container: Container, connection: Connection, meeting: Meeting
    ) -> None:
        interview = await told(container, connection, meeting)
        await container.interviews.delete(ORGANISATION, interview.id)
        # Written by a worker that did not know.
        await container.store.put_bytes(f"{_prefix(interview)}late", b"x", content_type="text/plain")
        kept = await purged(container, interview, timedelta(minutes=20))
        assert kept is not None
        assert kept.source is None
        assert [key async for key in container.store.list_keys(_prefix(interview))] == []
        body = json.dumps(completed(meeting, BASE, "a-token")).encode()
        again = await container.intake.receive_event(connection, body)
        assert (again.outcome, again.interview_ids) == (Outcome.DUPLICATE, ())
        assert await purged(container, interview, timedelta(hours=25)) is None

    async def test_what_no_call_made_is_gone_with_the_first_purge(self, container: Container) -> None:
        interview = await container.interviews.create(
            ORGANISATION, InterviewDraft("x"), created_by="ada", idempotency_key="key"
        )
        await container.interviews.delete(ORGANISATION, interview.id)
        assert await purged(container, interview, timedelta(minutes=20)) is None

    async def test_the_day_begins_with_the_deletion(
        self, container: Container, connection: Connection, meeting: Meeting
    ) -> None:
        interview = await told(container, connection, meeting)
        await container.interviews.delete(ORGANISATION, interview.id)
        deleted = await container.repositories.jobs.get(interview.id)
        kept = await purged(container, interview, timedelta(minutes=20))
        assert deleted is not None
        assert kept is not None
        assert kept.updated_at == deleted.updated_at
        left = kept.due_at + timedelta(minutes=20) - deleted.updated_at
        assert abs(left - timedelta(days=1)) < timedelta(minutes=1)


class TestLateAndOfNoUse:
    """A transcript that comes after everything else, and cannot be had, leaves everything as it was."""

    @pytest.mark.parametrize(
        "status",
        [
            Status.PREPARING,
            Status.INGESTING,
            Status.ANALYSING,
            Status.NOTIFYING,
            Status.MEASURING,
            Status.DONE,
        ],
    )
    async def test_what_it_interrupted_goes_on(
        self, container: Container, connection: Connection, meeting: Meeting, status: Status
    ) -> None:
        await with_recording(container, connection, meeting, status)
        advance = await told_in_vain(container, connection, meeting)
        assert advance.to is status
        assert advance.changes["source"].interrupted is None
        assert advance.changes["source"].transcript_problem

    @pytest.mark.parametrize("status", [Status.SUBMITTING, Status.AWAITING, Status.TRANSCRIBING])
    async def test_the_making_of_ours_begins_anew(
        self, container: Container, connection: Connection, meeting: Meeting, status: Status
    ) -> None:
        """Also where there was one, and another was asked for."""
        interview = await with_recording(container, connection, meeting, status)
        await container.repositories.jobs.compare_and_set(interview.id, Expect(), {"transcript_revision": 1})
        assert (await told_in_vain(container, connection, meeting)).to is Status.PREPARING

    async def test_what_had_failed_has_failed_for_the_same_reason(
        self, container: Container, connection: Connection, meeting: Meeting
    ) -> None:
        interview = await with_recording(container, connection, meeting, Status.TRANSCRIBING)
        failed = await dead(container, interview, Status.TRANSCRIBING)
        advance = await told_in_vain(container, connection, meeting)
        assert (advance.to, advance.changes["failure"]) == (Status.FAILED, failed.failure)


def _prefix(interview: Interview) -> str:
    return interview_prefix(interview.organisation_id, interview.id)


class TestByHand:
    """What a fetch did not bring, a person brings."""

    async def test_a_transcript_makes_the_fetch_that_failed_forgotten(
        self, container: Container, connection: Connection, meeting: Meeting
    ) -> None:
        interview = await dead(container, await told(container, connection, meeting))
        brought = await container.transcripts.import_file(
            ORGANISATION, interview.id, sample_transcript(), filename="x.vtt"
        )
        assert brought.source is not None
        assert (brought.source.url, brought.source.transcript_url, brought.source.token) == ("", None, None)
        assert brought.source.connection_id == connection.id
        # It is not fetched again, only to fail once more.
        advance = await ingest(container, brought.model_copy(update={"epoch": 9, "attempt": 1}), silent)
        assert getattr(advance, "to", None) is Status.ANALYSING

    async def test_a_transcript_in_the_middle_of_a_fetch_does_not(
        self, container: Container, connection: Connection, meeting: Meeting
    ) -> None:
        interview = await told(container, connection, meeting)
        brought = await container.transcripts.import_file(
            ORGANISATION, interview.id, sample_transcript(), filename="x.vtt"
        )
        assert brought.source == interview.source
        advance = await ingest(container, brought.model_copy(update={"epoch": 9, "attempt": 1}), silent)
        assert getattr(advance, "to", None) is Status.FETCHING

    async def test_another_address_leaves_the_connection_that_it_came_by(
        self, container: Container, connection: Connection, meeting: Meeting
    ) -> None:
        interview = await dead(container, await told(container, connection, meeting))
        again = await container.intake.fetch(
            ORGANISATION, interview.id, url=f"{BASE}/x.wav", filename="x.wav"
        )
        assert again.source is not None
        assert (again.source.url, again.source.token) == (f"{BASE}/x.wav", None)
        assert again.source.connection_id == connection.id

    async def test_a_recording_makes_address_and_token_forgotten(
        self, container: Container, connection: Connection, meeting: Meeting
    ) -> None:
        interview = await dead(container, await told(container, connection, meeting))

        async def chunks() -> AsyncIterator[bytes]:
            yield tone(1)

        brought = await container.recordings.put(
            ORGANISATION,
            interview.id,
            chunks(),
            filename="x.m4a",
            content_type="audio/mp4",
            declared_size=None,
        )
        assert brought.source is not None
        assert (brought.source.url, brought.source.transcript_url, brought.source.token) == ("", None, None)
