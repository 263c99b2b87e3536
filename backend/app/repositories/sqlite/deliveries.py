"""Deliveries, as an organisation sees its own and as the workers see all, in the embedded database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, bindparam, delete, func, select, update

from app.models.base import FAR_FUTURE
from app.models.delivery import Carrier, Delivery, DeliveryStatus
from app.repositories.base import DeliveryFilter, PageKey
from app.repositories.sqlite.store import (
    Store,
    by_id,
    claim_readable,
    insert_once,
    many,
    newest_page,
    one,
    page_values,
)
from app.repositories.sqlite.telling_tables import deliveries
from app.repositories.values import (
    cancelled,
    checked_record,
    ensure_of,
    field_adapter,
    from_milliseconds,
    revived,
    to_milliseconds,
    to_precision,
    with_precision,
)

_t = deliveries.c
_MINE: Final = _t.organisation_id == bindparam("organisation_id_")
_PENDING: Final = _t.status == DeliveryStatus.PENDING.value
_BY_ID: Final = by_id(deliveries)
_GET: Final = _BY_ID.where(_MINE)
_GET_FINISHED: Final = _GET.where(_t.status != DeliveryStatus.PENDING.value)
_PUT: Final = insert_once(deliveries)
_UPDATE: Final = update(deliveries).where(_t.id == bindparam("its_id"))
_PUT_OFF: Final = _UPDATE.values(due_at=bindparam("until"))
# Set where it stands, in the columns and in the document's text: thousands may wait for an endpoint that is gone.
CANCEL: Final = (
    update(deliveries)
    .where(
        _MINE,
        _PENDING,
        _t.carrier == bindparam("its_carrier"),
        _t.target_id == bindparam("its_target"),
        _t.id.is_distinct_from(bindparam("except_id")),
    )
    .values(
        status=DeliveryStatus.CANCELLED.value,
        due_at=to_milliseconds(FAR_FUTURE),
        finished_at=bindparam("at"),
        doc=func.json_set(
            _t.doc,
            *("$.status", DeliveryStatus.CANCELLED.value),
            *("$.due_at", bindparam("never_as_text")),
            *("$.finished_at", bindparam("at_as_text")),
            *("$.epoch", func.json_extract(_t.doc, "$.epoch") + 1),
        ),
    )
)
DUE: Final = select(_t.doc, _t.id).where(_PENDING, _t.due_at <= bindparam("now")).order_by(_t.due_at).limit(1)
OLDEST_DUE: Final = select(func.min(_t.due_at)).where(_PENDING, _t.due_at <= bindparam("now"))
FINISHED: Final = (
    select(_t.id)
    .where(_t.finished_at < bindparam("before"))
    .order_by(_t.finished_at)
    .limit(bindparam("limit"))
)
_DELETE_FINISHED: Final = delete(deliveries).where(_t.id.in_(FINISHED))
_COUNT: Final = select(_t.status, func.count()).group_by(_t.status)
_CONDITIONS: Final[dict[str, ColumnElement[bool]]] = {
    name: _t[name] == bindparam(name) for name in ("status", "carrier", "target_id", "interview_id")
}
_CARRIER_OF_TARGET: Final = _t.carrier.concat("") == bindparam("carrier")
"""An expression, so that SQLite does not take the index of carriers where that of targets finds fewer rows."""


class SqliteDeliveries:
    """`DeliveryRepository`."""

    def __init__(self, store: Store, organisation_id: str) -> None:
        self._store = store
        self._scope = {"organisation_id_": organisation_id}

    async def put(self, delivery: Delivery) -> bool:
        ensure_of(self._scope["organisation_id_"], delivery)
        row = delivery_row(delivery)
        return await self._store.write(lambda connection: connection.execute(_PUT, row).rowcount == 1)

    async def get(self, delivery_id: str) -> Delivery | None:
        return await self._store.read(lambda c: one(c, _GET, Delivery, id=delivery_id, **self._scope))

    async def list_newest(
        self, where: DeliveryFilter, *, after: PageKey | None, limit: int
    ) -> Sequence[Delivery]:
        given = {name: value for name in _CONDITIONS if (value := getattr(where, name)) is not None}
        query = list_query(frozenset(given), resumed=after is not None)
        values = {**given, **self._scope, **page_values(after, limit)}
        return await self._store.read(lambda connection: many(connection, query, Delivery, **values))

    async def revive(self, delivery_id: str, now: datetime) -> Delivery | None:
        def work(connection: Connection) -> Delivery | None:
            finished = one(connection, _GET_FINISHED, Delivery, id=delivery_id, **self._scope)
            if finished is None:
                return None
            return _save(connection, finished, revived(now), epoch=finished.epoch + 1)

        return await self._store.write(work)

    async def cancel_pending(
        self, carrier: Carrier, target_id: str, now: datetime, *, except_id: str | None = None
    ) -> int:
        changes = cancelled(now)
        values = {
            **self._scope,
            "its_carrier": carrier.value,
            "its_target": target_id,
            "except_id": except_id,
            "at": to_milliseconds(changes["finished_at"]),
            "at_as_text": _as_text("finished_at", changes),
            "never_as_text": _as_text("due_at", changes),
        }
        return await self._store.write(lambda connection: connection.execute(CANCEL, values).rowcount)


class SqliteDeliveryQueue:
    """`DeliveryQueue`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def claim_due(self, now: datetime, *, lease_until: datetime) -> Delivery | None:
        values = {"now": to_milliseconds(now)}
        lease = {"due_at": to_precision(lease_until)}

        def work(connection: Connection) -> Delivery | None:
            due = claim_readable(connection, DUE, _PUT_OFF, Delivery, until=lease_until, **values)
            if due is None:
                return None
            return _save(connection, due, lease, epoch=due.epoch + 1, attempt=due.attempt + 1)

        return await self._store.write(work)

    async def record(self, delivery_id: str, *, epoch: int, changes: Mapping[str, Any]) -> bool:
        checked = checked_record(changes)

        def work(connection: Connection) -> bool:
            held = one(connection, _BY_ID, Delivery, id=delivery_id)
            if held is None or held.epoch != epoch:
                return False
            _save(connection, held, checked)
            return True

        return await self._store.write(work)

    async def count_by_status(self) -> Mapping[DeliveryStatus, int]:
        rows = await self._store.read(lambda connection: connection.execute(_COUNT).all())
        return dict.fromkeys(DeliveryStatus, 0) | {DeliveryStatus(status): count for status, count in rows}

    async def oldest_due(self, now: datetime) -> datetime | None:
        values = {"now": to_milliseconds(now)}
        at = await self._store.read(lambda c: c.execute(OLDEST_DUE, values).scalar_one())
        return None if at is None else from_milliseconds(at)

    async def delete_finished(self, before: datetime, *, limit: int) -> int:
        values = {"before": to_milliseconds(before), "limit": limit}
        return await self._store.write(lambda c: c.execute(_DELETE_FINISHED, values).rowcount)


