"""Calls signed by the Standard Webhooks specification, verified by its own library."""

from __future__ import annotations

import binascii
from collections.abc import Mapping, Sequence

from app.services.meetings.base import CallRefused


class StandardWebhooks:
    """`webhook-id` is the same for every repeat of a call; time and body are signed with it."""

    def verify(self, body: bytes, headers: Mapping[str, str], secrets: Sequence[str]) -> None:
        fits = [_is_genuine(body, headers, secret) for secret in secrets]
        if not any(fits):
            raise CallRefused


def _is_genuine(body: bytes, headers: Mapping[str, str], secret: str) -> bool:
    # Imported here: few processes ever take such a call.
    from standardwebhooks.webhooks import Webhook, WebhookVerificationError  # noqa: PLC0415

    try:
        Webhook(secret).verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, binascii.Error, ValueError):
        # `ValueError`: a signature or a body that the library cannot even take apart.
        return False
    return True
