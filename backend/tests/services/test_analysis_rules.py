"""Which engines an organisation gets, and what holds for all of them."""

from __future__ import annotations

import pytest

from app.models.base import utc_now
from app.models.organisation import AnalysisRule, Analyst
from app.repositories.base import Repositories
from app.services.analysis_rules import AnalysisRules, AnalystNotConfigured
from tests.fixtures.documents import an_organisation

OPENAI, DEEPGRAM, OFFLINE, AUTO = Analyst.OPENAI, Analyst.DEEPGRAM, Analyst.OFFLINE, Analyst.AUTO
ALL = frozenset({OPENAI, DEEPGRAM, OFFLINE})


def rules(
    repositories: Repositories,
    available: frozenset[Analyst] = ALL,
    *,
    eu_mode: bool = False,
    preferred: Analyst = AUTO,
) -> AnalysisRules:
    return AnalysisRules(repositories, available, eu_mode=eu_mode, preferred=preferred)


class TestChain:
    @pytest.mark.parametrize(
        ("chosen", "available", "preferred", "chain"),
        [
            (AUTO, ALL, AUTO, (OPENAI, DEEPGRAM, OFFLINE)),
            (OPENAI, ALL, AUTO, (OPENAI, DEEPGRAM, OFFLINE)),
            (DEEPGRAM, ALL, AUTO, (DEEPGRAM, OFFLINE)),
            (OFFLINE, ALL, AUTO, (OFFLINE,)),
            (AUTO, frozenset({DEEPGRAM}), AUTO, (DEEPGRAM, OFFLINE)),
            (OPENAI, frozenset({DEEPGRAM}), AUTO, (DEEPGRAM, OFFLINE)),
            (DEEPGRAM, frozenset({OPENAI}), AUTO, (OFFLINE,)),
            (AUTO, frozenset(), AUTO, (OFFLINE,)),
            (AUTO, ALL, DEEPGRAM, (DEEPGRAM, OFFLINE)),
            (OPENAI, ALL, DEEPGRAM, (DEEPGRAM, OFFLINE)),
            (AUTO, ALL, OFFLINE, (OFFLINE,)),
        ],
    )
    async def test_it_begins_with_the_choice_and_never_goes_up(
        self,
        embedded: Repositories,
        chosen: Analyst,
        available: frozenset[Analyst],
        preferred: Analyst,
        chain: tuple[Analyst, ...],
    ) -> None:
        made = rules(embedded, available, preferred=preferred)
        assert made.chain_for(AnalysisRule(analyst=chosen)) == chain


class TestCheck:
    @pytest.mark.parametrize("chosen", [OPENAI, DEEPGRAM])
    async def test_an_engine_without_a_key_is_refused_with_what_to_set(
        self, embedded: Repositories, chosen: Analyst
    ) -> None:
        with pytest.raises(AnalystNotConfigured, match=f"set {chosen.upper()}_API_KEY"):
            rules(embedded, frozenset()).check(AnalysisRule(analyst=chosen))

    async def test_what_the_installation_gives_to_nobody_is_refused(self, embedded: Repositories) -> None:
        with pytest.raises(AnalystNotConfigured):
            rules(embedded, preferred=DEEPGRAM).check(AnalysisRule(analyst=OPENAI))

    @pytest.mark.parametrize("chosen", [AUTO, OFFLINE])
    async def test_offline_and_no_choice_always_do(self, embedded: Repositories, chosen: Analyst) -> None:
        rules(embedded, frozenset()).check(AnalysisRule(analyst=chosen))


class TestOf:
    async def test_gives_the_stored_rule(self, repositories: Repositories) -> None:
        await repositories.people.insert_organisation(an_organisation(id="acme"))
        assert await rules(repositories).of("acme") == AnalysisRule()
        own = AnalysisRule(analyst=OFFLINE, sentiment=False, levels=False, daily_tokens=5)
        await repositories.people.update_organisation("acme", utc_now(), analysis=own)
        assert await rules(repositories).of("acme") == own

    async def test_the_installations_eu_mode_holds_for_everybody(self, repositories: Repositories) -> None:
        await repositories.people.insert_organisation(an_organisation(id="acme"))
        for organisation in ("acme", "unknown"):
            rule = await rules(repositories, eu_mode=True).of(organisation)
            assert rule.eu_mode
            assert not rule.shows_sentiment
