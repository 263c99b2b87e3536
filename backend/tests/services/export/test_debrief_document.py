from __future__ import annotations

import pytest

from app.models.analysis import (
    Analysis,
    Coverage,
    KeyPhrase,
    Outcome,
    SpeakerCheck,
    SpeakerVerdict,
)
from app.models.provenance import Provenance
from app.models.scorecard import Confirmation
from app.models.template import Level
from app.models.transcript import Speaker, SpeakerRole
from app.services.export.debrief_document import debrief_document
from app.services.export.document import Notice, Statement, Table, Tone
from app.services.export.facts import DebriefFacts
from tests.fixtures.documents import NOON
from tests.services.export.analysed import BASELINE, CANDIDATE, ID, LIMITER, a_full_analysis
from tests.services.export.facts import DRAFT_DISMISSAL, a_card, a_review, debrief_facts, the_transcript
from tests.services.export.texts import headings, read


def debrief(**fields: object) -> str:
    return read(debrief_document(debrief_facts(**fields)))


def notices(facts: DebriefFacts) -> dict[str, Notice]:
    return {b.title: b for b in debrief_document(facts).blocks if isinstance(b, Notice)}


def statement(facts: DebriefFacts, text: str) -> Statement:
    return next(b for b in debrief_document(facts).blocks if isinstance(b, Statement) and text in b.text)


class TestOrder:
    def test_the_outcome_comes_before_its_reasons_and_the_provenance_last(self) -> None:
        assert headings(debrief_document(debrief_facts())) == [
            "Summary",
            "Criteria",
            "Strengths",
            "Red flags",
            "Practical facts",
            "Scorecards of the interviewers",
            "Questions and answers",
            "Topics",
            "Intents",
            "Sentiment of statements",
            "Key phrases",
            "Possibly related passages",
            "Questions to ask next",
            "Notes on the interviewing",
            "Dismissed claims",
            "How this was made",
        ]

    def test_what_is_empty_has_no_heading(self) -> None:
        bare = Analysis(
            id="a",
            organisation_id="acme",
            interview_id=ID,
            revision=1,
            epoch=1,
            engine=BASELINE,
            outcome=Outcome.COMPLETE,
            transcript_revision=1,
            created_at=NOON,
        )
        facts = debrief_facts(analysis=bare, review=None, scorecards=(), template=None, transcript=None)
        assert headings(debrief_document(facts)) == ["How this was made"]


class TestNotices:
    def test_the_engines_label_and_the_coverage_come_first(self) -> None:
        first = next(iter(notices(debrief_facts()).values()))
        assert first.title == "A draft by software, for people to check"
        assert first.text.startswith("Draft by a language model (gpt-4o-mini).")
        assert first.text.endswith("23 claims, 23 verified, 2 rejected.")

    def test_the_baseline_is_called_one(self) -> None:
        facts = debrief_facts(analysis=a_full_analysis(engine=BASELINE, coverage=Coverage()))
        notice = notices(facts)["An offline baseline, not an assessment"]
        assert notice.tone is Tone.CAUTION
        assert "no language model" in notice.text
        assert "rejected" not in notice.text

    @pytest.mark.parametrize(
        ("fields", "title"),
        [
            (
                {"outcome": Outcome.INSUFFICIENT_DATA, "reasons": ("Only two minutes were understood",)},
                "Not enough to go on: nobody was assessed",
            ),
            ({"withheld": ("Only two minutes were understood",)}, "The assessment was withheld"),
            (
                {
                    "speaker_check": SpeakerCheck(
                        verdict=SpeakerVerdict.SWAPPED, reasons=("Only two minutes were understood",)
                    )
                },
                "The speakers may be swapped",
            ),
        ],
    )
    def test_a_missing_assessment_comes_with_its_reasons(self, fields: dict[str, object], title: str) -> None:
        facts = debrief_facts(analysis=a_full_analysis(**fields))
        assert notices(facts)[title].text == "Only two minutes were understood."

    def test_an_outdated_debrief_says_what_changed(self) -> None:
        notice = notices(debrief_facts(outdated=("transcript", "template")))["This debrief is outdated"]
        assert notice.text.startswith("The transcript and the template changed after it was made.")


