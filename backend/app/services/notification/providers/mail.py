"""E-mail through Apprise's plugin: its addresses, its connection, its TLS and login; the message itself is ours, because
Apprise would make the plain text from the HTML, and would not say whether a refusal is for good."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any, Final, Self

from apprise import AppriseAsset
from apprise.plugins.email.base import NotifyEmail
from apprise.plugins.email.smtp import AppriseSMTPController, SMTPSecureMode

from app.models.base import utc_now
from app.services.notification.base import Exchange, NeverDeliverable, NotDelivered
from app.services.notification.mail_server import Letter, MailServer
from app.services.notification.providers.apprise_log import collected_log

_SECONDS: Final = 10
"""For the connection, and for each answer of the server."""


_IDS: Final = ("Message-ID", "X-Debrief-Notice")
_UNFOLDED: Final = SMTP_POLICY.clone(max_line_length=998)
"""As long as a line of a mail can be."""
_NOT_ID: Final = re.compile(r"[^0-9A-Za-z_-]+")


def post(server: MailServer, letter: Letter) -> Exchange:
    """Give the message to the mail server. Blocks; raises `NotDelivered`."""
    request = f"To: {letter.recipient}\nX-Debrief-Notice: {letter.notice_id}"
    try:
        mail = compose(server, letter)
    except (ValueError, IndexError, HeaderParseError) as error:
        raise NeverDeliverable("This is no e-mail address.", exchange=Exchange(request=request)) from error
    with collected_log():
        plugin = _Email(server, letter.recipient, mail)
        try:
            plugin.notify(body=letter.message.text, title=letter.message.subject)
        except (OSError, smtplib.SMTPException, RuntimeError) as error:
            raise _failure(error, request) from error
    return Exchange(request=request, response="accepted")


def check(server: MailServer) -> bool:
    """Connect, greet, encrypt and sign in; send nothing. True when the connection is encrypted. Blocks; raises
    `OSError` or `smtplib.SMTPException`."""
    with collected_log(), _connected(server) as controller:
        return controller.is_encrypted


class _WithWholeIds(EmailPolicy):
    """Folds no id: a long one would be written in another encoding, and be another to who looks for it."""

    def fold(self, name: str, value: Any) -> str:
        folded: str = _UNFOLDED.fold(name, value) if name in _IDS else super().fold(name, value)
        return folded

    def fold_binary(self, name: str, value: Any) -> bytes:
        return _UNFOLDED.fold_binary(name, value) if name in _IDS else super().fold_binary(name, value)


_POLICY: Final = _WithWholeIds(linesep=SMTP_POLICY.linesep)


def compose(server: MailServer, letter: Letter) -> EmailMessage:
    """Plain text with HTML as the alternative. The ids are the same over repetitions, so that receivers can drop
    them."""
    mail = EmailMessage(policy=_POLICY)
    mail["Subject"] = letter.message.subject
    mail["From"] = Address(display_name=server.sender_name, addr_spec=server.sender)
    mail["To"] = Address(addr_spec=letter.recipient)
    mail["Date"] = format_datetime(utc_now())
    mail["Message-ID"] = f"<{_NOT_ID.sub('.', letter.id)}@{server.domain}>"
    mail["X-Debrief-Notice"] = letter.notice_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.message.text)
    mail.add_alternative(letter.message.html, subtype="html")
    return mail


class _Controller(AppriseSMTPController):
    """Apprise's connection, which lets errors through instead of only logging them."""

    _socket: smtplib.SMTP  # type: ignore[assignment]

    def __enter__(self) -> Self:
        super().__enter__()
        return self

    def deliver(self, mail: EmailMessage, sender: str, recipient: str) -> None:
        self._socket.send_message(mail, sender, [recipient])

    @property
    def is_encrypted(self) -> bool:
        self._socket.ehlo_or_helo_if_needed()
        return isinstance(self._socket.sock, ssl.SSLSocket)


class _Email(NotifyEmail):  # type: ignore[no-untyped-call]
    """Apprise's e-mail plugin with a message that is ready. It is never registered: no address leads to it."""

    def __init__(self, server: MailServer, recipient: str, mail: EmailMessage) -> None:
        super().__init__(  # type: ignore[no-untyped-call]
            host=server.host,
            smtp_host=server.host,
            port=server.port,
            user=server.user,
            password=server.password,
            from_addr=server.sender,
            targets=[recipient],
            secure_mode=_mode(server),
            asset=AppriseAsset(app_id="Debrief", image_path_mask=False),
        )
        self._server, self._recipient, self._mail = server, recipient, mail

    def send(self, *_: Any, **__: Any) -> bool:
        with _connected(self._server) as controller:
            controller.deliver(self._mail, self._server.sender, self._recipient)
        return True


def _mode(server: MailServer) -> str:
    return SMTPSecureMode.SSL if server.tls else SMTPSecureMode.STARTTLS


@contextmanager
def _connected(server: MailServer) -> Iterator[_Controller]:
    with ExitStack() as stack:
        try:
            controller = stack.enter_context(_controller(server, _mode(server)))
        except smtplib.SMTPNotSupportedError:
            # It offers no STARTTLS. Messages may go all the same, a password only within this machine.
            if server.tls or (server.password and not server.is_here):
                raise
            controller = stack.enter_context(_controller(server, SMTPSecureMode.INSECURE))
        yield controller


def _controller(server: MailServer, mode: str) -> _Controller:
    return _Controller(
        host=server.host,
        port=server.port,
        secure_mode=mode,
        user=server.user,
        password=server.password,
        socket_connect_timeout=_SECONDS,
    )


def _failure(error: Exception, request: str) -> NotDelivered:
    """Only what concerns this address or this message is for good; the rest can be mended in the settings."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        status, said = next(iter(error.recipients.values()))
        return _answered(status, said, request, "The mail server takes no mail for this address.")
    if isinstance(error, smtplib.SMTPDataError):
        return _answered(error.smtp_code, error.smtp_error, request, "The mail server refused the message.")
    if isinstance(error, smtplib.SMTPResponseException):
        exchange = _exchange(error.smtp_code, error.smtp_error, request)
        return NotDelivered("The mail server refused us; check SMTP_URL and MAIL_FROM.", exchange=exchange)
    return NotDelivered(in_words(error), exchange=Exchange(request=request))


def _answered(status: int, said: bytes | str, request: str, detail: str) -> NotDelivered:
    kind = NeverDeliverable if status >= 500 else NotDelivered
    return kind(detail, exchange=_exchange(status, said, request))


def _exchange(status: int, said: bytes | str, request: str) -> Exchange:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return Exchange(status=status, request=request, response=f"{status} {text}")


def in_words(error: Exception) -> str:
    """What went wrong before the server could answer; without addresses and names."""
    for kind, sentence in _IN_WORDS.items():
        if isinstance(error, kind):
            return sentence
    return f"The connection to the mail server failed ({type(error).__name__})."


_IN_WORDS: Final[dict[type[Exception], str]] = {
    smtplib.SMTPAuthenticationError: "The mail server does not accept the user name and password.",
    smtplib.SMTPNotSupportedError: (
        "The mail server lacks something we need: encryption before a password, or international addresses."
    ),
    ssl.SSLCertVerificationError: "The mail server's certificate cannot be verified.",
    ssl.SSLError: "No encrypted connection to the mail server came about.",
    smtplib.SMTPServerDisconnected: "The mail server ended the connection, or does not answer in time.",
    TimeoutError: "The mail server does not answer in time.",
    ConnectionRefusedError: "Nobody takes mail at the mail server's address.",
}
"""The narrower kinds first."""
