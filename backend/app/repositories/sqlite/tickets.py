"""Single-use tickets, in the embedded database."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete

from app.models.organisation import Ticket
from app.repositories.sqlite.store import Store, one, replacing
from app.repositories.sqlite.tables import tickets
from app.repositories.values import to_milliseconds, with_precision

_PUT: Final = replacing(tickets)
_TAKE: Final = (
    delete(tickets)
    .where(tickets.c.id == bindparam("id"), tickets.c.expires_at > bindparam("now"))
    .returning(tickets.c.doc)
)
_DELETE_EXPIRED: Final = delete(tickets).where(tickets.c.expires_at <= bindparam("now"))


class SqliteTickets:
    """`TicketRepository`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def put(self, ticket: Ticket) -> None:
        row = {
            "id": ticket.id,
            "expires_at": to_milliseconds(ticket.expires_at),
            "doc": with_precision(ticket).model_dump_json(),
        }
        await self._store.write(lambda connection: connection.execute(_PUT, row).rowcount)

    async def take(self, ticket_id: str, now: datetime) -> Ticket | None:
        values = {"id": ticket_id, "now": to_milliseconds(now)}
        return await self._store.write(lambda connection: one(connection, _TAKE, Ticket, **values))

    async def delete_expired(self, now: datetime) -> int:
        values = {"now": to_milliseconds(now)}
        return await self._store.write(
            lambda connection: connection.execute(_DELETE_EXPIRED, values).rowcount
        )
