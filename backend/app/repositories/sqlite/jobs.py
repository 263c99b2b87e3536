"""The pipeline's view of the embedded database: claims, leases, commits, outbox and erasure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, func, select, update

from app.models.base import FAR_FUTURE
from app.models.interview import STEPS, Interview, Status
from app.repositories.base import Backlog, Expect
from app.repositories.sqlite import search_index
from app.repositories.sqlite.interviews import BY_ID, compare_and_set, save
from app.repositories.sqlite.store import Store, claim_readable, many_readable, one
from app.repositories.sqlite.tables import analyses, interviews, reviews, scorecards, stability, transcripts
from app.repositories.sqlite.telling_tables import deliveries, inbox, notices, scorecard_requests
from app.repositories.sqlite.words_tables import edits, highlights
from app.repositories.values import from_milliseconds, to_milliseconds, to_precision

_t = interviews.c

DUE: Final = (
    select(_t.doc, _t.id)
    .where(_t.due_at <= bindparam("now"), _t.status.in_(bindparam("statuses", expanding=True)))
    .order_by(_t.due_at)
    .limit(1)
)
OUTBOX_DUE: Final = select(_t.doc).where(_t.outbox_at <= bindparam("now")).order_by(_t.outbox_at)
AWAITING: Final = (
    select(func.count())
    .select_from(interviews)
    .where(
        _t.due_at > bindparam("now"),
        # Most interviews are never due: the bound keeps them out of the range that is read.
        _t.due_at < bindparam("never"),
        _t.status == Status.AWAITING.value,
    )
)
WAITING: Final = select(func.count(), func.min(_t.due_at)).where(
    _t.due_at <= bindparam("until"), _t.status.in_([status.value for status in STEPS])
)
UNREAD_ANSWERS: Final = (
    select(func.count())
    .select_from(interviews)
    .where(
        _t.due_at <= bindparam("until"),
        _t.status == Status.INGESTING.value,
        func.json_extract(_t.doc, "$.transcription.delivery_key").is_not(None),
    )
)
MESSAGES: Final = select(func.count()).select_from(interviews).where(_t.outbox_at <= bindparam("until"))
_COUNT: Final = select(_t.status, func.count()).group_by(_t.status)
_PUT_OFF: Final = update(interviews).where(_t.id == bindparam("its_id")).values(due_at=bindparam("until"))
_DELETE: Final = delete(interviews).where(_t.id == bindparam("id"))
_DELETE_RESULTS: Final = tuple(
    delete(table).where(table.c.interview_id == bindparam("id"))
    for table in (
        transcripts,
        analyses,
        stability,
        scorecards,
        reviews,
        scorecard_requests,
        notices,
        inbox,
        deliveries,
        edits,
        highlights,
    )
)


class SqliteJobs:
    """`JobRepository`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def claim_due(
        self, now: datetime, statuses: Collection[Status], *, owner: str, lease_until: datetime
    ) -> Interview | None:
        values = {"now": to_milliseconds(now), "statuses": [status.value for status in statuses]}
        lease = to_precision(lease_until)

        def work(connection: Connection) -> Interview | None:
            due = claim_readable(connection, DUE, _PUT_OFF, Interview, until=lease, **values)
            if due is None:
                return None
            claimed = due.model_copy(
                update={
                    "due_at": lease,
                    "lease_owner": owner,
                    "epoch": due.epoch + 1,
                    "attempt": due.attempt + 1,
                    "version": due.version + 1,
                }
            )
            save(connection, due, claimed)
            return claimed

        return await self._store.write(work)

    async def renew(
        self, interview_id: str, *, epoch: int, lease_until: datetime, progress: float | None
    ) -> bool:
        lease = to_precision(lease_until)

        def work(connection: Connection) -> bool:
            held = one(connection, BY_ID, Interview, id=interview_id)
            if held is None or held.epoch != epoch:
                return False
            save(connection, held, held.model_copy(update={"due_at": lease, "progress": progress}))
            return True

        return await self._store.write(work)

    async def get(self, interview_id: str) -> Interview | None:
        return await self._store.read(lambda connection: one(connection, BY_ID, Interview, id=interview_id))

    async def compare_and_set(
        self, interview_id: str, expect: Expect, changes: Mapping[str, Any]
    ) -> Interview | None:
        return await compare_and_set(self._store, interview_id, expect, changes)

    async def count_awaiting(self, now: datetime) -> int:
        values = {"now": to_milliseconds(now), "never": to_milliseconds(FAR_FUTURE)}
        return await self._store.read(lambda connection: connection.execute(AWAITING, values).scalar_one())

    async def outbox_due(
        self, now: datetime, *, limit: int, kinds: Collection[str] | None = None
    ) -> Sequence[Interview]:
        values = {"now": to_milliseconds(now)}

        def wanted(interview: Interview) -> bool:
            return kinds is None or any(entry.kind in kinds for entry in interview.outbox)

        return await self._store.read(
            lambda c: many_readable(c, OUTBOX_DUE, Interview, values, limit=limit, wanted=wanted)
        )

    async def outbox_remove(self, interview_id: str, entry_ids: Collection[str]) -> None:
        def work(connection: Connection) -> None:
            before = one(connection, BY_ID, Interview, id=interview_id)
            if before is None:
                return
            left = tuple(entry for entry in before.outbox if entry.id not in entry_ids)
            at = before.outbox_at if left else FAR_FUTURE
            save(connection, before, before.model_copy(update={"outbox": left, "outbox_at": at}))

        await self._store.write(work)

    async def count_by_status(self) -> Mapping[Status, int]:
        rows = await self._store.read(lambda connection: connection.execute(_COUNT).all())
        return dict.fromkeys(Status, 0) | {Status(status): count for status, count in rows}

    async def backlog(self, now: datetime, *, overdue: datetime) -> Backlog:
        until_now = {"until": to_milliseconds(now)}
        until_then = {"until": to_milliseconds(overdue)}

        def work(connection: Connection) -> Backlog:
            waiting, oldest = connection.execute(WAITING, until_now).one()
            stuck, _ = connection.execute(WAITING, until_then).one()
            return Backlog(
                waiting=waiting,
                oldest_due_at=None if oldest is None else from_milliseconds(oldest),
                stuck=stuck,
                answers=connection.execute(UNREAD_ANSWERS, until_then).scalar_one(),
                messages=connection.execute(MESSAGES, until_then).scalar_one(),
            )

        return await self._store.read(work)

    async def purge(self, interview_id: str, *, epoch: int) -> bool:
        def work(connection: Connection) -> bool:
            tombstone = one(connection, BY_ID, Interview, id=interview_id)
            if tombstone is None or tombstone.epoch != epoch:
                return False
            _erase_results(connection, interview_id)
            connection.execute(_DELETE, {"id": interview_id})
            return True

        return await self._store.write(work)

    async def erase_results(self, interview_id: str) -> int:
        return await self._store.write(lambda connection: _erase_results(connection, interview_id))


def _erase_results(connection: Connection, interview_id: str) -> int:
    removed = sum(connection.execute(each, {"id": interview_id}).rowcount for each in _DELETE_RESULTS)
    passages = search_index.remove(connection, interview_id)
    search_index.merge(connection)
    return removed + passages
