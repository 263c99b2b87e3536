"""The stand-in for OpenAI answers as documented, and says where a caller does not ask as specified."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Any, Literal

import httpx
import openai as sdk
import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tests.fixtures.loopback import UNUSED_TLS
from tests.fixtures.openai import RunningOpenAI, running_openai
from tests.standins.openai.__main__ import parse
from tests.standins.openai.analyst import ChatRequest
from tests.standins.openai.journal import Json
from tests.standins.openai.switches import Switches
from tests.standins.options import switches_of


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Mood(StrEnum):
    GOOD = "good"
    BAD = "bad"


class Place(Strict):
    turn: str
    words: int


class Finding(Strict):
    """What the SDK's own `parse` makes a schema of."""

    kind: Literal["finding"]
    mood: Mood
    note: str | None
    best: Place
    places: list[Place]
    pair: list[str] = Field(min_length=2, max_length=2)
    share: float = Field(ge=0, le=1)
    is_sure: bool


LEAST: Json = {
    "kind": "finding",
    "mood": "good",
    "note": None,
    "best": {"turn": "", "words": 0},
    "places": [],
    "pair": ["", ""],
    "share": 0,
    "is_sure": False,
}
ASKED: Any = [{"role": "system", "content": "Read."}, {"role": "user", "content": '{"turns": []}'}]


@pytest.fixture
async def client(openai: RunningOpenAI) -> AsyncIterator[sdk.AsyncOpenAI]:
    async with client_of(openai) as made:
        yield made


def client_of(openai: RunningOpenAI, *, key: str | None = None, retries: int = 0) -> sdk.AsyncOpenAI:
    return sdk.AsyncOpenAI(api_key=key or openai.key, base_url=openai.url, max_retries=retries, timeout=10)


async def parsed(client: sdk.AsyncOpenAI, **parameters: Any) -> Any:
    given = {"model": "gpt-4o-mini", "messages": ASKED, "response_format": Finding, "store": False}
    return await client.chat.completions.parse(**{**given, **parameters})


def body(**changes: Any) -> Json:
    """A request in order; None takes a parameter out."""
    schema = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
    whole = {
        "model": "gpt-4o-mini",
        "messages": ASKED,
        "store": False,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "nothing", "strict": True, "schema": schema},
        },
    }
    return {name: value for name, value in {**whole, **changes}.items() if value is not None}


async def posted(openai: RunningOpenAI, sent: Json | str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False, verify=UNUSED_TLS) as http:
        return await http.post(
            f"{openai.url}/chat/completions",
            content=sent if isinstance(sent, str) else json.dumps(sent),
            headers={"Authorization": f"Bearer {openai.key}", **headers},
        )


