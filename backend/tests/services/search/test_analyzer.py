"""From text to terms: the same for whatever is the same to a reader, and everything that is a word can be found."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import InvalidInput
from app.services.search.analyzer import GAP, terms, words
from app.services.search.questions import QuestionEmpty, read_question
from app.services.search.stems import stem

ANY_TEXT = st.text(max_size=60)
SPOKEN = st.text(
    alphabet=st.one_of(
        st.sampled_from("aeiouszn AEIOUSZN  ßøłéñ .+#'-\"’&/_,١2½ﬁ"),
        st.sampled_from("的日本語がカﾞｶ゙한국어 สวัสดี नमस्ते حَسَنًا שָׁלוֹם 👩‍💻🏽 \u200b\u00ad\ufe0f\u0301"),
        st.characters(max_codepoint=0x2FFF),
    ),
    max_size=40,
)


def row(text: str, language: str | None = None) -> list[str]:
    """The terms before the gap."""
    found = list(terms(text, language))
    return found[: found.index(GAP)] if GAP in found else found


class TestWords:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("Zoë's CAFÉ", ["zoe", "s", "cafe"]),
            ("C++, C# and .NET", ["c++", "c#", "and", ".net"]),
            ("Node.js 3.5", ["node", "js", "3", "5"]),
            ("issue#12 issue #12", ["issue", "12", "issue", "12"]),
            ("user_id e-mail R&D", ["user", "id", "e", "mail", "r", "d"]),
            ("the end. But .So ...what", ["the", "end", "but", ".so", "what"]),
            ("ＦＵＬＬ ｗｉｄｔｈ", ["full", "width"]),
            ("👩‍💻 ok 👍🏽 1️⃣", ["ok", "1"]),
            ("日本語です", ["日本", "本語", "語で", "です"]),
            ("我 用 Go语言", ["我", "用", "go", "语言"]),
            ("한국어", ["한국", "국어"]),
            ("حَسَنًا أهلا", ["حسنا", "اهلا"]),
            ("नमस्ते", ["नमस्ते"]),
            ("", []),
            ("… — !?", []),
        ],
    )
    def test_are_folded(self, text: str, expected: list[str]) -> None:
        assert row(text) == [stem(word, "en") for word in expected]

    def test_voiced_kana_are_other_letters(self) -> None:
        assert row("がく") != row("かく")
        assert row("ｶﾞ") == row("ガ")

    def test_what_is_known_by_a_second_name_is_found_by_it(self) -> None:
        assert "net" in terms("We use .NET")
        assert "語" in terms("日本語")
        assert "c" not in terms("We use C++")

    def test_a_phrase_does_not_reach_over_the_gap(self) -> None:
        assert terms("the .NET").index(GAP) == 2

    def test_endless_words_are_cut_alike(self) -> None:
        assert terms("x" * 1000) == terms("x" * 500)


@given(ANY_TEXT)
def test_any_text_has_terms(text: str) -> None:
    assert all(term and not term.isspace() for term in terms(text))


@given(SPOKEN)
def test_positions_point_at_the_words_in_order(text: str) -> None:
    found = words(text)
    for word in found:
        assert 0 <= word.start < word.end <= len(text)
        assert word.term in row(text[word.start : word.end])
    assert [word.start for word in found] == sorted(word.start for word in found)


@given(SPOKEN)
def test_a_word_has_the_accents_and_joiners_that_follow_it(text: str) -> None:
    for word in words(text):
        rest = text[word.end : word.end + 1]
        assert not rest or not unicodedata.category(rest).startswith("M")


@given(SPOKEN, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_however_it_is_encoded(text: str, form: str) -> None:
    assert terms(unicodedata.normalize(form, text)) == terms(text)


@given(SPOKEN)
def test_whatever_the_case(text: str) -> None:
    assert terms(text.casefold()) == terms(text)


@given(SPOKEN, st.sampled_from([None, "en", "de-CH", "multi", "xx"]))
def test_every_word_of_a_text_finds_it(text: str, language: str | None) -> None:
    of_text = terms(text, language)
    in_order = row(text, language)
    for word in text.split():
        try:
            question = read_question(word, language)
        except InvalidInput:
            continue
        assert set(question.terms) <= set(of_text)
        for phrase in question.phrases:
            size = len(phrase)
            assert any(tuple(in_order[at : at + size]) == phrase for at in range(len(in_order)))


class TestQuestions:
    def test_are_words_and_phrases(self) -> None:
        asked = read_question('Billing “moved to” 日本語 don\'t "events" billing')
        assert asked.terms == (stem("billing", "en"), stem("events", "en"))
        assert asked.phrases == ((stem("moved", "en"), "to"), ("日本", "本語"), ("don", "t"))

    def test_a_quotation_may_stay_open(self) -> None:
        assert read_question('a "b c').phrases == (("b", "c"),)

    @pytest.mark.parametrize("text", ["", "   ", '""', "👍 !?", "\u200b"])
    def test_need_a_word(self, text: str) -> None:
        with pytest.raises(QuestionEmpty):
            read_question(text)

    @pytest.mark.parametrize("text", ["x" * 301, " ".join(f"w{n}" for n in range(33))])
    def test_have_an_end(self, text: str) -> None:
        with pytest.raises(InvalidInput, match="at most"):
            read_question(text)


class TestStems:
    @pytest.fixture(autouse=True)
    def library(self) -> None:
        pytest.importorskip("snowballstemmer")

    def test_forms_of_a_word_find_one_another(self) -> None:
        assert terms("Testing tested services") == terms("tests test service")

    def test_those_of_another_language_when_it_is_named(self) -> None:
        of_text = terms("Die Entwicklung lief gut.", "de")
        assert set(read_question("Entwicklungen", "de").terms) <= set(of_text)
        assert not set(read_question("Entwicklungen").terms) <= set(of_text)
        assert set(read_question("Entwicklung").terms) <= set(of_text)