@lru_cache(maxsize=64)
def list_query(given: frozenset[str], *, resumed: bool) -> Select[Any]:
    """The list for one combination of conditions."""
    conditions = {name: condition for name, condition in _CONDITIONS.items() if name in given}
    if {"carrier", "target_id"} <= given:
        conditions["carrier"] = _CARRIER_OF_TARGET
    return newest_page(deliveries, select(_t.doc).where(_MINE, *conditions.values()), resumed=resumed)


def _as_text(name: str, changes: Mapping[str, Any]) -> str:
    """A date as it stands in the document."""
    text: str = field_adapter(name, Delivery).dump_python(changes[name], mode="json")
    return text


def _save(connection: Connection, before: Delivery, changes: Mapping[str, Any], **counters: int) -> Delivery:
    after = before.model_copy(update={**changes, **counters})
    connection.execute(_UPDATE, {"its_id": after.id, **delivery_row(after)})
    return after


def delivery_row(delivery: Delivery) -> dict[str, Any]:
    delivery = with_precision(delivery)
    finished = delivery.finished_at
    return {
        "id": delivery.id,
        "organisation_id": delivery.organisation_id,
        "interview_id": delivery.interview_id,
        "carrier": delivery.carrier.value,
        "target_id": delivery.target_id,
        "status": delivery.status.value,
        "due_at": to_milliseconds(delivery.due_at),
        "created_at": to_milliseconds(delivery.created_at),
        "finished_at": None if finished is None else to_milliseconds(finished),
        "doc": delivery.model_dump_json(),
    }