class TestAnswers:
    async def test_without_a_brain_the_least_that_the_schema_allows(
        self, openai: RunningOpenAI, client: sdk.AsyncOpenAI
    ) -> None:
        completion = await parsed(client)
        assert completion.choices[0].message.parsed == Finding.model_validate(LEAST)
        assert completion.choices[0].finish_reason == "stop"
        assert completion.model == "gpt-4o-mini-2024-07-18", "answers name the dated model"
        assert completion._request_id == openai.requests[0].request_id
        assert openai.violations == []

    async def test_a_brain_answers_for_its_schema(
        self, openai: RunningOpenAI, client: sdk.AsyncOpenAI
    ) -> None:
        async def thoughtful(request: ChatRequest) -> Json:
            await asyncio.sleep(0)
            return LEAST | {"note": request.data["turns"][0]}

        openai.brains["Finding"] = thoughtful
        said = '{"turns": ["héllo"]}'
        completion = await parsed(client, messages=[ASKED[0], {"role": "user", "content": said}])
        assert completion.choices[0].message.parsed.note == "héllo"
        [seen] = openai.requests
        assert (seen.schema, seen.instructions, seen.content) == ("Finding", "Read.", said)
        assert isinstance(seen.answer, dict)
        assert "héllo" in seen.answer["choices"][0]["message"]["content"]

    async def test_a_brain_that_does_not_keep_to_the_schema_is_found_out(
        self, openai: RunningOpenAI, client: sdk.AsyncOpenAI
    ) -> None:
        openai.brains["Finding"] = lambda _: LEAST | {"mood": "strange"}
        with pytest.raises(ValidationError):
            await parsed(client)
        openai.brains["Finding"] = lambda _: "I would say"
        with pytest.raises(ValidationError):
            await parsed(client)
        assert [v.split(":")[0] for v in openai.violations] == [
            "the brain of Finding gave $.mood",
            "the brain of Finding gave no JSON",
        ]

    async def test_tokens_are_counted_four_characters_each_and_a_long_prefix_is_cached(
        self, client: sdk.AsyncOpenAI
    ) -> None:
        long = [{"role": "system", "content": "r" * 8000}, {"role": "user", "content": "first"}]
        first = (await parsed(client, messages=long)).usage
        second = (await parsed(client, messages=[long[0], {"role": "user", "content": "other"}])).usage
        assert 2000 < first.prompt_tokens < 3000
        assert first.completion_tokens == -(-len(json.dumps(LEAST)) // 4)
        assert first.prompt_tokens_details.cached_tokens == 0
        assert 1024 <= second.prompt_tokens_details.cached_tokens < second.prompt_tokens
        assert second.prompt_tokens_details.cached_tokens % 128 == 0

    async def test_models_are_listed_with_their_end(self, client: sdk.AsyncOpenAI) -> None:
        ends = {model.id: model.shutdown_date async for model in client.models.list()}
        assert ends["gpt-4o-mini"] == "2027-01-14"
        assert ends["gpt-6-luna"] is None
        assert (await client.models.retrieve("gpt-6-luna")).id == "gpt-6-luna"
        with pytest.raises(sdk.NotFoundError):
            await client.models.retrieve("gpt-0")


class TestRefusals:
    async def test_a_wrong_key(self, openai: RunningOpenAI) -> None:
        async with client_of(openai, key="sk-wrong") as client:
            with pytest.raises(sdk.AuthenticationError) as caught:
                await parsed(client)
        assert caught.value.code == "invalid_api_key"

    async def test_a_server_that_asks_for_no_key_takes_any(self) -> None:
        local = running_openai(key="", models={"llama3.1:8b": None})
        async with local as running, client_of(running, key="whatever") as client:
            assert (await parsed(client, model="llama3.1:8b")).choices[0].message.parsed is not None

    async def test_an_unknown_model(self, client: sdk.AsyncOpenAI) -> None:
        with pytest.raises(sdk.NotFoundError) as caught:
            await parsed(client, model="gpt-0")
        assert caught.value.code == "model_not_found"

    async def test_more_than_the_model_takes(self, openai: RunningOpenAI, client: sdk.AsyncOpenAI) -> None:
        openai.switches.context_tokens = 1000
        await parsed(client)
        with pytest.raises(sdk.BadRequestError) as caught:
            await parsed(client, messages=[ASKED[0], {"role": "user", "content": "w" * 4000}])
        assert caught.value.code == "context_length_exceeded"
        with pytest.raises(sdk.BadRequestError):
            await parsed(client, max_completion_tokens=900)

    @pytest.mark.parametrize(
        ("changes", "violation"),
        [
            ({"messages": None}, "messages is missing"),
            ({"model": ""}, "model is missing"),
            ({"max_output_tokens": 9}, "Unknown parameter: 'max_output_tokens'."),
            ({"temperature": 3}, "temperature is not between 0 and 2"),
            ({"reasoning_effort": "hard"}, "reasoning_effort has an unknown value"),
            ({"max_tokens": 0}, "max_tokens is no positive whole number"),
            (
                {"max_tokens": 5, "max_completion_tokens": 5},
                "max_tokens and max_completion_tokens exclude each other",
            ),
            ({"messages": [{"role": "boss", "content": "x"}]}, "messages need a role and a text"),
            ({"n": 2}, "n is not 1: every further answer would have to be paid for"),
        ],
    )
    async def test_what_is_against_the_contract(
        self, openai: RunningOpenAI, changes: Json, violation: str
    ) -> None:
        answer = await posted(openai, body(**changes))
        assert answer.status_code == 400
        assert set(answer.json()["error"]) == {"message", "type", "param", "code"}
        assert openai.violations == [violation]

    async def test_a_body_that_is_no_json(self, openai: RunningOpenAI) -> None:
        assert (await posted(openai, "{")).status_code == 400
        assert openai.violations == ["the body is no JSON object"]

    async def test_other_answers_than_structured_ones_are_not_played(self, openai: RunningOpenAI) -> None:
        for changes in (
            {"response_format": None},
            {"stream": True},
            {"response_format": {"type": "json_object"}},
        ):
            assert (await posted(openai, body(**changes))).status_code == 400

    async def test_a_lenient_one_answers_and_writes_down(self, openai: RunningOpenAI) -> None:
        openai.switches.lenient = True
        assert (await posted(openai, body(best_of=3))).status_code == 200
        assert openai.violations == ["Unknown parameter: 'best_of'."]

    async def test_a_server_that_does_not_know_store(self, openai: RunningOpenAI) -> None:
        openai.switches.knows_store = False
        assert (await posted(openai, body())).status_code == 422
        assert (await posted(openai, body(store=None))).status_code == 200

    async def test_a_request_with_such_a_schema_is_refused(self, openai: RunningOpenAI) -> None:
        loose = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "object"}}}
        answer = await posted(openai, body(response_format=loose))
        assert answer.json()["error"]["message"].startswith("Invalid schema for response_format 'x'")
        assert "x: 'strict' is not true" in openai.violations


