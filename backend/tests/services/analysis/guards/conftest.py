"""The sample interview for the tests of the guards."""

from __future__ import annotations

import pytest

from app.models.transcript import TranscriptDraft, Utterance


@pytest.fixture(scope="session")
def sample_utterances(sample: TranscriptDraft) -> tuple[Utterance, ...]:
    return sample.utterances
