"""What only the embedded database does for searches: terms for its tokenizer, and words that leave the file."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.repositories.factory import EMBEDDED_FILE, open_repositories
from app.repositories.sqlite.search_terms import escaped, match, scope, unescaped
from tests.fixtures.documents import NOON, minutes
from tests.fixtures.searching import found, index

SECRETS = ("zweihundertvierzig", "kaleidoskop")


class TestTerms:
    @given(st.lists(st.text(min_size=1), max_size=4))
    def test_different_terms_stay_different_and_hold_nothing_that_splits_them(self, terms: list[str]) -> None:
        written = escaped(terms)
        assert len(set(written)) == len(set(terms))
        for term in written:
            assert all(c.isdigit() or "a" <= c <= "z" or c == "_" or c > "\x7f" for c in term)

    @given(st.lists(st.text(min_size=1), min_size=1, max_size=4))
    def test_what_was_written_is_read_again(self, terms: list[str]) -> None:
        assert unescaped(" ".join(escaped(terms))) == terms

    def test_usual_words_are_kept_as_they_are(self) -> None:
        assert escaped(["redis", "größe", "招聘", "", "c++"]) == ["redis", "größe", "招聘", "c_2b_2b"]

    def test_a_question_names_the_organisation_with_every_word(self) -> None:
        acme = scope("acme")
        assert match("acme", [["a"], ["b", "c"]], None) == f'"{acme}a" AND "{acme}b {acme}c"'
        assert scope("other") != acme


class TestErasure:
    async def test_erased_words_leave_the_file(self, tmp_path: Path) -> None:
        async with open_repositories(None, "unused", tmp_path) as repositories:
            for n in range(20):
                await index(repositories, f"i{n}", ["hello", "you"], created_at=NOON - minutes(n))
            await index(repositories, "gone", [" ".join(SECRETS)])
            assert await found(repositories, SECRETS[0]) == ["gone.0"]
            await repositories.jobs.erase_results("gone")
            assert len(await found(repositories, "hello")) == 20
        kept = (tmp_path / EMBEDDED_FILE).read_bytes()
        assert not [word for word in SECRETS if word.encode() in kept]
        assert b"hello" in kept
