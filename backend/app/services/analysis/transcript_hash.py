"""Tells whether a transcript is the one that an analysis was made of."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from app.models.transcript import Utterance


def transcript_hash(utterances: Sequence[Utterance]) -> str:
    """SHA-256, hexadecimal, of who said what."""
    digest = hashlib.sha256()
    for utterance in utterances:
        for text in (utterance.id, utterance.speaker, utterance.text):
            digest.update(text.encode())
            digest.update(b"\0")
    return digest.hexdigest()
