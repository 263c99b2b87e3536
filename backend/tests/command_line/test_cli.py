"""The command line as people use it: real processes, a real server."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from app.cli import cli
from app.command_line import demo
from app.core.security import SessionVerifier

BACKEND = Path(__file__).resolve().parents[2]


def environment(data_dir: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return {**kept, "DATA_DIR": str(data_dir), "NO_COLOR": "1", "COLUMNS": "120"}


def run(data_dir: Path, *arguments: str, seconds: float = 120) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app.cli", *arguments]
    return subprocess.run(
        command,
        cwd=BACKEND,
        env=environment(data_dir),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


def every_command(command: object, *path: str) -> list[list[str]]:
    """The words that lead to each command and group."""
    below = command.commands.items() if isinstance(command, TyperGroup) else ()
    return [list(path), *(found for name, one in below for found in every_command(one, *path, name))]


class TestHelp:
    @pytest.mark.parametrize("command", every_command(get_command(cli)), ids=" ".join)
    def test_every_command_explains_itself(self, command: list[str]) -> None:
        shown = CliRunner().invoke(cli, [*command, "--help"])
        assert shown.exit_code == 0
        assert "Usage:" in shown.output


class TestToken:
    def test_it_is_made_with_this_machines_secret(self, tmp_path: Path) -> None:
        printed = run(tmp_path, "token", "--email", "ada@example.com", "--subject", "ada")
        assert printed.returncode == 0, printed.stderr
        secrets = tmp_path / "secrets.json"
        assert secrets.stat().st_mode & 0o777 == 0o600
        secret = json.loads(secrets.read_text())["auth_secret"]
        claims = SessionVerifier([secret]).verify_bearer(printed.stdout.strip())
        assert (claims.identity, claims.email) == ("nextauth:ada", "ada@example.com")


class TestDebrief:
    def test_a_server_that_is_not_there_is_one_sentence(self, tmp_path: Path) -> None:
        failed = run(tmp_path, "debrief", "x", "--server", f"http://127.0.0.1:{free_port()}")
        assert failed.returncode == 1
        assert "does not answer" in failed.stdout
        assert "Traceback" not in failed.stdout + failed.stderr


@pytest.mark.slow
class TestDemo:
    """The demo with the short samples only, so that it takes seconds: the long one is `make run` itself."""

    def test_it_shows_a_debrief_serves_stops_cleanly_and_starts_again_with_its_data(
        self, tmp_path: Path
    ) -> None:
        port = free_port()
        script = (
            "import sys; from app.command_line import demo; demo.WORKSPACE = demo.WORKSPACE[:1]; "
            "from app.cli import cli; sys.argv[1:] = ['demo', '--port', sys.argv[1]]; cli()"
        )
        with subprocess.Popen(
            [sys.executable, "-c", script, str(port)],
            cwd=BACKEND,
            env=environment(tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            shown = ""
            assert process.stdout is not None
            for line in process.stdout:
                shown += line
                if line.startswith("curl "):
                    break
            assert "Debrief" in shown
            assert "no language model" in shown
            assert "0 rejected" in shown
            assert f"http://127.0.0.1:{port}/docs" in shown
            token = re.search(r"Bearer (\S+)'", shown)
            assert token
            listed = httpx.get(
                f"http://127.0.0.1:{port}/api/v1/interviews",
                headers={"Authorization": f"Bearer {token[1]}"},
                trust_env=False,
            )
            assert [i["status"] for i in listed.json()["items"]] == ["done"]
            # Ctrl-C in a terminal reaches every process of the group.
            os.killpg(process.pid, signal.SIGINT)
            rest = process.stdout.read()
            assert process.wait(30) == 0
            assert "Your data is kept" in rest
            assert "Traceback" not in rest

        again = subprocess.run(
            [sys.executable, "-c", script.replace("sys.argv[1]]", "sys.argv[1], '--exit']"), str(port)],
            cwd=BACKEND,
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert again.returncode == 0, again.stderr
        assert "0 rejected" in again.stdout

    def test_every_sample_of_the_workspace_is_there(self) -> None:
        for sample in demo.WORKSPACE:
            assert (demo.SAMPLES / sample.recording).is_file()
            assert sample.transcript is None or json.loads((demo.SAMPLES / sample.transcript).read_text())
