"""The stand-in as the vendor's own SDK sees it: what it accepts, what it refuses, what it sends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from deepgram import AsyncDeepgramClient
from deepgram.core.api_error import ApiError
from deepgram.core.events import EventType
from deepgram.environment import DeepgramClientEnvironment
from deepgram.errors import BadRequestError
from deepgram.types.listen_v1accepted_response import ListenV1AcceptedResponse
from deepgram.types.listen_v1response import ListenV1Response
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.fixtures.deepgram import RunningDeepgram
from tests.fixtures.server import serving
from tests.standins.deepgram.answers import script
from tests.standins.deepgram.server import Deepgram
from tests.standins.deepgram.specification import specification

SOUND = bytes(64_000)
ASKED: dict[str, Any] = {
    "model": "nova-3",
    "language": "en",
    "diarize_model": "latest",
    "smart_format": True,
    "punctuate": True,
    "paragraphs": True,
    "utterances": True,
    "summarize": "v2",
    "topics": True,
    "intents": True,
    "sentiment": True,
    "keyterm": ["Kubernetes"],
    "extra": ["interview_id:1", "callback_secret:s"],
    "tag": ["interviews"],
    "mip_opt_out": True,
    "request_options": {"additional_query_parameters": {"redact": ["pci", "numbers"]}, "max_retries": 0},
}


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as opened:
        yield opened


@pytest.fixture
def sdk(deepgram: RunningDeepgram, http: httpx.AsyncClient) -> Callable[..., AsyncDeepgramClient]:
    """The vendor's client; makes one for the right key, or another."""
    socket = deepgram.url.replace("http", "ws", 1)
    environment = DeepgramClientEnvironment(
        base=deepgram.url, production=socket, agent=socket, agent_rest=deepgram.url
    )
    return lambda key=deepgram.key: AsyncDeepgramClient(
        api_key=key, environment=environment, httpx_client=http, max_retries=0
    )


Sdk = Callable[..., AsyncDeepgramClient]


class Inbox:
    """Somebody else's webhook."""

    def __init__(self) -> None:
        self.received: list[tuple[str, str | None, bytes]] = []
        self.statuses: list[int] = []

    async def _take(self, request: Request) -> Response:
        self.received.append((request.method, request.headers.get("authorization"), await request.body()))
        return Response(status_code=self.statuses.pop(0) if self.statuses else 200)

    async def _sound(self, _: Request) -> Response:
        return Response(SOUND)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/hook", self._take, methods=["POST", "PUT"]),
                Route("/sound", self._sound),
            ]
        )


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
async def elsewhere(inbox: Inbox) -> AsyncIterator[str]:
    async with serving(inbox.app()) as url:
        yield url


async def until(condition: Any) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.01)


class TestAnswers:
    @pytest.mark.parametrize("nested", [False, True])
    async def test_they_are_what_the_specification_and_the_sdk_expect(
        self, deepgram: RunningDeepgram, sdk: Sdk, nested: bool
    ) -> None:
        deepgram.switches.nested_intelligence = nested
        client = sdk()
        raw = await client.listen.v1.media.with_raw_response.transcribe_file(request=SOUND, **ASKED)
        answer = raw.data
        assert isinstance(answer, ListenV1Response)
        body = answer.model_dump(mode="json", exclude_none=True, by_alias=True)
        assert deepgram.violations == []
        assert body["metadata"]["extra"] == {"interview_id": "1", "callback_secret": "s"}
        assert body["metadata"]["tags"] == ["interviews"]
        assert answer.results.utterances
        strict = await self._plain(deepgram, {"utterances": "true", "topics": "true", "summarize": "v2"})
        if nested:
            # The specification has topics two levels down; the documentation and the SDK do not.
            assert specification().of_result(strict) == []
        ListenV1Response.model_validate(strict)

    @staticmethod
    async def _plain(deepgram: RunningDeepgram, query: dict[str, str]) -> Any:
        headers = {"Authorization": f"Token {deepgram.key}"}
        async with httpx.AsyncClient(trust_env=False) as http:
            answer = await http.post(
                f"{deepgram.url}/v1/listen", params=query, content=SOUND, headers=headers
            )
        return answer.json()

    async def test_a_recording_without_words_to_find_has_an_empty_answer(
        self, deepgram: RunningDeepgram
    ) -> None:
        deepgram.switches.silent_results = 1
        answer = await self._plain(deepgram, {"utterances": "true", "topics": "true"})
        assert answer["results"]["utterances"] == []
        assert "topics" not in answer["results"]

    async def test_other_languages_get_warnings_instead_of_intelligence(
        self, deepgram: RunningDeepgram
    ) -> None:
        answer = await self._plain(deepgram, {"language": "de", "topics": "true"})
        assert [w["parameter"] for w in answer["metadata"]["warnings"]] == ["topics"]
        assert "topics" not in answer["results"]


