"""A transcription vendor's calls: the address we give it, and what becomes of what it brings.

The address holds a permission made for one job, and Basic Auth; the answer brings back a secret of the same job. All
three are derived, none is stored. What comes is kept as it is, without the secret; a worker reads it. Whatever the
order in which things happen, the first answer to a job counts; everything else is acknowledged and left alone.
"""

from __future__ import annotations

import base64
import binascii
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final, Protocol
from urllib.parse import quote, urlsplit

import structlog
from anyio import to_thread

from app.core.errors import Forbidden, InvalidInput, Unauthenticated
from app.core.origin import following
from app.core.security.shared import same
from app.core.tracing import link_to
from app.models.interview import Interview, Status, TranscriptionJob
from app.repositories.base import Repositories
from app.services.lifecycle import InterviewNotFound, Lifecycle
from app.services.storage.base import ObjectStore, RemovedMeanwhile
from app.services.storage.service import delivery_key
from app.services.transcription.base import AnswerUnreadable, Callback, VendorTranscriber

log = structlog.get_logger(__name__)

PATH: Final = "/api/v1/webhooks/deepgram"
MAX_ANSWER_BYTES: Final = 64 * 2**20
"""Eight hours of speech and more."""
_USER: Final = "debrief"
_VALID_FOR: Final = timedelta(days=2)
"""Longer than any answer is waited for, the resubmission included."""
_FASTEST: Final = 1
"""Compression level: the caller waits."""


class WebhookDisabled(Forbidden):
    code = "webhook_disabled"


class WebhookRefused(Unauthenticated):
    code, title = "webhook_refused", "Not a call that we asked for"


class DeliveryUnreadable(InvalidInput):
    code = "delivery_unreadable"


class Outcome(StrEnum):
    """What became of a delivery."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"
    """The interview is gone, has moved on or waits for another job."""


class Signer(Protocol):
    def sign(self, payload: str, expires_at: int) -> str: ...

    def verify(self, payload: str, expires_at: int, signature: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Permission:
    """What a valid address allows: to bring the answer to one job."""

    interview_id: str
    job_id: str
    expires_at: int


class _NotAwaited(Exception):
    pass


class CallbackService:
    """`signers`: the newest first; all of them verify. Without `webhook_secret` no address is made and none is valid."""

    def __init__(
        self,
        repositories: Repositories,
        lifecycle: Lifecycle,
        store: ObjectStore,
        vendor: VendorTranscriber | None,
        *,
        signers: Sequence[Signer],
        webhook_secret: str | None,
        public_url: str,
    ) -> None:
        self._jobs = repositories.jobs
        self._lifecycle = lifecycle
        self._store = store
        self._vendor = vendor
        self._signers = signers
        self._webhook_secret = webhook_secret
        self._public_url = public_url

    def address(self, interview_id: str, job: TranscriptionJob) -> Callback:
        """Where the vendor brings the answer to a job; the same for all its generations. Raises `WebhookDisabled`."""
        expires_at = int((job.created_at + _VALID_FOR).timestamp())
        permission = Permission(interview_id, job.id, expires_at)
        signature = self._signers[0].sign(_in_address(permission), expires_at)
        token = f"{interview_id}.{job.id}.{expires_at}.{signature}"
        parts = urlsplit(self._public_url)
        credentials = f"{_USER}:{quote(self._secret(), safe='')}"
        url = f"{parts.scheme}://{credentials}@{parts.netloc}{parts.path}{PATH}/{token}"
        return Callback(url, self._signers[0].sign(_inside_answer(permission), expires_at))

    def authenticate(self, token: str, authorization: str | None) -> Permission:
        """Raises `WebhookRefused`, without saying what was wrong, and `WebhookDisabled`. Reads nothing stored."""
        knows_secret = same(_password(authorization), self._secret())
        permission, signature = _read(token)
        signed = self._is_signed(_in_address(permission), permission, signature)
        if not (knows_secret and signed and time.time() < permission.expires_at):
            raise WebhookRefused(
                "Send the credentials and the path of the callback address as they were given."
            )
        return permission

    async def receive(self, permission: Permission, answer: bytes) -> Outcome:
        """Keep the answer and let a worker read it.

        Raises `DeliveryUnreadable` for what is no answer, so that the vendor sends it again, and `WebhookRefused` when
        the answer's secret is not that of the job.
        """
        if self._vendor is None:
            raise WebhookDisabled("No transcription vendor is configured here.")
        try:
            secret, kept = await to_thread.run_sync(self._vendor.split_secret, answer)
        except AnswerUnreadable:
            raise DeliveryUnreadable("The body is not a complete answer; send it again.") from None
        self._check_secret(permission, secret, kept)
        interview = await self._jobs.get(permission.interview_id)
        if interview is None:
            return self._told(permission, Outcome.IGNORED)
        # The vendor's call goes on with what somebody else began.
        link_to(interview.traceparent)
        with following(interview.correlation_id, interview.traceparent):
            return self._told(permission, await self._take(interview, permission, kept))

    async def _take(self, interview: Interview, permission: Permission, kept: bytes) -> Outcome:
        outcome = _outcome(interview, permission)
        if outcome is not Outcome.ACCEPTED:
            return outcome
        key = delivery_key(interview.organisation_id, interview.id, permission.job_id)
        try:
            await self._store.put_bytes(key, await to_thread.run_sync(pack, kept), "application/zlib")
            await self._advance(interview, permission, key)
        except (_NotAwaited, InterviewNotFound, RemovedMeanwhile):
            return _outcome(await self._jobs.get(interview.id), permission)
        return outcome

    async def _advance(self, interview: Interview, permission: Permission, key: str) -> None:
        def decide(current: Interview) -> dict[str, Any]:
            if current.transcription is None or _outcome(current, permission) is not Outcome.ACCEPTED:
                raise _NotAwaited
            return {"transcription": current.transcription.model_copy(update={"delivery_key": key})}

        await self._lifecycle.move(interview.organisation_id, interview.id, Status.INGESTING, decide)

    def _check_secret(self, permission: Permission, secret: str | None, answer: bytes) -> None:
        """A result has the secret in it. The vendor's report of a failure has no place for one."""
        if secret is None and self._vendor is not None and not self._vendor.is_result(answer):
            return
        if not self._is_signed(_inside_answer(permission), permission, secret or ""):
            raise WebhookRefused("The answer does not hold the secret of its job.")

    def _is_signed(self, payload: str, permission: Permission, signature: str) -> bool:
        return any(s.verify(payload, permission.expires_at, signature) for s in self._signers)

    def _secret(self) -> str:
        if self._webhook_secret is None:
            raise WebhookDisabled("DEEPGRAM_WEBHOOK_SECRET is not set here, so no callback is accepted.")
        return self._webhook_secret

    @staticmethod
    def _told(permission: Permission, outcome: Outcome) -> Outcome:
        log.info("callback.received", interview_id=permission.interview_id, outcome=outcome.value)
        return outcome


