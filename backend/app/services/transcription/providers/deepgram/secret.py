"""The secret that travels with a job and comes back in the answer's metadata."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, Raw

from app.services.transcription.base import AnswerUnreadable
from app.services.transcription.providers.deepgram.payload import Envelope, read


def split_secret(answer: bytes, name: str) -> tuple[str | None, bytes]:
    """The value of `metadata.extra[name]`, None where there is none, and the answer without it.

    Raises `AnswerUnreadable` for what is not one whole JSON object.
    """
    envelope = read(answer, Envelope)
    if envelope.metadata is UNSET or not bytes(envelope.metadata).startswith(b"{"):
        return None, answer
    metadata = read(envelope.metadata, dict[str, Raw])
    if "extra" not in metadata or not bytes(metadata["extra"]).startswith(b"{"):
        return None, answer
    extra = read(metadata["extra"], dict[str, Raw])
    if name not in extra:
        return None, answer
    secret = read(extra.pop(name), object)
    cleaned = msgspec.json.encode({**metadata, "extra": extra})
    kept = answer.replace(bytes(envelope.metadata), cleaned)
    if not isinstance(secret, str) or (secret and secret.encode() in kept):
        # Said twice, or no text: nobody who documents this format writes that.
        raise AnswerUnreadable("Deepgram's answer holds the callback's secret in an unknown form.")
    return secret, kept


def is_result(answer: bytes) -> bool:
    """Whether there is a transcript in it, however empty."""
    return read(answer, Envelope).results is not UNSET
