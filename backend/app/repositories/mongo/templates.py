"""Templates of one organisation, in MongoDB."""

from __future__ import annotations

from collections.abc import Sequence

from app.models.template import Template
from app.repositories.base import PageKey
from app.repositories.mongo.store import (
    Collection,
    Document,
    newest,
    one,
    replace_version,
    to_document,
    translating,
)


@translating
class MongoTemplates:
    """`TemplateRepository`."""

    def __init__(self, templates: Collection, organisation_id: str) -> None:
        self._templates = templates
        self._mine = {"organisation_id": organisation_id}

    async def insert(self, template: Template) -> None:
        await self._templates.insert_one(self._document(template))

    async def get(self, template_id: str) -> Template | None:
        return await one(self._templates, Template, {"_id": template_id, **self._mine})

    async def list_newest(self, *, archived: bool, after: PageKey | None, limit: int) -> Sequence[Template]:
        condition: Document = {**self._mine, "archived": archived}
        return await newest(self._templates, Template, condition, after=after, limit=limit)

    async def replace(self, template: Template, *, expected_version: int) -> bool:
        return await replace_version(self._templates, self._document(template), expected_version)

    async def delete(self, template_id: str) -> bool:
        return (await self._templates.delete_one({"_id": template_id, **self._mine})).deleted_count == 1

    def _document(self, template: Template) -> Document:
        if template.organisation_id != self._mine["organisation_id"]:
            raise ValueError("the template belongs to another organisation")
        return to_document(template)
