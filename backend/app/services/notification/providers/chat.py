"""Chat services through Apprise: a closed list.

Apprise knows two hundred services, among them files, shells and any address of any network, and it opens its own
connections, so that no guard of ours stands between. Here a service is either a vendor's, whose host is fixed in
Apprise's plugin, or runs on a host that the operator has named. Of an address's options only those are taken that choose
a room; others read local files (`template=`) or switch certificates off (`verify=no`).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from apprise import AppriseAsset, NotifyFormat
from apprise.common import OverflowMode
from apprise.exception import AppriseException
from apprise.plugins.base import NotifyBase

from app.services.notification.base import Exchange, NeverDeliverable, NotDelivered
from app.services.notification.channel_address import AddressRefused, ChannelAddress
from app.services.notification.providers.apprise_log import collected_log
from app.services.notification.rendering.facts import Message

_CONNECT_SECONDS: Final = 5.0
_READ_SECONDS: Final = 10.0
_STATUS: Final = re.compile(r"\berror=(\d{3})\b")
_PASSING: Final = (408, 409, 425, 429)
"""Refusals that pass, unlike the others below 500."""
_TEXT: Final = 500
_SHORTEST_SECRET: Final = 4

_MICROSOFT: Final = re.compile(
    r"([a-z0-9-]+\.)+(logic\.azure\.(com|us|cn)|api\.powerplatform\.com"
    r"|api\.(high\.)?powerplatform\.(us|cn)|api\.(gov|high|mil)\.powerplatform\.microsoft\.us)"
)


@dataclass(frozen=True, slots=True)
class _Service:
    name: str
    plugin: str
    """Module and class below `apprise.plugins`."""
    schemes: frozenset[str]
    options: frozenset[str] = frozenset()
    self_hosted: bool = False

    def load(self) -> type[NotifyBase]:
        module, _, name = self.plugin.partition(":")
        found: type[NotifyBase] = getattr(import_module(f"apprise.plugins.{module}"), name)
        return found


def _service(name: str, plugin: str, schemes: str, *options: str, self_hosted: bool = False) -> _Service:
    return _Service(name, plugin, frozenset(schemes.split()), frozenset(options), self_hosted)


_WORKFLOW_OPTIONS: Final = (
    "api-version",
    "id",
    "pa",
    "powerautomate",
    "route",
    "routeid",
    "sig",
    "signature",
    "sp",
    "sv",
    "ver",
    "workflow",
)
_SERVICES: Final = (
    _service("slack", "slack:NotifySlack", "slack", "mode"),
    _service("workflows", "workflows:NotifyWorkflows", "workflow workflows", *_WORKFLOW_OPTIONS),
    _service("discord", "discord:NotifyDiscord", "discord", "thread"),
    _service(
        "gchat", "google_chat:NotifyGoogleChat", "gchat", "key", "token", "thread", "threadkey", "workspace"
    ),
    _service("tgram", "telegram:NotifyTelegram", "tgram", "topic", "thread"),
    _service("wxteams", "webexteams:NotifyWebexTeams", "wxteams webex", "mode"),
    _service("pover", "pushover:NotifyPushover", "pover", "priority", "sound"),
    _service("ntfy", "ntfy:NotifyNtfy", "ntfy ntfys", "auth", "mode", "priority", self_hosted=True),
    _service(
        "mmost", "mattermost:NotifyMattermost", "mmost mmosts", "channel", "mode", "team", self_hosted=True
    ),
    _service("rocket", "rocketchat:NotifyRocketChat", "rocket rockets", "mode", self_hosted=True),
    _service("gotify", "gotify:NotifyGotify", "gotify gotifys", "priority", self_hosted=True),
)
"""Matrix is not here: its servers may send a client on to any other host."""


def read_address(url: str, *, private_hosts: Collection[str]) -> ChannelAddress:
    """Which service it is of. Raises `AddressRefused`, whose words never repeat the address."""
    service, _, parsed = _parsed(url, private_hosts)
    host = str(parsed["host"]) if service.self_hosted and parsed.get("host") else None
    return ChannelAddress(service=service.name, host=host)


def post(url: str, message: Message, *, private_hosts: Collection[str], notice_id: str) -> Exchange:
    """Write the message to where the address leads. Blocks; raises `NotDelivered`."""
    request = f"X-Debrief-Notice: {notice_id}"
    try:
        _, plugin, _ = _parsed(url, private_hosts)
    except AddressRefused as error:
        raise NeverDeliverable(error.detail, exchange=Exchange(request=request)) from error
    with collected_log() as records:
        taken = plugin.notify(
            title=message.subject,
            body=message.text,
            body_format=NotifyFormat.TEXT,
            overflow=OverflowMode.SPLIT,
        )
    if taken:
        return Exchange(request=request, response="accepted")
    status, said = _answer(records, url)
    exchange = Exchange(status=status, request=request, response=said)
    if status is None:
        raise NotDelivered("The service cannot be reached, or does not answer.", exchange=exchange)
    if 400 <= status < 500 and status not in _PASSING:
        raise NeverDeliverable(
            f"The service refused the message ({status}): is the address still good?", exchange=exchange
        )
    raise NotDelivered(f"The service did not take the message ({status}).", exchange=exchange)


def _parsed(url: str, private_hosts: Collection[str]) -> tuple[_Service, NotifyBase, dict[str, Any]]:
    with collected_log():
        for service in _SERVICES:
            kind = service.load()
            parsed = _fields(service, kind, url)
            if parsed:
                _check(service, parsed, private_hosts)
                return service, _made(kind, parsed), parsed
    raise AddressRefused(
        "This is no address of a service that Debrief writes to; the documentation lists them with examples."
    )


def _fields(service: _Service, kind: type[NotifyBase], url: str) -> dict[str, Any] | None:
    """What the plugin reads from an address in its own form, or in the one that its vendor shows to people."""
    # A room is written with `#`, which would begin a fragment.
    url = url.strip().replace("/#", "/%23")
    scheme = url.partition(":")[0].lower()
    read = kind.parse_native_url if scheme in ("http", "https") else kind.parse_url
    if read is kind.parse_url and scheme not in service.schemes:
        return None
    try:
        return read(url) or None
    except (LookupError, AttributeError, TypeError, ValueError) as error:
        # Plugins rely on each other's checks; what they stumble over is no address.
        raise AddressRefused("The address cannot be read.") from error


def _check(service: _Service, parsed: dict[str, Any], private_hosts: Collection[str]) -> None:
    strange = {str(name).lower() for name in parsed.get("qsd", {})} - service.options
    if strange or any(parsed.get(f"qsd{sign}") for sign in "+-:"):
        names = ", ".join(sorted(name[:20] for name in strange if name.isascii() and name.isidentifier()))
        raise AddressRefused(f"The address has options that are not taken here: {names or '(unnamed)'}.")
    host = str(parsed.get("host") or "").lower().rstrip(".")
    if service.name == "workflows" and (
        not _MICROSOFT.fullmatch(host) or parsed.get("port") not in (None, 443)
    ):
        raise AddressRefused("Workflows of Microsoft are at Microsoft's hosts; this is another.")
    if not service.self_hosted or _is_cloud(service, parsed, host):
        return
    if host not in {allowed.lower() for allowed in private_hosts}:
        raise AddressRefused(
            "This service runs on a host of its own, and an operator has to name that host first "
            "(OUTGOING_PRIVATE_HOSTS)."
        )


def _is_cloud(service: _Service, parsed: dict[str, Any], host: str) -> bool:
    """ntfy has a public server, which an address without a host means."""
    return service.name == "ntfy" and (parsed.get("mode") == "cloud" or host == "ntfy.sh")


def _made(kind: type[NotifyBase], parsed: dict[str, Any]) -> NotifyBase:
    asset = AppriseAsset(app_id="Debrief", http_redirects=False, image_path_mask=False)
    try:
        plugin = kind(**{**parsed, "include_image": False, "asset": asset})
    except (AppriseException, TypeError, ValueError) as error:
        raise AddressRefused("The address lacks a part, or a part has the wrong form.") from error
    plugin.socket_connect_timeout, plugin.socket_read_timeout = _CONNECT_SECONDS, _READ_SECONDS
    return plugin


def _answer(records: Collection[Any], url: str) -> tuple[int | None, str]:
    """The status and what the service said, from Apprise's log; what the address holds is taken out of it."""
    status, said = None, ""
    for record in records:
        found = _STATUS.search(record.getMessage())
        status = int(found[1]) if found else status
        if str(record.msg).startswith("Response Details") and record.args:
            content = record.args[0] if isinstance(record.args, tuple) else b""
            said = content.decode(errors="replace") if isinstance(content, bytes) else str(content)
    return status, _without_secrets(said, url)[:_TEXT]


def _without_secrets(text: str, url: str) -> str:
    for part in sorted(re.split(r"[^0-9A-Za-z_.-]+", url), key=len, reverse=True):
        if len(part) >= _SHORTEST_SECRET:
            text = text.replace(part, "…")
    return text
