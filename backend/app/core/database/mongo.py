"""MongoDB through PyMongo's asynchronous API."""

from __future__ import annotations

import asyncio
import warnings
from datetime import UTC
from typing import Any, Final

from bson.codec_options import CodecOptions
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import OperationFailure, PyMongoError

from app.core.database import OPEN_TIMEOUT, DatabaseUnreachable

MongoDocument = dict[str, Any]

_SELECTION_TIMEOUT: Final = 8_000
_SOCKET_TIMEOUT: Final = 60_000
_AUTHENTICATION_FAILED: Final = frozenset({13, 18, 8000})


async def open_mongo(url: str, name: str) -> AsyncDatabase[MongoDocument]:
    """Connect and check that the server answers. Raises `DatabaseUnreachable`, without credentials in it.

    Close it with `await database.client.close()`.
    """
    client: AsyncMongoClient[MongoDocument] | None = None
    try:
        async with asyncio.timeout(OPEN_TIMEOUT):
            with warnings.catch_warnings():
                # The driver's warnings quote the address, with the password in it.
                warnings.simplefilter("ignore")
                client = AsyncMongoClient(
                    url,
                    appname="debrief",
                    w="majority",
                    journal=True,
                    serverSelectionTimeoutMS=_SELECTION_TIMEOUT,
                    connectTimeoutMS=_SELECTION_TIMEOUT,
                    socketTimeoutMS=_SOCKET_TIMEOUT,
                )
            await client.admin.command("ping")
            database = client.get_database(name, codec_options=CodecOptions(tz_aware=True, tzinfo=UTC))
            # A ping is answered to anybody; this needs the right to read.
            await database.list_collection_names()
            return database
    except (PyMongoError, TimeoutError, OSError, ValueError) as error:
        if client is not None:
            await client.close()
        raise DatabaseUnreachable(_why_mongo_failed(url, error)) from None


def _why_mongo_failed(url: str, error: Exception) -> str:
    if isinstance(error, OperationFailure) and error.code in _AUTHENTICATION_FAILED:
        reason = "it refused the user name and password, or the user may not read this database"
    elif isinstance(error, TimeoutError) or "Timeout" in type(error).__name__:
        reason = "no answer in time; check the address, the network access list and that the server runs"
    else:
        # The driver quotes the URL in some messages, so only the kind of the error is passed on.
        reason = f"the driver reports {type(error).__name__}; check DATABASE_URL"
    return f"MongoDB at {_hosts(url)} cannot be used: {reason}."


def _hosts(url: str) -> str:
    """The host part of a connection string, without user name, password, path and options."""
    authority = url.partition("://")[2].rpartition("@")[2]
    for end in "/?":
        authority = authority.partition(end)[0]
    return authority or "(no host)"
