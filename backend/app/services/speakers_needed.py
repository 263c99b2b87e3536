"""Whether people are still needed to say who is who, once somebody has changed that.

The newest debrief said that they are. Whoever answers is done: the interview leaves the list of those that need somebody
at once, not when the next debrief is made, and comes back to it when the answer is taken back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anyio import to_thread

from app.models.analysis import SpeakerVerdict
from app.models.interview import Interview
from app.models.transcript import Transcript
from app.repositories.base import Repositories
from app.services.templates import TemplateService

if TYPE_CHECKING:
    from app.models.analysis import SpeakerCheck
    from app.models.template import TemplateVersion


class SpeakersNeeded:
    def __init__(self, repositories: Repositories, templates: TemplateService) -> None:
        self._repositories = repositories
        self._templates = templates

    async def changes(self, interview: Interview, before: Transcript, after: Transcript) -> dict[str, Any]:
        """What becomes of the interview's fields with the new words; empty where people's changes do not touch it."""
        if _who_said_what(before) == _who_said_what(after) or not await self._was_asked(interview):
            return {}
        template = await self._templates.edition(interview.organisation_id, interview.template)
        check = await to_thread.run_sync(_checked, interview, template, after)
        is_needed = check.verdict is not SpeakerVerdict.CONFIRMED
        return {"needs_speakers": is_needed, "speaker_reasons": check.reasons if is_needed else ()}

    async def _was_asked(self, interview: Interview) -> bool:
        analyses = self._repositories.analyses(interview.organisation_id)
        if interview.analysis_revision == 0:
            return False
        analysis = await analyses.get(interview.id, interview.analysis_revision)
        return analysis is not None and analysis.waits_for_speakers


def _who_said_what(transcript: Transcript) -> tuple[object, ...]:
    return transcript.speakers, tuple(utterance.speaker for utterance in transcript.utterances)


# The rules are loaded by whoever is first to need them, in a thread: a server that serves pages starts without them.
def _checked(interview: Interview, template: TemplateVersion | None, transcript: Transcript) -> SpeakerCheck:
    from app.services.analysis.base import AnalysisInput  # noqa: PLC0415
    from app.services.analysis.guards.speakers import check_speakers  # noqa: PLC0415

    return check_speakers(AnalysisInput(transcript, template, interview.people))
