"""What both databases must do with templates."""

from __future__ import annotations

import asyncio

import pytest

from app.models.template import Criterion, Level, TemplateVersion
from app.repositories.base import Duplicate, PageKey, Repositories
from tests.fixtures.documents import NOON, a_template, minutes


class TestTemplates:
    async def test_gives_back_every_field(self, repositories: Repositories) -> None:
        criterion = Criterion(
            id="c", name="Depth", anchors={Level.STRONG_NO: "guesses", Level.YES: "explains"}
        )
        edition = TemplateVersion(version=1, name="Développeur 👩‍💻", criteria=(criterion,), created_at=NOON)
        template = a_template(versions=(edition,))
        await repositories.templates("acme").insert(template)
        assert await repositories.templates("acme").get(template.id) == template

    async def test_an_id_is_taken_once(self, repositories: Repositories) -> None:
        template = a_template()
        await repositories.templates("acme").insert(template)
        with pytest.raises(Duplicate):
            await repositories.templates("acme").insert(template)

    async def test_another_organisations_template_is_not_there(self, repositories: Repositories) -> None:
        template = a_template()
        await repositories.templates("acme").insert(template)
        other = repositories.templates("other")
        assert await other.get(template.id) is None
        assert not await other.delete(template.id)
        foreign = template.model_copy(update={"organisation_id": "other"})
        assert not await other.replace(foreign, expected_version=1)
        assert await other.list_newest(archived=False, after=None, limit=5) == []
        assert await repositories.templates("acme").get(template.id) == template

    async def test_lists_newest_first_in_pages_without_the_archived(self, repositories: Repositories) -> None:
        templates = repositories.templates("acme")
        for n in range(5):
            await templates.insert(a_template(id=f"t{n}", created_at=NOON + minutes(n // 2)))
        await templates.insert(a_template(id="old", archived=True))
        first = await templates.list_newest(archived=False, after=None, limit=3)
        after = PageKey(first[-1].created_at, first[-1].id)
        rest = await templates.list_newest(archived=False, after=after, limit=3)
        assert [t.id for t in (*first, *rest)] == ["t4", "t3", "t2", "t1", "t0"]
        assert [t.id for t in await templates.list_newest(archived=True, after=None, limit=3)] == ["old"]

    async def test_of_two_editors_one_wins(self, repositories: Repositories) -> None:
        templates = repositories.templates("acme")
        template = a_template()
        await templates.insert(template)
        edits = [template.model_copy(update={"version": 2, "archived": n % 2 == 0}) for n in range(8)]
        results = await asyncio.gather(*(templates.replace(edit, expected_version=1) for edit in edits))
        assert results.count(True) == 1
        assert await templates.get(template.id) == edits[results.index(True)]

    async def test_deletes_once(self, repositories: Repositories) -> None:
        template = a_template()
        await repositories.templates("acme").insert(template)
        assert await repositories.templates("acme").delete(template.id)
        assert not await repositories.templates("acme").delete(template.id)
        assert await repositories.templates("acme").get(template.id) is None
