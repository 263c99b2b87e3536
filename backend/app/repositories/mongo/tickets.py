"""Single-use tickets, in MongoDB."""

from __future__ import annotations

from datetime import datetime

from app.models.organisation import Ticket
from app.repositories.mongo.store import Collection, to_document, to_model, translating


@translating
class MongoTickets:
    """`TicketRepository`."""

    def __init__(self, tickets: Collection) -> None:
        self._tickets = tickets

    async def put(self, ticket: Ticket) -> None:
        await self._tickets.replace_one({"_id": ticket.id}, to_document(ticket), upsert=True)

    async def take(self, ticket_id: str, now: datetime) -> Ticket | None:
        taken = await self._tickets.find_one_and_delete({"_id": ticket_id, "expires_at": {"$gt": now}})
        return None if taken is None else to_model(Ticket, taken)

    async def delete_expired(self, now: datetime) -> int:
        return (await self._tickets.delete_many({"expires_at": {"$lte": now}})).deleted_count
