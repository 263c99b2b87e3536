"""The client of the bucket, made from our settings alone."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.session import Session as CoreSession

from app.core.config import SettingsError, StorageSettings

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client

THREADS: Final = 32
ATTEMPTS: Final = 3
"""Of one request, in all; the pipeline repeats whole steps later."""

_CONFIG: Final = Config(
    signature_version="s3v4",
    # Stores other than AWS know these checksums only in part, and some refuse requests that carry them.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
    connect_timeout=5,
    # Joining the parts of a large upload can take a while without a byte coming back.
    read_timeout=60,
    # A stream that is being read keeps its connection while no thread works on it.
    max_pool_connections=2 * THREADS,
    s3={"addressing_style": "path"},
)


@dataclass(frozen=True, slots=True)
class Clients:
    """`working` talks to the store; `signing` only makes addresses, under the name that browsers know."""

    working: S3Client
    signing: S3Client
    bucket: str


def open_clients(settings: StorageSettings) -> Clients:
    """Raises `SettingsError` for an address that is none. No request is made."""
    bucket = settings.r2_bucket
    if not bucket:
        raise SettingsError(["R2_BUCKET: is not set"])
    working = _client(settings, "R2_ENDPOINT", settings.endpoint)
    public = settings.r2_public_endpoint
    return Clients(working, _client(settings, "R2_PUBLIC_ENDPOINT", public) if public else working, bucket)


def _client(settings: StorageSettings, name: str, endpoint: str) -> S3Client:
    address = urlsplit(endpoint)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise SettingsError([f"{name}: must begin with https:// (or http://) and a host name"])
    secret = settings.r2_secret_access_key
    if not settings.r2_access_key_id or not secret:
        raise SettingsError(["R2_ACCESS_KEY_ID, R2_SECRET_ACCESS_KEY: are not both set"])
    client: S3Client = _session().client(
        "s3",
        endpoint_url=endpoint,
        region_name=settings.r2_region,
        aws_access_key_id=settings.r2_access_key_id,
        aws_secret_access_key=secret.get_secret_value(),
        config=_CONFIG,
    )
    return client


@cache
def _session() -> boto3.Session:
    """Holds the SDK's description of S3, which takes long to load, and no credentials.

    Profiles and files of the machine's own AWS tools are not looked at: they belong to somebody else.
    """
    nowhere = (None, None, os.devnull, None)
    core = CoreSession(
        session_vars={
            "profile": (None, None, None, None),
            "config_file": nowhere,
            "credentials_file": nowhere,
        }
    )
    return boto3.Session(botocore_session=core)
