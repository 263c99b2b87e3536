"""Deepgram's live socket, through its SDK: one connection, translated; coming back after a loss is the caller's work."""

from __future__ import annotations

import warnings
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from typing import Any, Final

import anyio
from deepgram import AsyncDeepgramClient
from deepgram.core.api_error import ApiError
from deepgram.environment import DeepgramClientEnvironment
from websockets.exceptions import ConnectionClosed, WebSocketException

from app.core.config import DeepgramSettings
from app.core.errors import ProviderRejected, ProviderUnavailable
from app.core.observing import Provider, observed
from app.services.transcription.base import Order
from app.services.transcription.live import Heard, HeardWord, LiveConnection, SoundFormat
from app.services.transcription.providers.deepgram.keyterms import keyterms

with warnings.catch_warnings():
    # The SDK still uses names that its websocket library calls old.
    warnings.simplefilter("ignore", DeprecationWarning)
    from deepgram.listen.v1.socket_client import AsyncV1SocketClient
    from deepgram.listen.v1.types.listen_v1results import ListenV1Results

_UTTERANCE_END_MS: Final = 1000
_LEAVE_SECONDS: Final = 1.0
_PASSING: Final = frozenset({408, 429})


class DeepgramLiveTranscriber:
    """`LiveTranscriber`."""

    def __init__(self, settings: DeepgramSettings, api_key: str) -> None:
        self._settings = settings
        base = settings.deepgram_base_url
        socket = "ws" + base.removeprefix("http")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            self._sockets = AsyncDeepgramClient(
                api_key=api_key,
                environment=DeepgramClientEnvironment(
                    base=base, production=socket, agent=socket, agent_rest=base
                ),
            ).listen.v1

    @asynccontextmanager
    async def connect(self, sound: SoundFormat, order: Order) -> AsyncIterator[LiveConnection]:
        with _translated():
            async with AsyncExitStack() as stack:
                with observed(Provider.DEEPGRAM, "connect"), _translated():
                    opening = self._sockets.connect(**self._parameters(sound, order))
                    connection = _Connection(await stack.enter_async_context(opening))
                try:
                    yield connection
                finally:
                    await connection.leave()

    def _parameters(self, sound: SoundFormat, order: Order) -> dict[str, Any]:
        settings = self._settings
        parameters: dict[str, Any] = {
            "model": settings.deepgram_model,
            # Live, the language cannot be detected beforehand; `multi` hears several.
            "language": order.language or "multi",
            "encoding": "linear16",
            "sample_rate": sound.sample_rate,
            "channels": sound.channels,
            "multichannel": sound.channels > 1,
            "interim_results": True,
            "utterance_end_ms": _UTTERANCE_END_MS,
            "vad_events": True,
            "smart_format": True,
            "punctuate": True,
            "diarize_model": "latest",
            "mip_opt_out": settings.deepgram_mip_opt_out,
        }
        terms = keyterms(order.position, order.names, order.topics)
        if terms and settings.deepgram_model.startswith("nova-3"):
            parameters["keyterm"] = list(terms)
        if settings.deepgram_tags:
            parameters["tag"] = list(settings.deepgram_tags)
        if settings.deepgram_redact:
            parameters["request_options"] = {
                "additional_query_parameters": {"redact": list(settings.deepgram_redact)}
            }
        return parameters


class _Connection:
    """`LiveConnection`."""

    def __init__(self, socket: AsyncV1SocketClient) -> None:
        self._socket = socket
        self._finished = False

    async def send(self, samples: bytes) -> None:
        with _translated():
            await self._socket.send_media(samples)

    async def keep_alive(self) -> None:
        with _translated():
            await self._socket.send_keep_alive()

    async def finish(self) -> None:
        with _translated():
            await self._socket.send_finalize()
            await self._socket.send_close_stream()
        self._finished = True

    async def leave(self) -> None:
        """Have the other side close the socket, also when this one is cancelled and cannot wait for it."""
        if not self._finished:
            with (
                anyio.CancelScope(shield=True),
                anyio.move_on_after(_LEAVE_SECONDS),
                suppress(OSError, WebSocketException),
            ):
                await self._socket.send_close_stream()

    async def results(self) -> AsyncGenerator[Heard, None]:
        with _translated():
            async for message in self._socket:
                if isinstance(message, ListenV1Results):
                    yield _heard(message)
        if not self._finished:
            raise ProviderUnavailable("Deepgram ended the live connection.")


@contextmanager
def _translated() -> Iterator[None]:
    """The vendor's failures in our terms. Its texts stay out: they may repeat what was sent."""
    try:
        yield
    except ApiError as error:
        status = error.status_code or 0
        if status in _PASSING or status >= 500 or status == 0:
            raise ProviderUnavailable(f"Deepgram takes no live connection now ({status}).") from None
        raise ProviderRejected(f"Deepgram refused the live connection ({status}).") from None
    except ConnectionClosed as error:
        code = error.rcvd.code if error.rcvd else "no code"
        raise ProviderUnavailable(f"The live connection to Deepgram was lost ({code}).") from None
    except (OSError, TimeoutError, WebSocketException) as error:
        raise ProviderUnavailable(f"Deepgram could not be reached ({type(error).__name__}).") from None


def _heard(message: ListenV1Results) -> Heard:
    """Everything inside a result may be missing."""
    start = float(message.start or 0.0)
    end = start + float(message.duration or 0.0)
    alternatives = (message.channel.alternatives if message.channel else None) or []
    words: tuple[HeardWord, ...] = ()
    if alternatives:
        best = alternatives[0]
        words = tuple(
            HeardWord(
                text=word.punctuated_word or word.word,
                start=float(word.start),
                end=float(word.end),
                confidence=word.confidence,
                speaker=None if word.speaker is None else int(word.speaker),
            )
            for word in best.words or []
        )
        if not words and best.transcript:
            words = (HeardWord(best.transcript, start, end, best.confidence),)
    index = message.channel_index or [0]
    return Heard(int(index[0]), start, end, words, is_final=bool(message.is_final))
