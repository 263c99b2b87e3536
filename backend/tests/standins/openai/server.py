"""A server that speaks OpenAI's documented contract for chat completions, and checks that its callers do, too."""

from __future__ import annotations

import asyncio
import bisect
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field, fields
from typing import Final
from uuid import uuid4

from jsonschema import Draft202012Validator
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.standins.openai.analyst import Brain, ChatRequest, say_little, think
from tests.standins.openai.checks import Checks
from tests.standins.openai.endpoint import Endpoint, Seen
from tests.standins.openai.journal import Json, Received
from tests.standins.openai.refusals import too_long, unknown_model
from tests.standins.openai.switches import Switches

KEY: Final = "sk-standin-0123456789abcdef0123456789abcdef"
_MODELS: Final = {"gpt-4o-mini": "2027-01-14", "gpt-4o-mini-2024-07-18": "2027-01-14", "gpt-6-luna": None}
_SNAPSHOTS: Final = {"gpt-4o-mini": "gpt-4o-mini-2024-07-18"}
"""Answers name the dated model that made them."""
_BORN: Final = 1_721_172_741
_LEAST_CACHED, _CACHED_STEP = 1024, 128
"""Tokens: from where on a prefix is read from the cache, and in which steps."""


@dataclass
class OpenAI:
    """The stand-in: its state, its journal and its handlers. An empty key stands for a server that asks for none."""

    brains: dict[str, Brain] = field(default_factory=dict)
    """What answers, by the name of the schema that is asked for; the least that the schema allows for all others."""
    switches: Switches = field(default_factory=Switches)
    key: str = KEY
    models: dict[str, str | None] = field(default_factory=lambda: dict(_MODELS))
    """What it offers, with the day on which it will be gone, if that is announced."""
    requests: list[Received] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    _read_before: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.checks = Checks(self.switches, self.violations)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v1/chat/completions", Endpoint(self, self._complete), methods=["POST"]),
                Route("/v1/models", Endpoint(self, self._list_models), methods=["GET"]),
                Route("/v1/models/{name:path}", Endpoint(self, self._show_model), methods=["GET"]),
                Route("/standin/switches", self._switch, methods=["POST"]),
                Route("/standin/journal", self._journal, methods=["GET"]),
            ]
        )

    async def close(self) -> None:
        """Give up what hangs."""
        self.closing.set()

    # ----- endpoints -----

    async def _complete(self, request: Request, seen: Seen) -> Json:
        body = self.checks.body(seen.text, request.headers.get("host", ""))
        model: str = body["model"]
        if model not in self.models:
            raise unknown_model(model)
        asked = ChatRequest(body, body["response_format"]["json_schema"]["name"])
        prompt = f"{json.dumps(asked.schema)}\n{asked.instructions}\n{asked.content}"
        wanted: int = body.get("max_completion_tokens") or body.get("max_tokens") or 0
        limit = min(wanted or self.switches.output_tokens, self.switches.output_tokens)
        if tokens(prompt) + wanted > self.switches.context_tokens:
            raise too_long(self.switches.context_tokens, tokens(prompt), wanted)
        async with self._working():
            text = await think(self.brains.get(asked.schema_name, say_little), asked)
        self._judge(text, asked)
        empty = self.switches.take("empty_choices", asked.schema_name)
        choices = [] if empty else [self._spoiled(text, limit, asked.schema_name)]
        answer: Json = {
            "id": f"chatcmpl-{uuid4().hex}",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": _SNAPSHOTS.get(model, model),
            "choices": choices,
        }
        if not self.switches.no_usage:
            answer["usage"] = self._usage(prompt, "".join(c["message"]["content"] or "" for c in choices))
        return answer

    async def _list_models(self, _: Request, __: Seen) -> Json:
        return {"object": "list", "data": [self._model(name) for name in self.models]}

    async def _show_model(self, request: Request, _: Seen) -> Json:
        name = request.path_params["name"]
        if name not in self.models:
            raise unknown_model(name)
        return self._model(name)

    # ----- working -----

    @asynccontextmanager
    async def _working(self) -> AsyncIterator[None]:
        """One answer in the making: it takes its time, and the number of those at once is known."""
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await asyncio.sleep(self.switches.delay)
            yield
        finally:
            self.under_way -= 1

    def _judge(self, text: str, asked: ChatRequest) -> None:
        """Strict output is always of its schema: a brain that is not plays no real model."""
        try:
            problems = Draft202012Validator(asked.schema).iter_errors(json.loads(text))
            found = [f"{problem.json_path}: {problem.message}" for problem in problems]
        except ValueError:
            found = ["no JSON"]
        self.violations += [f"the brain of {asked.schema_name} gave {problem}" for problem in found]

    def _spoiled(self, text: str, limit: int, schema: str) -> Json:
        """The choice, with what the switches do to it."""
        take = self.switches.take
        content: str | None = text
        finish, refusal = "stop", None
        if take("refuse", schema):
            content, refusal = None, "I'm sorry, I can't help with that."
        elif take("content_filter", schema):
            content, finish = None, "content_filter"
        elif take("null_content", schema):
            content = None
        elif take("truncate", schema):
            content, finish = text[: len(text) // 2], "length"
        elif take("invalid_json", schema):
            content = text[: len(text) // 2]
        elif take("wrong_schema", schema):
            content = '{"something_else": true}'
        elif tokens(text) > limit:
            content, finish = text[: 4 * limit], "length"
        message: Json = {"role": "assistant", "content": content, "refusal": refusal, "annotations": []}
        return {"index": 0, "message": message, "logprobs": None, "finish_reason": finish}

    def _usage(self, prompt: str, written: str) -> Json:
        shared = max((_shared(prompt, before) // 4 for before in self._read_before), default=0)
        self._read_before.append(prompt)
        cached = shared // _CACHED_STEP * _CACHED_STEP if shared >= _LEAST_CACHED else 0
        return {
            "prompt_tokens": tokens(prompt),
            "completion_tokens": tokens(written),
            "total_tokens": tokens(prompt) + tokens(written),
            "prompt_tokens_details": {"cached_tokens": cached, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
        }

    def _model(self, name: str) -> Json:
        shown: Json = {"id": name, "object": "model", "created": _BORN, "owned_by": "openai"}
        if end := self.models[name]:
            shown["shutdown_date"] = end
        return shown

    # ----- the stand-in's own -----

    async def _switch(self, request: Request) -> Response:
        wanted = await request.json()
        unknown = sorted(set(wanted) - {known.name for known in fields(Switches)})
        if unknown:
            return JSONResponse({"error": f"no such switch: {', '.join(unknown)}"}, 404)
        for name, value in wanted.items():
            setattr(self.switches, name, value)
        return JSONResponse(asdict(self.switches))

    async def _journal(self, _: Request) -> Response:
        return JSONResponse(
            {"requests": [asdict(request) for request in self.requests], "violations": self.violations}
        )


def tokens(text: str) -> int:
    """As many as the stand-in counts: four characters each."""
    return -(-len(text) // 4)


def _shared(one: str, other: str) -> int:
    """Characters with which both begin."""
    lengths = range(1, min(len(one), len(other)) + 1)
    return bisect.bisect_left(lengths, True, key=lambda length: one[:length] != other[:length])
