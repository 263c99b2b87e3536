"""Users, organisations, memberships and invitations, in the embedded database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

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
from app.repositories.base import Duplicate, PageKey
from app.repositories.sqlite.store import (
    Store,
    by_id,
    insert_once,
    many,
    newest_page,
    older_first,
    one,
    page_values,
)
from app.repositories.sqlite.tables import invitations, memberships, organisations, users
from app.repositories.values import to_milliseconds, to_precision, with_precision

_USER: Final = by_id(users)
_USER_OF_IDENTITY: Final = select(users.c.doc).where(users.c.identity == bindparam("identity"))
_INSERT_USER: Final = insert_once(users)
_UPDATE_USER: Final = update(users).where(users.c.id == bindparam("its_id"))

_ORGANISATION: Final = by_id(organisations)
_INSERT_ORGANISATION: Final = insert_once(organisations)
_UPDATE_ORGANISATION: Final = update(organisations).where(organisations.c.id == bindparam("its_id"))

_m = memberships.c
_OF_ORGANISATION: Final = _m.organisation_id == bindparam("organisation_id")
_MEMBERSHIP: Final = by_id(memberships)
_INSERT_MEMBERSHIP: Final = insert_once(memberships)
_UPDATE_MEMBERSHIP: Final = update(memberships).where(_m.id == bindparam("its_id"))
_DELETE_MEMBERSHIP: Final = delete(memberships).where(_m.id == bindparam("its_id"))
MEMBERSHIPS_OF: Final = older_first(memberships, select(_m.doc).where(_m.user_id == bindparam("user_id")))
MEMBERS: Final = {
    resumed: newest_page(memberships, select(_m.doc).where(_OF_ORGANISATION), resumed=resumed)
    for resumed in (False, True)
}
_COUNT_ADMINS: Final = select(func.count()).where(_OF_ORGANISATION, _m.role == Role.ADMIN.value)

_i = invitations.c
_INVITED: Final = (_i.email == bindparam("email_"), _i.expires_at > bindparam("now"))
_INSERT_INVITATION: Final = insert(invitations)
_REMOVE_EARLIER: Final = delete(invitations).where(
    _i.organisation_id == bindparam("organisation_id_"), _i.email == bindparam("email_")
)
_TAKE_INVITATION: Final = delete(invitations).where(_i.id == bindparam("its_id"), *_INVITED).returning(_i.doc)
_DELETE_INVITATION: Final = delete(invitations).where(
    _i.id == bindparam("its_id"), _i.organisation_id == bindparam("organisation_id_")
)
INVITATIONS_FOR: Final = select(_i.doc).where(*_INVITED).order_by(_i.created_at.desc(), _i.id.desc())
_INVITATIONS: Final = {
    resumed: newest_page(
        invitations,
        select(_i.doc).where(_i.organisation_id == bindparam("organisation_id_")),
        resumed=resumed,
    )
    for resumed in (False, True)
}


class SqlitePeople:
    """`PeopleRepository`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def insert_user(self, user: User) -> User:
        user = with_precision(user)
        row = user_row(user)

        def work(connection: Connection) -> User:
            if connection.execute(_INSERT_USER, row).rowcount:
                return user
            existing = one(connection, _USER_OF_IDENTITY, User, identity=user.identity)
            if existing is None:
                raise Duplicate("Another user has this id.")
            return existing

        return await self._store.write(work)

    async def get_user(self, user_id: str) -> User | None:
        return await self._store.read(lambda connection: one(connection, _USER, User, id=user_id))

    async def find_user(self, identity: str) -> User | None:
        return await self._store.read(lambda c: one(c, _USER_OF_IDENTITY, User, identity=identity))

    async def update_user(self, user: User) -> None:
        values = {"its_id": user.id, **user_row(user)}
        await self._store.write(lambda connection: connection.execute(_UPDATE_USER, values).rowcount)

    async def insert_organisation(self, organisation: Organisation) -> None:
        row = organisation_row(organisation)
        await self._store.write(lambda connection: connection.execute(_INSERT_ORGANISATION, row).rowcount)

    async def get_organisation(self, organisation_id: str) -> Organisation | None:
        return await self._store.read(lambda c: one(c, _ORGANISATION, Organisation, id=organisation_id))

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
            "transcription": transcription,
            "analysis": analysis,
            "visibility": visibility,
            "notifications": notifications,
            "updated_at": to_precision(at),
        }

        def work(connection: Connection) -> Organisation | None:
            current = one(connection, _ORGANISATION, Organisation, id=organisation_id)
            if current is None:
                return None
            changed = current.model_copy(update={k: v for k, v in given.items() if v is not None})
            values = {"its_id": organisation_id, "doc": changed.model_dump_json()}
            connection.execute(_UPDATE_ORGANISATION, values)
            return changed

        return await self._store.write(work)

    async def insert_membership(self, membership: Membership) -> bool:
        row = membership_row(membership)
        return await self._store.write(lambda c: c.execute(_INSERT_MEMBERSHIP, row).rowcount == 1)

    async def memberships_of(self, user_id: str) -> Sequence[Membership]:
        return await self._store.read(lambda c: many(c, MEMBERSHIPS_OF, Membership, user_id=user_id))

    async def list_members(
        self, organisation_id: str, *, after: PageKey | None, limit: int
    ) -> Sequence[Membership]:
        values = {"organisation_id": organisation_id, **page_values(after, limit)}
        return await self._store.read(lambda c: many(c, MEMBERS[after is not None], Membership, **values))

    async def set_role(self, organisation_id: str, user_id: str, role: Role) -> Membership | None:
        key = membership_id(organisation_id, user_id)

        def work(connection: Connection) -> Membership | None:
            current = one(connection, _MEMBERSHIP, Membership, id=key)
            if current is None:
                return None
            changed = current.model_copy(update={"role": role})
            connection.execute(_UPDATE_MEMBERSHIP, {"its_id": key, **membership_row(changed)})
            return changed

        return await self._store.write(work)

    async def delete_membership(self, organisation_id: str, user_id: str) -> bool:
        values = {"its_id": membership_id(organisation_id, user_id)}
        return await self._store.write(lambda c: c.execute(_DELETE_MEMBERSHIP, values).rowcount == 1)

    async def count_admins(self, organisation_id: str) -> int:
        values = {"organisation_id": organisation_id}
        return await self._store.read(lambda c: int(c.execute(_COUNT_ADMINS, values).scalar_one()))

    async def put_invitation(self, invitation: Invitation) -> None:
        row = invitation_row(invitation)

        def work(connection: Connection) -> None:
            earlier = {"organisation_id_": invitation.organisation_id, "email_": row["email"]}
            connection.execute(_REMOVE_EARLIER, earlier)
            connection.execute(_INSERT_INVITATION, row)

        await self._store.write(work)

    async def list_invitations(
        self, organisation_id: str, *, after: PageKey | None, limit: int
    ) -> Sequence[Invitation]:
        query = _INVITATIONS[after is not None]
        values = {"organisation_id_": organisation_id, **page_values(after, limit)}
        return await self._store.read(lambda connection: many(connection, query, Invitation, **values))

    async def invitations_for(self, email: str, now: datetime) -> Sequence[Invitation]:
        values = {"email_": email.lower(), "now": to_milliseconds(now)}
        return await self._store.read(lambda c: many(c, INVITATIONS_FOR, Invitation, **values))

    async def take_invitation(self, invitation_id: str, email: str, now: datetime) -> Invitation | None:
        values = {"its_id": invitation_id, "email_": email.lower(), "now": to_milliseconds(now)}
        return await self._store.write(lambda c: one(c, _TAKE_INVITATION, Invitation, **values))

    async def delete_invitation(self, organisation_id: str, invitation_id: str) -> bool:
        values = {"its_id": invitation_id, "organisation_id_": organisation_id}
        return await self._store.write(lambda c: c.execute(_DELETE_INVITATION, values).rowcount == 1)


def user_row(user: User) -> dict[str, Any]:
    return {"id": user.id, "identity": user.identity, "doc": with_precision(user).model_dump_json()}


def organisation_row(organisation: Organisation) -> dict[str, Any]:
    return {"id": organisation.id, "doc": with_precision(organisation).model_dump_json()}


def membership_row(membership: Membership) -> dict[str, Any]:
    key = membership_id(membership.organisation_id, membership.user_id)
    membership = with_precision(membership.model_copy(update={"id": key}))
    return {
        "id": key,
        "organisation_id": membership.organisation_id,
        "user_id": membership.user_id,
        "role": membership.role.value,
        "created_at": to_milliseconds(membership.created_at),
        "doc": membership.model_dump_json(),
    }


def invitation_row(invitation: Invitation) -> dict[str, Any]:
    return {
        "id": invitation.id,
        "organisation_id": invitation.organisation_id,
        "email": invitation.email.lower(),
        "created_at": to_milliseconds(invitation.created_at),
        "expires_at": to_milliseconds(invitation.expires_at),
        "doc": with_precision(invitation).model_dump_json(),
    }
