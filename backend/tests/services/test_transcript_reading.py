"""What of a transcript a person may read, on both databases, and that nothing is looked up where nothing is to hide."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from app.core.security import Signer
from app.models.interview import Interview
from app.models.organisation import AnalysisRule, Analyst, Role, Visibility
from app.models.scorecard import CardStatus
from app.models.transcript import Intelligence, Polarity, Sentiment
from app.repositories.base import Repositories
from app.services.accounts import Actor
from app.services.analysis_rules import AnalysisRules
from app.services.events.local import LocalEventBus
from app.services.lifecycle import Lifecycle
from app.services.storage.providers.local import LocalObjectStore
from app.services.transcript_editing.revisions import TranscriptMissing
from app.services.transcript_reading import TranscriptReader
from app.services.transcripts import TranscriptService
from app.services.visibility import VisibilityService
from tests.fixtures.documents import ENGINE, NOON, a_scorecard, a_transcript, an_interview, an_organisation
from tests.fixtures.people import an_actor

VIEWER, INTERVIEWER = an_actor("vic", Role.VIEWER), an_actor("ivo", Role.INTERVIEWER)
SUMMARY = Intelligence(engine=ENGINE, summary="They spoke of Kafka.")
SENTIMENT = SUMMARY.model_copy(
    update={
        "sentiments": (Sentiment(utterance_id="u1", polarity=Polarity.NEGATIVE, score=-0.8),),
        "average_sentiment": -0.1,
    }
)


class CountedRules(AnalysisRules):
    looked_up = 0

    async def of(self, organisation_id: str) -> AnalysisRule:
        self.looked_up += 1
        return await super().of(organisation_id)


class CountedVisibility(VisibilityService):
    looked_up = 0

    async def may_see_draft(self, actor: Actor, interview: Interview) -> bool:
        self.looked_up += 1
        return await super().may_see_draft(actor, interview)


@dataclass
class Reading:
    repositories: Repositories
    reader: TranscriptReader
    rules: CountedRules
    visibility: CountedVisibility

    async def store(
        self,
        intelligence: Intelligence | None,
        *warnings: str,
        rule: AnalysisRule | None = None,
        visibility: Visibility = Visibility.OPEN,
    ) -> None:
        organisation = an_organisation(id="acme", analysis=rule or AnalysisRule(), visibility=visibility)
        await self.repositories.people.insert_organisation(organisation)
        await self.repositories.interviews("acme").insert(an_interview(id="i", transcript_revision=1))
        await self.repositories.transcripts("acme").put(
            a_transcript("i", intelligence=intelligence, warnings=warnings)
        )

    async def by(self, actor: Actor) -> Intelligence | None:
        return (await self.reader.get_json(actor, "i")).head.intelligence

    @property
    def looked_up(self) -> tuple[int, int]:
        """How often the rule for analyses and that for visibility were asked for."""
        return self.rules.looked_up, self.visibility.looked_up


@pytest.fixture
def reading(repositories: Repositories, tmp_path: Path) -> Reading:
    lifecycle = Lifecycle(repositories, LocalEventBus())
    store = LocalObjectStore(tmp_path, base_url="http://debrief.test", signer=Signer("secret"))
    transcripts = TranscriptService(repositories, lifecycle, store, max_bytes=1000)
    rules = CountedRules(repositories, frozenset(), eu_mode=False, preferred=Analyst.AUTO)
    visibility = CountedVisibility(repositories)
    reader = TranscriptReader(transcripts, lifecycle, rules, visibility)
    return Reading(repositories, reader, rules, visibility)


class TestIntelligence:
    async def test_is_shown_to_whoever_may_see_the_draft(self, reading: Reading) -> None:
        await reading.store(SENTIMENT)
        assert await reading.by(INTERVIEWER) == SENTIMENT

    async def test_is_hidden_like_the_draft_until_ones_own_card_is_submitted(self, reading: Reading) -> None:
        await reading.store(SENTIMENT, visibility=Visibility.AFTER_OWN)
        assert await reading.by(INTERVIEWER) is None
        assert await reading.by(VIEWER) == SENTIMENT
        card = a_scorecard("i", "ivo", status=CardStatus.SUBMITTED, submitted_at=NOON)
        await reading.repositories.scorecards("acme").save(card, expected_version=0)
        assert await reading.by(INTERVIEWER) == SENTIMENT

    @pytest.mark.parametrize("rule", [AnalysisRule(eu_mode=True), AnalysisRule(sentiment=False)], ids=str)
    async def test_has_no_sentiment_where_nobody_wants_it(self, reading: Reading, rule: AnalysisRule) -> None:
        await reading.store(SENTIMENT, rule=rule)
        assert await reading.by(VIEWER) == SUMMARY

    async def test_warnings_of_what_nobody_wants_go_too(self, reading: Reading) -> None:
        await reading.store(None, "Sentiment is for English.", "Mumbled.", rule=AnalysisRule(eu_mode=True))
        assert (await reading.reader.get_json(VIEWER, "i")).head.warnings == ("Mumbled.",)


class TestLookingUp:
    async def test_words_alone_cost_nothing(self, reading: Reading) -> None:
        await reading.store(None, "Mumbled.")
        assert await reading.by(INTERVIEWER) is None
        assert reading.looked_up == (0, 0)

    async def test_without_sentiment_its_rule_is_not_asked_for(self, reading: Reading) -> None:
        await reading.store(SUMMARY)
        assert await reading.by(INTERVIEWER) == SUMMARY
        assert reading.looked_up == (0, 1)

    async def test_what_is_hidden_anyway_is_not_looked_at_again(self, reading: Reading) -> None:
        await reading.store(SENTIMENT, visibility=Visibility.AFTER_OWN)
        await reading.by(INTERVIEWER)
        assert reading.looked_up == (0, 1)


async def test_a_transcript_that_is_not_there_is_missing(reading: Reading) -> None:
    await reading.store(None)
    with pytest.raises(TranscriptMissing):
        await reading.reader.get_json(VIEWER, "i", revision=2)
