"""The step that fetches, killed at its worst moments: nothing is fetched in vain and nothing is left over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from app.core.container import Container, open_container
from app.core.errors import AppError
from app.jobs.fetching import SourceLost, fetch
from app.models.base import utc_now
from app.models.interview import Interview, RemoteSource, Status
from app.services.downloads import SourceUnavailable
from app.services.interviews import InterviewDraft
from app.services.storage.service import fetched_key
from tests.api.v1.test_recordings import tone
from tests.fixtures.connected import PRIVATE
from tests.fixtures.server import make_settings
from tests.standins.zoom.meetings import Meeting, Stretch, sample_transcript
from tests.standins.zoom.server import Zoom

ORGANISATION = "acme"


@pytest.fixture
async def container(tmp_path: Path) -> AsyncIterator[Container]:
    settings = make_settings(tmp_path, outgoing=PRIVATE, worker={"worker_in_process": False})
    async with open_container(settings) as opened:
        yield opened


async def told(container: Container, zoom: Zoom, **files: bytes) -> Interview:
    """An interview that is to be fetched from the stand-in's store."""
    meeting = Meeting([Stretch(files)])
    zoom.keep(meeting)
    urls = {kind: zoom.open_url(file_id) for _, kind, file_id, _ in meeting.files()}
    source = RemoteSource(
        url=urls["M4A"],
        filename="x.m4a",
        transcript_url=urls.get("TRANSCRIPT"),
        token="a-token",
        received_at=utc_now(),
    )
    return await container.interviews.create(
        ORGANISATION, InterviewDraft("x"), created_by="ada", idempotency_key=None, source=source
    )


def claimed(interview: Interview, epoch: int, attempt: int = 1) -> Interview:
    return interview.model_copy(update={"epoch": epoch, "attempt": attempt})


def without_recording(interview: Interview) -> Interview:
    """Its recording is nowhere."""
    assert interview.source is not None
    source = interview.source.model_copy(update={"url": "http://127.0.0.1:1/x.m4a"})
    return interview.model_copy(update={"source": source})


def without_transcript(interview: Interview) -> Interview:
    """Its transcript file is nowhere."""
    assert interview.source is not None
    source = interview.source.model_copy(update={"transcript_url": "http://127.0.0.1:1/x.vtt"})
    return interview.model_copy(update={"source": source})


class Progress:
    def __init__(self) -> None:
        self.told: list[float] = []

    async def __call__(self, progress: float) -> None:
        self.told.append(progress)


def stored(container: Container) -> list[str]:
    root = container.settings.server.data_dir / "objects" / "files"
    return sorted(
        f"{p.parent.name}/{p.name}" for p in root.rglob("*") if p.is_file() and not p.name.startswith(".")
    )


class TestRepeats:
    async def test_what_a_killed_attempt_stored_is_gone_after_the_next(
        self, container: Container, zoom: Zoom
    ) -> None:
        interview = await told(container, zoom, M4A=tone(1), TRANSCRIPT=sample_transcript())
        # The first one stored everything and died before its commit.
        await fetch(container, claimed(interview, 1), Progress())
        again = await fetch(container, claimed(interview, 2, attempt=2), Progress())
        assert again.to is Status.PREPARING
        assert again.changes["recording"].key == fetched_key(ORGANISATION, interview.id, 2)
        assert stored(container) == ["fetched/2", "imports/fetched-2"]

    @pytest.mark.parametrize("ends_well", [True, False])
    async def test_who_lost_its_lease_takes_nothing_from_the_newer_attempt(
        self, container: Container, zoom: Zoom, ends_well: bool
    ) -> None:
        """It goes on, without knowing, after the newer one has stored and committed everything."""
        interview = await told(container, zoom, M4A=tone(1), TRANSCRIPT=sample_transcript())
        await fetch(container, claimed(interview, 2), Progress())
        late = claimed(interview if ends_well else without_recording(interview), 1)
        with nullcontext() if ends_well else pytest.raises(SourceUnavailable):
            await fetch(container, late, Progress())
        assert {"fetched/2", "imports/fetched-2"} <= set(stored(container))

    async def test_a_download_that_breaks_off_leaves_nothing(self, container: Container, zoom: Zoom) -> None:
        interview = await told(container, zoom, M4A=tone(5), TRANSCRIPT=sample_transcript())
        zoom.switches.truncate = 1
        # The transcript is a single piece, and was cut.
        with pytest.raises(SourceUnavailable):
            await fetch(container, claimed(interview, 1), Progress())
        assert stored(container) == []

    async def test_a_recording_of_no_use_takes_its_transcript_along(
        self, container: Container, zoom: Zoom
    ) -> None:
        interview = await told(container, zoom, M4A=b"%PDF-1.7", TRANSCRIPT=sample_transcript())
        with pytest.raises(AppError) as caught:
            await fetch(container, claimed(interview, 1), Progress())
        assert caught.value.code == "not_media"
        assert stored(container) == []


class TestCommit:
    async def test_the_token_is_forgotten_with_the_commit(self, container: Container, zoom: Zoom) -> None:
        interview = await told(container, zoom, M4A=tone(1))
        assert (await fetch(container, claimed(interview, 1), Progress())).changes["source"].token is None

    async def test_progress_is_told_from_the_beginning_on(self, container: Container, zoom: Zoom) -> None:
        interview = await told(container, zoom, M4A=tone(30))
        progress = Progress()
        await fetch(container, claimed(interview, 1), progress)
        assert progress.told == sorted(progress.told)
        assert progress.told[0] == 0.0
        assert progress.told[-1] == pytest.approx(0.9)
        assert len(progress.told) > 2

    async def test_a_transcript_that_cannot_be_had_is_given_up_with_the_second_attempt(
        self, container: Container, zoom: Zoom
    ) -> None:
        """The others are the recording's."""
        interview = without_transcript(
            await told(container, zoom, M4A=tone(1), TRANSCRIPT=sample_transcript())
        )
        with pytest.raises(SourceUnavailable):
            await fetch(container, claimed(interview, 1), Progress())
        given_up = await fetch(container, claimed(interview, 2, attempt=2), Progress())
        assert "imported" not in given_up.changes
        assert given_up.changes["source"].transcript_problem

    async def test_a_late_transcript_has_all_attempts_for_itself(
        self, container: Container, zoom: Zoom
    ) -> None:
        interview = await told(container, zoom, M4A=tone(1), TRANSCRIPT=sample_transcript())
        here = (await fetch(container, claimed(interview, 1), Progress())).changes["recording"]
        late = without_transcript(interview.model_copy(update={"recording": here}))
        last = container.settings.worker.worker_max_attempts
        with pytest.raises(SourceUnavailable):
            await fetch(container, claimed(late, 2, attempt=last - 1), Progress())
        given_up = await fetch(container, claimed(late, 3, attempt=last), Progress())
        assert given_up.changes["source"].transcript_problem

    async def test_without_a_source_there_is_nothing_to_fetch(self, container: Container, zoom: Zoom) -> None:
        interview = await told(container, zoom, M4A=tone(1))
        with pytest.raises(SourceLost):
            await fetch(container, interview.model_copy(update={"source": None}), Progress())
