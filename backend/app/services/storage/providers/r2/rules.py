"""What a bucket must be told once: which pages may talk to it, and when it gives up unfinished uploads.

Blocking: for commands, or in a thread. The token of the running service need not be allowed to do this.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from app.core.config import StorageSettings
from app.services.storage.providers.r2.client import Clients, open_clients
from app.services.storage.providers.r2.errors import code_of, translated

if TYPE_CHECKING:
    from types_boto3_s3.type_defs import BucketLifecycleConfigurationTypeDef

ABORT_AFTER_DAYS: Final = 7
"""The worker gives uploads up after the same time; this rule still works when there is no worker."""
LIFECYCLE_ID: Final = "debrief-abort-unfinished-uploads"
METHODS: Final = ("GET", "PUT", "HEAD")
ALLOWED_HEADERS: Final = ("content-type", "range")
"""A browser sends the type of a part by itself; players ask for ranges."""
EXPOSED_HEADERS: Final = ("ETag", "Content-Range", "Accept-Ranges")
"""Without ETag an uploader cannot list its parts, and no upload is ever completed."""
PREFLIGHT_SECONDS: Final = 3600
_NONE_SET: Final = {"NoSuchCORSConfiguration", "NoSuchLifecycleConfiguration"}


@dataclass(frozen=True, slots=True)
class CorsRule:
    origins: tuple[str, ...]
    methods: tuple[str, ...]
    allowed_headers: tuple[str, ...] = ()
    exposed_headers: tuple[str, ...] = ()
    max_age_seconds: int = 0


@dataclass(frozen=True, slots=True)
class BucketRules:
    """`abort_after_days` is the shortest time after which the whole bucket gives up unfinished uploads; None = never."""

    cors: tuple[CorsRule, ...]
    abort_after_days: int | None


def wanted_rules(origins: Sequence[str]) -> BucketRules:
    """For frontends on these origins (`https://host`, without a path)."""
    rule = CorsRule(tuple(origins), METHODS, ALLOWED_HEADERS, EXPOSED_HEADERS, PREFLIGHT_SECONDS)
    return BucketRules((rule,), ABORT_AFTER_DAYS)


def shortcomings(found: BucketRules, origins: Sequence[str]) -> list[str]:
    """What a bucket lacks, one sentence each; empty when browsers on these origins can upload and play."""
    lacking = [
        f"CORS: pages of {origin} may not upload and play recordings."
        for origin in origins
        if not any(_serves(rule, origin) for rule in found.cors)
    ]
    if found.abort_after_days is None:
        lacking.append("Lifecycle: unfinished uploads are never given up, and are paid for.")
    elif found.abort_after_days > ABORT_AFTER_DAYS:
        lacking.append(
            f"Lifecycle: unfinished uploads are kept for {found.abort_after_days} days, not {ABORT_AFTER_DAYS}."
        )
    return lacking


def read_rules(settings: StorageSettings) -> BucketRules:
    """Raises `StorageUnavailable`, or `StorageRejected` when the token may not read the bucket's settings."""
    clients = open_clients(settings)
    rules = _read_cors(clients)
    days = [_abort_days(rule) for rule in _read_lifecycle(clients)]
    return BucketRules(
        tuple(_cors_rule(rule) for rule in rules), min((d for d in days if d is not None), default=None)
    )


def apply_rules(settings: StorageSettings, origins: Sequence[str]) -> None:
    """Set what `wanted_rules` gives: in place of the bucket's CORS rules, and beside other lifecycle rules.

    Raises like `read_rules`.
    """
    clients, rules = open_clients(settings), wanted_rules(origins)
    others = [rule for rule in _read_lifecycle(clients) if rule.get("ID") != LIFECYCLE_ID]
    lifecycle: Any = {"Rules": [*others, *lifecycle_document()["Rules"]]}
    cors: Any = cors_document(rules)
    with translated():
        # First what every store has: some keep CORS rules for the whole server, and refuse the second request.
        clients.working.put_bucket_lifecycle_configuration(
            Bucket=clients.bucket, LifecycleConfiguration=lifecycle
        )
        clients.working.put_bucket_cors(Bucket=clients.bucket, CORSConfiguration=cors)


def cors_document(rules: BucketRules) -> dict[str, list[dict[str, Any]]]:
    """In the form of S3; the list in it is what dashboards take."""
    return {
        "CORSRules": [
            {
                "AllowedOrigins": list(rule.origins),
                "AllowedMethods": list(rule.methods),
                "AllowedHeaders": list(rule.allowed_headers),
                "ExposeHeaders": list(rule.exposed_headers),
                "MaxAgeSeconds": rule.max_age_seconds,
            }
            for rule in rules.cors
        ]
    }


def lifecycle_document() -> BucketLifecycleConfigurationTypeDef:
    """In the form of S3."""
    return {
        "Rules": [
            {
                "ID": LIFECYCLE_ID,
                "Status": "Enabled",
                "Filter": {"Prefix": ""},
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": ABORT_AFTER_DAYS},
            }
        ]
    }


def _serves(rule: CorsRule, origin: str) -> bool:
    allowed = {header.lower() for header in rule.allowed_headers}
    exposed = {header.lower() for header in rule.exposed_headers}
    return (
        any(fnmatchcase(origin, pattern) for pattern in rule.origins)
        and set(METHODS) <= set(rule.methods)
        and ("*" in allowed or "content-type" in allowed)
        and "etag" in exposed
    )


def _read_cors(clients: Clients) -> list[Any]:
    with translated():
        try:
            return list(clients.working.get_bucket_cors(Bucket=clients.bucket).get("CORSRules", ()))
        except ClientError as error:
            if code_of(error) in _NONE_SET:
                return []
            raise


def _read_lifecycle(clients: Clients) -> list[Any]:
    with translated():
        try:
            answer = clients.working.get_bucket_lifecycle_configuration(Bucket=clients.bucket)
        except ClientError as error:
            if code_of(error) in _NONE_SET:
                return []
            raise
    return list(answer.get("Rules", ()))


def _cors_rule(rule: dict[str, Any]) -> CorsRule:
    return CorsRule(
        tuple(rule["AllowedOrigins"]),
        tuple(rule["AllowedMethods"]),
        tuple(rule.get("AllowedHeaders", ())),
        tuple(rule.get("ExposeHeaders", ())),
        rule.get("MaxAgeSeconds", 0),
    )


def _abort_days(rule: dict[str, Any]) -> int | None:
    """Of a rule that is on and holds for the whole bucket."""
    scope = rule.get("Filter") or {}
    narrowed = rule.get("Prefix") or scope.get("Prefix") or set(scope) - {"Prefix"}
    if rule.get("Status") != "Enabled" or narrowed:
        return None
    days = rule.get("AbortIncompleteMultipartUpload", {}).get("DaysAfterInitiation")
    return None if days is None else int(days)
