"""Templates of one organisation, in the embedded database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import bindparam, delete, insert, select

from app.models.template import Template
from app.repositories.base import PageKey
from app.repositories.sqlite.store import (
    Store,
    by_id,
    many,
    newest_page,
    one,
    page_values,
    replace_version,
    versioned,
)
from app.repositories.sqlite.tables import templates
from app.repositories.values import ensure_of, to_milliseconds, with_precision

_t = templates.c
_MINE: Final = _t.organisation_id == bindparam("organisation_id_")
_GET: Final = by_id(templates).where(_MINE)
_LISTED: Final = select(_t.doc).where(_MINE, _t.archived == bindparam("archived"))
LIST: Final = {resumed: newest_page(templates, _LISTED, resumed=resumed) for resumed in (False, True)}
_INSERT: Final = insert(templates)
_REPLACE: Final = versioned(templates)
_DELETE: Final = delete(templates).where(_t.id == bindparam("id_"), _MINE)


class SqliteTemplates:
    """`TemplateRepository`."""

    def __init__(self, store: Store, organisation_id: str) -> None:
        self._store = store
        self._scope = {"organisation_id_": organisation_id}

    async def insert(self, template: Template) -> None:
        row = self._row(template)
        await self._store.write(lambda connection: connection.execute(_INSERT, row).rowcount)

    async def get(self, template_id: str) -> Template | None:
        return await self._store.read(lambda c: one(c, _GET, Template, id=template_id, **self._scope))

    async def list_newest(self, *, archived: bool, after: PageKey | None, limit: int) -> Sequence[Template]:
        values = {"archived": int(archived), **self._scope, **page_values(after, limit)}
        return await self._store.read(lambda c: many(c, LIST[after is not None], Template, **values))

    async def replace(self, template: Template, *, expected_version: int) -> bool:
        row = self._row(template)
        return await self._store.write(lambda c: replace_version(c, _REPLACE, row, expected_version))

    async def delete(self, template_id: str) -> bool:
        values = {"id_": template_id, **self._scope}
        return await self._store.write(lambda connection: connection.execute(_DELETE, values).rowcount == 1)

    def _row(self, template: Template) -> dict[str, Any]:
        ensure_of(self._scope["organisation_id_"], template)
        return template_row(template)


def template_row(template: Template) -> dict[str, Any]:
    template = with_precision(template)
    return {
        "id": template.id,
        "organisation_id": template.organisation_id,
        "archived": int(template.archived),
        "created_at": to_milliseconds(template.created_at),
        "version": template.version,
        "doc": template.model_dump_json(),
    }
