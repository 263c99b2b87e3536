"""What both databases must do with the interviews of one organisation."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.models.base import FAR_FUTURE
from app.models.interview import Interview, Participant, Status, StepOutcome, StepRecord, TemplateRef
from app.repositories.base import (
    Duplicate,
    Expect,
    InterviewFilter,
    InterviewRepository,
    JsonPage,
    PageKey,
    Repositories,
)
from app.repositories.values import ROW_FIELDS
from tests.fixtures.documents import NOON, an_interview, an_outbox_entry, minutes

EVERYTHING = InterviewFilter()
NAMES = [
    "Zoë Łukasiewicz",
    "אבי כהן",
    "محمد علي",
    "山田太郎",
    "👩🏽‍💻 Ada",
    "e\u0301toile",
    'O\'Brien "$where" {}',
]


async def insert_all(repository: InterviewRepository, *interviews: Interview) -> None:
    for interview in interviews:
        await repository.insert(interview)


async def list_ids(repository: InterviewRepository, where: InterviewFilter = EVERYTHING) -> list[str]:
    return [found.id for found in await repository.list_newest(where, after=None, limit=100)]


class TestInsertAndGet:
    async def test_gives_back_every_field(self, repositories: Repositories) -> None:
        interview = an_interview(
            candidate=Participant(name="Zoë", email="z@example.com"),
            participants=(Participant(name="Ann"), Participant(name="Bo")),
            position="Backend engineer",
            language="pt-BR",
            template=TemplateRef(id="t", version=3),
            scheduled_at=NOON + minutes(90),
            tags=("senior", "remote"),
            external_id="ATS-17",
            status=Status.ANALYSING,
            epoch=4,
            attempt=2,
            due_at=NOON,
            progress=0.25,
            history=(
                StepRecord(
                    step=Status.PREPARING,
                    epoch=1,
                    attempt=1,
                    outcome=StepOutcome.COMMITTED,
                    finished_at=NOON,
                ),
            ),
            outbox=(an_outbox_entry(payload={"n": 1, "deep": {"list": [1, 2.5, None, True]}}),),
            outbox_at=NOON,
        )
        await repositories.interviews("acme").insert(interview)
        assert await repositories.interviews("acme").get(interview.id) == interview

    @pytest.mark.parametrize("name", NAMES)
    async def test_keeps_unicode_as_it_came(self, repositories: Repositories, name: str) -> None:
        interview = an_interview(title=name, candidate=Participant(name=name), tags=(name,))
        await repositories.interviews("acme").insert(interview)
        found = await repositories.interviews("acme").get(interview.id)
        assert found is not None
        assert (found.title, found.candidate, found.tags) == (name, Participant(name=name), (name,))

    async def test_what_is_absent_stays_absent(self, repositories: Repositories) -> None:
        interview = an_interview()
        await repositories.interviews("acme").insert(interview)
        found = await repositories.interviews("acme").get(interview.id)
        assert found is not None
        assert (found.candidate, found.external_id, found.recording, found.tags) == (None, None, None, ())

    async def test_keeps_dates_to_the_millisecond_whatever_their_zone(
        self, repositories: Repositories
    ) -> None:
        tokyo = timezone(timedelta(hours=9))
        local = datetime(2026, 3, 29, 2, 30, 0, 987_654, tzinfo=tokyo)
        interview = an_interview(scheduled_at=local)
        await repositories.interviews("acme").insert(interview)
        found = await repositories.interviews("acme").get(interview.id)
        assert found is not None
        assert found.scheduled_at == datetime(2026, 3, 28, 17, 30, 0, 987_000, tzinfo=UTC)
        assert found.scheduled_at.utcoffset() == timedelta(0)
        assert found.due_at == FAR_FUTURE

    async def test_a_date_without_zone_is_refused(self, repositories: Repositories) -> None:
        naive = an_interview(scheduled_at=NOON.replace(tzinfo=None))
        with pytest.raises(ValueError, match="time zone"):
            await repositories.interviews("acme").insert(naive)

    async def test_an_idempotency_key_is_taken_once_in_an_organisation(
        self, repositories: Repositories
    ) -> None:
        acme, other = repositories.interviews("acme"), repositories.interviews("other")
        first = an_interview(idempotency_key="key")
        await acme.insert(first)
        with pytest.raises(Duplicate):
            await acme.insert(an_interview(idempotency_key="key"))
        await other.insert(an_interview("other", idempotency_key="key"))
        assert await acme.find_by_idempotency_key("key") == first

    async def test_of_many_at_once_with_one_key_one_is_stored(self, repositories: Repositories) -> None:
        acme = repositories.interviews("acme")
        attempts = [acme.insert(an_interview(idempotency_key="key")) for _ in range(20)]
        results = await asyncio.gather(*attempts, return_exceptions=True)
        assert [r for r in results if r is None] == [None]
        assert sum(isinstance(r, Duplicate) for r in results) == 19
        assert len(await list_ids(acme)) == 1


class TestScope:
    async def test_another_organisations_interview_is_not_there(self, repositories: Repositories) -> None:
        interview = an_interview(idempotency_key="key")
        await repositories.interviews("acme").insert(interview)
        other = repositories.interviews("other")
        assert await other.get(interview.id) is None
        assert await other.find_by_idempotency_key("key") is None
        assert await other.compare_and_set(interview.id, Expect(), {"title": "mine now"}) is None
        assert await list_ids(other) == []
        assert await other.list_changed(NOON - minutes(1), limit=10) == []
        assert await repositories.interviews("acme").get(interview.id) == interview

    async def test_an_interview_cannot_be_put_into_another_organisation(
        self, repositories: Repositories
    ) -> None:
        with pytest.raises(ValueError, match="another organisation"):
            await repositories.interviews("other").insert(an_interview("acme"))

    async def test_what_is_being_deleted_is_invisible(self, repositories: Repositories) -> None:
        acme = repositories.interviews("acme")
        deleting = an_interview(status=Status.DELETING, idempotency_key="a", tags=("x",))
        deleted = an_interview(status=Status.DELETED, idempotency_key="b")
        await insert_all(acme, deleting, deleted)
        assert await acme.get(deleting.id) is None
        assert await acme.get(deleted.id) is None
        assert await acme.find_by_idempotency_key("a") is None
        assert await list_ids(acme) == []
        assert await list_ids(acme, InterviewFilter(tag="x")) == []
        assert await list_ids(acme, InterviewFilter(status=Status.DELETED)) == []


class TestListNewest:
    async def test_newest_first_and_by_id_among_equals(self, repositories: Repositories) -> None:
        acme = repositories.interviews("acme")
        await insert_all(
            acme,
            an_interview(id="b", created_at=NOON),
            an_interview(id="c", created_at=NOON - minutes(1)),
            an_interview(id="d", created_at=NOON),
            an_interview(id="a", created_at=NOON + timedelta(milliseconds=1)),
        )
        assert await list_ids(acme) == ["a", "d", "b", "c"]

    async def test_pages_meet_without_gap_or_overlap_although_dates_tie(
        self, repositories: Repositories
    ) -> None:
        acme = repositories.interviews("acme")
        stored = [an_interview(id=f"i{n:02}", created_at=NOON + minutes(n // 5)) for n in range(23)]
        await insert_all(acme, *stored)
        seen: list[str] = []
        after = None
        while page := await acme.list_newest(EVERYTHING, after=after, limit=4):
            seen += [interview.id for interview in page]
            after = PageKey(page[-1].created_at, page[-1].id)
        assert seen == [f"i{n:02}" for n in reversed(range(23))]

    async def test_an_interview_added_meanwhile_does_not_move_the_next_page(
        self, repositories: Repositories
    ) -> None:
        acme = repositories.interviews("acme")
        await insert_all(acme, *(an_interview(id=f"i{n}", created_at=NOON + minutes(n)) for n in range(4)))
        page = await acme.list_newest(EVERYTHING, after=None, limit=2)
        await acme.insert(an_interview(id="new", created_at=NOON + minutes(60)))
        rest = await acme.list_newest(EVERYTHING, after=PageKey(page[-1].created_at, page[-1].id), limit=9)
        assert [i.id for i in rest] == ["i1", "i0"]

    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ("zoe", ["zoe"]),
            ("ZOË ŁUK", ["zoe"]),
            ("Zoe\u0308", ["zoe"]),
            ("strass", ["strasse"]),
            ("STRASSE", ["strasse"]),
            ("lukasz", []),
            ("山田", ["yamada"]),
            ("z_e", []),
            ("%", []),
            (".*", []),
        ],
    )
    async def test_candidates_are_found_by_the_beginning_of_the_name(
        self, repositories: Repositories, typed: str, found: list[str]
    ) -> None:
        acme = repositories.interviews("acme")
        await insert_all(
            acme,
            an_interview(id="zoe", candidate=Participant(name="Zoë Łukasiewicz")),
            an_interview(id="strasse", candidate=Participant(name="Straße")),
            an_interview(id="yamada", candidate=Participant(name="山田太郎")),
            an_interview(id="nobody"),
        )
        assert await list_ids(acme, InterviewFilter(candidate=typed)) == found

    @pytest.mark.parametrize(
        ("where", "found"),
        [
            ({"candidate_name": "zoe lukasiewicz"}, ["second", "first"]),
            ({"candidate_name": "Zoë"}, []),
            ({"candidate_email": "ZOE@example.COM"}, ["other name", "first"]),
            ({"candidate_email": "zoe@example"}, []),
            ({"candidate_email": "zoe@example.com", "candidate_name": "ZOË ŁUKASIEWICZ"}, ["first"]),
            ({"candidate": "zoe", "candidate_name": "ann lee"}, []),
        ],
    )
    async def test_one_candidate_is_found_by_the_whole_name_or_by_the_address(
        self, repositories: Repositories, where: dict[str, str], found: list[str]
    ) -> None:
        acme = repositories.interviews("acme")
        people = {
            "first": Participant(name="Zoë Łukasiewicz", email="Zoe@Example.com"),
            "second": Participant(name="Zoe Lukasiewicz"),
            "longer": Participant(name="Zoë Łukasiewicz-Smith"),
            "other name": Participant(name="Ann Lee", email="zoe@example.com"),
        }
        for number, (id, person) in enumerate(people.items()):
            at = NOON + minutes(number)
            await acme.insert(an_interview(id=id, candidate=person, created_at=at))
        assert await list_ids(acme, InterviewFilter(**where)) == found
        for id in found:
            await acme.compare_and_set(id, Expect(), {"candidate": None})
        assert await list_ids(acme, InterviewFilter(**where)) == []

    async def test_rows_are_the_same_list_as_json(self, repositories: Repositories) -> None:
        acme = repositories.interviews("acme")
        for number in range(5):
            await acme.insert(an_interview(id=f"i{number}", tags=("x",), title="Zoë \u2028 “first”"))
        await acme.compare_and_set("i2", Expect(), {"title": "changed", "progress": 0.5})
        where = InterviewFilter(tag="x")
        models = await acme.list_newest(where, after=None, limit=3)
        page = await acme.list_json(where, after=None, limit=3)
        assert page.next == PageKey(models[-1].created_at, models[-1].id)
        assert json.loads(b"[%b]" % page.items) == [
            i.model_dump(mode="json", include=ROW_FIELDS) for i in models
        ]
        rest = await acme.list_json(where, after=page.next, limit=2)
        assert (len(json.loads(b"[%b]" % rest.items)), rest.next) == (2, None)
        gone = InterviewFilter(status=Status.DELETED)
        assert await acme.list_json(gone, after=None, limit=9) == JsonPage(b"", None)
        assert await repositories.interviews("other").list_json(where, after=None, limit=9) == JsonPage(
            b"", None
        )

    async def test_filters_are_combined_with_and(self, repositories: Repositories) -> None:
        acme = repositories.interviews("acme")
        wanted = an_interview(
            id="wanted",
            status=Status.DONE,
            candidate=Participant(name="Ann Lee"),
            position="Data Engineer",
            tags=("senior", "remote"),
            external_id="7",
        )
        others = [
            wanted.model_copy(update={"id": f"other{n}", "idempotency_key": f"other{n}", **change})
            for n, change in enumerate(
                (
                    {"status": Status.FAILED},
                    {"candidate": Participant(name="Bo")},
                    {"position": "Cook"},
                    {"tags": ("senior-remote",)},
                    {"external_id": "77"},
                    {"external_id": None},
                    {"created_at": NOON - timedelta(milliseconds=1)},
                    {"created_at": NOON + minutes(5)},
                )
            )
        ]
        await insert_all(acme, wanted, *others)
        where = InterviewFilter(
            status=Status.DONE,
            candidate="ann",
            position="DATA eng",
            tag="remote",
            external_id="7",
            created_from=NOON,
            created_to=NOON + minutes(5),
        )
        assert await list_ids(acme, where) == ["wanted"]
        after = PageKey(NOON, "wanted")
        assert await acme.list_newest(where, after=after, limit=5) == []

    async def test_those_that_wait_for_a_person_to_say_who_is_who(self, repositories: Repositories) -> None:
        acme = repositories.interviews("acme")
        await insert_all(acme, an_interview(id="waits", needs_speakers=True), an_interview(id="sure"))
        assert await list_ids(acme, InterviewFilter(needs_speakers=True)) == ["waits"]
        assert await list_ids(acme, InterviewFilter(needs_speakers=False)) == ["sure"]
        await acme.compare_and_set("waits", Expect(), {"needs_speakers": False, "speaker_reasons": ()})
        assert await list_ids(acme, InterviewFilter(needs_speakers=True)) == []

    async def test_the_list_follows_changes_of_what_it_filters_by(self, repositories: Repositories) -> None:
        acme = repositories.interviews("acme")
        await acme.insert(
            an_interview(id="i", candidate=Participant(name="Ann"), position="Cook", tags=("a",))
        )
        await acme.compare_and_set(
            "i", Expect(), {"candidate": Participant(name="Bo"), "position": None, "tags": ("b", "b")}
        )
        assert await list_ids(acme, InterviewFilter(candidate="ann")) == []
        assert await list_ids(acme, InterviewFilter(position="cook")) == []
        assert await list_ids(acme, InterviewFilter(tag="a")) == []
        assert await list_ids(acme, InterviewFilter(candidate="bo", tag="b")) == ["i"]