class TestRefusals:
    async def test_a_wrong_key(self, sdk: Sdk) -> None:
        with pytest.raises(ApiError) as caught:
            await sdk("wrong").listen.v1.media.transcribe_file(request=SOUND)
        assert caught.value.status_code == 401
        assert caught.value.body["err_code"] == "INVALID_AUTH"

    @pytest.mark.parametrize(
        ("change", "violation"),
        [
            ({"diarize_model": "v9"}, "diarize_model"),
            ({"language": "de"}, "Summarization v2 not supported"),
            ({"keyterm": ["a, b"]}, "keyterm"),
            (
                {"request_options": {"additional_query_parameters": {"detect_topics": "true"}}},
                "detect_topics",
            ),
            ({"extra": ["x:" + "y" * 2100]}, "extra"),
        ],
    )
    async def test_what_the_specification_does_not_allow(
        self, deepgram: RunningDeepgram, sdk: Sdk, change: dict[str, Any], violation: str
    ) -> None:
        with pytest.raises(BadRequestError):
            await sdk().listen.v1.media.transcribe_file(request=SOUND, **(ASKED | change))
        assert violation in " ".join(deepgram.violations)

    async def test_no_sound(self, sdk: Sdk) -> None:
        with pytest.raises(BadRequestError):
            await sdk().listen.v1.media.transcribe_file(request=b"")

    async def test_a_recording_that_cannot_be_fetched(self, sdk: Sdk, elsewhere: str) -> None:
        with pytest.raises(BadRequestError) as caught:
            await sdk().listen.v1.media.transcribe_url(url=f"{elsewhere}/none", model="nova-3")
        assert caught.value.body["err_code"] == "REMOTE_CONTENT_ERROR"

    @pytest.mark.parametrize("port", [8000, 22])
    async def test_callbacks_to_other_ports(self, deepgram: RunningDeepgram, sdk: Sdk, port: int) -> None:
        deepgram.switches.any_callback_port = False
        with pytest.raises(BadRequestError):
            await sdk().listen.v1.media.transcribe_url(
                url="http://x.example/", callback=f"http://x.example:{port}/"
            )

    async def test_a_limit_says_when_to_come_back(self, deepgram: RunningDeepgram, sdk: Sdk) -> None:
        deepgram.switches.fail_with, deepgram.switches.retry_after = [429], 7
        with pytest.raises(ApiError) as caught:
            await sdk().listen.v1.media.transcribe_file(request=SOUND)
        assert caught.value.status_code == 429
        assert (caught.value.headers or {})["retry-after"] == "7"


