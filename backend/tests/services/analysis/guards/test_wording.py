"""A debrief says nothing about what a person feels or is, and may say anything about their work."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.analysis.guards.wording import refused_wording
from tests.services.analysis.guards import allowed_sentences as allowed
from tests.services.analysis.guards import refused_sentences as refused

_SENTENCES = (
    *refused.EMOTION,
    *refused.PERSONALITY,
    *refused.OF_WHOM,
    *refused.IN_OTHER_LANGUAGES,
    *allowed.OF_THINGS_AND_WORK,
    *allowed.OF_CUSTOMERS_AND_THEIR_KIN,
)
_UNQUOTED = st.sampled_from([s for s in _SENTENCES if not any(c in s for c in "\"'“”„«»‘’")])
_MARKS = st.sampled_from(
    ['"{}"', "“{}”", "„{}“", "„{}”", "«{}»", "« {} »", "»{}«", "‘{}’", "'{}'", "‹{}›", "‚{}‘", "「{}」"]
)


class TestRefused:
    @pytest.mark.parametrize("sentence", refused.EMOTION)
    def test_what_a_person_feels(self, sentence: str) -> None:
        assert refused_wording(sentence)

    @pytest.mark.parametrize("sentence", refused.PERSONALITY)
    def test_what_a_person_is_like(self, sentence: str) -> None:
        assert refused_wording(sentence)

    @pytest.mark.parametrize("sentence", refused.VOICE_AND_FLUENCY)
    def test_how_a_person_speaks(self, sentence: str) -> None:
        assert refused_wording(sentence)

    @pytest.mark.parametrize("sentence", refused.LOOKS_AND_BODY)
    def test_how_a_person_looks_and_moves(self, sentence: str) -> None:
        assert refused_wording(sentence)

    @pytest.mark.parametrize("sentence", refused.AGE_GENDER_ORIGIN)
    def test_age_gender_family_and_origin(self, sentence: str) -> None:
        assert refused_wording(sentence)

    @pytest.mark.parametrize("sentence", refused.HEALTH)
    def test_health(self, sentence: str) -> None:
        assert refused_wording(sentence)

    @pytest.mark.parametrize("sentence", refused.OF_WHOM)
    def test_whatever_the_shape_of_the_sentence(self, sentence: str) -> None:
        assert refused_wording(sentence)

    @pytest.mark.parametrize("sentence", refused.IN_OTHER_LANGUAGES)
    def test_in_german_french_and_spanish(self, sentence: str) -> None:
        assert refused_wording(sentence)

    @pytest.mark.parametrize("sentence", refused.MIXED)
    def test_further_sentences(self, sentence: str) -> None:
        assert refused_wording(sentence)


class TestAllowed:
    @pytest.mark.parametrize("sentence", allowed.OF_THINGS_AND_WORK)
    def test_things_and_work(self, sentence: str) -> None:
        assert refused_wording(sentence) == ()

    @pytest.mark.parametrize("sentence", allowed.OF_CUSTOMERS_AND_THEIR_KIN)
    def test_customers_users_patients_and_teams_in_a_story(self, sentence: str) -> None:
        assert refused_wording(sentence) == ()

    @pytest.mark.parametrize("sentence", allowed.QUESTIONS_AND_TOPICS)
    def test_questions_and_topics(self, sentence: str) -> None:
        assert refused_wording(sentence) == ()

    @pytest.mark.parametrize("sentence", allowed.IN_OTHER_LANGUAGES)
    def test_in_german_french_and_spanish(self, sentence: str) -> None:
        assert refused_wording(sentence) == ()

    @pytest.mark.parametrize("sentence", allowed.IN_QUOTATION_MARKS)
    def test_words_of_the_candidate_in_quotation_marks(self, sentence: str) -> None:
        assert refused_wording(sentence) == ()


class TestWhatIsGiven:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("Seemed nervous and Nervous.", ("nervous",)),
            ("Was shy, then enthusiastic.", ("shy", "enthusiastic")),
            ("Made no  eye\ncontact.", ("eye contact",)),
            ("Wirkte Nervös.", ("nervös",)),
            ("[CANDIDATE] is a team player", ("team player",)),
            ("", ()),
        ],
    )
    def test_the_words_as_they_stand_there_in_their_order_each_once(
        self, text: str, words: tuple[str, ...]
    ) -> None:
        assert refused_wording(text) == words

    @pytest.mark.parametrize(
        "text",
        [
            "He was NERVOUS",
            "He was Ｎｅｒｖｏｕｓ",
            "He was ner\u200bvous",
            "He was nérvous",
            "He was\u00a0nervous",
        ],
    )
    def test_other_ways_of_writing_a_word_hide_nothing(self, text: str) -> None:
        assert len(refused_wording(text)) == 1


class TestQuotationMarks:
    @pytest.mark.parametrize(
        "text",
        [
            "Said “ready” and seemed nervous",
            'A 5" disk and a nervous reply to "why"',
            "The candidates' nervous replies to the others' questions",
            "Didn't look nervous, wasn't shy",
            'An open " mark leaves what follows: nervous',
        ],
    )
    def test_what_stands_outside_is_looked_at(self, text: str) -> None:
        assert "nervous" in refused_wording(text)

    def test_an_apostrophe_ends_no_quote(self) -> None:
        assert refused_wording("Said 'I wasn't nervous, I didn't panic' on the launch") == ()

    @given(before=_UNQUOTED, after=_UNQUOTED, quoted=_UNQUOTED, marks=_MARKS)
    def test_a_quote_between_two_sentences_adds_nothing(
        self, before: str, after: str, quoted: str, marks: str
    ) -> None:
        quote = marks.format(quoted)
        assert refused_wording(f"{before} {quote} {after}") == refused_wording(f"{before} {after}")

    @given(sentence=_UNQUOTED, quoted=_UNQUOTED, marks=_MARKS, data=st.data())
    def test_what_a_quote_among_the_words_of_a_sentence_says_does_not_matter(
        self, sentence: str, quoted: str, marks: str, data: st.DataObject
    ) -> None:
        words = sentence.split()
        at = data.draw(st.integers(0, len(words)))
        with_quote = " ".join([*words[:at], marks.format(quoted), *words[at:]])
        with_another = " ".join([*words[:at], marks.format("Deployed it."), *words[at:]])
        assert refused_wording(with_quote) == refused_wording(with_another)


class TestAnyText:
    @given(st.text())
    def test_never_raises(self, text: str) -> None:
        assert all(word and word == word.lower() for word in refused_wording(text))

    @given(st.lists(st.sampled_from([*" ".join(_SENTENCES).split(), *"\"'“”.,;[]'s"]), max_size=40))
    def test_never_raises_on_words_in_any_order(self, words: list[str]) -> None:
        assert all(word and word == word.lower() for word in refused_wording(" ".join(words)))


class TestWhatWasSaid:
    def test_words_that_were_said_may_be_quoted(self) -> None:
        assert (
            refused_wording("Calls the team “nervous” before a release.", ["We were nervous, all of us."])
            == ()
        )

    def test_a_word_of_ones_own_is_not_made_better_by_quotation_marks(self) -> None:
        assert refused_wording("The candidate is “arrogant”.", ["We moved the queue."]) == ("arrogant",)
        assert refused_wording("The candidate is “arrogant”.", []) == ("arrogant",)
