"""`retry` against a real server."""

from __future__ import annotations

import httpx
import pytest

from tests.command_line.conftest import Ended, invoked
from tests.command_line.importing.conftest import rows_of
from tests.fixtures.openai import running_openai
from tests.fixtures.server import SAMPLES, RunningServer, SettingsFactory, running, wait_until
from tests.standins.openai.brains import diligent


async def failed_interview(api: httpx.AsyncClient, title: str) -> str:
    """One whose debrief no model would write."""
    interview = str((await api.post("/interviews", json={"title": title, "language": "en"})).json()["id"])
    script = (SAMPLES / "script.json").read_bytes()
    await api.put(f"/interviews/{interview}/transcript", content=script)
    await wait_until(api, interview, "failed")
    return interview


def endings(ended: Ended) -> dict[str, str]:
    return {row["interview_id"]: row["ending"] for row in rows_of(ended)}


class TestRetry:
    async def test_what_failed_runs_again_and_is_waited_for(self, settings_with: SettingsFactory) -> None:
        async with running_openai(brains=diligent()) as openai:
            settings = settings_with(openai=openai.settings().model_dump())
            async with running(settings) as server:
                api = server.client()
                rule = {"analyst": "openai", "when_down": "fail"}
                assert (await api.patch("/organisation", json={"analysis": rule})).status_code == 200
                openai.switches.fail_with = ["insufficient_quota"] * 100
                first, second = [await failed_interview(api, title) for title in ("[one]", "two")]

                still = await invoked(server, "retry", first, "--wait", "--json")
                assert still.exit_code == 1
                assert endings(still) == {first: "failed"}
                assert "credit" in rows_of(still)[0]["detail"]

                openai.switches.fail_with = []
                done = await invoked(server, "retry", "--failed", "--wait")
                assert done.exit_code == 0, done.output
                assert "[one]" in done.output
                for interview in (first, second):
                    assert (await api.get(f"/interviews/{interview}")).json()["status"] == "done"

                nothing = await invoked(server, "retry", "--failed")
                assert (nothing.exit_code, nothing.output) == (0, "No interview has failed.\n")
                not_failed = await invoked(server, "retry", first, "--json")
                assert not_failed.exit_code == 0
                assert endings(not_failed) == {first: "not failed"}

    async def test_one_that_is_not_there_fails_and_the_usage_is_checked(self, server: RunningServer) -> None:
        missing = await invoked(server, "retry", "nobodys", "--json")
        assert missing.exit_code == 1
        assert endings(missing) == {"nobodys": "failed"}

    @pytest.mark.parametrize("arguments", [[], ["x", "--failed"]])
    async def test_it_is_either_ids_or_all_that_failed(
        self, server: RunningServer, arguments: list[str]
    ) -> None:
        assert (await invoked(server, "retry", *arguments)).exit_code == 2
