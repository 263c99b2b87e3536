"""Users, organisations, memberships and invitations, in MongoDB."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pymongo import ReturnDocument
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from app.models.organisation import (
    AnalysisRule,
    Invitation,
    Membership,
    NotificationRule,
    Organisation,
    Role,
    TranscriptionRule,
    User,
    Visibility,
    membership_id,
)
from app.repositories.base import PageKey
from app.repositories.mongo.store import (
    Document,
    insert_new,
    many,
    newest,
    one,
    to_document,
    to_model,
    translating,
)
from app.repositories.mongo.wishes import wishes_document, with_wishes_by_topic

_BY_ID = [("_id", -1)]
"""Ids tell the time: newest first."""


@translating
class MongoPeople:
    """`PeopleRepository`."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._users = database["users"]
        self._organisations = database["organisations"]
        self._memberships = database["memberships"]
        self._invitations = database["invitations"]

    async def insert_user(self, user: User) -> User:
        try:
            await self._users.insert_one(document := to_document(user))
        except DuplicateKeyError:
            existing = await one(self._users, User, {"identity": user.identity})
            if existing is None:
                raise
            return existing
        return to_model(User, document)

    async def get_user(self, user_id: str) -> User | None:
        return await one(self._users, User, {"_id": user_id})

    async def find_user(self, identity: str) -> User | None:
        return await one(self._users, User, {"identity": identity})

    async def update_user(self, user: User) -> None:
        await self._users.replace_one({"_id": user.id}, to_document(user))

    async def list_users(self, *, after: str | None, limit: int) -> Sequence[User]:
        return await many(self._users, User, _older_than(after), sort=_BY_ID, limit=limit)

    async def insert_organisation(self, organisation: Organisation) -> None:
        await insert_new(self._organisations, organisation_document(organisation))

    async def get_organisation(self, organisation_id: str) -> Organisation | None:
        found = await self._organisations.find_one({"_id": organisation_id})
        return None if found is None else to_organisation(found)

    async def list_organisations(self, *, after: str | None, limit: int) -> Sequence[Organisation]:
        if limit < 1:
            return []
        found = self._organisations.find(_older_than(after), sort=_BY_ID, limit=limit, batch_size=limit)
        return [to_organisation(document) for document in await found.to_list()]

    async def update_organisation(
        self,
        organisation_id: str,
        at: datetime,
        *,
        name: str | None = None,
        transcription: TranscriptionRule | None = None,
        analysis: AnalysisRule | None = None,
        visibility: Visibility | None = None,
        notifications: NotificationRule | None = None,
    ) -> Organisation | None:
        given = {
            "name": name,
            "transcription": transcription.model_dump() if transcription else None,
            "analysis": analysis.model_dump() if analysis else None,
            "visibility": visibility,
            "notifications": wishes_document(notifications) if notifications else None,
            "updated_at": at,
        }
        changed = await self._organisations.find_one_and_update(
            {"_id": organisation_id},
            {"$set": {field: value for field, value in given.items() if value is not None}},
            return_document=ReturnDocument.AFTER,
        )
        return None if changed is None else to_organisation(changed)

    async def insert_membership(self, membership: Membership) -> bool:
        key = membership_id(membership.organisation_id, membership.user_id)
        return await insert_new(self._memberships, to_document(membership.model_copy(update={"id": key})))

    async def memberships_of(self, user_id: str) -> Sequence[Membership]:
        order = [("created_at", 1), ("_id", 1)]
        return await many(self._memberships, Membership, {"user_id": user_id}, sort=order)

    async def list_members(
        self, organisation_id: str, *, after: PageKey | None, limit: int
    ) -> Sequence[Membership]:
        condition: Document = {"organisation_id": organisation_id}
        return await newest(self._memberships, Membership, condition, after=after, limit=limit)

    async def set_role(self, organisation_id: str, user_id: str, role: Role) -> Membership | None:
        changed = await self._memberships.find_one_and_update(
            {"_id": membership_id(organisation_id, user_id)},
            {"$set": {"role": role.value}},
            return_document=ReturnDocument.AFTER,
        )
        return None if changed is None else to_model(Membership, changed)

    async def delete_membership(self, organisation_id: str, user_id: str) -> bool:
        deleted = await self._memberships.delete_one({"_id": membership_id(organisation_id, user_id)})
        return deleted.deleted_count == 1

    async def count_admins(self, organisation_id: str) -> int:
        condition = {"organisation_id": organisation_id, "role": Role.ADMIN.value}
        return await self._memberships.count_documents(condition)

    async def put_invitation(self, invitation: Invitation) -> None:
        document = invitation_document(invitation)
        await self._invitations.replace_one({"_id": document["_id"]}, document, upsert=True)

    async def list_invitations(
        self, organisation_id: str, *, after: PageKey | None, limit: int
    ) -> Sequence[Invitation]:
        condition: Document = {"organisation_id": organisation_id}
        return await newest(self._invitations, Invitation, condition, after=after, limit=limit, id_field="id")

    async def invitations_for(self, email: str, now: datetime) -> Sequence[Invitation]:
        order = [("created_at", -1), ("id", -1)]
        return await many(self._invitations, Invitation, _invited(email, now), sort=order)

    async def take_invitation(self, invitation_id: str, email: str, now: datetime) -> Invitation | None:
        taken = await self._invitations.find_one_and_delete({"id": invitation_id, **_invited(email, now)})
        return None if taken is None else to_model(Invitation, taken)

    async def delete_invitation(self, organisation_id: str, invitation_id: str) -> bool:
        condition = {"id": invitation_id, "organisation_id": organisation_id}
        return (await self._invitations.delete_one(condition)).deleted_count == 1


def invitation_document(invitation: Invitation) -> Document:
    """The pair is the key, so that replacing an earlier invitation is one atomic update."""
    email = invitation.email.lower()
    key = f"{invitation.organisation_id}:{email}"
    return to_document(invitation, key=key, email_key=email)


def organisation_document(organisation: Organisation) -> Document:
    return to_document(organisation, notifications=wishes_document(organisation.notifications))


def to_organisation(found: Document) -> Organisation:
    rule = with_wishes_by_topic(found.get("notifications", {}))
    return to_model(Organisation, {**found, "notifications": rule})


def _invited(email: str, now: datetime) -> dict[str, Any]:
    return {"email_key": email.lower(), "expires_at": {"$gt": now}}


def _older_than(after: str | None) -> dict[str, Any]:
    return {} if after is None else {"_id": {"$lt": after}}
