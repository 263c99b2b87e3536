"""What an organisation uses of its daily budget, in the embedded database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, update

from app.models.usage import Usage
from app.repositories.base import UsageLimits
from app.repositories.sqlite.store import Store, insert_once
from app.repositories.sqlite.tables import usage

_t = usage.c
_MINE: Final = _t.organisation_id == bindparam("organisation_id_")
_TODAY: Final = (_MINE, _t.day == bindparam("day_"))
_BEGIN: Final = insert_once(usage)
_ADD: Final = (
    update(usage)
    .where(*_TODAY)
    .values(
        tokens=_t.tokens + bindparam("more_tokens"),
        cost_micro_usd=_t.cost_micro_usd + bindparam("more_cost"),
        calls=_t.calls + bindparam("more_calls"),
    )
)
_RESERVE: Final = _ADD.where(
    _t.tokens <= bindparam("room_for_tokens"), _t.cost_micro_usd <= bindparam("room_for_cost")
)
_GET: Final = select(usage).where(*_TODAY)
_USED: Final = select(usage).where(_MINE, _t.calls > 0).order_by(_t.day.desc()).limit(bindparam("limit"))
NEWEST: Final = {False: _USED, True: _USED.where(_t.day < bindparam("before"))}
_NO_LIMIT: Final = 2**62


class SqliteUsage:
    """`UsageRepository`. A day is stored as ISO text, which sorts like the date."""

    def __init__(self, store: Store, organisation_id: str) -> None:
        self._store = store
        self._organisation_id = organisation_id

    async def reserve(self, day: date, *, tokens: int, cost_micro_usd: int, limits: UsageLimits) -> bool:
        values = self._added(day, tokens=tokens, cost_micro_usd=cost_micro_usd, calls=1) | {
            "room_for_tokens": _NO_LIMIT if limits.tokens is None else limits.tokens - tokens,
            "room_for_cost": (
                _NO_LIMIT if limits.cost_micro_usd is None else limits.cost_micro_usd - cost_micro_usd
            ),
        }

        def work(connection: Connection) -> bool:
            self._begin(connection, day)
            return connection.execute(_RESERVE, values).rowcount == 1

        return await self._store.write(work)

    async def settle(self, day: date, *, tokens: int, cost_micro_usd: int) -> None:
        values = self._added(day, tokens=tokens, cost_micro_usd=cost_micro_usd, calls=0)

        def work(connection: Connection) -> None:
            self._begin(connection, day)
            connection.execute(_ADD, values)

        await self._store.write(work)

    async def get(self, day: date) -> Usage:
        values = self._of(day)
        found = await self._store.read(lambda connection: connection.execute(_GET, values).mappings().first())
        if found is None:
            return Usage(organisation_id=self._organisation_id, day=day)
        return Usage.model_validate(dict(found))

    async def list_newest(self, *, before: date | None, limit: int) -> Sequence[Usage]:
        values: dict[str, Any] = {"organisation_id_": self._organisation_id, "limit": limit}
        if before is not None:
            values["before"] = before.isoformat()
        query = NEWEST[before is not None]
        found = await self._store.read(lambda connection: connection.execute(query, values).mappings().all())
        return [Usage.model_validate(dict(row)) for row in found]

    def _begin(self, connection: Connection, day: date) -> None:
        """Make sure that the day's row exists."""
        empty = Usage(organisation_id=self._organisation_id, day=day).model_dump(mode="json")
        connection.execute(_BEGIN, empty)

    def _of(self, day: date) -> dict[str, Any]:
        return {"organisation_id_": self._organisation_id, "day_": day.isoformat()}

    def _added(self, day: date, *, tokens: int, cost_micro_usd: int, calls: int) -> dict[str, Any]:
        added = {"more_tokens": tokens, "more_cost": cost_micro_usd, "more_calls": calls}
        return self._of(day) | added
