"""Deepgram's text intelligence, through its SDK: one request for each call, no repetition."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import httpx
from deepgram import AsyncDeepgramClient
from deepgram.core.api_error import ApiError
from deepgram.environment import DeepgramClientEnvironment
from pydantic_core import to_json

from app.core.certificates import trusted_certificates
from app.core.config import DeepgramSettings
from app.core.errors import ProviderRejected, ProviderUnavailable
from app.core.observing import Provider, observed
from app.core.vendor_http import AnswersAside, answers_taken_aside, error_code, refusal, unreachable
from app.models.provenance import Parameter
from app.services.analysis.errors import ContextOverflow, ModelKeyRefused

_LONGEST_READING: Final = 120.0
"""Seconds for a text of the greatest length."""
_TOO_LONG: Final = "TOKEN_LIMIT_EXCEEDED"


class DeepgramReader:
    """`POST /v1/read`. English is all that it reads."""

    def __init__(
        self, settings: DeepgramSettings, api_key: str, *, timeout_seconds: float = _LONGEST_READING
    ) -> None:
        base = settings.deepgram_base_url
        socket = "ws" + base.removeprefix("http")
        self._tags = list(settings.deepgram_tags)
        self._http = httpx.AsyncClient(
            transport=AnswersAside(httpx.AsyncHTTPTransport(verify=trusted_certificates())),
            timeout=httpx.Timeout(timeout_seconds, connect=10.0),
        )
        client = AsyncDeepgramClient(
            api_key=api_key,
            environment=DeepgramClientEnvironment(
                base=base, production=socket, agent=socket, agent_rest=base
            ),
            httpx_client=self._http,
            max_retries=0,
        )
        # Taken once, at start: the SDK imports its parts when they are first asked for, which takes a while.
        self._text = client.read.v1.text

    async def read(self, text: str, parameters: Mapping[str, Parameter]) -> bytes:
        """The answer as it came.

        Raises `ModelKeyRefused`, `ContextOverflow`, `ProviderUnavailable` for what may pass, and `ProviderRejected` for
        any other refusal.
        """
        asked: dict[str, Any] = dict(parameters)
        if self._tags:
            asked["tag"] = self._tags
        with observed(Provider.DEEPGRAM, "read"), answers_taken_aside() as answers:
            try:
                await self._text.analyze(request={"text": text}, request_options={"max_retries": 0}, **asked)
            except (ApiError, httpx.HTTPError) as error:
                raise _translated(error) from None
        return answers[0]

    async def close(self) -> None:
        await self._http.aclose()


def parameters_of(*, sentiment: bool) -> dict[str, Parameter]:
    """What is asked of a text. A finding that nobody wants is not asked for."""
    parameters: dict[str, Parameter] = {"language": "en", "summarize": True, "topics": True, "intents": True}
    if sentiment:
        parameters["sentiment"] = True
    return parameters


def input_hash(text: str, parameters: Mapping[str, Parameter]) -> str:
    """SHA-256, hexadecimal, of all that decides about the answer."""
    whole = {"service": "deepgram/v1/read", "text": text, "parameters": dict(sorted(parameters.items()))}
    return hashlib.sha256(to_json(whole)).hexdigest()


def _translated(error: ApiError | httpx.HTTPError) -> ProviderUnavailable | ProviderRejected:
    if isinstance(error, httpx.HTTPError):
        return unreachable("Deepgram", error)
    if error_code(error.body) == _TOO_LONG:
        return ContextOverflow("The text is longer than Deepgram takes at once.")
    return refusal(
        "Deepgram",
        "the text",
        status=error.status_code or 0,
        body=error.body,
        headers=error.headers,
        key_refused=ModelKeyRefused,
    )
