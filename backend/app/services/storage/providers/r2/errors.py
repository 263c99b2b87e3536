"""Every failure of the SDK as an error of ours, in one place: nothing of botocore goes further than this."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Final

import structlog
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    IncompleteReadError,
    ParamValidationError,
    ResponseStreamingError,
)
from botocore.exceptions import (
    ConnectionError as NoConnection,
)
from urllib3.exceptions import HTTPError as TransportError

from app.core.errors import AppError, RangeNotSatisfiable
from app.core.observing import Provider, observed
from app.services.storage.base import (
    ObjectNotFound,
    ObjectTooLarge,
    PartsInvalid,
    StorageFull,
    StorageRejected,
    StorageUnavailable,
    UploadNotFound,
)

log = structlog.get_logger(__name__)

_ASK_LATER: Final = {
    "InternalError",
    "OperationAborted",
    "RequestTimeout",
    "ServiceUnavailable",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "TooManyRequests",
}
_MEND: Final = {
    "NoSuchBucket": "The bucket does not exist there: check R2_BUCKET, and R2_ACCOUNT_ID or R2_ENDPOINT.",
    "InvalidAccessKeyId": "The object store does not know the access key: check R2_ACCESS_KEY_ID.",
    "SignatureDoesNotMatch": "The object store refuses the signature: check R2_SECRET_ACCESS_KEY and R2_REGION.",
    "AuthorizationHeaderMalformed": "The bucket is in another region: check R2_REGION.",
    "PermanentRedirect": "The bucket is in another region: check R2_REGION and R2_ENDPOINT.",
    "RequestTimeTooSkewed": "The clock of this machine is wrong by minutes: set it, for example with NTP.",
    "NotImplemented": "The object store does not offer this function.",
}
_DENIED: Final = (
    "The object store denies access: check R2_ACCESS_KEY_ID and R2_SECRET_ACCESS_KEY, and that the token "
    "may read and write objects of R2_BUCKET."
)
_NO_ANSWER: Final = (
    NoConnection,
    HTTPClientError,
    ResponseStreamingError,
    IncompleteReadError,
    TransportError,
    OSError,
)
_SILENT: Final = "The object store does not answer; try again in a moment."


class RangePastEnd(RangeNotSatisfiable):
    """A range begins where the object has ended."""


@contextmanager
def translated(operation: str | None = None) -> Iterator[None]:
    """Raise what `base` promises in place of the SDK's errors; their texts may hold keys, so they end here.

    With the name of an operation it is counted as a request.
    """
    with observed(Provider.R2, operation) if operation else nullcontext(), _translated():
        yield


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        raise _answered(error) from None
    except _NO_ANSWER as error:
        log.warning("storage.no_answer", error=type(error).__name__)
        raise StorageUnavailable(_SILENT) from None
    except ParamValidationError:
        raise StorageRejected("The request does not fit S3: check the form of R2_BUCKET.") from None
    except BotoCoreError as error:
        log.warning("storage.failed", error=type(error).__name__)
        raise StorageRejected(f"The storage client failed ({type(error).__name__}).") from None


def code_of(error: ClientError) -> str:
    """The vendor's code; of an answer without a body (to HEAD) the status."""
    return str(error.response.get("Error", {}).get("Code", ""))


def _answered(error: ClientError) -> AppError:
    code = code_of(error)
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    found = _about_content(code, status)
    if found is not None:
        return found
    log.warning(
        "storage.refused",
        operation=error.operation_name,
        code=code,
        status=status,
        request_id=error.response.get("ResponseMetadata", {}).get("RequestId"),
    )
    return _about_service(code, status)


def _about_content(code: str, status: int) -> AppError | None:
    if code == "NoSuchUpload":
        return UploadNotFound("There is no such upload in progress; begin a new one.")
    if code in ("NoSuchKey", "404"):
        return ObjectNotFound("There is no such object.")
    if code == "InvalidRange" or status == 416:
        return RangePastEnd("The range begins where the object has ended.")
    if code in ("EntityTooSmall", "InvalidPart", "InvalidPartOrder"):
        return PartsInvalid("The object store refuses these parts: all but the last have at least 5 MiB.")
    if code == "EntityTooLarge":
        return ObjectTooLarge("The content is larger than the object store takes.")
    return None


def _about_service(code: str, status: int) -> AppError:
    if code == "XMinioStorageFull" or status == 507:
        return StorageFull("The object store has no room; free some space and try again.")
    if code in _MEND:
        return StorageRejected(_MEND[code])
    if code in _ASK_LATER or status == 429 or status >= 500:
        return StorageUnavailable("The object store is busy; try again in a moment.")
    if status in (401, 403):
        return StorageRejected(_DENIED)
    return StorageRejected(f"The object store refused the request ({code or status}).")