class TestCallbacks:
    async def submit(self, sdk: Sdk, elsewhere: str, **options: Any) -> str:
        callback = elsewhere.replace("http://", "http://user:p%40ss@") + "/hook?t=1"
        answer = await sdk().listen.v1.media.transcribe_url(
            url=f"{elsewhere}/sound", callback=callback, **(ASKED | options)
        )
        assert isinstance(answer, ListenV1AcceptedResponse)
        assert specification().of_accepted({"request_id": answer.request_id}) == []
        return str(answer.request_id)

    async def test_the_answer_comes_with_the_credentials_of_the_address(
        self, sdk: Sdk, elsewhere: str, inbox: Inbox
    ) -> None:
        request_id = await self.submit(sdk, elsewhere)
        await until(lambda: inbox.received)
        [(method, authorization, body)] = inbox.received
        assert method == "POST"
        assert authorization == "Basic dXNlcjpwQHNz"
        assert request_id in body.decode()

    async def test_put_when_asked_for(self, sdk: Sdk, elsewhere: str, inbox: Inbox) -> None:
        await self.submit(sdk, elsewhere, callback_method="PUT")
        await until(lambda: inbox.received)
        assert inbox.received[0][0] == "PUT"

    async def test_it_is_brought_again_until_it_is_taken(
        self, deepgram: RunningDeepgram, sdk: Sdk, elsewhere: str, inbox: Inbox
    ) -> None:
        inbox.statuses = [500, 503, 404]
        await self.submit(sdk, elsewhere)
        await until(lambda: len(inbox.received) == 4)
        assert len({body for _, _, body in inbox.received}) == 1
        await until(lambda: len(deepgram.deliveries) == 4)
        assert [d.status for d in deepgram.deliveries] == [500, 503, 404, 200]

    async def test_and_given_up_after_ten_repetitions(
        self, deepgram: RunningDeepgram, sdk: Sdk, elsewhere: str, inbox: Inbox
    ) -> None:
        deepgram.switches.retry_interval = 0.0
        inbox.statuses = [500] * 20
        await self.submit(sdk, elsewhere)
        await until(lambda: len(deepgram.deliveries) == 11)
        await asyncio.sleep(0.05)
        assert len(inbox.received) == 11

    async def test_switches_can_be_set_from_outside(self, deepgram: RunningDeepgram) -> None:
        async with httpx.AsyncClient(base_url=deepgram.url, trust_env=False) as http:
            assert (await http.post("/standin/switches", json={"lose_callbacks": 3})).status_code == 200
            assert deepgram.switches.lose_callbacks == 3
            assert (await http.post("/standin/switches", json={"nonsense": 1})).status_code == 404
            assert (await http.get("/standin/journal")).json()["requests"] == []


class TestLive:
    @pytest.fixture
    def speech(self, deepgram: RunningDeepgram) -> bytes:
        """Four seconds in which no two frames are alike, with a word in each half second."""
        sound = b"".join((n * 7919 % 65536).to_bytes(2, "little") for n in range(4 * 16_000))
        deepgram.deepgram.live_sound = sound
        texts = ["One", "two.", "Three", "four.", "Five", "six."]
        deepgram.deepgram.live_script = [
            {"word": t.lower().strip("."), "punctuated_word": t, "start": 0.5 * n, "end": 0.5 * n + 0.4}
            for n, t in enumerate(texts)
        ]
        return sound

    async def listen(self, sdk: Sdk, sound: bytes, *, close: bool = True) -> list[Any]:
        heard: list[Any] = []
        async with sdk().listen.v1.connect(
            model="nova-3", encoding="linear16", sample_rate=16_000, interim_results=True
        ) as socket:
            socket.on(EventType.MESSAGE, heard.append)
            listening = asyncio.create_task(socket.start_listening())
            for at in range(0, len(sound), 6400):
                await socket.send_media(sound[at : at + 6400])
            await socket.send_keep_alive()
            if close:
                await socket.send_close_stream()
            await asyncio.wait_for(listening, 5)
        return heard

    @staticmethod
    def finals(heard: list[Any]) -> list[str]:
        return [
            word.punctuated_word
            for message in heard
            if message.type == "Results" and message.is_final
            for word in message.channel.alternatives[0].words
        ]

    async def test_every_word_of_the_script_is_heard_once(self, sdk: Sdk, speech: bytes) -> None:
        heard = await self.listen(sdk, speech)
        assert self.finals(heard) == ["One", "two.", "Three", "four.", "Five", "six."]
        assert heard[-1].type == "Metadata"
        assert any(m.type == "Results" and not m.is_final for m in heard)

    async def test_a_connection_that_begins_later_hears_the_rest_in_its_own_time(
        self, sdk: Sdk, speech: bytes
    ) -> None:
        heard = await self.listen(sdk, speech[2 * 16_000 :])
        assert self.finals(heard) == ["Three", "four.", "Five", "six."]
        first = next(m for m in heard if m.type == "Results" and m.is_final)
        assert first.channel.alternatives[0].words[0].start == pytest.approx(0.0, abs=0.02)

    async def test_it_breaks_off_on_demand(self, deepgram: RunningDeepgram, sdk: Sdk, speech: bytes) -> None:
        deepgram.switches.live_drops = [2.0]
        heard = await self.listen(sdk, speech, close=False)
        assert self.finals(heard) == ["One", "two."]


def test_the_script_is_the_sample_interview() -> None:
    assert len(script()["utterances"]) == 56
    assert Deepgram().key
