"""The object store, used as the server uses it: write, read, sign, upload a part, remove."""

from __future__ import annotations

from secrets import token_hex
from typing import Final

from app.command_line.doctor.addresses import shown
from app.command_line.doctor.asking import ask
from app.command_line.doctor.bucket import check_bucket
from app.command_line.doctor.disk import check_room
from app.command_line.doctor.finding import Examined, Finding, Notes, Subject
from app.core.config import SettingsError, StorageBackend
from app.core.errors import AppError
from app.core.security import Signer
from app.services.storage.base import ObjectStore, SignedRequest
from app.services.storage.factory import build_store

_CONTENT: Final = b"written by a check of this installation; may be removed"


async def check_storage(examined: Examined) -> list[Finding]:
    notes = Notes(Subject.STORAGE)
    settings = examined.settings
    is_local = settings.storage.backend is StorageBackend.LOCAL
    try:
        store = build_store(
            settings.storage,
            root=settings.server.data_dir / "objects",
            base_url=settings.server.public_url,
            # Nobody else sees these signatures: a check can do without a readable AUTH_SECRET.
            signer=Signer(token_hex(32)),
        )
        if not is_local and await ask(examined, "GET", f"{settings.storage.endpoint}/") is None:
            # Found out here within seconds: the SDK would try for minutes, in a thread that nobody can stop.
            notes.failed(
                f"The object store at {shown(settings.storage.endpoint)} does not answer.",
                "Check R2_ACCOUNT_ID or R2_ENDPOINT, and the way out of here.",
            )
            return notes.findings
        if is_local:
            await check_room(settings.server.data_dir / "objects", notes)
            if notes.failures:
                return notes.findings
        key = f"doctor/{token_hex(8)}"
        try:
            await _write_and_read(store, key, notes)
            if not is_local:
                await _addresses(examined, store, key, notes)
        finally:
            await store.delete(key)
    except (AppError, SettingsError) as error:
        notes.failed(
            str(error),
            "Check the R2_ settings, and that the token may read and write objects of this bucket.",
        )
    return notes.findings


async def _write_and_read(store: ObjectStore, key: str, notes: Notes) -> None:
    await store.put_bytes(key, _CONTENT, "text/plain")
    if await store.get_bytes(key) == _CONTENT:
        notes.ok("Objects can be written and read.")
    else:
        notes.failed("An object came back changed.", "Check what stands between this machine and the store.")


async def _addresses(examined: Examined, store: ObjectStore, key: str, notes: Notes) -> None:
    signed = await store.sign_get(key, expires_in=60)
    answer = await _request(examined, signed) if signed else None
    if answer == _CONTENT:
        notes.ok("Signed addresses can be read.")
    else:
        notes.failed(
            "A signed address does not give the object: browsers could not play, Deepgram could not fetch.",
            "Check R2_PUBLIC_ENDPOINT (it must be the S3 address, not a custom domain) and the clock.",
        )
    upload_id = await store.create_multipart(key, "text/plain")
    try:
        part = await store.sign_part(key, upload_id, 1, expires_in=60)
        if await _request(examined, part, _CONTENT) is None:
            notes.failed(
                "A part of an upload was refused at its signed address.",
                "Check that the token may write objects, and R2_PUBLIC_ENDPOINT.",
            )
        else:
            notes.ok("Uploads in parts are accepted.")
        # While the upload is there: a browser's requests can be made with its address.
        await check_bucket(examined, part, notes)
    finally:
        await store.abort_multipart(key, upload_id)


async def _request(examined: Examined, signed: SignedRequest, content: bytes | None = None) -> bytes | None:
    answer = await ask(examined, signed.method, signed.url, content=content, headers=dict(signed.headers))
    return answer.content if answer is not None and answer.is_success else None
