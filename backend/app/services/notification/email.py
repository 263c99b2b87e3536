"""The carrier of e-mail."""

from __future__ import annotations

from anyio import CapacityLimiter, to_thread

from app.models.delivery import Delivery
from app.services.notification.base import Exchange, TargetGone
from app.services.notification.mail_server import Letter, MailServer
from app.services.notification.rendering.loading import FactsLoader
from app.services.notification.rendering.render import render


class MailNotConfigured(TargetGone):
    code = "mail_not_configured"


class NoAddress(TargetGone):
    code = "no_address"


class EmailSender:
    """Writes to the address of the person's membership."""

    def __init__(self, loader: FactsLoader, server: MailServer | None, *, at_once: int) -> None:
        self._loader = loader
        self._server = server
        # Threads of its own: a mail server that hangs must not take those of everybody else.
        self._limiter = CapacityLimiter(at_once)

    async def send(self, delivery: Delivery) -> Exchange:
        if self._server is None:
            raise MailNotConfigured("This installation sends no e-mail: SMTP_URL is not set.")
        member = await self._loader.membership(delivery)
        if not member.email:
            raise NoAddress("The person has no e-mail address here.")
        facts = await self._loader.load(delivery)
        letter = Letter(
            id=delivery.id,
            notice_id=delivery.notice_id,
            recipient=member.email,
            message=await to_thread.run_sync(render, facts),
        )
        return await to_thread.run_sync(
            _post, self._server, letter, limiter=self._limiter, abandon_on_cancel=True
        )


def _post(server: MailServer, letter: Letter) -> Exchange:
    # Imported at the first message: Apprise would be half of the start of a server that sends none.
    from app.services.notification.providers.mail import post  # noqa: PLC0415

    return post(server, letter)
