"""Deepgram's pre-recorded service, through its SDK: one request for each call, no repetition, no waiting in a queue."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

import httpx
from deepgram import AsyncDeepgramClient
from deepgram.core.api_error import ApiError
from deepgram.environment import DeepgramClientEnvironment
from deepgram.types.listen_v1accepted_response import ListenV1AcceptedResponse

from app.core.certificates import trusted_certificates
from app.core.config import DeepgramSettings, IntelligenceFeature
from app.core.errors import ProviderRejected, ProviderUnavailable
from app.core.observing import Provider, observed
from app.core.vendor_http import AnswersAside, answers_taken_aside, refusal, unreachable
from app.models.transcript import MIXED, TranscriptDraft
from app.services.transcription.base import Callback, Order
from app.services.transcription.providers.deepgram.keyterms import keyterms
from app.services.transcription.providers.deepgram.parse import parse_result
from app.services.transcription.providers.deepgram.secret import is_result, split_secret

SECRET_NAME: Final = "callback_secret"  # noqa: S105 - a name
"""Name in `extra` under which the callback's secret travels and comes back."""
_LONGEST_TRANSCRIPTION: Final = 11 * 60.0
"""Seconds: the vendor gives up after ten minutes."""


class KeyRefused(ProviderRejected):
    code = "vendor_key_refused"


class MixedNotSupported(ProviderRejected):
    code = "language_not_supported"


class DeepgramTranscriber:
    """`VendorTranscriber`."""

    name = "Deepgram"

    def __init__(self, settings: DeepgramSettings, api_key: str) -> None:
        self._settings = settings
        base = settings.deepgram_base_url
        socket = "ws" + base.removeprefix("http")
        self._http = httpx.AsyncClient(
            transport=AnswersAside(httpx.AsyncHTTPTransport(verify=trusted_certificates())),
            timeout=httpx.Timeout(settings.deepgram_timeout_seconds, connect=10.0),
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
        self._media = client.listen.v1.media

    async def submit(self, recording_url: str, order: Order, callback: Callback) -> str:
        with observed(Provider.DEEPGRAM, "submit"):
            return await self._submit(recording_url, order, callback)

    async def _submit(self, recording_url: str, order: Order, callback: Callback) -> str:
        try:
            answer = await self._media.transcribe_url(
                url=recording_url,
                callback=callback.url,
                callback_method="POST",
                extra=[f"{SECRET_NAME}:{callback.secret}"],
                request_options=self._request_options(),
                **self._parameters(order),
            )
        except (ApiError, httpx.HTTPError) as error:
            raise _translated(error) from None
        if not isinstance(answer, ListenV1AcceptedResponse) or not answer.request_id:
            raise ProviderUnavailable("Deepgram took the recording without saying under which number.")
        return answer.request_id

    async def transcribe(self, recording: AsyncIterator[bytes], order: Order) -> bytes:
        with observed(Provider.DEEPGRAM, "transcribe"), answers_taken_aside() as answers:
            try:
                await self._media.transcribe_file(
                    request=recording,
                    request_options=self._request_options(timeout=_LONGEST_TRANSCRIPTION),
                    **self._parameters(order),
                )
            except (ApiError, httpx.HTTPError) as error:
                raise _translated(error) from None
        return answers[0]

    def split_secret(self, answer: bytes) -> tuple[str | None, bytes]:
        return split_secret(answer, SECRET_NAME)

    def is_result(self, answer: bytes) -> bool:
        return is_result(answer)

    def parse(self, answer: bytes) -> TranscriptDraft:
        return parse_result(answer)

    async def close(self) -> None:
        await self._http.aclose()

    def _parameters(self, order: Order) -> dict[str, Any]:
        settings = self._settings
        parameters: dict[str, Any] = {
            "model": settings.deepgram_model,
            "diarize_model": "latest",
            "smart_format": True,
            "punctuate": True,
            "paragraphs": True,
            "utterances": True,
            "mip_opt_out": settings.deepgram_mip_opt_out,
        }
        if order.language is None:
            parameters["detect_language"] = True
        else:
            if order.language == MIXED and not settings.deepgram_model.startswith("nova-3"):
                raise MixedNotSupported(
                    f"Several languages in one recording need a Nova-3 model, and DEEPGRAM_MODEL is "
                    f"{settings.deepgram_model!r}."
                )
            parameters["language"] = order.language
        terms = keyterms(order.position, order.names, order.topics)
        if terms and settings.deepgram_model.startswith("nova-3"):
            parameters["keyterm"] = list(terms)
        if settings.deepgram_tags:
            parameters["tag"] = list(settings.deepgram_tags)
        if order.language is None or order.language.lower().split("-")[0] == "en":
            parameters |= _intelligence(settings.deepgram_intelligence, sentiment=order.sentiment)
        return parameters

    def _request_options(self, timeout: float | None = None) -> Any:
        options: dict[str, Any] = {"max_retries": 0}
        if timeout is not None:
            options["timeout"] = timeout
        if self._settings.deepgram_redact:
            # The SDK's own parameter takes one value only.
            options["additional_query_parameters"] = {"redact": list(self._settings.deepgram_redact)}
        return options


def _intelligence(features: tuple[IntelligenceFeature, ...], *, sentiment: bool) -> dict[str, Any]:
    parameters: dict[str, Any] = {feature.value: True for feature in features}
    if not sentiment:
        parameters.pop(IntelligenceFeature.SENTIMENT.value, None)
    if parameters.pop(IntelligenceFeature.SUMMARY.value, False):
        parameters["summarize"] = "v2"
    return parameters


def _translated(error: ApiError | httpx.HTTPError) -> ProviderUnavailable | ProviderRejected:
    """The vendor's failure in our terms. Its text is shown to people; addresses and keys are never in it."""
    if isinstance(error, httpx.HTTPError):
        return unreachable("Deepgram", error)
    return refusal(
        "Deepgram",
        "the recording",
        status=error.status_code or 0,
        body=error.body,
        headers=error.headers,
        key_refused=KeyRefused,
    )
