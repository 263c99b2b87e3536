"""The stand-in delivers callbacks as Deepgram documents it: which addresses, with what credentials, how often."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from deepgram.errors import BadRequestError
from deepgram.types.listen_v1accepted_response import ListenV1AcceptedResponse
from deepgram.types.listen_v1response import ListenV1Response

from tests.fixtures.deepgram import RunningDeepgram
from tests.standins.callers import CallbackSite, called_back, client_of
from tests.standins.deepgram.delivery import RETRIES
from tests.standins.deepgram.specification import specification


@pytest.fixture
async def site() -> AsyncIterator[CallbackSite]:
    async with called_back() as shown:
        yield shown


async def submit(deepgram: RunningDeepgram, site: CallbackSite, **parameters: Any) -> str:
    answer = await client_of(deepgram).listen.v1.media.transcribe_url(
        **{"url": site.media_url, "callback": site.url, "model": "nova-3", "extra": "secret:s"} | parameters
    )
    assert isinstance(answer, ListenV1AcceptedResponse)
    return answer.request_id


async def noted(deepgram: RunningDeepgram) -> None:
    """Wait until the stand-in has written down its first delivery: a moment after it arrived."""
    async with asyncio.timeout(20):
        while not deepgram.deliveries:
            await asyncio.sleep(0.01)


class TestDelivery:
    async def test_the_request_is_accepted_at_once_and_the_transcript_comes_later(
        self, deepgram: RunningDeepgram, site: CallbackSite
    ) -> None:
        deepgram.switches.delay = 0.05
        request_id = await submit(deepgram, site)
        assert site.calls == []
        [call] = await site.wait_for()
        body = json.loads(call.body)
        ListenV1Response.model_validate(body)
        assert specification().of_body("ListenV1Response", body) == []
        assert body["metadata"]["request_id"] == request_id
        assert body["metadata"]["extra"] == {"secret": "s"}
        assert deepgram.violations == []

    async def test_credentials_in_the_address_are_sent_as_basic_auth(
        self, deepgram: RunningDeepgram, site: CallbackSite
    ) -> None:
        await submit(deepgram, site)
        [call] = await site.wait_for()
        assert call.authorization == "Basic " + base64.b64encode(b"user:p@ss").decode()
        await noted(deepgram)
        assert deepgram.deliveries[0].url == site.url

    @pytest.mark.parametrize("method", ["POST", "PUT"])
    async def test_the_method_is_the_callers_choice(
        self, deepgram: RunningDeepgram, site: CallbackSite, method: Any
    ) -> None:
        await submit(deepgram, site, callback_method=method)
        assert [call.method for call in await site.wait_for()] == [method]

    async def test_what_is_not_accepted_is_delivered_again(
        self, deepgram: RunningDeepgram, site: CallbackSite
    ) -> None:
        site.statuses = [500, 302, 404]
        await submit(deepgram, site)
        calls = await site.wait_for(4)
        assert len({call.body for call in calls}) == 1
        async with asyncio.timeout(5):
            # The last answer is written down a moment after it was given.
            while len(deepgram.deliveries) < 4:
                await asyncio.sleep(0.01)
        assert [(d.attempt, d.status) for d in deepgram.deliveries] == [
            (1, 500),
            (2, 302),
            (3, 404),
            (4, 200),
        ]
        assert all(
            later.at - d.at >= 0.05
            for d, later in zip(deepgram.deliveries, deepgram.deliveries[1:], strict=False)
        )

    async def test_it_gives_up_after_ten_more_attempts(
        self, deepgram: RunningDeepgram, site: CallbackSite
    ) -> None:
        deepgram.switches.retry_interval = 0.001
        site.statuses = [503] * 50
        await submit(deepgram, site)
        await site.wait_for(RETRIES + 1)
        await submit(deepgram, site)
        await site.wait_for(2 * (RETRIES + 1))
        while len(deepgram.deliveries) < 2 * (
            RETRIES + 1
        ):  # it is written down a moment after it was received
            await asyncio.sleep(0.01)
        assert [d.attempt for d in deepgram.deliveries] == [*range(1, RETRIES + 2)] * 2

    async def test_nobody_there_counts_as_an_attempt(
        self, deepgram: RunningDeepgram, site: CallbackSite
    ) -> None:
        deepgram.switches.retry_interval = 0.001
        deepgram.switches.callbacks_first = 1
        await submit(deepgram, site, callback="http://127.0.0.1:1/gone")
        assert [d.status for d in deepgram.deliveries] == [0] * (RETRIES + 1)

    @pytest.mark.parametrize(
        "callback",
        ["http://example.com:8000/x", "ftp://example.com/x", "example.com", "http://[", "https://:443/x"],
    )
    async def test_an_address_that_deepgram_does_not_call_is_refused(
        self, deepgram: RunningDeepgram, site: CallbackSite, callback: str
    ) -> None:
        deepgram.switches.any_callback_port = False
        with pytest.raises(BadRequestError) as refused:
            await submit(deepgram, site, callback=callback)
        assert refused.value.body["err_msg"] == "Invalid callback url."

    @pytest.mark.parametrize("port", ["", ":443", ":8080", ":8443"])
    async def test_the_documented_ports_are_called(
        self, deepgram: RunningDeepgram, site: CallbackSite, port: str
    ) -> None:
        deepgram.switches.any_callback_port = False
        deepgram.switches.lose_callbacks = 1
        assert await submit(deepgram, site, callback=f"https://debrief.example{port}/x?t=1&sig=x%2By")

    async def test_media_that_cannot_be_fetched_become_an_error_that_is_called_back(
        self, deepgram: RunningDeepgram, site: CallbackSite
    ) -> None:
        request_id = await submit(deepgram, site, url=f"{deepgram.url}/missing")
        [call] = await site.wait_for()
        body = json.loads(call.body)
        assert (body["err_code"], body["request_id"]) == ("REMOTE_CONTENT_ERROR", request_id)


class TestFailures:
    async def test_a_callback_may_be_lost(self, deepgram: RunningDeepgram, site: CallbackSite) -> None:
        deepgram.switches.lose_callbacks = 1
        lost, delivered = await submit(deepgram, site), await submit(deepgram, site)
        [call] = await site.wait_for()
        assert json.loads(call.body)["metadata"]["request_id"] == delivered
        assert lost != delivered

    async def test_a_callback_may_come_twice(self, deepgram: RunningDeepgram, site: CallbackSite) -> None:
        deepgram.switches.callbacks_twice = 1
        await submit(deepgram, site)
        first, second = await site.wait_for(2)
        assert first.body == second.body

    async def test_a_callback_may_come_before_the_request_is_answered(
        self, deepgram: RunningDeepgram, site: CallbackSite
    ) -> None:
        deepgram.switches.callbacks_first = 1
        request_id = await submit(deepgram, site)
        assert [json.loads(call.body)["metadata"]["request_id"] for call in site.calls] == [request_id]

    async def test_a_callback_may_be_late(self, deepgram: RunningDeepgram, site: CallbackSite) -> None:
        deepgram.switches.callback_delay = 0.1
        await submit(deepgram, site)
        await site.wait_for()
        await noted(deepgram)
        assert deepgram.deliveries[0].at - deepgram.requests[0].at >= 0.1

    async def test_the_answer_may_be_lost_while_the_job_goes_on(
        self, deepgram: RunningDeepgram, site: CallbackSite
    ) -> None:
        deepgram.switches.drop_answer = 1
        with pytest.raises(httpx.RemoteProtocolError):
            await submit(deepgram, site)
        [call] = await site.wait_for()
        assert json.loads(call.body)["metadata"]["request_id"] == deepgram.requests[0].request_id

    async def test_a_failure_may_be_called_back_instead(
        self, deepgram: RunningDeepgram, site: CallbackSite
    ) -> None:
        deepgram.switches.error_results = 1
        await submit(deepgram, site)
        [call] = await site.wait_for()
        assert set(json.loads(call.body)) == {"err_code", "err_msg", "request_id"}

    @pytest.mark.parametrize("switch", ["cut_results", "empty_results"])
    async def test_a_body_may_arrive_cut_or_empty_and_whole_when_it_is_refused(
        self, deepgram: RunningDeepgram, site: CallbackSite, switch: str
    ) -> None:
        setattr(deepgram.switches, switch, 1)
        site.statuses = [400]
        await submit(deepgram, site)
        spoiled, whole = await site.wait_for(2)
        assert len(spoiled.body) < len(whole.body)
        assert whole.body.startswith(spoiled.body)
        assert json.loads(whole.body)["results"]
