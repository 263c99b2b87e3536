"""Interview templates with versions; the built-in ones are there for everybody and are copied, not edited."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from anyio import to_thread

from app.core.errors import Conflict, Forbidden, InvalidInput, NotFound, PreconditionFailed
from app.models.base import new_id, utc_now
from app.models.interview import TemplateRef
from app.models.template import Template, TemplateVersion
from app.repositories.base import PageKey, Repositories
from app.services.builtin_templates import builtin_templates
from app.services.template_formats.base import ImportedTemplate, TemplateDraft
from app.services.template_formats.reader import read_template


class TemplateNotFound(NotFound):
    code = "template_not_found"


class TemplateBuiltIn(Forbidden):
    code = "template_builtin"


class TemplateChanged(PreconditionFailed):
    code = "version_mismatch"


class TemplateArchived(Conflict):
    code = "template_archived"


class TemplateInvalid(InvalidInput):
    code = "template_invalid"


_LONGEST_NAME: Final = 200


class TemplateService:
    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    async def create(self, organisation_id: str, draft: TemplateDraft, *, by: str) -> Template:
        now = utc_now()
        edition = self._edition(draft, 1, by)
        template = Template(
            id=new_id(),
            organisation_id=organisation_id,
            version=1,
            versions=(edition,),
            created_at=now,
            updated_at=now,
        )
        await self._repositories.templates(organisation_id).insert(template)
        return template

    async def get(self, organisation_id: str, template_id: str) -> Template:
        builtin = builtin_templates(organisation_id).get(template_id)
        found = builtin or await self._repositories.templates(organisation_id).get(template_id)
        if found is None:
            raise TemplateNotFound("No such template in this organisation.")
        return found

    async def version(self, organisation_id: str, template_id: str, version: int | None) -> TemplateVersion:
        """The given version, or the current one. Raises `TemplateNotFound`."""
        template = await self.get(organisation_id, template_id)
        edition = template.edition(template.version if version is None else version)
        if edition is None:
            raise TemplateNotFound(f"This template has no version {version}.")
        return edition

    async def import_file(
        self, organisation_id: str, body: bytes, *, by: str
    ) -> tuple[Template, ImportedTemplate]:
        """A new template from a JSON file, and what became of the file. Raises `TemplateUnreadable`."""
        read = await to_thread.run_sync(partial(read_template, body))
        return await self.create(organisation_id, read.draft, by=by), read

    async def duplicate(
        self, organisation_id: str, template_id: str, *, name: str | None, by: str
    ) -> Template:
        """A template of one's own from the current version of any, built-in and archived ones among them."""
        edition = await self.version(organisation_id, template_id, None)
        copy = TemplateDraft(
            name=name or f"Copy of {edition.name}"[:_LONGEST_NAME],
            description=edition.description,
            questions=edition.questions,
            criteria=edition.criteria,
        )
        return await self.create(organisation_id, copy, by=by)

    async def edition(self, organisation_id: str, reference: TemplateRef | None) -> TemplateVersion | None:
        """The pinned version; None when the interview has no template or the template is gone."""
        if reference is None:
            return None
        try:
            template = await self.get(organisation_id, reference.id)
        except TemplateNotFound:
            return None
        return template.edition(reference.version)

    async def pin(self, organisation_id: str, template_id: str, version: int | None) -> TemplateRef:
        """A reference to the given or the current version, for an interview to keep."""
        template = await self.get(organisation_id, template_id)
        if template.archived:
            raise TemplateArchived("This template is archived; choose another one.")
        wanted = version or template.version
        if template.edition(wanted) is None:
            raise TemplateNotFound(f"This template has no version {wanted}.")
        return TemplateRef(id=template.id, version=wanted)

    async def list_newest(
        self, organisation_id: str, *, archived: bool, after: PageKey | None, limit: int
    ) -> Sequence[Template]:
        """Newest first; the built-in ones, being older than everything, come last."""
        own = await self._repositories.templates(organisation_id).list_newest(
            archived=archived, after=after, limit=limit
        )
        builtin = sorted(
            () if archived else builtin_templates(organisation_id).values(),
            key=lambda t: (t.created_at, t.id),
            reverse=True,
        )
        rest = [t for t in builtin if after is None or (t.created_at, t.id) < (after.created_at, after.id)]
        return [*own, *rest][:limit]

    async def update(
        self,
        organisation_id: str,
        template_id: str,
        draft: TemplateDraft,
        *,
        expected_version: int | None,
        by: str,
    ) -> Template:
        """Add a version. Interviews that pinned an earlier one keep it."""
        current = await self._own(organisation_id, template_id)
        number = current.version + 1
        changed = current.model_copy(
            update={
                "version": number,
                "versions": (*current.versions, self._edition(draft, number, by)),
                "updated_at": utc_now(),
            }
        )
        return await self._replace(current, changed, expected_version)

    async def set_archived(self, organisation_id: str, template_id: str, archived: bool) -> Template:
        current = await self._own(organisation_id, template_id)
        changed = current.model_copy(update={"archived": archived, "updated_at": utc_now()})
        return await self._replace(current, changed, None)

    async def delete(self, organisation_id: str, template_id: str) -> None:
        """Remove it for good; interviews that used it lose the questions, so archiving is usually better."""
        await self._own(organisation_id, template_id)
        await self._repositories.templates(organisation_id).delete(template_id)

    async def _own(self, organisation_id: str, template_id: str) -> Template:
        template = await self.get(organisation_id, template_id)
        if template.builtin:
            raise TemplateBuiltIn("Built-in templates cannot be changed; duplicate it and change the copy.")
        return template

    async def _replace(self, current: Template, changed: Template, expected_version: int | None) -> Template:
        if expected_version is not None and expected_version != current.version:
            raise TemplateChanged(f"The template has version {current.version} by now; load it again.")
        repository = self._repositories.templates(current.organisation_id)
        if not await repository.replace(changed, expected_version=current.version):
            raise TemplateChanged("Somebody else changed the template at the same moment; load it again.")
        return changed

    @staticmethod
    def _edition(draft: TemplateDraft, version: int, by: str) -> TemplateVersion:
        for kind, ids in (
            ("question", [q.id for q in draft.questions]),
            ("criterion", [c.id for c in draft.criteria]),
        ):
            if len(set(ids)) != len(ids):
                raise TemplateInvalid(f"Every {kind} needs an id of its own.")
        return TemplateVersion(
            version=version,
            name=draft.name,
            description=draft.description,
            questions=draft.questions,
            criteria=draft.criteria,
            created_at=utc_now(),
            created_by=by,
        )
