"""Opens what has to be closed again, and says at start what this installation works with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import structlog

from app.core.config import (
    AuthSettings,
    DeepgramDelivery,
    Settings,
)
from app.core.container.building import build_container
from app.core.container.contents import Container
from app.models.base import utc_now
from app.models.organisation import AnalysisRule, Analyst
from app.repositories.factory import open_repositories
from app.services.analysis.chain_in_words import chain_in_words
from app.services.analysis.providers.openai.catalog import is_openai, retirement_notice
from app.services.backup.restoring import refuse_half_restored
from app.services.events.factory import open_bus
from app.services.transcription.delivery import callback_obstacle

if TYPE_CHECKING:
    from app.core.security.oidc import OidcVerifier

log = structlog.get_logger(__name__)


@asynccontextmanager
async def open_container(settings: Settings, *, restores: bool = False) -> AsyncIterator[Container]:
    """Open what has to be closed again, build the services on it, and close it in reverse order.

    Raises `HalfRestored` for an installation whose restore did not end, unless it is opened to restore it.
    """
    async with AsyncExitStack() as stack:
        url = settings.database.database_url
        log.info("Connecting to MongoDB..." if url else "Opening the embedded database (SQLite)...")
        repositories = await stack.enter_async_context(
            open_repositories(
                database_url=url.get_secret_value() if url else None,
                database_name=settings.database.database_name,
                data_dir=settings.server.data_dir,
            )
        )
        engine = "MongoDB" if url else "SQLite"
        log.info(f"{engine} connected — database: {settings.database.database_name}")
        if not restores:
            await refuse_half_restored(repositories.archive)
        oidc = await stack.enter_async_context(_oidc(settings.auth))
        redis_url = settings.redis.redis_url
        bus = await stack.enter_async_context(
            open_bus(
                redis_url.get_secret_value() if redis_url else None,
                installation=settings.database.database_name,
            )
        )
        container = build_container(settings, repositories, oidc, bus)
        stack.push_async_callback(container.engines.close)
        if container.vendor is not None:
            stack.push_async_callback(container.vendor.close)
            _tell_delivery(settings, container)
        _tell_analysts(settings, container)
        yield container


def _tell_delivery(settings: Settings, container: Container) -> None:
    if container.uses_callbacks:
        log.info("Deepgram connected — transcripts come to the webhook")
    elif settings.deepgram.deepgram_delivery is DeepgramDelivery.AUTO:
        obstacle = callback_obstacle(settings.server.public_url) or "DEEPGRAM_WEBHOOK_SECRET is not set."
        log.info(f"Deepgram connected — workers wait for transcripts: {obstacle}")


def _tell_analysts(settings: Settings, container: Container) -> None:
    """Silent where nothing is configured: the offline baseline needs no announcement."""
    chain = container.analysis_rules.chain_for(AnalysisRule())
    if len(chain) > 1:
        log.info(f"Analysis by {chain_in_words(chain, settings.openai)}")
    if Analyst.OPENAI in chain and is_openai(settings.openai.openai_base_url):
        notice = retirement_notice(settings.openai.openai_model, utc_now().date())
        if notice is not None:
            log.warning(notice)


@asynccontextmanager
async def _oidc(auth: AuthSettings) -> AsyncIterator[OidcVerifier | None]:
    if not (auth.oidc_issuer and auth.oidc_audience and auth.oidc_jwks_url):
        yield None
        return
    # Imported here: an HTTP client that few installations need would be a tenth of the start of all.
    import httpx  # noqa: PLC0415

    from app.core.security.oidc import OidcVerifier  # noqa: PLC0415

    async with httpx.AsyncClient(timeout=5.0) as http:
        yield OidcVerifier(
            auth.oidc_issuer, auth.oidc_audience, auth.oidc_jwks_url, auth.oidc_algorithms, http
        )
