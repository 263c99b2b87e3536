"""Chat completions with structured output, through OpenAI's SDK: one request for each call, no repetition.

Many servers speak this interface (Ollama, vLLM, llama.cpp …). Only what all of them understand is sent to others.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any, Final

import anyio
from openai import AsyncOpenAI, DefaultAsyncHttpxClient, OpenAIError, Timeout
from openai.types.chat import ChatCompletion, ChatCompletionMessage

from app.core.certificates import trusted_certificates
from app.core.config import OpenAISettings
from app.core.errors import ProviderRejected, ProviderUnavailable
from app.core.observing import Provider, observed
from app.models.provenance import Parameter
from app.services.analysis.model import Finish, ModelAnswer, ModelFacts, ModelRequest, Wire, json_schema
from app.services.analysis.providers.openai.catalog import facts_of, is_openai
from app.services.analysis.providers.openai.failures import is_filtered, late, translated

_CONNECT_SECONDS: Final = 10.0
_CHARACTERS_PER_TOKEN: Final = 4
_NO_KEY: Final = "none"
"""Servers that ask for no key ignore this one; the SDK does not start without."""
_ENDINGS: Final = {"length": Finish.TRUNCATED, "content_filter": Finish.FILTERED}


class OpenAIModel:
    """`LanguageModel`. Must be closed."""

    def __init__(self, settings: OpenAISettings) -> None:
        key = settings.openai_api_key
        self._facts = facts_of(settings)
        self._is_openai = is_openai(settings.openai_base_url)
        self._vendor = "OpenAI" if self._is_openai else "The model's server"
        self._seconds = settings.openai_timeout_seconds
        self._temperature = settings.openai_temperature
        self._effort = settings.openai_effort
        self._client = AsyncOpenAI(
            api_key=key.get_secret_value() if key else _NO_KEY,
            base_url=settings.openai_base_url,
            max_retries=0,
            timeout=Timeout(self._seconds, connect=min(_CONNECT_SECONDS, self._seconds)),
            # Candidates' words go to the address in the settings, and to no other that it may name.
            http_client=DefaultAsyncHttpxClient(follow_redirects=False, verify=trusted_certificates()),
        )
        # Taken once, at start: the SDK imports its parts when they are first asked for, which takes a while.
        self._completions = self._client.chat.completions

    @property
    def facts(self) -> ModelFacts:
        return self._facts

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        return {
            "model": self._facts.name,
            "temperature": self._temperature,
            "effort": self._effort.value if self._effort else None,
        }

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        with observed(Provider.OPENAI, request.purpose.value):
            return await self._complete(request)

    async def _complete(self, request: ModelRequest) -> ModelAnswer:
        started = time.perf_counter()
        try:
            # The SDK's own limit is for the pause between two bytes: some gateways send blanks while they wait.
            with anyio.fail_after(self._seconds):
                completion = await self._completions.create(**self._body(request))
        except TimeoutError:
            raise late(self._vendor) from None
        except OpenAIError as error:
            if is_filtered(error):
                return self._unread(getattr(error, "request_id", None), time.perf_counter() - started)
            raise translated(error, vendor=self._vendor, model=self._facts.name) from None
        except UnicodeError:
            raise ProviderRejected(
                "The request cannot be sent: the key or the text has characters that cannot be encoded."
            ) from None
        except ValueError:
            raise self._nonsense() from None
        return self._answer(request, completion, time.perf_counter() - started)

    async def close(self) -> None:
        await self._client.close()

    def _body(self, request: ModelRequest) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._facts.name,
            "messages": [
                {"role": "system", "content": request.instructions},
                {"role": "user", "content": request.content},
            ],
            "response_format": {
                "type": "json_schema",
                "json_schema": {
                    "name": schema_name(request.schema),
                    "strict": True,
                    "schema": json_schema(request.schema),
                },
            },
        }
        if self._is_openai:
            body["max_completion_tokens"] = request.max_output_tokens
            # OpenAI may keep what it is sent; candidates' words are not to be kept. Other servers have no such store,
            # and some refuse fields that they do not know.
            body["store"] = False
        else:
            # The older name: Ollama knows no other, and would write without end.
            body["max_tokens"] = request.max_output_tokens
        if self._temperature is not None:
            body["temperature"] = self._temperature
        if self._effort is not None:
            body["reasoning_effort"] = self._effort.value
        return body

    def _answer(self, request: ModelRequest, completion: object, seconds: float) -> ModelAnswer:
        # The SDK does not check what it got: any part may be missing or of another kind.
        if not isinstance(completion, ChatCompletion):
            raise self._nonsense()
        choices: object = completion.choices
        choice = choices[0] if isinstance(choices, list) and choices else None
        message = getattr(choice, "message", None)
        if not isinstance(message, ChatCompletionMessage):
            raise ProviderUnavailable(f"{self._vendor} answered without a choice.")
        ending = _ENDINGS.get(str(getattr(choice, "finish_reason", None)), Finish.COMPLETE)
        finish = Finish.REFUSED if message.refusal else ending
        text = message.content if isinstance(message.content, str) else None
        if text is None and finish is Finish.COMPLETE:
            raise ProviderUnavailable(f"{self._vendor} answered without content.")
        usage = completion.usage
        details = getattr(usage, "prompt_tokens_details", None)
        input_tokens = _count(usage, "prompt_tokens") or _estimated(
            request.instructions, request.content, str(json_schema(request.schema))
        )
        return ModelAnswer(
            # A refusal's own words are no answer, and may repeat the candidate's.
            text="" if finish is Finish.REFUSED else text or "",
            finish=finish,
            model=completion.model or self._facts.name,
            request_id=completion._request_id or completion.id,
            input_tokens=input_tokens,
            cached_tokens=min(_count(details, "cached_tokens"), input_tokens),
            output_tokens=_count(usage, "completion_tokens")
            or _estimated(text or str(message.refusal or "")),
            seconds=seconds,
        )

    def _unread(self, request_id: str | None, seconds: float) -> ModelAnswer:
        """The answer to content that was refused before the model saw it: it costs nothing."""
        return ModelAnswer(
            text="",
            finish=Finish.FILTERED,
            model=self._facts.name,
            request_id=request_id,
            input_tokens=0,
            cached_tokens=0,
            output_tokens=0,
            seconds=seconds,
        )

    def _nonsense(self) -> ProviderUnavailable:
        return ProviderUnavailable(
            f"{self._vendor} answered with something that is no chat completion. See that OPENAI_BASE_URL is right."
        )


def schema_name(schema: type[Wire]) -> str:
    """`FollowUps` is sent as `follow_ups`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", schema.__name__).lower()


def _count(counts: object, name: str) -> int:
    value = getattr(counts, name, None)
    return value if isinstance(value, int) and value > 0 else 0


def _estimated(*texts: str) -> int:
    """Tokens of texts whose number was not told, so that budgets count them still."""
    return -(-sum(map(len, texts)) // _CHARACTERS_PER_TOKEN)
