from __future__ import annotations

from app.models.analysis import Outcome, ProtectedTopic
from app.models.template import Level
from app.models.transcript import Speaker, SpeakerRole
from app.services.export.explanation import explanation
from app.services.export.explanation_document import explanation_document
from tests.services.export.analysed import ASK_LIMITER, BASELINE, CANDIDATE, LIMITER, a_full_analysis
from tests.services.export.facts import DRAFT_DISMISSAL, OVERRIDE, a_review, debrief_facts, the_transcript
from tests.services.export.texts import headings, read


def told(**fields: object) -> str:
    return read(explanation_document(debrief_facts(**fields)))


class TestCriteria:
    def test_each_has_its_meaning_and_what_earns_each_level(self) -> None:
        text = told()
        assert "Builds systems that stay simple, and names what they cost." in text
        assert "| Strong yes | Weighs designs with numbers, and knows how each of them fails. |" in text

    def test_only_the_candidates_own_words_are_quoted(self) -> None:
        text = told()
        assert LIMITER.quote in text
        assert ASK_LIMITER.quote not in text

    def test_nothing_is_quoted_while_it_is_unknown_who_the_candidate_is(self) -> None:
        speakers = (Speaker(id=CANDIDATE, label="Speaker 2", role=SpeakerRole.UNKNOWN),)
        facts = debrief_facts(transcript=the_transcript(speakers=speakers))
        assert all(one.own_words == () for one in explanation(facts).criteria)

    def test_a_level_of_the_draft_says_so(self) -> None:
        design = explanation(debrief_facts()).criteria[0]
        assert (design.level, design.given_by, design.drafted) == (Level.YES, None, Level.YES)
        assert "Suggested by software. No person has changed this level." in told()

    def test_a_persons_level_names_them_and_what_the_draft_had(self) -> None:
        assert "Given by Ada Lovelace on 1 March 2026; the software's draft had “no”." in told()

    def test_the_reason_of_a_replaced_level_goes_with_it(self) -> None:
        assert "hardly any tests" not in told().replace("it had no tests", "")

    def test_what_was_not_assessed_counts_neither_way(self) -> None:
        assert "The draft says nothing about this criterion, neither for nor against you." in told()

    def test_an_interview_without_criteria_says_so(self) -> None:
        text = told(template=None, analysis=a_full_analysis(criteria=()), review=None)
        assert "No criteria were set for this interview." in text


class TestWhoDecided:
    def test_people_are_named_in_the_order_of_time(self) -> None:
        assert [(act.name, act.did) for act in explanation(debrief_facts()).decided] == [
            ("Grace Hopper", "submitted a scorecard"),
            ("Ada Lovelace", "gave the level for “Quality”"),
            ("Ada Lovelace", "confirmed the draft's overall result “yes”"),
        ]

    def test_when_nobody_has_it_says_so_first(self) -> None:
        text = told(review=None, scorecards=())
        assert "**No person has decided yet**" in text
        assert "Who decided" not in text


class TestTheSoftware:
    def test_its_part_is_named_with_engine_and_model(self) -> None:
        text = told()
        assert "Software (deepgram) wrote down what was said in the interview." in text
        assert "Software (openai with the model gpt-4o-mini-2024-07-18) read the written interview" in text
        assert "2 sentences of the interview were left out" in text

    def test_the_baseline_did_not_rate(self) -> None:
        text = told(analysis=a_full_analysis(engine=BASELINE, criteria=(), suggestion=None))
        assert "it gave no level for any criterion." in text
        assert "it suggested a level" not in text

    def test_too_little_to_go_on_is_said(self) -> None:
        facts = a_full_analysis(outcome=Outcome.INSUFFICIENT_DATA, suggestion=None, criteria=())
        assert "too little to go on" in told(analysis=facts)

    def test_a_dismissed_draft_plays_no_part(self) -> None:
        text = told(review=a_review(dismissals=(DRAFT_DISMISSAL,), overrides=(), confirmation=None))
        assert "Ada Lovelace set the whole draft aside. It plays no part." in text
        assert LIMITER.quote not in text

    def test_what_it_does_not_do_is_said(self) -> None:
        text = told()
        assert "It did not judge emotion, voice, accent, manner of speaking or appearance" in text
        for topic in ProtectedTopic:
            assert {"orientation": "sexual orientation"}.get(topic, topic) in text


class TestWhatStaysInside:
    def test_nothing_that_is_for_colleagues_only(self) -> None:
        text = told()
        for secret in (
            "I would like to work with her",
            "Asked me about the numbers",
            OVERRIDE.reason,
            "cannot both hold",
            "Red flag",
            "critical",
            "Whom have you helped to grow",
            "children",
            "monologue",
            "grace@example.com",
            "sentiment",
            "Negative",
            "on call",
            "/recording",
        ):
            assert secret.lower() not in text.lower()

    def test_how_to_ask_for_a_correction_is_the_last_word(self) -> None:
        assert headings(explanation_document(debrief_facts()))[-1] == "If something is wrong"
        assert "Write to Acme Hiring" in told()
