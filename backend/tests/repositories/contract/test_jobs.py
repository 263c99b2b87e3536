"""What both databases must do for the pipeline: claim once, fence the late, deliver, remove everything."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from app.models.base import FAR_FUTURE
from app.models.interview import STEPS, Interview, Status, TranscriptionJob
from app.repositories.base import Backlog, DeliveryFilter, Expect, JobRepository, Kind, Repositories
from tests.fixtures.databases import OpenDatabase
from tests.fixtures.documents import (
    FROM_THE_FUTURE,
    NOON,
    a_delivery,
    a_highlight,
    a_notice,
    a_review,
    a_scorecard,
    a_scorecard_request,
    a_stability_report,
    a_transcript,
    an_analysis,
    an_edit,
    an_inbox_item,
    an_interview,
    an_outbox_entry,
    minutes,
    unreadable,
)

LEASE = NOON + minutes(1)


async def claim(jobs: JobRepository, owner: str = "worker") -> Interview | None:
    return await jobs.claim_due(NOON, STEPS, owner=owner, lease_until=LEASE)


async def store_due(repositories: Repositories, count: int) -> None:
    for n in range(count):
        interview = an_interview(id=f"i{n:03}", status=Status.PREPARING, due_at=NOON - minutes(count - n))
        await repositories.interviews("acme").insert(interview)


class TestCountAwaiting:
    async def test_counts_those_whose_answer_is_not_overdue(self, repositories: Repositories) -> None:
        acme = repositories.interviews("acme")
        for organisation, status, due_at in (
            ("acme", Status.AWAITING, NOON + minutes(1)),
            ("beta", Status.AWAITING, NOON + minutes(15)),
            ("acme", Status.AWAITING, NOON),
            ("acme", Status.TRANSCRIBING, NOON + minutes(1)),
        ):
            interview = an_interview(organisation_id=organisation, status=status, due_at=due_at)
            await repositories.interviews(organisation).insert(interview)
        await acme.insert(an_interview(status=Status.DONE))
        assert await repositories.jobs.count_awaiting(NOON) == 2


class TestClaimDue:
    async def test_takes_the_one_that_waited_longest_and_counts(self, repositories: Repositories) -> None:
        await store_due(repositories, 2)
        claimed = await claim(repositories.jobs)
        assert claimed is not None
        assert (claimed.id, claimed.due_at, claimed.lease_owner) == ("i000", LEASE, "worker")
        assert (claimed.epoch, claimed.attempt, claimed.version) == (1, 1, 2)
        assert await repositories.jobs.get("i000") == claimed

    async def test_takes_nothing_that_is_not_due_or_not_asked_for(self, repositories: Repositories) -> None:
        acme = repositories.interviews("acme")
        await acme.insert(an_interview(status=Status.PREPARING, due_at=NOON + minutes(1)))
        await acme.insert(an_interview(status=Status.ANALYSING, due_at=NOON))
        await acme.insert(an_interview(status=Status.DONE))
        found = await repositories.jobs.claim_due(
            NOON, (Status.PREPARING, Status.DONE), owner="w", lease_until=LEASE
        )
        assert found is None

    @FROM_THE_FUTURE
    async def test_one_that_cannot_be_read_is_put_off_and_holds_nothing_up(
        self, repositories: Repositories
    ) -> None:
        await store_due(repositories, 1)
        strange = an_interview(id="s", status=Status.PREPARING, due_at=NOON - minutes(9))
        await repositories.interviews("acme").insert(unreadable(strange, speakers_expected="many"))
        claimed = await claim(repositories.jobs)
        assert claimed is not None
        assert claimed.id == "i000"
        assert await claim(repositories.jobs) is None
        assert (await repositories.jobs.backlog(LEASE, overdue=NOON)).waiting == 2

    async def test_takes_at_the_very_moment_it_is_due(self, repositories: Repositories) -> None:
        await repositories.interviews("acme").insert(an_interview(status=Status.DELETED, due_at=NOON))
        assert await claim(repositories.jobs) is not None

    async def test_takes_again_when_the_lease_has_run_out(self, repositories: Repositories) -> None:
        await store_due(repositories, 1)
        await claim(repositories.jobs)
        assert await claim(repositories.jobs) is None
        again = await repositories.jobs.claim_due(LEASE, STEPS, owner="other", lease_until=LEASE + minutes(1))
        assert again is not None
        assert (again.epoch, again.attempt, again.lease_owner) == (2, 2, "other")

    async def test_fifty_claims_at_once_take_each_interview_once(self, repositories: Repositories) -> None:
        await store_due(repositories, 30)
        claims = await asyncio.gather(*(claim(repositories.jobs, f"w{n}") for n in range(50)))
        taken = Counter(c.id for c in claims if c is not None)
        assert taken == Counter({f"i{n:03}": 1 for n in range(30)})

    async def test_two_processes_take_each_interview_once(self, open_database: OpenDatabase) -> None:
        async with open_database() as one, open_database() as two:
            await store_due(one, 20)
            claims = await asyncio.gather(
                *(claim(repositories.jobs) for _ in range(15) for repositories in (one, two))
            )
            assert Counter(c.id for c in claims if c is not None) == Counter(
                {f"i{n:03}": 1 for n in range(20)}
            )


class TestRenew:
    async def test_extends_the_lease_without_a_new_version(self, repositories: Repositories) -> None:
        await store_due(repositories, 1)
        claimed = await claim(repositories.jobs)
        assert claimed is not None
        later = LEASE + minutes(1)
        assert await repositories.jobs.renew("i000", epoch=1, lease_until=later, progress=0.5)
        renewed = await repositories.jobs.get("i000")
        assert renewed == claimed.model_copy(update={"due_at": later, "progress": 0.5})

    async def test_is_refused_to_the_fenced_and_for_the_missing(self, repositories: Repositories) -> None:
        await store_due(repositories, 1)
        claimed = await claim(repositories.jobs)
        assert not await repositories.jobs.renew("i000", epoch=0, lease_until=FAR_FUTURE, progress=1.0)
        assert not await repositories.jobs.renew("gone", epoch=1, lease_until=FAR_FUTURE, progress=1.0)
        assert await repositories.jobs.get("i000") == claimed


class TestCommit:
    async def test_a_worker_with_an_old_epoch_changes_nothing(self, repositories: Repositories) -> None:
        await store_due(repositories, 1)
        late = await claim(repositories.jobs)
        current = await repositories.jobs.claim_due(LEASE, STEPS, owner="b", lease_until=LEASE + minutes(1))
        assert late is not None
        commit = {"status": Status.DONE, "due_at": FAR_FUTURE}
        assert await repositories.jobs.compare_and_set("i000", Expect(epoch=late.epoch), commit) is None
        assert await repositories.jobs.get("i000") == current

    async def test_writes_state_history_and_outbox_together(self, repositories: Repositories) -> None:
        await store_due(repositories, 1)
        entry = an_outbox_entry(payload={"übergabe": "ready"})
        committed = await repositories.jobs.compare_and_set(
            "i000",
            Expect(statuses=(Status.PREPARING,), epoch=0),
            {"status": Status.DONE, "due_at": FAR_FUTURE, "outbox": (entry,), "outbox_at": NOON},
        )
        assert committed is not None
        assert (committed.status, committed.outbox) == (Status.DONE, (entry,))
        assert await claim(repositories.jobs) is None
        assert await repositories.jobs.outbox_due(NOON, limit=5) == [committed]


class TestOutbox:
    async def test_lists_what_is_due_oldest_first(self, repositories: Repositories) -> None:
        acme = repositories.interviews("acme")
        for n, at in enumerate((NOON, NOON - minutes(2), NOON + minutes(1), NOON - minutes(1))):
            await acme.insert(an_interview(id=f"i{n}", outbox=(an_outbox_entry(),), outbox_at=at))
        await acme.insert(an_interview(id="empty"))
        due = await repositories.jobs.outbox_due(NOON, limit=10)
        assert [i.id for i in due] == ["i1", "i3", "i0"]
        assert [i.id for i in await repositories.jobs.outbox_due(NOON, limit=1)] == ["i1"]

    async def test_an_empty_one_is_never_due_whatever_its_date(self, repositories: Repositories) -> None:
        empty = an_interview(id="i", outbox=(), outbox_at=NOON)
        await repositories.interviews("acme").insert(empty)
        await repositories.archive.put(Kind.INTERVIEWS, [an_interview(id="restored", outbox_at=NOON)])
        assert await repositories.jobs.outbox_due(NOON, limit=5) == []
        assert (await repositories.jobs.backlog(NOON, overdue=NOON)).messages == 0
        assert await repositories.jobs.get("i") == empty

    @FROM_THE_FUTURE
    async def test_what_nobody_here_can_read_keeps_no_other_back(self, repositories: Repositories) -> None:
        acme = repositories.interviews("acme")
        known, later = an_outbox_entry(kind="known"), an_outbox_entry(kind="from.the.future")
        strange = an_interview(id="s", outbox=(known,), outbox_at=NOON - minutes(9))
        await acme.insert(unreadable(strange, speakers_expected="many"))
        await acme.insert(an_interview(id="later", outbox=(later,), outbox_at=NOON - minutes(8)))
        await acme.insert(an_interview(id="both", outbox=(later, known), outbox_at=NOON - minutes(7)))
        await acme.insert(an_interview(id="empty", outbox_at=NOON - minutes(6)))
        await acme.insert(an_interview(id="known", outbox=(known,), outbox_at=NOON))
        due = await repositories.jobs.outbox_due(NOON, limit=2, kinds={"known"})
        assert [i.id for i in due] == ["both", "known"]
        due = await repositories.jobs.outbox_due(NOON, limit=1)
        assert [i.id for i in due] == ["later"]

    async def test_keeps_what_was_not_delivered(self, repositories: Repositories) -> None:
        entries = tuple(an_outbox_entry(id=name) for name in "abc")
        stored = an_interview(id="i", outbox=entries, outbox_at=NOON)
        await repositories.interviews("acme").insert(stored)
        await repositories.jobs.outbox_remove("i", ["a", "c", "unknown"])
        assert await repositories.jobs.get("i") == stored.model_copy(update={"outbox": (entries[1],)})

    async def test_is_no_longer_due_when_empty(self, repositories: Repositories) -> None:
        stored = an_interview(id="i", outbox=(an_outbox_entry(id="a"),), outbox_at=NOON)
        await repositories.interviews("acme").insert(stored)
        await repositories.jobs.outbox_remove("i", {"a"})
        emptied = stored.model_copy(update={"outbox": (), "outbox_at": FAR_FUTURE})
        assert await repositories.jobs.get("i") == emptied
        assert await repositories.jobs.outbox_due(NOON, limit=5) == []

    async def test_two_deliverers_empty_it_together(self, repositories: Repositories) -> None:
        names = [f"e{n}" for n in range(10)]
        entries = tuple(an_outbox_entry(id=name) for name in names)
        await repositories.interviews("acme").insert(an_interview(id="i", outbox=entries, outbox_at=NOON))
        await asyncio.gather(*(repositories.jobs.outbox_remove("i", [name]) for name in names))
        left = await repositories.jobs.get("i")
        assert left is not None
        assert (left.outbox, left.outbox_at) == ((), FAR_FUTURE)

    async def test_a_missing_interview_is_no_error(self, repositories: Repositories) -> None:
        await repositories.jobs.outbox_remove("gone", ["a"])
        assert await repositories.jobs.get("gone") is None


class TestCountByStatus:
    async def test_has_a_number_for_every_status(self, repositories: Repositories) -> None:
        await store_due(repositories, 3)
        await repositories.interviews("other").insert(an_interview("other", status=Status.DONE))
        counted = await repositories.jobs.count_by_status()
        assert counted == dict.fromkeys(Status, 0) | {Status.PREPARING: 3, Status.DONE: 1}


class TestBacklog:
    async def test_is_empty_when_nothing_waits(self, repositories: Repositories) -> None:
        acme = repositories.interviews("acme")
        await acme.insert(an_interview(status=Status.DONE, due_at=NOON - minutes(9)))
        await acme.insert(an_interview(status=Status.ANALYSING, due_at=NOON + minutes(1)))
        await acme.insert(an_interview(outbox=(an_outbox_entry(),), outbox_at=NOON))
        found = await repositories.jobs.backlog(NOON, overdue=NOON - minutes(5))
        assert found == Backlog(waiting=0, oldest_due_at=None, stuck=0, answers=0, messages=0)

    async def test_counts_what_waits_what_is_stuck_and_what_was_not_told(
        self, repositories: Repositories
    ) -> None:
        answered = TranscriptionJob(id="j", recording_key="k", created_at=NOON, delivery_key="answer")
        stuck: dict[str, Any] = {"due_at": NOON - minutes(7)}
        for fields in (
            {"status": Status.FETCHING, "due_at": NOON},
            {"status": Status.INGESTING, "due_at": NOON, "transcription": answered},
            {"status": Status.PREPARING, **stuck},
            {"status": Status.INGESTING, "due_at": NOON - minutes(8), "transcription": answered},
            {"status": Status.INGESTING, **stuck, "transcription": None},
            {
                "status": Status.INGESTING,
                **stuck,
                "transcription": answered.model_copy(update={"delivery_key": None}),
            },
            {"status": Status.DONE, "outbox": (an_outbox_entry(),), "outbox_at": NOON - minutes(6)},
            {"status": Status.DONE, "outbox": (an_outbox_entry(),), "outbox_at": NOON},
        ):
            organisation = "acme" if fields["status"] is Status.DONE else "other"
            await repositories.interviews(organisation).insert(an_interview(organisation, **fields))
        found = await repositories.jobs.backlog(NOON, overdue=NOON - minutes(5))
        assert found == Backlog(waiting=6, oldest_due_at=NOON - minutes(8), stuck=4, answers=1, messages=1)


ALL_RESULTS = {
    "transcript", "analysis", "stability", "scorecard", "review", "request", "notice", "item", "delivery",
    "edit", "highlight",
}  # fmt: skip


async def store_all_results(repositories: Repositories, *interview_ids: str) -> None:
    for interview_id in interview_ids:
        await repositories.transcripts("acme").put(a_transcript(interview_id))
        await repositories.analyses("acme").put(an_analysis(interview_id))
        await repositories.stability("acme").put(a_stability_report(interview_id))
        await repositories.scorecards("acme").save(a_scorecard(interview_id), expected_version=0)
        await repositories.reviews("acme").save(a_review(interview_id), expected_version=0)
        request = a_scorecard_request(interview_id)
        await repositories.scorecard_requests("acme").save(request, expected_version=0)
        await repositories.notices.put(a_notice(interview_id=interview_id, due_at=NOON))
        await repositories.inbox("acme").put(an_inbox_item(interview_id=interview_id))
        await repositories.deliveries("acme").put(a_delivery(interview_id=interview_id))
        await repositories.edits("acme").put(an_edit(interview_id))
        await repositories.highlights("acme").insert(a_highlight(interview_id, id=f"h{interview_id}"))


async def kinds_left(repositories: Repositories, interview_id: str) -> set[str]:
    notices = await repositories.notices.list_due(NOON, limit=99)
    items = await repositories.inbox("acme").list_since(NOON, limit=99)
    queued = DeliveryFilter(interview_id=interview_id)
    deliveries = await repositories.deliveries("acme").list_newest(queued, after=None, limit=1)
    found = {
        "transcript": await repositories.transcripts("acme").get(interview_id, 1),
        "analysis": await repositories.analyses("acme").get(interview_id, 1),
        "stability": await repositories.stability("acme").get(interview_id, 1),
        "scorecard": await repositories.scorecards("acme").get(interview_id, "ann"),
        "review": await repositories.reviews("acme").get(interview_id, 1),
        "request": await repositories.scorecard_requests("acme").get(interview_id, "ann"),
        "notice": next((n for n in notices if n.interview_id == interview_id), None),
        "item": next((i for i in items if i.interview_id == interview_id), None),
        "delivery": next(iter(deliveries), None),
        "edit": await repositories.edits("acme").get(interview_id, 2),
        "highlight": await repositories.highlights("acme").get(interview_id, f"h{interview_id}"),
    }
    return {kind for kind, document in found.items() if document is not None}


class TestErasure:
    async def test_results_go_and_are_counted(self, repositories: Repositories) -> None:
        for interview_id in ("i", "i2"):
            await repositories.transcripts("acme").put(a_transcript(interview_id))
            await repositories.analyses("acme").put(an_analysis(interview_id))
        await repositories.analyses("acme").put(an_analysis("i", revision=2))
        assert await repositories.jobs.erase_results("i") == 3
        assert await repositories.jobs.erase_results("i") == 0
        assert await repositories.transcripts("acme").get("i", 1) is None
        assert await repositories.analyses("acme").list_newest("i", before=None, limit=5) == []
        assert await repositories.transcripts("acme").get("i2", 1) is not None

    async def test_all_that_was_said_and_told_goes_too(self, repositories: Repositories) -> None:
        await store_all_results(repositories, "i", "i2")
        assert await repositories.jobs.erase_results("i") == len(ALL_RESULTS)
        assert await kinds_left(repositories, "i") == set()
        assert await kinds_left(repositories, "i2") == ALL_RESULTS

    async def test_purge_takes_them_with_the_interview(self, repositories: Repositories) -> None:
        await repositories.interviews("acme").insert(an_interview(id="i", status=Status.DELETED, epoch=3))
        await store_all_results(repositories, "i", "i2")
        assert await repositories.jobs.purge("i", epoch=3)
        assert await kinds_left(repositories, "i") == set()
        assert await kinds_left(repositories, "i2") == ALL_RESULTS

    async def test_purge_removes_the_interview_with_its_results(self, repositories: Repositories) -> None:
        await repositories.interviews("acme").insert(
            an_interview(id="i", status=Status.DELETED, epoch=3, tags=("a",), idempotency_key="key")
        )
        await repositories.transcripts("acme").put(a_transcript("i"))
        assert await repositories.jobs.purge("i", epoch=3)
        assert await repositories.jobs.get("i") is None
        assert await repositories.transcripts("acme").get("i", 1) is None
        await repositories.interviews("acme").insert(an_interview(idempotency_key="key"))

    async def test_purge_is_refused_to_the_fenced(self, repositories: Repositories) -> None:
        await repositories.interviews("acme").insert(an_interview(id="i", status=Status.DELETED, epoch=3))
        await repositories.transcripts("acme").put(a_transcript("i"))
        assert not await repositories.jobs.purge("i", epoch=2)
        assert not await repositories.jobs.purge("gone", epoch=2)
        assert await repositories.jobs.get("i") is not None
        assert await repositories.transcripts("acme").get("i", 1) is not None
