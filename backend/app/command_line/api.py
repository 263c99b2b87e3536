"""A small client of the HTTP API for the command line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote

import httpx

Json = dict[str, Any]
_CHUNK: Final = 2**18


class CommandFailed(Exception):
    """A command cannot go on; the text says why, for people."""


class ApiFailed(CommandFailed):
    """The server refused or could not be reached."""


class Api:
    """Synchronous, for one organisation; raises `ApiFailed` for every answer that is not a success."""

    def __init__(self, server: str, token: str) -> None:
        self._client = httpx.Client(
            base_url=f"{server.rstrip('/')}/api/v1",
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(60.0, connect=5.0),
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def health(self) -> Json:
        return self._call("GET", "/health")

    def create_interview(self, body: Mapping[str, Any], *, idempotency_key: str) -> Json:
        return self._call("POST", "/interviews", json=body, headers={"Idempotency-Key": idempotency_key})

    def interview(self, interview_id: str) -> Json:
        return self._call("GET", f"/interviews/{interview_id}")

    def transcript(self, interview_id: str, revision: int | None = None) -> Json:
        wanted = {} if revision is None else {"revision": revision}
        return self._call("GET", f"/interviews/{interview_id}/transcript", params=wanted)

    def analysis(self, interview_id: str) -> Json:
        return self._call("GET", f"/interviews/{interview_id}/analysis")

    def export(self, interview_id: str, format: str) -> bytes:
        """The debrief as a file: `pdf`, `docx`, `md` or `json`."""
        return self._send("GET", f"/interviews/{interview_id}/export", params={"format": format}).content

    def measure_stability(self, interview_id: str, runs: int) -> Json:
        return self._call("POST", f"/interviews/{interview_id}/stability", json={"runs": runs})

    def stability(self, interview_id: str) -> Json:
        return self._call("GET", f"/interviews/{interview_id}/stability")

    def export_template(self, template_id: str) -> bytes:
        return self._send("GET", f"/templates/{template_id}/export").content

    def import_template(self, document: bytes) -> Json:
        return self._call(
            "POST", "/templates/import", content=document, headers={"Content-Type": "application/json"}
        )

    def upload(self, interview_id: str, path: Path) -> Json:
        headers = {"X-Filename": quote(path.name), "Content-Length": str(path.stat().st_size)}
        return self._call(
            "PUT", f"/interviews/{interview_id}/recording", content=_chunks(path), headers=headers
        )

    def import_transcript(self, interview_id: str, path: Path) -> Json:
        return self._call(
            "PUT",
            f"/interviews/{interview_id}/transcript",
            content=path.read_bytes(),
            headers={"X-Filename": quote(path.name)},
        )

    def _call(self, method: str, path: str, **options: Any) -> Json:
        try:
            answer = self._send(method, path, **options).json()
        except ValueError as error:
            raise ApiFailed(f"What answers at {self._client.base_url} is not Debrief.") from error
        return answer if isinstance(answer, dict) else {"items": answer}

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            response = self._client.request(method, path, **options)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ApiFailed(f"The server does not answer at {self._client.base_url} ({error}).") from error
        if not response.is_success:
            raise ApiFailed(_reason(response))
        return response


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _reason(response: httpx.Response) -> str:
    try:
        problem = response.json()
        return f"{problem['code']}: {problem['detail']}"
    except (ValueError, KeyError, TypeError):
        return f"The server answered {response.status_code}."
