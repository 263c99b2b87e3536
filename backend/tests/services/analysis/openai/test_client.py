"""OpenAI behind our protocol: what is sent, what comes back, how each answer ends. The real SDK, a stand-in's server."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.core.config import ReasoningEffort
from app.core.errors import ProviderRejected, ProviderUnavailable
from app.services.analysis.model import Finish, Wire, input_hash
from app.services.analysis.providers.openai.client import OpenAIModel, schema_name
from app.services.analysis.retrying import LimitedModel
from tests.fixtures.openai import RunningOpenAI, running_openai
from tests.fixtures.server import serving
from tests.services.analysis.openai.asking import SAID, FollowUps, asked, model_of


@pytest.fixture
async def model(openai: RunningOpenAI) -> AsyncIterator[OpenAIModel]:
    async with model_of(openai) as made:
        yield made


@pytest.fixture
async def openai_itself(openai: RunningOpenAI, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[OpenAIModel]:
    """A model that calls OpenAI by its name; the way there leads through a proxy, which is the stand-in."""
    monkeypatch.setenv("HTTP_PROXY", openai.address)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    async with model_of(openai, openai_base_url="http://api.openai.com/v1") as made:
        yield made


def at_completions(answer: Callable[[Request], Awaitable[Response]]) -> Starlette:
    """A server that gives this answer to every request for a completion."""
    return Starlette(routes=[Route("/v1/chat/completions", answer, methods=["POST"])])


class TestRequest:
    async def test_instructions_content_and_the_strict_schema(
        self, openai: RunningOpenAI, model: OpenAIModel
    ) -> None:
        await model.complete(asked())
        [seen] = openai.requests
        assert seen.parameters["messages"] == [
            {"role": "system", "content": "Write questions."},
            {"role": "user", "content": SAID},
        ]
        wanted = seen.parameters["response_format"]["json_schema"]
        assert (wanted["name"], wanted["strict"]) == ("follow_ups", True)
        assert wanted["schema"] == FollowUps.model_json_schema()
        assert openai.violations == []

    async def test_openai_itself_is_told_to_keep_nothing(
        self, openai: RunningOpenAI, openai_itself: OpenAIModel
    ) -> None:
        answer = await openai_itself.complete(asked())
        assert answer.finish is Finish.COMPLETE
        [seen] = openai.requests
        assert seen.headers["host"] == "api.openai.com"
        assert seen.parameters["store"] is False
        assert seen.parameters["max_completion_tokens"] == 500
        assert "max_tokens" not in seen.parameters
        assert openai.violations == []

    async def test_other_servers_get_no_field_that_they_may_not_know(
        self, openai: RunningOpenAI, model: OpenAIModel
    ) -> None:
        openai.switches.knows_store = False
        await model.complete(asked())
        [seen] = openai.requests
        assert set(seen.parameters) == {"model", "messages", "response_format", "max_tokens"}
        assert seen.parameters["max_tokens"] == 500
        assert openai.violations == []

    async def test_temperature_and_effort_are_sent_only_when_set(self, openai: RunningOpenAI) -> None:
        async with model_of(openai, openai_temperature=0.0, openai_effort=ReasoningEffort.LOW) as model:
            await model.complete(asked())
        async with model_of(openai) as model:
            await model.complete(asked())
        first, second = openai.requests
        assert (first.parameters["temperature"], first.parameters["reasoning_effort"]) == (0.0, "low")
        assert not {"temperature", "reasoning_effort"} & second.parameters.keys()
        assert openai.violations == []

    async def test_the_parameters_tell_settings_apart_and_are_always_the_same(
        self, openai: RunningOpenAI
    ) -> None:
        async with (
            model_of(openai) as one,
            model_of(openai) as same,
            model_of(openai, openai_temperature=0.5) as other,
        ):
            assert one.parameters == {"model": "gpt-4o-mini", "temperature": None, "effort": None}
            hashes = [input_hash(asked(), model.parameters) for model in (one, same, other)]
        assert hashes[0] == hashes[1] != hashes[2]

    async def test_a_server_of_ones_own_needs_no_key(self) -> None:
        async with running_openai(key="", models={"llama3.1:8b": None}, no_usage=True) as local:
            async with model_of(local, openai_model="llama3.1:8b") as model:
                answer = await model.complete(asked())
            assert (answer.finish, answer.model) == (Finish.COMPLETE, "llama3.1:8b")
            assert local.violations == []

    @pytest.mark.parametrize(
        ("name", "expected"),
        [("Extraction", "extraction"), ("FollowUps", "follow_ups"), ("Judgement2", "judgement2")],
    )
    def test_the_name_of_a_schema(self, name: str, expected: str) -> None:
        assert schema_name(type(name, (Wire,), {})) == expected


class TestAnswer:
    async def test_a_complete_one(self, openai: RunningOpenAI, model: OpenAIModel) -> None:
        openai.brains["follow_ups"] = lambda _: {"questions": ["Wie groß?"], "places": []}
        answer = await model.complete(asked())
        assert FollowUps.model_validate_json(answer.text).questions == ["Wie groß?"]
        assert answer.finish is Finish.COMPLETE
        assert answer.model == "gpt-4o-mini-2024-07-18"
        assert answer.request_id == openai.requests[0].request_id
        assert answer.seconds > 0
        told = openai.requests[0].answer
        assert isinstance(told, dict)
        assert answer.input_tokens == told["usage"]["prompt_tokens"]
        assert answer.output_tokens == told["usage"]["completion_tokens"]
        assert answer.cached_tokens == 0

    async def test_what_was_read_before_is_told(self, model: OpenAIModel) -> None:
        for _ in range(2):
            answer = await model.complete(asked("w" * 8000))
        assert 0 < answer.cached_tokens <= answer.input_tokens

    async def test_one_that_was_cut_still_tells_what_it_cost(
        self, openai: RunningOpenAI, model: OpenAIModel
    ) -> None:
        openai.switches.truncate = 1
        answer = await model.complete(asked())
        assert answer.finish is Finish.TRUNCATED
        assert answer.input_tokens > 0
        assert answer.output_tokens > 0
        with pytest.raises(ValueError, match="Expecting"):
            json.loads(answer.text)

    async def test_the_limit_of_output_is_the_one_that_was_asked_for(
        self, openai: RunningOpenAI, model: OpenAIModel
    ) -> None:
        openai.brains["follow_ups"] = lambda _: {"questions": ["Why?" * 50], "places": []}
        answer = await model.complete(asked(max_output_tokens=10))
        assert (answer.finish, answer.output_tokens) == (Finish.TRUNCATED, 10)

    async def test_a_refusal_and_its_words_are_not_passed_on(
        self, openai: RunningOpenAI, model: OpenAIModel
    ) -> None:
        openai.switches.refuse = 1
        answer = await model.complete(asked())
        assert (answer.finish, answer.text) == (Finish.REFUSED, "")
        assert answer.input_tokens > 0

    async def test_one_that_was_filtered(self, openai: RunningOpenAI, model: OpenAIModel) -> None:
        openai.switches.content_filter = 1
        answer = await model.complete(asked())
        assert (answer.finish, answer.text) == (Finish.FILTERED, "")
        assert answer.input_tokens > 0

    @pytest.mark.parametrize("code", ["content_filter", "content_policy_violation"])
    async def test_content_that_was_refused_before_the_model_saw_it(
        self, openai: RunningOpenAI, model: OpenAIModel, code: str
    ) -> None:
        openai.switches.fail_with = [code]
        answer = await model.complete(asked())
        assert (answer.finish, answer.text, answer.input_tokens) == (Finish.FILTERED, "", 0)
        assert answer.request_id == openai.requests[0].request_id

    @pytest.mark.parametrize("switch", ["invalid_json", "wrong_schema"])
    async def test_one_of_another_form_is_the_analyzers_to_judge(
        self, openai: RunningOpenAI, model: OpenAIModel, switch: str
    ) -> None:
        setattr(openai.switches, switch, 1)
        answer = await model.complete(asked())
        assert answer.finish is Finish.COMPLETE
        with pytest.raises(ValueError, match="validation error"):
            FollowUps.model_validate_json(answer.text)

    async def test_tokens_that_nobody_told_are_estimated(
        self, openai: RunningOpenAI, model: OpenAIModel
    ) -> None:
        openai.switches.no_usage = True
        answer = await model.complete(asked("w" * 4000))
        assert 1000 < answer.input_tokens < 1500
        assert answer.output_tokens == -(-len(answer.text) // 4)

    @pytest.mark.parametrize(
        ("switch", "detail"),
        [
            ("empty_choices", "without a choice"),
            ("null_content", "without content"),
            ("plain_text", "no chat completion"),
        ],
    )
    async def test_one_without_its_parts_may_be_better_next_time(
        self, openai: RunningOpenAI, model: OpenAIModel, switch: str, detail: str
    ) -> None:
        setattr(openai.switches, switch, 1)
        with pytest.raises(ProviderUnavailable, match=detail):
            await model.complete(asked())
        assert (await model.complete(asked())).finish is Finish.COMPLETE

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"choices": None},
            {"choices": [None]},
            {"choices": ["text"]},
            {"choices": [{}]},
            {"choices": [{"message": None}]},
            {"choices": [{"message": {}}]},
            {"choices": [{"message": "text", "finish_reason": ["stop"]}]},
            {"choices": {"0": {}}},
            [],
            None,
        ],
    )
    async def test_whatever_else_a_server_may_say(self, openai: RunningOpenAI, body: object) -> None:
        async def odd(_: Request) -> Response:
            return JSONResponse(body)

        async with (
            serving(at_completions(odd)) as url,
            model_of(openai, openai_base_url=url + "/v1") as model,
        ):
            with pytest.raises(ProviderUnavailable):
                await model.complete(asked())

    async def test_a_server_that_says_little_and_enough(self, openai: RunningOpenAI) -> None:
        async def terse(_: Request) -> Response:
            return JSONResponse(
                {"choices": [{"message": {"content": "{}"}}], "usage": {"prompt_tokens": "many"}}
            )

        async with (
            serving(at_completions(terse)) as url,
            model_of(openai, openai_base_url=url + "/v1") as model,
        ):
            answer = await model.complete(asked())
        assert (answer.text, answer.finish, answer.model) == ("{}", Finish.COMPLETE, "gpt-4o-mini")
        assert answer.input_tokens > 0
        assert answer.request_id is None


class TestTheWayThere:
    async def test_words_go_to_no_other_address(self, openai: RunningOpenAI) -> None:
        async def elsewhere(_: Request) -> Response:
            return Response(status_code=307, headers={"location": f"{openai.url}/chat/completions"})

        async with (
            serving(at_completions(elsewhere)) as url,
            model_of(openai, openai_base_url=url + "/v1") as model,
        ):
            with pytest.raises(ProviderRejected, match="OPENAI_BASE_URL"):
                await model.complete(asked())
        assert openai.requests == []

    @pytest.mark.parametrize("key", ["sk-schlüssel-4711", "sk-4711\n"])
    async def test_a_key_that_no_header_can_carry(self, openai: RunningOpenAI, key: str) -> None:
        async with model_of(openai, openai_api_key=SecretStr(key)) as model:
            with pytest.raises((ProviderRejected, ProviderUnavailable)) as caught:
                await model.complete(asked())
        assert "4711" not in repr(caught.value)
        assert caught.value.__cause__ is None

    async def test_at_most_so_many_at_once(self, openai: RunningOpenAI, model: OpenAIModel) -> None:
        openai.switches.delay = 0.02
        limited = LimitedModel(model, limit=2)
        await asyncio.gather(*(limited.complete(asked()) for _ in range(6)))
        assert len(openai.requests) == 6
        assert openai.openai.most_under_way == 2


def test_the_vendors_library_is_loaded_for_those_only_who_use_it() -> None:
    """It takes half a second and 50 MB."""
    script = "import sys, app.services.analysis.factory, app.services.analysis.retrying; print('openai' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
