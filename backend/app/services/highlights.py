"""Highlights: moments of an interview that somebody marked for others to see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from anyio import to_thread

from app.core.errors import Forbidden, InvalidInput, NotFound
from app.models.base import new_id, utc_now
from app.models.highlight import Highlight
from app.models.interview import Interview
from app.models.organisation import Role
from app.models.transcript import Transcript
from app.repositories.base import PageKey, Repositories
from app.services.accounts import Actor
from app.services.clips import LONGEST_CLIP, Clip, ClipService
from app.services.lifecycle import Lifecycle, VersionMismatch
from app.services.notification.rendering.links import Links
from app.services.transcript_spans import Place, Span, between, from_to, of_utterances

_SLACK: Final = 0.5
"""Seconds past the end: players and transcripts count a little differently."""


class HighlightMissing(NotFound):
    code = "highlight_missing"


class MomentOutOfRange(InvalidInput):
    code = "moment_out_of_range"


class MomentTooLong(InvalidInput):
    code = "moment_too_long"


class WordsNotFound(InvalidInput):
    """The transcript has no such utterances, or nothing is marked in them."""

    code = "words_not_found"


class NotYourHighlight(Forbidden):
    code = "not_your_highlight"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Marked by time, in seconds."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Lines:
    utterance_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    begin: Place
    end: Place


Marked = Stretch | Lines | Words


class HighlightService:
    def __init__(
        self, repositories: Repositories, lifecycle: Lifecycle, clips: ClipService, links: Links
    ) -> None:
        self._repositories = repositories
        self._lifecycle = lifecycle
        self._clips = clips
        self._links = links

    async def create(
        self, actor: Actor, interview_id: str, marked: Marked, *, comment: str, tags: Sequence[str]
    ) -> Highlight:
        """Mark a moment. The words are cut from the transcript here: nobody can put others into its mouth."""
        interview = await self._lifecycle.get(actor.organisation_id, interview_id)
        span = await self._span(interview, marked)
        if span.end - span.start > LONGEST_CLIP:
            raise MomentTooLong(f"A highlight may last {LONGEST_CLIP:.0f} seconds.", max_seconds=LONGEST_CLIP)
        now = utc_now()
        highlight = Highlight(
            id=new_id(),
            organisation_id=actor.organisation_id,
            interview_id=interview_id,
            start=round(span.start, 3),
            end=round(span.end, 3),
            utterance_ids=span.utterance_ids,
            quote=span.quote,
            comment=comment,
            tags=tuple(dict.fromkeys(tags)),
            created_by=actor.user.id,
            created_by_name=actor.user.name or actor.user.email or "",
            created_at=now,
            updated_at=now,
        )
        await self._repositories.highlights(actor.organisation_id).insert(highlight)
        return highlight

    async def get(self, organisation_id: str, interview_id: str, highlight_id: str) -> Highlight:
        await self._lifecycle.get(organisation_id, interview_id)
        found = await self._repositories.highlights(organisation_id).get(interview_id, highlight_id)
        if found is None:
            raise HighlightMissing("There is no such highlight.")
        return found

    async def list_newest(
        self, organisation_id: str, interview_id: str, *, after: PageKey | None, limit: int
    ) -> Sequence[Highlight]:
        await self._lifecycle.get(organisation_id, interview_id)
        return await self._repositories.highlights(organisation_id).list_newest(
            interview_id, after=after, limit=limit
        )

    async def update(
        self,
        actor: Actor,
        interview_id: str,
        highlight_id: str,
        changes: dict[str, Any],
        *,
        expected_version: int | None,
    ) -> Highlight:
        """Change the comment or the tags; what was marked stays. Raises `VersionMismatch`."""
        found = await self._own(actor, interview_id, highlight_id)
        if expected_version not in (None, found.version):
            raise _mismatch(found)
        changed = found.model_copy(update={**changes, "version": found.version + 1, "updated_at": utc_now()})
        repository = self._repositories.highlights(actor.organisation_id)
        if not await repository.replace(changed, expected_version=found.version):
            raise _mismatch(await self.get(actor.organisation_id, interview_id, highlight_id))
        return changed

    async def delete(self, actor: Actor, interview_id: str, highlight_id: str) -> None:
        await self._own(actor, interview_id, highlight_id)
        await self._repositories.highlights(actor.organisation_id).delete(interview_id, highlight_id)

    async def clip(self, organisation_id: str, interview_id: str, highlight_id: str) -> Clip:
        """What was said, as a file. Raises as `ClipService.cut`."""
        found = await self.get(organisation_id, interview_id, highlight_id)
        return await self._clips.cut(organisation_id, interview_id, found.start, found.end)

    def link(self, highlight: Highlight) -> str:
        """The page of the interview, at that moment."""
        return self._links.moment(highlight.interview_id, highlight.start)

    async def _own(self, actor: Actor, interview_id: str, highlight_id: str) -> Highlight:
        found = await self.get(actor.organisation_id, interview_id, highlight_id)
        if found.created_by != actor.user.id and actor.role is not Role.ADMIN:
            raise NotYourHighlight("A highlight is changed and removed by whoever made it, or by an admin.")
        return found

    async def _span(self, interview: Interview, marked: Marked) -> Span:
        transcript = await self._transcript(interview)
        if isinstance(marked, Stretch):
            _refuse_outside(interview, transcript, marked)
        span = await to_thread.run_sync(_span_of, transcript, marked)
        if span is None:
            raise WordsNotFound("The transcript has no such words; load it again and mark them once more.")
        return span

    async def _transcript(self, interview: Interview) -> Transcript | None:
        if interview.transcript_revision == 0:
            return None
        transcripts = self._repositories.transcripts(interview.organisation_id)
        return await transcripts.get(interview.id, interview.transcript_revision)


def _span_of(transcript: Transcript | None, marked: Marked) -> Span | None:
    utterances = transcript.utterances if transcript else ()
    match marked:
        case Stretch(start, end):
            return between(utterances, start, end)
        case Lines(utterance_ids):
            return of_utterances(utterances, utterance_ids)
        case Words(begin, end):
            return from_to(utterances, begin, end)


def _refuse_outside(interview: Interview, transcript: Transcript | None, marked: Stretch) -> None:
    lasts = interview.recording.duration if interview.recording else 0.0
    if transcript is not None:
        said = (utterance.end for utterance in transcript.utterances)
        lasts = max(lasts, transcript.duration, *said, 0.0)
    if not marked.start < marked.end or marked.end > lasts + _SLACK:
        raise MomentOutOfRange(
            f"A moment begins before it ends, and the interview ends after {lasts:.1f} seconds.",
            duration=lasts,
        )


def _mismatch(current: Highlight) -> VersionMismatch:
    return VersionMismatch(
        f"The highlight has version {current.version} by now; load it again.", version=current.version
    )