class TestStore:
    @pytest.mark.parametrize(
        ("host", "store", "is_right"),
        [
            ("api.openai.com", False, True),
            ("api.openai.com", None, False),
            ("eu.api.openai.com", None, False),
            ("127.0.0.1:9901", None, True),
            ("127.0.0.1:9901", True, False),
        ],
    )
    async def test_nothing_may_be_kept(
        self, openai: RunningOpenAI, host: str, store: bool | None, is_right: bool
    ) -> None:
        assert (await posted(openai, body(store=store), Host=host)).status_code == 200
        assert openai.violations == ([] if is_right else ["store is not false"])


class TestFailuresOnDemand:
    """As the SDK's own `parse` shows them."""

    async def test_statuses_in_order_then_an_answer(self, openai: RunningOpenAI) -> None:
        openai.switches.fail_with = [429, 500]
        openai.switches.retry_after_ms = 1
        async with client_of(openai, retries=2) as client:
            await parsed(client)
        assert [r.status for r in openai.requests] == [429, 500, 200]

    @pytest.mark.parametrize(
        ("name", "kind", "code"),
        [
            ("insufficient_quota", sdk.RateLimitError, "insufficient_quota"),
            ("context_length_exceeded", sdk.BadRequestError, "context_length_exceeded"),
            ("model_not_found", sdk.NotFoundError, "model_not_found"),
            (401, sdk.AuthenticationError, "invalid_api_key"),
            (403, sdk.PermissionDeniedError, "insufficient_permissions"),
            (429, sdk.RateLimitError, "rate_limit_exceeded"),
            (503, sdk.InternalServerError, None),
        ],
    )
    async def test_failures_by_name_or_status(
        self, openai: RunningOpenAI, client: sdk.AsyncOpenAI, name: str, kind: type[sdk.APIError], code: str
    ) -> None:
        openai.switches.fail_with = [name]
        openai.switches.retry_after = "7"
        with pytest.raises(kind) as caught:
            await parsed(client)
        assert caught.value.code == code
        assert isinstance(caught.value, sdk.APIStatusError)
        assert caught.value.response.headers["retry-after"] == "7"
        await parsed(client)

    async def test_a_cut_answer(self, openai: RunningOpenAI, client: sdk.AsyncOpenAI) -> None:
        openai.switches.truncate = 1
        with pytest.raises(sdk.LengthFinishReasonError) as caught:
            await parsed(client)
        assert caught.value.completion.usage is not None
        with pytest.raises(sdk.LengthFinishReasonError):
            await parsed(client, max_completion_tokens=3)
        openai.switches.output_tokens = 3
        with pytest.raises(sdk.LengthFinishReasonError):
            await parsed(client)

    async def test_a_refusal_and_a_filter(self, openai: RunningOpenAI, client: sdk.AsyncOpenAI) -> None:
        openai.switches.refuse = openai.switches.content_filter = 1
        message = (await parsed(client)).choices[0].message
        assert message.parsed is None
        assert message.refusal
        with pytest.raises(sdk.ContentFilterFinishReasonError):
            await parsed(client)

    @pytest.mark.parametrize("switch", ["invalid_json", "wrong_schema"])
    async def test_an_answer_of_another_form(
        self, openai: RunningOpenAI, client: sdk.AsyncOpenAI, switch: str
    ) -> None:
        setattr(openai.switches, switch, 1)
        with pytest.raises(ValidationError):
            await parsed(client)
        assert (await parsed(client)).choices[0].message.parsed is not None

    async def test_missing_parts(self, openai: RunningOpenAI, client: sdk.AsyncOpenAI) -> None:
        openai.switches.empty_choices = openai.switches.null_content = 1
        openai.switches.no_usage = True
        empty = await parsed(client)
        assert (empty.choices, empty.usage) == ([], None)
        assert (await parsed(client)).choices[0].message.content is None

    async def test_it_hangs_and_it_breaks_off(self, openai: RunningOpenAI) -> None:
        openai.switches.hang = openai.switches.drop_answer = 1
        async with client_of(openai) as client:
            with pytest.raises(sdk.APITimeoutError):
                await parsed(client, timeout=0.2)
            with pytest.raises(sdk.APIConnectionError):
                await parsed(client)
        assert [r.status for r in openai.requests] == [0, 0]

    async def test_only_requests_for_one_schema_fail(
        self, openai: RunningOpenAI, client: sdk.AsyncOpenAI
    ) -> None:
        openai.switches.only_for_schema = "Other"
        openai.switches.fail_with, openai.switches.truncate = [500], 1
        await parsed(client)
        assert (openai.switches.fail_with, openai.switches.truncate) == ([500], 1)
        openai.switches.only_for_schema = "Finding"
        with pytest.raises(sdk.InternalServerError):
            await parsed(client)

    async def test_requests_at_once_are_counted(self, openai: RunningOpenAI, client: sdk.AsyncOpenAI) -> None:
        openai.switches.delay = 0.05
        await asyncio.gather(*(parsed(client) for _ in range(3)))
        assert (openai.openai.under_way, openai.openai.most_under_way) == (0, 3)


class TestWhileItRuns:
    async def test_switches_change_and_the_journal_can_be_read(self, openai: RunningOpenAI) -> None:
        async with httpx.AsyncClient(base_url=openai.address, trust_env=False, verify=UNUSED_TLS) as http:
            changed = await http.post("/standin/switches", json={"fail_with": [503], "refuse": 2})
            assert (changed.json()["fail_with"], openai.switches.refuse) == ([503], 2)
            assert (await http.post("/standin/switches", json={"key": 1})).status_code == 404
            await posted(openai, body())
            journal = (await http.get("/standin/journal")).json()
        [seen] = journal["requests"]
        assert (seen["method"], seen["path"], seen["status"]) == ("POST", "/v1/chat/completions", 503)
        assert openai.key not in json.dumps(journal), "the key stays out of the journal"

    def test_every_switch_is_an_option_of_the_command(self) -> None:
        options = parse(
            ["--fail-with", "429", "insufficient_quota", "--no-knows-store", "--hang", "1", "--key", ""]
        )
        switches = switches_of(Switches, options)
        assert switches.fail_with == ["429", "insufficient_quota"]
        assert (switches.knows_store, switches.hang, options.key) == (False, 1, "")
        assert switches_of(Switches, parse([])) == Switches()
