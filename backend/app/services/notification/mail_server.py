"""The mail server of the installation, as `SMTP_URL` and `MAIL_FROM` name it, and what is given to it."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr
from ipaddress import ip_address
from typing import Final
from urllib.parse import unquote, urlsplit

from app.core.config import MailSettings
from app.services.notification.rendering.facts import Message

_PORTS: Final = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    host: str
    port: int
    tls: bool
    """From the first byte; else by STARTTLS, when the server offers it."""
    sender_name: str
    sender: str
    user: str | None = None
    password: str | None = None

    @property
    def is_here(self) -> bool:
        """On this very machine: then a password may cross without encryption."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one person. `id` is the same in every attempt; `notice_id` also for other recipients."""

    id: str
    notice_id: str
    recipient: str
    message: Message


def mail_server(settings: MailSettings) -> MailServer | None:
    """None when nobody is to get e-mail."""
    if settings.smtp_url is None or settings.mail_from is None:
        return None
    parts = urlsplit(settings.smtp_url.get_secret_value())
    name, address = parseaddr(settings.mail_from)
    return MailServer(
        host=parts.hostname or "",
        port=parts.port or _PORTS[parts.scheme],
        tls=parts.scheme == "smtps",
        sender_name=name or "Debrief",
        sender=address,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )
