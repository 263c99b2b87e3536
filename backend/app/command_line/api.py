"""A small client of the HTTP API for the command line."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote

import httpx

from app.command_line.errors import ApiFailed

Json = dict[str, Any]
PAGE: Final = 100
"""Rows of a page of a list: the most that the API gives."""
_CHUNK: Final = 2**18
_PATIENT: Final = httpx.Timeout(300.0, connect=5.0)
"""For what the server answers only after it has looked at a whole recording."""


class _Bearer(httpx.Auth):
    """Asks for the token before each request: one that this machine makes is made anew before it ends."""

    def __init__(self, token: Callable[[], str]) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token()}"
        yield request


class Api:
    """Synchronous, for one organisation; raises `ApiFailed` for every answer that is not a success.

    May be used from several threads at once.
    """

    def __init__(
        self, server: str, token: str | Callable[[], str], *, organization: str | None = None
    ) -> None:
        self._client = httpx.Client(
            base_url=f"{server.rstrip('/')}/api/v1",
            headers={"X-Organization": organization} if organization else {},
            auth=_Bearer((lambda: token) if isinstance(token, str) else token),
            timeout=httpx.Timeout(60.0, connect=5.0),
            trust_env=False,
        )
        # Addresses of the object store are signed; they must not see the token.
        self._store = httpx.Client(timeout=_PATIENT, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()
        self._store.close()

    def health(self) -> Json:
        return self._call("GET", "/health")

    def organisation(self) -> Json:
        return self._call("GET", "/organisation")

    def create_interview(self, body: Mapping[str, Any], *, idempotency_key: str) -> Json:
        return self._call("POST", "/interviews", json=body, headers={"Idempotency-Key": idempotency_key})

    def interview(self, interview_id: str) -> Json:
        return self._call("GET", f"/interviews/{interview_id}")

    def list_interviews(
        self, where: Mapping[str, str], *, cursor: str | None = None, limit: int = PAGE
    ) -> Json:
        """One page of those that match, newest first."""
        position = {} if cursor is None else {"cursor": cursor}
        return self._call("GET", "/interviews", params={**where, **position, "limit": limit})

    def update_interview(self, interview_id: str, changes: Mapping[str, Any]) -> Json:
        return self._call("PATCH", f"/interviews/{interview_id}", json=changes)

    def delete_interview(self, interview_id: str) -> None:
        self._send("DELETE", f"/interviews/{interview_id}")

    def retry(self, interview_id: str) -> Json:
        return self._call("POST", f"/interviews/{interview_id}/retry")

    def transcript(self, interview_id: str, revision: int | None = None) -> Json:
        wanted = {} if revision is None else {"revision": revision}
        return self._call("GET", f"/interviews/{interview_id}/transcript", params=wanted)

    def analysis(self, interview_id: str) -> Json:
        return self._call("GET", f"/interviews/{interview_id}/analysis")

    def newest_analysis(self, interview_id: str) -> Json | None:
        """The head of the newest debrief."""
        page = self._call("GET", f"/interviews/{interview_id}/analyses", params={"limit": 1})
        heads: list[Json] = page["items"]
        return heads[0] if heads else None

    def export(self, interview_id: str, format: str) -> bytes:
        """The debrief as a file: `pdf`, `docx`, `md` or `json`."""
        return self._send("GET", f"/interviews/{interview_id}/export", params={"format": format}).content

    def export_transcript(self, interview_id: str, format: str) -> bytes:
        """The transcript as a file: `txt`, `srt`, `vtt`, `json` or `docx`."""
        path = f"/interviews/{interview_id}/transcript/export"
        return self._send("GET", path, params={"format": format}).content

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

    def upload(self, interview_id: str, name: str, content: Iterable[bytes], size: int) -> Json:
        """A whole recording in one request."""
        headers = {"X-Filename": quote(name), "Content-Length": str(size)}
        path = f"/interviews/{interview_id}/recording"
        return self._call("PUT", path, content=content, headers=headers, timeout=_PATIENT)

    def import_transcript(self, interview_id: str, name: str, content: bytes) -> Json:
        path = f"/interviews/{interview_id}/transcript"
        return self._call("PUT", path, content=content, headers={"X-Filename": quote(name)})

    def begin_upload(self, interview_id: str, name: str, size: int) -> Json:
        body = {"filename": name, "size": size}
        return self._call("POST", f"/interviews/{interview_id}/uploads", json=body)

    def uploaded_parts(self, interview_id: str, upload_id: str) -> Sequence[Json]:
        parts: list[Json] = self._call("GET", f"/interviews/{interview_id}/uploads/{upload_id}")["items"]
        return parts

    def send_part(
        self, interview_id: str, upload_id: str, number: int, content: Iterable[bytes], size: int
    ) -> str:
        """Send one part to where the server says; returns the name that the store gave it."""
        signed = self._call("GET", f"/interviews/{interview_id}/uploads/{upload_id}/{number}")
        headers = {**signed["headers"], "Content-Length": str(size)}
        answer = _answered(self._store, signed["method"], signed["url"], content=content, headers=headers)
        return str(answer.headers.get("ETag", "")).strip('"')

    def complete_upload(self, interview_id: str, upload_id: str, parts: Sequence[tuple[int, str]]) -> Json:
        body = {"parts": [{"PartNumber": number, "ETag": etag} for number, etag in parts]}
        path = f"/interviews/{interview_id}/uploads/{upload_id}/complete"
        interview: Json = self._call("POST", path, json=body, timeout=_PATIENT)["interview"]
        return interview

    def _call(self, method: str, path: str, **options: Any) -> Json:
        answer = self._send(method, path, **options)
        try:
            content = answer.json()
        except ValueError as error:
            reason = f"What answers at {self._client.base_url} is not Debrief."
            raise ApiFailed(reason, status=answer.status_code) from error
        return content if isinstance(content, dict) else {"items": content}

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        return _answered(self._client, method, path, **options)


def file_chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _answered(client: httpx.Client, method: str, path: str, **options: Any) -> httpx.Response:
    try:
        response = client.request(method, path, **options)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        where = client.base_url if client.base_url.host else httpx.URL(path).host
        raise ApiFailed(f"The server does not answer at {where} ({error}).") from error
    if not response.is_success:
        raise _refusal(response)
    return response


def _refusal(response: httpx.Response) -> ApiFailed:
    status, wait = response.status_code, response.headers.get("Retry-After", "")
    retry_after = float(wait) if wait.isdecimal() else None
    try:
        problem = response.json()
        code, reason = str(problem["code"]), f"{problem['code']}: {problem['detail']}"
    except (ValueError, KeyError, TypeError):
        return ApiFailed(f"The server answered {status}.", status=status, retry_after=retry_after)
    return ApiFailed(reason, status=status, code=code, retry_after=retry_after)
