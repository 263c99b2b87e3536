"""The mail server: does it answer, is the way to it encrypted, does it know us. Sends nothing."""

from __future__ import annotations

import smtplib

from anyio import to_thread

from app.command_line.doctor.finding import Examined, Finding, Notes, Subject
from app.services.notification.mail_server import MailServer, mail_server


async def check_mail(examined: Examined) -> list[Finding]:
    notes = Notes(Subject.MAIL)
    server = mail_server(examined.settings.mail)
    if server is None:
        notes.skipped("No mail server is set: nobody gets e-mail.", "Set SMTP_URL and MAIL_FROM.")
        return notes.findings
    if server.user and not server.password:
        notes.warning(
            "SMTP_URL has a user name and no password: nobody signs in.",
            "Add the password, or take both out.",
        )
    # Imported here, and only for whoever sends mail: Apprise is slow to load.
    from app.services.notification.providers.mail import in_words  # noqa: PLC0415

    try:
        encrypted = await to_thread.run_sync(_check, server, abandon_on_cancel=True)
    except (OSError, smtplib.SMTPException) as error:
        notes.failed(
            in_words(error),
            "Check SMTP_URL: its host, port, user name and password, and the way out of here.",
        )
        return notes.findings
    signed_in = " and accepts the user name and password" if server.user and server.password else ""
    notes.ok(f"The mail server at {server.host}:{server.port} answers{signed_in}.")
    if encrypted:
        notes.ok("The connection to it is encrypted (TLS).")
    elif not server.is_here:
        notes.warning(
            "The mail server offers no encryption: messages cross the network in clear.",
            "Use smtps://, or a server that offers STARTTLS.",
        )
    return notes.findings


def _check(server: MailServer) -> bool:
    from app.services.notification.providers.mail import check  # noqa: PLC0415

    return check(server)
