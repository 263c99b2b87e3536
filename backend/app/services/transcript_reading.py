"""A transcript as one person reads it: the words are for everybody, what a vendor read out of them is not.

A vendor's summary and topics are a reading of the talk like the draft, and open to the same people. Most transcripts
have none; then nothing is looked up.
"""

from __future__ import annotations

from dataclasses import replace

from app.models.transcript import Intelligence, Transcript
from app.repositories.base import TranscriptJson
from app.services.accounts import Actor
from app.services.analysis_rules import AnalysisRules
from app.services.lifecycle import Lifecycle
from app.services.transcripts import TranscriptService
from app.services.visibility import VisibilityService


class TranscriptReader:
    def __init__(
        self,
        transcripts: TranscriptService,
        lifecycle: Lifecycle,
        rules: AnalysisRules,
        visibility: VisibilityService,
    ) -> None:
        self._transcripts = transcripts
        self._lifecycle = lifecycle
        self._rules = rules
        self._visibility = visibility

    async def get_json(
        self,
        actor: Actor,
        interview_id: str,
        *,
        revision: int | None = None,
        after: int = 0,
        limit: int | None = None,
    ) -> TranscriptJson:
        """As `TranscriptService.get_json`. Raises `TranscriptMissing`."""
        found = await self._transcripts.get_json(
            actor.organisation_id, interview_id, revision=revision, after=after, limit=limit
        )
        head = found.head
        if head.intelligence is not None and not await self._may_see_draft(actor, interview_id):
            head = head.model_copy(update={"intelligence": None})
        if _has_sentiment(head) and not (await self._rules.of(actor.organisation_id)).shows_sentiment:
            head = _without_sentiment(head)
        return replace(found, head=head)

    async def _may_see_draft(self, actor: Actor, interview_id: str) -> bool:
        interview = await self._lifecycle.get(actor.organisation_id, interview_id)
        return await self._visibility.may_see_draft(actor, interview)


def _has_sentiment(head: Transcript) -> bool:
    found = head.intelligence
    has_findings = found is not None and (bool(found.sentiments) or found.average_sentiment is not None)
    return has_findings or any(is_about_sentiment(warning) for warning in head.warnings)


def _without_sentiment(head: Transcript) -> Transcript:
    """Also without what the vendor had to say about it."""
    return head.model_copy(
        update={
            "intelligence": _words_only(head.intelligence) if head.intelligence else None,
            "warnings": tuple(w for w in head.warnings if not is_about_sentiment(w)),
        }
    )


def _words_only(found: Intelligence) -> Intelligence:
    return found.model_copy(update={"sentiments": (), "average_sentiment": None})


def is_about_sentiment(warning: str) -> bool:
    return "sentiment" in warning.lower()
