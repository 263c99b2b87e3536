"""Who transcribes for an organisation, and what it wants when that engine does not work."""

from __future__ import annotations

from app.core.errors import InvalidInput
from app.models.organisation import Transcriber, TranscriptionRule
from app.repositories.base import Repositories
from app.services.transcription.base import VendorTranscriber


class TranscriberNotConfigured(InvalidInput):
    code = "transcriber_not_configured"


class TranscriptionRules:
    """`preferred`: the installation takes the vendor, when there is one, for whoever chose nothing."""

    def __init__(
        self, repositories: Repositories, vendor: VendorTranscriber | None, *, preferred: bool
    ) -> None:
        self._people = repositories.people
        self._vendor = vendor
        self._preferred = preferred

    async def of(self, organisation_id: str) -> TranscriptionRule:
        organisation = await self._people.get_organisation(organisation_id)
        return organisation.transcription if organisation else TranscriptionRule()

    async def vendor_for(self, organisation_id: str) -> VendorTranscriber | None:
        """The vendor that gets the organisation's recordings; None when they stay here."""
        choice = (await self.of(organisation_id)).transcriber
        wanted = self._preferred if choice is Transcriber.AUTO else choice is Transcriber.DEEPGRAM
        return self._vendor if wanted else None

    def check(self, rule: TranscriptionRule) -> None:
        """Raises `TranscriberNotConfigured` for a choice that this installation cannot serve."""
        if rule.transcriber is Transcriber.DEEPGRAM and self._vendor is None:
            raise TranscriberNotConfigured("Deepgram is not configured here: set DEEPGRAM_API_KEY first.")
