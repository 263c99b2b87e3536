"""Signs a message by the Standard Webhooks specification and posts it."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NoReturn

import anyio
import httpx
from standardwebhooks import Webhook

from app.core.outgoing import OutgoingRules, UnsafeAddress
from app.core.outgoing.client import open_outgoing
from app.core.vendor_http import retry_after
from app.models.delivery import TRIED_TEXT
from app.services.notification.base import Exchange, NotDelivered
from app.services.notification.webhook_message import WebhookMessage
from app.services.notification.webhooks import EndpointGone, EndpointRefused

_ANSWER_SECONDS: Final = 3.0
"""For what the answer says; that it was given is enough."""
_ANSWER_BYTES: Final = 4 * TRIED_TEXT
_GONE: Final = 410
_ASK_TO_WAIT: Final = frozenset({429, 503})
_LONGEST_PAUSE: Final = 86_400.0
"""Seconds that an endpoint can ask us to wait."""


class EndpointUnsafe(NotDelivered):
    code = "unsafe_address"


class EndpointTimeout(NotDelivered):
    code = "endpoint_timeout"


class EndpointUnreachable(NotDelivered):
    code = "endpoint_unreachable"


class EndpointCertificate(NotDelivered):
    code = "endpoint_certificate"


class EndpointRedirects(NotDelivered):
    code = "endpoint_redirects"


async def post(
    url: str,
    message: WebhookMessage,
    secrets: Sequence[str],
    rules: OutgoingRules,
    *,
    now: datetime,
    seconds: float,
    certificates: ssl.SSLContext | None,
) -> Exchange:
    """Signed with each of the secrets, so that receivers may change theirs in their own time. Raises `NotDelivered`."""
    told = {
        "content-type": "application/json",
        "webhook-id": message.id,
        "webhook-timestamp": str(int(now.timestamp())),
    }
    signatures = [Webhook(secret).sign(message.id, now, message.body) for secret in secrets]
    headers = {**told, "webhook-signature": " ".join(signatures)}
    request = "".join(f"{name}: {value}\n" for name, value in told.items()) + "\n" + message.body
    try:
        async with open_outgoing(rules, seconds=seconds, certificates=certificates) as client:
            with anyio.fail_after(seconds):
                content = message.body.encode()
                response = await client.send(
                    client.build_request("POST", url, content=content, headers=headers), stream=True
                )
            answer = await _beginning(response)
    except (TimeoutError, UnsafeAddress, httpx.HTTPError, httpx.InvalidURL) as error:
        _raise_unanswered(error, Exchange(request=request[:TRIED_TEXT]), seconds)
    exchange = Exchange(response.status_code, request[:TRIED_TEXT], answer)
    _require_success(response, exchange)
    return exchange


async def _beginning(response: httpx.Response) -> str:
    """What comes of the body within a moment, and not more than can be shown: some never end."""
    read = bytearray()
    with anyio.move_on_after(_ANSWER_SECONDS):
        try:
            async for chunk in response.aiter_raw():
                read += chunk
                if len(read) >= _ANSWER_BYTES:
                    break
        except httpx.HTTPError:
            pass
    with anyio.CancelScope(shield=True):
        await response.aclose()
    return read[:_ANSWER_BYTES].decode("utf-8", "replace").replace("\0", "\ufffd")[:TRIED_TEXT]


def _raise_unanswered(error: Exception, exchange: Exchange, seconds: float) -> NoReturn:
    if isinstance(error, UnsafeAddress):
        raise EndpointUnsafe(error.detail, exchange=exchange) from error
    if isinstance(error, (TimeoutError, httpx.TimeoutException)):
        raise EndpointTimeout(
            f"The endpoint did not answer within {seconds:.0f} seconds.", exchange=exchange
        ) from error
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        raise EndpointCertificate(
            "The certificate of the endpoint is not valid for its name, or not from a known authority.",
            exchange=exchange,
        ) from error
    raise EndpointUnreachable(
        f"The endpoint could not be reached ({type(error).__name__}).", exchange=exchange
    ) from error


def _require_success(response: httpx.Response, exchange: Exchange) -> None:
    status = response.status_code
    if response.is_success:
        return
    if status == _GONE:
        raise EndpointGone("The endpoint answered 410 Gone, so it gets no more messages.", exchange=exchange)
    if 300 <= status < 400:
        raise EndpointRedirects(
            f"The endpoint answered {status}, which leads elsewhere. Redirects are not followed: "
            "enter the address where messages are taken.",
            exchange=exchange,
        )
    raise EndpointRefused(
        f"The endpoint answered {status}; a message is taken with any status from 200 to 299.",
        exchange=exchange,
        retry_after=retry_after(response.headers, longest=_LONGEST_PAUSE) if status in _ASK_TO_WAIT else None,
    )