class TestSuggestion:
    def test_without_a_persons_word_it_is_a_draft(self) -> None:
        facts = debrief_facts(review=a_review(confirmation=None))
        assert "Suggestion: Yes (draft, not confirmed)" in notices(facts)

    def test_a_confirmed_one_names_who_and_when(self) -> None:
        notice = notices(debrief_facts())["Suggestion: Yes"]
        assert notice.text == "Confirmed by Ada Lovelace on 1 March 2026."

    def test_a_changed_one_keeps_the_original_and_the_reason(self) -> None:
        word = Confirmation(
            level=Level.NO,
            original=Level.YES,
            reason="The contradiction weighs more",
            by="ada",
            by_name="Ada",
            at=NOON,
        )
        notice = notices(debrief_facts(review=a_review(confirmation=word)))["Suggestion: No"]
        assert notice.text == (
            "Decided by Ada on 1 March 2026; the draft suggested yes. The contradiction weighs more."
        )


class TestCriteria:
    def test_the_table_has_the_level_in_force_and_who_gave_it(self) -> None:
        table = next(b for b in debrief_document(debrief_facts()).blocks if isinstance(b, Table))
        rows = [tuple((cell.text, cell.note) for cell in row) for row in table.rows]
        assert rows == [
            (("System design", ""), ("Yes", ""), ("Draft", "")),
            (("Ownership", ""), ("Strong yes", ""), ("Draft", "")),
            (("Quality", ""), ("Yes", ""), ("Ada Lovelace", "draft: no")),
            (
                ("Mentoring", ""),
                ("Not assessed", ""),
                ("Nobody asked about it, and it did not come up.", ""),
            ),
        ]

    def test_an_override_says_who_when_why_and_what_the_draft_said(self) -> None:
        found = statement(debrief_facts(), "hardly any tests")
        assert found.label == "Yes"
        assert found.text.startswith("The draft's reason for its own level:")
        assert found.note == (
            "Level by Ada Lovelace on 1 March 2026 (draft: no): "
            "She described the tests of her own part in the second half."
        )

    def test_without_evidence_it_is_not_assessed_and_says_why(self) -> None:
        row = "| Mentoring | Not assessed | Nobody asked about it, and it did not come up. |"
        assert row in debrief()
        assert "Mentoring" not in headings(debrief_document(debrief_facts()), 2)

    def test_criteria_that_the_analysis_did_not_look_at_are_not_hidden(self) -> None:
        facts = debrief_facts(analysis=a_full_analysis(criteria=()), review=None)
        assert read(debrief_document(facts)).count("This analysis did not look at the criterion.") == 4


class TestFindings:
    def test_quotes_have_speaker_and_time(self) -> None:
        found = statement(debrief_facts(), "Designs for failure").quotes[0]
        assert (found.text, found.speaker, found.time) == (LIMITER.quote, "Zoë Ångström", "20:47")

    def test_without_a_recording_nothing_links(self) -> None:
        assert "](" not in debrief(recording_url=None)

    def test_a_speaker_without_a_name_keeps_the_neutral_label(self) -> None:
        speakers = (Speaker(id=CANDIDATE, label="Speaker 2", role=SpeakerRole.CANDIDATE),)
        facts = debrief_facts(transcript=the_transcript(speakers=speakers))
        assert statement(facts, "Designs for failure").quotes[0].speaker == "Speaker 2 (candidate)"

    def test_a_lost_transcript_makes_speakers_unknown(self) -> None:
        facts = debrief_facts(transcript=None)
        assert statement(facts, "Designs for failure").quotes[0].speaker == "Unknown speaker"

    def test_red_flags_have_type_and_severity(self) -> None:
        assert statement(debrief_facts(), "cannot both hold").label == "Contradiction · high"

    def test_answers_name_the_question_of_the_template(self) -> None:
        found = statement(debrief_facts(), "How would you design a rate limiter for an API")
        assert found.label == "20:21 Grace Hopper"
        assert found.note == "Question of the template: How would you design a rate limiter?"
        assert statement(debrief_facts(), "surely agree that tests").note == "Not a question of the template."

    def test_the_coverage_of_the_template_distinguishes_three_states(self) -> None:
        text = debrief()
        assert "1 of 3 questions of the template came up." in text
        assert "| How would you design a rate limiter? (required) | Asked (20:21) |" in text
        assert "| Tell me about an incident that you were part of. | Cannot tell (31:20) |" in text
        assert "| How have you helped somebody to grow? (required) | Not asked |" in text

    def test_counts_and_similarities_are_labelled_as_such(self) -> None:
        text = debrief()
        assert "They are counted, not judged." in text
        assert "Similarity proves nothing: a person has to confirm them." in text

    def test_a_phrase_that_was_used_once_is_counted_in_the_singular(self) -> None:
        facts = debrief_facts(
            analysis=a_full_analysis(key_phrases=(KeyPhrase(phrase="leaky queue", count=1),))
        )
        assert statement(facts, "leaky queue").label == "1 time"


