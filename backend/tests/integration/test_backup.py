"""An installation that worked is backed up, restored into another database, and goes on there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from app import worker
from app.core.config import Settings
from app.core.container import open_container
from app.main import create_app
from app.services.backup.checking import check_backup
from app.services.backup.manifest import HalfRestored
from app.services.backup.restoring import restore_backup
from app.services.backup.writing import write_backup
from tests.fixtures.server import SAMPLES, make_settings, running, wait_until


def watch(*_: object) -> None:
    pass


async def an_imported_interview(api: httpx.AsyncClient) -> str:
    body = {"title": "Backend engineer", "candidate": {"name": "Daniel"}, "language": "en"}
    interview = str((await api.post("/interviews", json=body)).json()["id"])
    script = (SAMPLES / "script.json").read_bytes()
    sent = await api.put(
        f"/interviews/{interview}/transcript", content=script, headers={"X-Filename": "script.json"}
    )
    assert sent.status_code in (200, 202), sent.text
    await wait_until(api, interview, "done")
    return interview


async def seen(api: httpx.AsyncClient, interview: str) -> dict[str, Any]:
    """What a person sees of an interview, and the list that it is in."""
    paths = ("", "/transcript", "/analysis")
    answers = {path: await api.get(f"/interviews/{interview}{path}") for path in paths}
    answers["list"] = await api.get("/interviews")
    answers["me"] = await api.get("/me")
    assert {answer.status_code for answer in answers.values()} == {200}
    return {path: answer.json() for path, answer in answers.items()}


async def test_nobody_works_on_half_an_installation(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    async with open_container(settings) as container:
        await container.repositories.archive.begin_restore("b")
    with pytest.raises(HalfRestored, match="Run it again"):
        await worker.run(settings)
    app = create_app(settings)
    with pytest.raises(HalfRestored, match="empty database"):
        async with app.router.lifespan_context(app):
            pass
    async with open_container(settings, restores=True) as container:
        await container.repositories.archive.end_restore()
    async with app.router.lifespan_context(app):
        pass


@pytest.mark.parametrize(
    ("origin", "target"), [("sqlite", "sqlite"), ("sqlite", "mongo"), ("mongo", "sqlite")]
)
async def test_a_debrief_is_read_after_the_move(
    request: pytest.FixtureRequest, tmp_path: Path, origin: str, target: str
) -> None:
    def settings(place: str, database: str) -> Settings:
        groups: dict[str, dict[str, Any]] = {}
        if database == "mongo":
            groups["database"] = {
                "database_url": SecretStr(request.getfixturevalue("mongodb_url")),
                "database_name": request.getfixturevalue("mongodb_name"),
            }
        return make_settings(tmp_path / place, **groups)

    old, new, folder = settings("old", origin), settings("new", target), tmp_path / "backup"
    async with running(old) as server:
        api = server.client("ada")
        interview = await an_imported_interview(api)
        before = await seen(api, interview)
        # The server goes on working meanwhile; this is another process to it.
        async with open_container(old) as container:
            await write_backup(folder, container.repositories, container.store, watch)
    assert check_backup(folder, watch).manifest.missing_objects == 0
    async with open_container(new) as container:
        await restore_backup(folder, container.repositories, container.store, watch)
    async with running(new) as server:
        api = server.client("ada")
        assert await seen(api, interview) == before
        another = await an_imported_interview(api)
        assert another != interview