def unpack(kept: bytes) -> bytes:
    """The opposite of what is done to an answer before it is stored."""
    return zlib.decompress(kept)


def pack(answer: bytes) -> bytes:
    return zlib.compress(answer, _FASTEST)


def _outcome(interview: Interview | None, permission: Permission) -> Outcome:
    """What an answer to this job would mean now.

    Early is fine: the submission may not be written yet. So is late: as long as there is no transcript from elsewhere,
    the answer to an earlier generation, or one that was given up, is as good as any.
    """
    job = interview.transcription if interview else None
    if interview is None or job is None or job.id != permission.job_id:
        return Outcome.IGNORED
    if interview.recording is None or interview.recording.key != job.recording_key:
        return Outcome.IGNORED
    if job.delivery_key is not None:
        return Outcome.DUPLICATE
    status = interview.status
    if status is Status.FAILED and interview.failure is not None:
        status = interview.failure.step
    waiting = (Status.SUBMITTING, Status.AWAITING, Status.TRANSCRIBING)
    return Outcome.ACCEPTED if status in waiting else Outcome.IGNORED


def _in_address(permission: Permission) -> str:
    return f"transcription callback\n{permission.interview_id}\n{permission.job_id}"


def _inside_answer(permission: Permission) -> str:
    return f"transcription answer\n{permission.interview_id}\n{permission.job_id}"


def _read(token: str) -> tuple[Permission, str]:
    interview_id, _, rest = token.partition(".")
    job_id, _, rest = rest.partition(".")
    expires_at, _, signature = rest.partition(".")
    is_number = expires_at.isascii() and expires_at.isdigit() and len(expires_at) < 12
    return Permission(interview_id, job_id, int(expires_at) if is_number else 0), signature


def _password(authorization: str | None) -> str:
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        user, _, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return password if user == _USER else ""
