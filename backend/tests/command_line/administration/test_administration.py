"""Users, organisations, members and invitations on each database, beside a server that runs."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.core.config import Settings
from tests.command_line.conftest import BACKEND, Ended
from tests.command_line.process import forked
from tests.fixtures.server import SECRET, RunningServer


class Operator:
    """Somebody with a shell on the machine of this installation."""

    def __init__(self, settings: Settings) -> None:
        url = settings.database.database_url
        database = (
            {"DATABASE_URL": url.get_secret_value(), "DATABASE_NAME": settings.database.database_name}
            if url
            else {}
        )
        self._environment = {
            "DATA_DIR": str(settings.server.data_dir),
            "AUTH_SECRET": SECRET,
            "ENVIRONMENT": "development",
            **database,
        }

    async def run(self, *arguments: str) -> Ended:
        return Ended(*await forked(arguments, environment=self._environment, folder=BACKEND))

    async def does(self, *arguments: str) -> str:
        ended = await self.run(*arguments)
        assert ended.exit_code == 0, ended.output
        return ended.output

    async def reads(self, *arguments: str) -> Any:
        return json.loads(await self.does(*arguments, "--json"))

    async def is_refused(self, *arguments: str) -> str:
        ended = await self.run(*arguments)
        assert ended.exit_code == 1, ended.output
        assert "Traceback" not in ended.output
        return ended.output


@pytest.fixture
def operator(each_server: RunningServer) -> Operator:
    return Operator(each_server.settings)


async def test_settings_that_cannot_be_used_are_said_in_a_sentence(tmp_path: Path) -> None:
    environment = {"DATA_DIR": str(tmp_path), "AUTH_SECRET": SECRET, "ENVIRONMENT": "development"}
    environment |= {"TRANSCRIPTION_ENGINE": "whisper", "WHISPER_MODEL_DIR": str(tmp_path / "none")}
    ended = Ended(*await forked(["users", "list"], environment=environment, folder=BACKEND))
    assert ended.exit_code == 1
    assert "WHISPER_MODEL_DIR" in ended.output
    assert "Traceback" not in ended.output


class TestAdministration:
    async def test_an_organisation_from_its_first_admin_to_its_last(
        self, operator: Operator, each_server: RunningServer
    ) -> None:
        ada, ben = each_server.client("ada"), each_server.client("ben")
        ada_id = (await ada.get("/me")).json()["user"]["id"]
        await ben.get("/me")

        made = await operator.reads("organisations", "create", "Acme [Berlin]", "--admin", "Ada@example.com")
        acme = made["id"]
        assert "is a member now, as admin" in made["admin"]
        assert "last" not in await operator.does(
            "members", "add", acme, "ben@example.com", "--role", "viewer"
        )
        assert "already_member" not in await operator.is_refused("members", "add", acme, "ben@example.com")
        assert "needs an admin" in await operator.is_refused("members", "remove", acme, "ada@example.com")
        assert "needs an admin" in await operator.is_refused("members", "role", acme, ada_id, "viewer")
        await operator.does("members", "role", acme, "ben@example.com", "admin")
        await operator.does("members", "remove", acme, ada_id)
        left = await operator.reads("members", "list", acme)
        assert [(one["email"], one["role"]) for one in left] == [("ben@example.com", "admin")]
        assert "is no member" in await operator.is_refused("members", "remove", acme, "ada@example.com")

        await operator.does("organisations", "rename", acme, "Acme")
        shown = await operator.reads("organisations", "show", acme)
        assert (shown["name"], shown["members"]) == ("Acme", ["ben@example.com (admin)"])
        listed = await operator.reads("organisations", "list")
        assert [one["name"] for one in listed if not one["personal"]] == ["Acme"]

    async def test_who_has_never_signed_in_is_invited_and_says_so(
        self, operator: Operator, each_server: RunningServer
    ) -> None:
        made = await operator.reads("organisations", "create", "Acme", "--admin", "cleo@example.com")
        acme = made["id"]
        assert "is invited as admin" in made["admin"]
        said = await operator.does("members", "add", acme, "dora@example.com")
        assert "has not signed in" in said
        await operator.does("invitations", "invite", acme, "eve@example.com", "--role", "recruiter")
        await operator.does("invitations", "withdraw", acme, "dora@example.com")
        assert "is not invited" in await operator.is_refused("invitations", "withdraw", acme, "x@example.com")
        invited = await operator.reads("invitations", "list", acme)
        assert [(one["email"], one["role"]) for one in invited] == [
            ("eve@example.com", "recruiter"),
            ("cleo@example.com", "admin"),
        ]
        cleo = each_server.client("cleo")
        [mine] = (await cleo.get("/me/invitations")).json()
        assert (await cleo.post(f"/me/invitations/{mine['id']}/accept")).is_success
        [member] = await operator.reads("members", "list", acme)
        assert (member["email"], member["role"]) == ("cleo@example.com", "admin")

    async def test_people_are_listed_and_shown(self, operator: Operator, each_server: RunningServer) -> None:
        assert await operator.reads("users", "list") == []
        assert "Nobody has signed in yet" in await operator.does("users", "list")
        for name in ("ada", "ben"):
            await each_server.client(name).get("/me")
        assert [one["email"] for one in await operator.reads("users", "list")] == [
            "ben@example.com",
            "ada@example.com",
        ]
        [ada] = await operator.reads("users", "show", "ADA@example.com")
        assert ada["identity"] == "nextauth:ada"
        assert ada["organisations"] == [f"Ada (personal) ({ada['id']}, admin)"]
        assert "ada@example.com" in await operator.does("users", "show", ada["id"])
        assert "Nobody has signed in as x@" in await operator.is_refused("users", "show", "x@example.com")

    async def test_what_is_not_there_or_no_address_is_one_sentence(self, operator: Operator) -> None:
        for command in (
            ("organisations", "show", "nobodys"),
            ("organisations", "rename", "nobodys", "x"),
            ("members", "list", "nobodys"),
            ("members", "add", "nobodys", "a@example.com"),
            ("invitations", "list", "nobodys"),
        ):
            assert "There is no organisation nobodys" in await operator.is_refused(*command)
        for admin in ("not an address@", "unknown-id"):
            await operator.is_refused("organisations", "create", "Acme", "--admin", admin)
        assert await operator.reads("organisations", "list") == [], "refused before it was made"


async def test_a_database_of_a_newer_release_is_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "debrief.db")) as database:
        database.execute("PRAGMA user_version = 999")
    environment = {"DATA_DIR": str(tmp_path), "AUTH_SECRET": SECRET}
    code, output = await forked(["users", "list"], environment=environment, folder=BACKEND)
    assert code == 1
    assert "newer" in output
    assert "Traceback" not in output
