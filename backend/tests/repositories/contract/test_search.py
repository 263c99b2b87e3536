"""What both databases must do for searches: the same hits, in the same order, page by page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.models.interview import Participant, TemplateRef
from app.models.transcript import SpeakerRole
from app.repositories.base import Expect, Quote, Repositories, SearchHit, SearchOrder, SearchQuery
from tests.fixtures.documents import NOON, minutes
from tests.fixtures.searching import an_indexed_transcript, found, index, paged, search

_ANY = Expect()
ODD = ["c++", "o'brien", "_20", "a b", '"', "AND", "ß", "招聘", "聘", "👩‍💻", "\x00", "x*", "ex.net", "É"]


class TestWords:
    async def test_all_of_them_must_be_in_one_utterance(self, repositories: Repositories) -> None:
        await index(repositories, "i", ["we use redis and kafka", "redis", "kafka kafka", "none"])
        assert await found(repositories, "redis") == ["i.0", "i.1"]
        assert await found(repositories, "kafka redis") == ["i.0"]
        assert await found(repositories, "redis postgres") == []
        assert await found(repositories, "kaf") == []

    async def test_a_hit_says_where_it_is(self, repositories: Repositories) -> None:
        person = Participant(name="Zoë", email="zoe@example.com")
        fields = {"title": "First round", "candidate": person, "position": "Engineer"}
        await index(repositories, "i", ["one", ">two 👍 e\u0301 حسنًا"], transcript_revision=3, **fields)
        [hit] = await search(repositories, "two")
        quote = Quote(
            title="First round",
            candidate="Zoë",
            position="Engineer",
            created_at=NOON,
            utterance_id="u1",
            speaker="Sarah",
            role=SpeakerRole.INTERVIEWER,
            start=1.5,
            end=2.5,
            text=">two 👍 e\u0301 حسنًا",
            language="en",
        )
        assert hit == SearchHit("i", 3, 1, quote, hit.terms, hit.cursor)
        assert list(hit.terms) == ["two", "👍", "e\u0301", "حسنًا"]

    async def test_many_hits_of_many_interviews_say_what_was_said_in_each(
        self, repositories: Repositories
    ) -> None:
        for name, at in (("j", NOON), ("i", NOON - minutes(1))):
            said = [f"{name} said number{n}" for n in range(40)]
            await index(repositories, name, said, title=f"Round {name}", created_at=at)
        for order in SearchOrder:
            hits = await search(repositories, "said", order=order)
            shown = [(hit.quote.title, hit.quote.text, hit.quote.candidate) for hit in hits]
            assert shown == [(f"Round {i}", f"{i} said number{n}", None) for i in "ji" for n in range(40)]

    async def test_a_hit_shows_the_interview_as_it_is_now(self, repositories: Repositories) -> None:
        await index(repositories, "i", ["one"], title="Old")
        changes = {"title": "New", "candidate": Participant(name="Zoë"), "position": "Lead"}
        await repositories.interviews("acme").compare_and_set("i", _ANY, changes)
        [hit] = await search(repositories, "one")
        assert (hit.quote.title, hit.quote.candidate, hit.quote.position) == ("New", "Zoë", "Lead")

    @pytest.mark.parametrize("term", ODD, ids=range(len(ODD)))
    async def test_a_term_is_what_the_analyzer_says_it_is(
        self, repositories: Repositories, term: str
    ) -> None:
        indexed = an_indexed_transcript("i", ["x"] * len(ODD))
        await index(repositories, "i", [])
        passages = [replace(p, terms=("x", odd, "y")) for p, odd in zip(indexed.passages, ODD, strict=True)]
        await repositories.search("acme").put(replace(indexed, passages=passages))
        query = SearchQuery(terms=(term,), phrases=(("x", term, "y"),))
        hits = await repositories.search("acme").search(
            query, order=SearchOrder.NEWEST, cursor=None, limit=99
        )
        assert [hit.number for hit in hits] == [ODD.index(term)]
        assert [list(hit.terms) for hit in hits] == [["x", term, "y"]]

    async def test_nothing_asked_is_nothing_found(self, repositories: Repositories) -> None:
        await index(repositories, "i", ["one"])
        assert await found(repositories) == []
        assert await found(repositories, phrases=((), ("",))) == []

    async def test_what_has_no_terms_is_not_found(self, repositories: Repositories) -> None:
        await index(repositories, "i", ["", "one", ""])
        assert await found(repositories, "one") == ["i.1"]


class TestPhrases:
    async def test_words_stand_one_after_the_other(self, repositories: Repositories) -> None:
        said = ["unit test first", "test unit", "unit and test", "unit unit test", "a unit test unit test"]
        await index(repositories, "i", said)
        assert await found(repositories, phrases=(("unit", "test"),)) == ["i.0", "i.3", "i.4"]
        assert await found(repositories, phrases=(("unit", "test", "unit"),)) == ["i.4"]

    async def test_more_phrases_and_words_must_all_be_there(self, repositories: Repositories) -> None:
        await index(repositories, "i", ["a b c d", "a b d c", "c d e a b"])
        assert await found(repositories, phrases=(("a", "b"), ("c", "d"))) == ["i.0", "i.2"]
        assert await found(repositories, "e", phrases=(("a", "b"), ("c", "d"))) == ["i.2"]

    async def test_a_phrase_does_not_reach_into_the_next_utterance(self, repositories: Repositories) -> None:
        await index(repositories, "i", ["a b", "c d"])
        assert await found(repositories, phrases=(("b", "c"),)) == []


class TestNarrowing:
    async def test_by_the_role_of_who_said_it(self, repositories: Repositories) -> None:
        await index(repositories, "i", [">why redis", "redis is fast", ">redis"])
        assert await found(repositories, "redis", role=SpeakerRole.CANDIDATE) == ["i.1"]
        assert await found(repositories, "redis", role=SpeakerRole.INTERVIEWER) == ["i.0", "i.2"]
        assert await found(repositories, "redis", role=SpeakerRole.OBSERVER) == []

    @pytest.mark.parametrize(
        ("where", "expected"),
        [
            ({"candidate": "zoe"}, ["i1", "i2"]),
            ({"candidate": "ZOË A"}, ["i1"]),
            ({"position": "backend"}, ["i1", "i3"]),
            ({"tag": "senior"}, ["i2", "i3"]),
            ({"template_id": "t1"}, ["i1"]),
            ({"candidate": "zoe", "tag": "senior"}, ["i2"]),
            ({"position": "nobody"}, []),
            ({"created_from": NOON - minutes(2)}, ["i1", "i2"]),
            ({"created_to": NOON - minutes(2)}, ["i3"]),
            ({"created_from": NOON - minutes(2), "created_to": NOON - minutes(1), "tag": "senior"}, ["i2"]),
        ],
        ids=str,
    )
    async def test_by_what_is_known_of_the_interview(
        self, repositories: Repositories, where: dict[str, Any], expected: list[str]
    ) -> None:
        known = {
            "i1": {
                "candidate": Participant(name="Zoë Adams"),
                "position": "Backend engineer",
                "template": TemplateRef(id="t1", version=2),
            },
            "i2": {"candidate": Participant(name="Zoe Brown"), "tags": ("senior", "remote")},
            "i3": {
                "position": "Backend lead",
                "tags": ("senior",),
                "template": TemplateRef(id="t2", version=1),
            },
        }
        for n, (interview_id, fields) in enumerate(known.items(), 1):
            await index(repositories, interview_id, ["hello"], created_at=NOON - minutes(n), **fields)
        assert await found(repositories, "hello", **where) == [f"{i}.0" for i in expected]

    async def test_many_that_are_not_asked_for_are_passed_over(self, repositories: Repositories) -> None:
        for n in range(24):
            tags = ("rare",) if n % 7 == 3 else ("common",)
            said = ["hello", "hello hello"] if n % 2 else ["hello"]
            await index(repositories, f"i{n:02}", said, created_at=NOON + minutes(n), tags=tags)
        expected = ["i17.0", "i17.1", "i10.0", "i03.0", "i03.1"]
        for limit in (1, 2, 9):
            assert await paged(repositories, "hello", limit=limit, tag="rare") == expected

    async def test_a_change_of_the_interview_counts_at_once(self, repositories: Repositories) -> None:
        await index(repositories, "i", ["hello"], tags=("old",))
        await repositories.interviews("acme").compare_and_set("i", _ANY, {"tags": ("new",)})
        assert await found(repositories, "hello", tag="old") == []
        assert await found(repositories, "hello", tag="new") == ["i.0"]


class TestNewest:
    async def test_the_newest_interview_first_and_each_from_its_beginning(
        self, repositories: Repositories
    ) -> None:
        # Indexed in no order, two of them of the same moment.
        for interview_id, ago in (("b", 1), ("d", 2), ("a", 1), ("c", 0)):
            at = NOON - minutes(ago)
            await index(repositories, interview_id, ["hi", "no", "hi hi"], created_at=at)
        expected = ["c.0", "c.2", "b.0", "b.2", "a.0", "a.2", "d.0", "d.2"]
        assert await found(repositories, "hi") == expected
        assert await found(repositories, "hi", limit=3) == expected[:3]

    @pytest.mark.parametrize("limit", [1, 3, 4])
    async def test_pages_leave_nothing_out_and_repeat_nothing(
        self, repositories: Repositories, limit: int
    ) -> None:
        expected = []
        for n in range(5, 0, -1):
            at = NOON + minutes(n // 2)
            await index(repositories, f"i{n}", ["hi"] * n, created_at=at)
            expected += [f"i{n}.{number}" for number in range(n)]
        assert await paged(repositories, "hi", limit=limit) == expected

    async def test_interviews_of_one_second_in_any_order(self, repositories: Repositories) -> None:
        shuffled = sorted(range(40), key=lambda n: n * 17 % 40)
        for n in shuffled:
            at = NOON.replace(microsecond=n // 3 * 1000)
            await index(repositories, f"i{n:02}", ["hi", "no", "hi"], created_at=at)
        expected = [f"i{n:02}.{number}" for n in range(39, -1, -1) for number in (0, 2)]
        assert await found(repositories, "hi") == expected
        assert await paged(repositories, "hi", limit=7) == expected

    async def test_a_page_goes_on_where_it_was_after_the_interview_is_indexed_again(
        self, repositories: Repositories
    ) -> None:
        for n in range(3):
            await index(repositories, f"i{n}", ["hi"] * 4, created_at=NOON - minutes(n))
        page = await search(repositories, "hi", limit=6)
        again = an_indexed_transcript("i1", ["hi"] * 3, created_at=NOON - minutes(1))
        await repositories.search("acme").put(again)
        assert await found(repositories, "hi", cursor=page[-1].cursor) == [
            "i1.2",
            *(f"i2.{n}" for n in range(4)),
        ]
        await repositories.search("acme").put(
            an_indexed_transcript("i1", ["hi"], created_at=NOON - minutes(1))
        )
        assert await found(repositories, "hi", cursor=page[-1].cursor) == [f"i2.{n}" for n in range(4)]
        await repositories.search("acme").delete("i1")
        assert await found(repositories, "hi", cursor=page[-1].cursor) == [f"i2.{n}" for n in range(4)]
        await repositories.search("acme").delete("i2")
        assert await found(repositories, "hi", cursor=page[-1].cursor) == []

    @pytest.mark.parametrize("order", SearchOrder)
    @pytest.mark.parametrize(
        "cursor",
        ["", "x", "1:2", "x:2:i", "1:x:i", "r1", "rx:1:2:i", f"{2**70}:1:i", f"1:{2**70}:i", "1:-1:i"],
    )
    async def test_what_is_no_cursor_is_refused(
        self, repositories: Repositories, order: SearchOrder, cursor: str
    ) -> None:
        with pytest.raises(ValueError, match=r".*"):
            await search(repositories, "hi", order=order, cursor=cursor)

    async def test_a_cursor_of_the_other_order_is_refused(self, repositories: Repositories) -> None:
        await index(repositories, "i", ["hi"])
        orders = list(SearchOrder)
        for order, other in (orders, orders[::-1]):
            [hit] = await search(repositories, "hi", order=order)
            with pytest.raises(ValueError, match=r".*"):
                await search(repositories, "hi", order=other, cursor=hit.cursor)


class TestRelevance:
    async def test_more_of_the_words_in_fewer_words_comes_first(self, repositories: Repositories) -> None:
        long = " ".join(["filler"] * 60)
        await index(repositories, "i", [f"redis {long}", "redis", "redis redis kafka", f"redis redis {long}"])
        expected = ["i.2", "i.1", "i.3", "i.0"]
        assert await found(repositories, "redis", order=SearchOrder.RELEVANCE) == expected

    async def test_a_phrase_that_is_repeated_counts(self, repositories: Repositories) -> None:
        await index(repositories, "i", ["unit test a test", "unit test unit test"])
        hits = await found(repositories, phrases=(("unit", "test"),), order=SearchOrder.RELEVANCE)
        assert hits == ["i.1", "i.0"]

    @pytest.mark.parametrize("limit", [1, 4])
    async def test_pages_leave_nothing_out_and_of_equals_the_newest_is_first(
        self, repositories: Repositories, limit: int
    ) -> None:
        for n in range(3):
            said = ["hi", "hi hi", "hi there", "hi"]
            await index(repositories, f"i{n}", said, created_at=NOON + minutes(n))
        expected = [f"i{n}.{k}" for k in (1,) for n in (2, 1, 0)]
        expected += [f"i{n}.{k}" for n in (2, 1, 0) for k in (0, 3)]
        expected += [f"i{n}.2" for n in (2, 1, 0)]
        assert await paged(repositories, "hi", limit=limit, order=SearchOrder.RELEVANCE) == expected
