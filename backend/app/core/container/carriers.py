"""How messages leave: one sender for each carrier, and the services that people set them up with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from app.core.config import Settings
from app.core.outgoing import OutgoingRules
from app.models.delivery import Carrier
from app.repositories.base import Repositories
from app.services.channels import ChannelService
from app.services.endpoints import EndpointService
from app.services.message_preview import MessagePreviews
from app.services.notification.base import Sender
from app.services.notification.channel import ChannelSender
from app.services.notification.email import EmailSender
from app.services.notification.endpoint_health import FORGET_AFTER
from app.services.notification.mail_server import mail_server
from app.services.notification.observed import ObservedSender
from app.services.notification.rendering.links import Links
from app.services.notification.rendering.loading import FactsLoader
from app.services.notification.webhooks import WebhookSender


@dataclass(frozen=True, slots=True)
class Carriers:
    senders: Mapping[Carrier, Sender]
    channels: ChannelService
    endpoints: EndpointService
    previews: MessagePreviews


def build_carriers(settings: Settings, repositories: Repositories, outgoing: OutgoingRules) -> Carriers:
    rules = settings.outgoing
    links = Links(settings.server.frontend_url)
    loader = FactsLoader(repositories, links)
    channel = ChannelSender(
        repositories,
        loader,
        private_hosts=rules.outgoing_private_hosts,
        at_once=rules.delivery_concurrency,
    )
    longest_pause = timedelta(seconds=max(rules.delivery_backoff_seconds, default=0.0))
    webhook = WebhookSender(
        repositories,
        links,
        outgoing,
        disable_after=timedelta(hours=rules.endpoint_disable_hours),
        forget_after=max(FORGET_AFTER, 2 * longest_pause),
    )
    email = EmailSender(loader, mail_server(settings.mail), at_once=rules.delivery_concurrency)
    senders: Mapping[Carrier, Sender] = {
        Carrier.EMAIL: email,
        Carrier.CHANNEL: channel,
        Carrier.WEBHOOK: webhook,
    }
    return Carriers(
        senders={carrier: ObservedSender(sender) for carrier, sender in senders.items()},
        channels=ChannelService(repositories, channel),
        endpoints=EndpointService(repositories, webhook, outgoing),
        previews=MessagePreviews(repositories, links),
    )
