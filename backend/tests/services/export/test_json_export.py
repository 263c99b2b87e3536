from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings

from app.models.analysis import Claim
from app.services.export.json_export import debrief_json, explanation_json
from tests.services.export.analysed import LIMITER, a_full_analysis
from tests.services.export.facts import DRAFT_DISMISSAL, a_review, debrief_facts
from tests.services.export.texts import ANY_TEXT


def debrief(**fields: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(debrief_json(debrief_facts(**fields)))
    return found


class TestDebrief:
    def test_it_says_what_it_is(self) -> None:
        found = debrief()
        assert (found["format"], found["format_version"], found["kind"]) == ("debrief-export", 1, "debrief")
        assert found["interview"]["candidate"] == "Zoë Ångström"
        assert found["template"] == {"name": "Software engineer: technical interview", "version": 3}

    def test_criteria_have_the_level_in_force_and_what_the_draft_said(self) -> None:
        by_id = {one["criterion_id"]: one for one in debrief()["criteria"]}
        quality = by_id["quality"]
        assert (quality["level"], quality["given_by"], quality["drafted"]) == ("yes", "person", "no")
        assert quality["override"]["by_name"] == "Ada Lovelace"
        assert (by_id["design"]["given_by"], by_id["mentoring"]["given_by"]) == ("draft", None)

    def test_every_quote_names_its_speaker(self) -> None:
        claim = debrief()["draft"]["strengths"][0]
        assert claim["evidence"][0] == {
            "utterance_id": LIMITER.utterance_id,
            "quote": LIMITER.quote,
            "start": 1247.0,
            "end": 1255.0,
            "speaker": "s2",
        }

    def test_dismissed_claims_are_apart(self) -> None:
        found = debrief()
        assert [flag["id"] for flag in found["draft"]["red_flags"]] == ["flag-1", "flag-2"]
        assert [one["dismissal"]["claim_id"] for one in found["dismissed"]] == ["flag-3"]

    def test_of_a_dismissed_draft_only_the_provenance_is_left(self) -> None:
        found = debrief(review=a_review(dismissals=(DRAFT_DISMISSAL,)))
        assert found["draft_dismissed"]["reason"] == "The microphones were swapped"
        assert found["draft"]["strengths"] == []
        assert found["draft"]["provenance"]["prompt_version"] == "7"

    def test_only_submitted_cards_are_in_it(self) -> None:
        assert [card["name"] for card in debrief()["scorecards"]] == ["Grace Hopper"]

    def test_no_address_of_anybody_is_in_it(self) -> None:
        assert b"@example.com" not in debrief_json(debrief_facts())

    def test_where_sentiment_is_not_wanted_there_is_no_word_of_it(self) -> None:
        assert b"sentiment" in debrief_json(debrief_facts())
        assert b"sentiment" not in debrief_json(debrief_facts(shows_sentiment=False)).lower()

    @settings(max_examples=50)
    @given(ANY_TEXT)
    def test_texts_are_as_they_were(self, text: str) -> None:
        strengths = (Claim(id="x", text=text, evidence=(LIMITER,)),)
        found = debrief(analysis=a_full_analysis(strengths=strengths))
        assert found["draft"]["strengths"][0]["text"] == text


class TestExplanation:
    def test_it_has_the_same_content_as_the_document(self) -> None:
        found = json.loads(explanation_json(debrief_facts()))
        assert found["kind"] == "explanation"
        assert [one["name"] for one in found["criteria"]] == [
            "System design",
            "Ownership",
            "Quality",
            "Mentoring",
        ]
        assert found["criteria"][0]["anchors"]["no"] == "Names parts, but not why they are there."
        assert found["criteria"][0]["own_words"][0]["speaker"] == "s2"
        assert found["decided"][0]["name"] == "Grace Hopper"

    def test_what_is_for_colleagues_stays_inside(self) -> None:
        text = explanation_json(debrief_facts()).decode().lower()
        for secret in (
            "red_flag",
            "severity",
            "follow_up",
            "talk_time",
            "@example.com",
            "sentiment",
            "work with her",
        ):
            assert secret not in text
