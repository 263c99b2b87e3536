"""What comes in through connections, when it comes too early, twice, or to an interview that went another way."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.core.container import Container, open_container
from app.jobs.pipeline import ingest
from app.models.base import utc_now
from app.models.connection import Connection, ConnectionKind, InterviewDefaults, Preference
from app.models.interview import Failure, Interview, Status, entering
from app.repositories.base import Expect
from app.services.connections import ConnectionDraft
from tests.api.v1.test_recordings import tone
from tests.fixtures.connected import PRIVATE
from tests.fixtures.server import make_settings
from tests.standins.zoom.meetings import Meeting, Stretch, completed, sample_transcript
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


async def told(container: Container, connection: Connection, meeting: Meeting) -> Interview:
    """An interview that the service told of."""
    body = json.dumps(completed(meeting, BASE, "a-token")).encode()
    received = await container.intake.receive_event(connection, body)
    return await container.interviews.get(ORGANISATION, received.interview_ids[0])


async def dead(container: Container, interview: Interview) -> Interview:
    """It could not be fetched."""
    failure = Failure(
        step=Status.FETCHING, code="source_refused", message="x", attempts=1, failed_at=utc_now()
    )
    changes = {**entering(Status.FAILED, utc_now()), "failure": failure}
    failed = await container.repositories.jobs.compare_and_set(interview.id, Expect(), changes)
    assert failed is not None
    return failed


async def silent(_: float) -> None:
    pass


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
