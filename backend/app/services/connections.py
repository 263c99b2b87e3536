"""Connections: an organisation says from where recordings may come in by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from app.core.errors import InvalidInput, NotFound, PreconditionFailed
from app.core.security.shared import new_webhook_secret
from app.models.base import new_id, utc_now
from app.models.connection import Connection, ConnectionKind, InterviewDefaults, Preference
from app.repositories.base import PageKey, Repositories

_PATHS: Final = {
    ConnectionKind.ZOOM: "/api/v1/webhooks/zoom",
    ConnectionKind.SIGNED_URL: "/api/v1/webhooks/recordings",
}
_INSTRUCTIONS: Final = {
    ConnectionKind.ZOOM: (
        "In the Zoom App Marketplace, open your app, Features, Access: switch on Event Subscriptions, add one with "
        "this address as its Event notification endpoint URL, choose the events `All Recordings have completed` and "
        "`Recording Transcript files have completed`, press Validate, save, and activate the app. The secret token "
        "on the same page is the one that this connection has."
    ),
    ConnectionKind.SIGNED_URL: (
        "POST a JSON body with `url` and `title` to this address, signed with the secret by the Standard Webhooks "
        "specification (headers webhook-id, webhook-timestamp, webhook-signature). A repeat with the same webhook-id "
        "makes nothing twice."
    ),
}
_PREVIOUS_KEPT: Final = timedelta(hours=24)
_TRIES: Final = 5


class ConnectionNotFound(NotFound):
    code = "connection_not_found"


class ConnectionChanged(PreconditionFailed):
    code = "version_mismatch"


class SecretNotTaken(InvalidInput):
    """Zoom's secret comes from Zoom; ours is made here."""

    code = "secret_not_taken"


@dataclass(frozen=True, slots=True)
class ConnectionDraft:
    kind: ConnectionKind
    name: str
    secret: str | None
    """Of the other side's making; None where it is made here."""
    prefer: Preference
    defaults: InterviewDefaults


class ConnectionService:
    def __init__(self, repositories: Repositories, *, public_url: str) -> None:
        self._repositories = repositories
        self._public_url = public_url

    def address(self, connection: Connection) -> str:
        """Where the other side calls."""
        return f"{self._public_url}{_PATHS[connection.kind]}/{connection.id}"

    async def create(self, organisation_id: str, draft: ConnectionDraft, *, by: str) -> Connection:
        """Raises `SecretNotTaken`."""
        now = utc_now()
        connection = Connection(
            id=f"{organisation_id}.{new_id()}",
            organisation_id=organisation_id,
            kind=draft.kind,
            name=draft.name,
            secret=_secret(draft.kind, draft.secret),
            prefer=draft.prefer,
            defaults=draft.defaults,
            created_by=by,
            created_at=now,
            updated_at=now,
        )
        await self._repositories.connections(organisation_id).insert(connection)
        return connection

    async def get(self, organisation_id: str, connection_id: str) -> Connection:
        found = await self._repositories.connections(organisation_id).get(connection_id)
        if found is None:
            raise ConnectionNotFound("No such connection in this organisation.")
        return found

    async def find(self, connection_id: str) -> Connection | None:
        """By its id alone, which names its organisation."""
        organisation_id, dot, _ = connection_id.rpartition(".")
        if not (dot and organisation_id):
            return None
        return await self._repositories.connections(organisation_id).get(connection_id)

    async def list_newest(
        self, organisation_id: str, *, after: PageKey | None, limit: int
    ) -> Sequence[Connection]:
        return await self._repositories.connections(organisation_id).list_newest(after=after, limit=limit)

    async def patch(
        self,
        organisation_id: str,
        connection_id: str,
        changes: Mapping[str, Any],
        *,
        expected_version: int | None,
    ) -> Connection:
        """Replace the given fields. Raises `ConnectionChanged` when `expected_version` is not current."""
        for _ in range(_TRIES):
            current = await self.get(organisation_id, connection_id)
            if expected_version is not None and current.version != expected_version:
                raise ConnectionChanged(
                    f"The connection has version {current.version} by now; load it again.",
                    version=current.version,
                )
            stamp = {"version": current.version + 1, "updated_at": utc_now()}
            changed = current.model_copy(update={**changes, **stamp})
            repository = self._repositories.connections(organisation_id)
            if await repository.replace(changed, expected_version=current.version):
                return changed
        raise ConnectionChanged("Somebody else changed the connection at the same moment; load it again.")

    async def rotate(self, organisation_id: str, connection_id: str, secret: str | None) -> Connection:
        """Another secret; the one before is believed for a day more. Raises `SecretNotTaken`."""
        current = await self.get(organisation_id, connection_id)
        changes = {
            "secret": _secret(current.kind, secret),
            "previous_secret": current.secret,
            "previous_until": utc_now() + _PREVIOUS_KEPT,
        }
        return await self.patch(organisation_id, connection_id, changes, expected_version=current.version)

    async def delete(self, organisation_id: str, connection_id: str) -> None:
        """What came through it stays."""
        if not await self._repositories.connections(organisation_id).delete(connection_id):
            raise ConnectionNotFound("No such connection in this organisation.")


def instructions(connection: Connection) -> str:
    """What to do on the other side, for people."""
    return _INSTRUCTIONS[connection.kind]


def _secret(kind: ConnectionKind, given: str | None) -> str:
    match kind:
        case ConnectionKind.ZOOM:
            if given is None:
                raise SecretNotTaken("Send the secret token that Zoom shows on your app's page (Access).")
            return given
        case ConnectionKind.SIGNED_URL:
            if given is not None:
                raise SecretNotTaken("The secret of this kind of connection is made here; send none.")
            return new_webhook_secret()
