"""Names and roles of speakers: for a transcript that has just been made, and for a person who is to correct them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from anyio import to_thread

from app.models.interview import Interview
from app.models.template import TemplateVersion
from app.models.transcript import SpeakerRole, Transcript, TranscriptDraft
from app.repositories.base import Repositories
from app.services.lifecycle import Lifecycle
from app.services.templates import TemplateService
from app.services.transcripts import TranscriptService

if TYPE_CHECKING:
    from app.services.speakers.overview import SpeakersView


class SpeakerService:
    def __init__(
        self,
        repositories: Repositories,
        lifecycle: Lifecycle,
        transcripts: TranscriptService,
        templates: TemplateService,
        *,
        channels: Sequence[SpeakerRole],
    ) -> None:
        self._repositories = repositories
        self._lifecycle = lifecycle
        self._transcripts = transcripts
        self._templates = templates
        self._channels = tuple(channels)

    async def named(self, interview: Interview, draft: TranscriptDraft) -> TranscriptDraft:
        """The draft with what people said of an older transcript, and with all else that can be told."""
        older = await self._stored(interview, interview.transcript_revision)
        original = await self._stored(interview, older.base) if older is not None else None
        template = await self._template(interview)
        return await to_thread.run_sync(
            partial(_named, draft, interview, template, self._channels, older, original)
        )

    async def overview(self, organisation_id: str, interview_id: str) -> SpeakersView:
        """The speakers of the newest transcript. Raises `TranscriptMissing`."""
        interview = await self._lifecycle.get(organisation_id, interview_id)
        transcript = await self._transcripts.get(organisation_id, interview_id)
        template = await self._template(interview)
        return await to_thread.run_sync(partial(_seen, interview, transcript, template, self._channels))

    async def _template(self, interview: Interview) -> TemplateVersion | None:
        return await self._templates.edition(interview.organisation_id, interview.template)

    async def _stored(self, interview: Interview, revision: int | None) -> Transcript | None:
        if not revision:
            return None
        return await self._repositories.transcripts(interview.organisation_id).get(interview.id, revision)


# The rules are loaded by the first transcript, in its thread: a server that serves pages starts without them.
def _named(
    draft: TranscriptDraft,
    interview: Interview,
    template: TemplateVersion | None,
    channels: tuple[SpeakerRole, ...],
    older: Transcript | None,
    original: Transcript | None,
) -> TranscriptDraft:
    from app.services.speakers.carrying import carried_over, told_by_people  # noqa: PLC0415
    from app.services.speakers.identifying import Known, identify  # noqa: PLC0415

    if older is not None:
        draft = carried_over(draft, older, told_by_people(older, original))
    return identify(draft, Known(interview.people, template, channels))


def _seen(
    interview: Interview,
    transcript: Transcript,
    template: TemplateVersion | None,
    channels: tuple[SpeakerRole, ...],
) -> SpeakersView:
    from app.services.speakers.identifying import Known  # noqa: PLC0415
    from app.services.speakers.overview import speakers_view  # noqa: PLC0415

    return speakers_view(interview, transcript, Known(interview.people, template, channels))