class TestSentiment:
    def test_it_is_shown_where_the_organisation_wants_it(self) -> None:
        assert statement(debrief_facts(), "Testing").label == "Negative"

    def test_elsewhere_there_is_no_word_of_it(self) -> None:
        assert "sentiment" not in debrief(shows_sentiment=False).lower()


class TestPeople:
    def test_submitted_cards_are_apart_from_the_draft(self) -> None:
        text = debrief()
        assert "### Grace Hopper\n\n**Strong yes** · Submitted on 1 March 2026." in text
        assert "| System design | Strong yes | Asked me about the numbers first. |" in text
        assert "| Mentoring | Not rated |  |" in text
        assert "I would like to work with her." in text

    def test_drafts_of_cards_stay_private(self) -> None:
        assert "Linus" not in debrief()
        assert "unfinished thoughts" not in debrief()

    def test_cards_come_by_name(self) -> None:
        facts = debrief_facts(scorecards=(a_card("zed Late"), a_card("Ann Early")))
        names = headings(debrief_document(facts), 2)
        assert names.index("Ann Early") < names.index("zed Late")

    def test_dismissed_claims_are_listed_at_the_end_only(self) -> None:
        body, _, end = debrief().partition("## Dismissed claims")
        assert "on call" not in body
        assert "**Red flag, availability** · Does not want to be on call." in end
        assert "Dismissed by Ada Lovelace on 1 March 2026: She said the opposite a minute later." in end

    def test_of_a_dismissed_draft_nothing_is_shown(self) -> None:
        facts = debrief_facts(review=a_review(dismissals=(DRAFT_DISMISSAL,), confirmation=None))
        notice = notices(facts)["The draft was dismissed"]
        assert "Ada Lovelace dismissed it on 1 March 2026: The microphones were swapped." in notice.text
        text = read(debrief_document(facts))
        assert LIMITER.quote not in text
        assert "Suggestion" not in text
        assert headings(debrief_document(facts)) == [
            "Criteria",
            "Scorecards of the interviewers",
            "How this was made",
        ]
        assert "| Quality | Yes | Ada Lovelace (draft: no) |" in text


class TestProcess:
    def test_the_provenance_names_what_made_it(self) -> None:
        text = debrief()
        for row in (
            "| **Engine** | openai 1 |",
            "| **Model** | gpt-4o-mini-2024-07-18 |",
            "| **Prompt** | 7 |",
            "| **Template** | Software engineer: technical interview, version 3 |",
            "| **Transcript** | Revision 1, by deepgram nova-3 |",
            "| **Use** | 24,520 tokens in 2 requests, 0.0051 US dollars |",
            "| **Coverage** | 23 claims, 23 verified (1 after a repair), 2 rejected |",
            "| **Kept from the model** | 2 sentences (protected topics: family) |",
            "| **Engines that failed before** | deepgram (provider_unavailable) |",
        ):
            assert row in text

    def test_an_engine_without_a_model_cost_nothing(self) -> None:
        text = debrief(analysis=a_full_analysis(engine=BASELINE, provenance=Provenance()))
        assert "| **Use** | No language model was asked |" in text

    def test_an_unknown_price_is_not_called_zero(self) -> None:
        text = debrief(analysis=a_full_analysis(provenance=Provenance(input_tokens=10)))
        assert "10 tokens in 0 requests, cost unknown" in text

    def test_talk_time_is_for_the_recruiter(self) -> None:
        assert "| Zoë Ångström | 69% | 42:10 | 05:12 | 41 | 3 |" in debrief()
        assert "**Question on a protected topic · family**" in debrief()
