"""Requests to a model, as the analysis makes them, and a model that asks the stand-in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from app.models.provenance import CallPurpose
from app.services.analysis.model import ModelRequest, Wire
from app.services.analysis.providers.openai.client import OpenAIModel
from tests.fixtures.openai import RunningOpenAI

SAID: Final = "I led the Kraken migration at Initech"
"""Words of a candidate: they go to the model and nowhere else."""


class Place(Wire):
    turn: str
    words: int | None


class FollowUps(Wire):
    """A schema with a description, a list and a reference."""

    questions: list[str]
    places: list[Place]


def asked(content: str = SAID, *, max_output_tokens: int = 500) -> ModelRequest:
    return ModelRequest(
        purpose=CallPurpose.FOLLOW_UP,
        instructions="Write questions.",
        content=content,
        schema=FollowUps,
        max_output_tokens=max_output_tokens,
    )


@asynccontextmanager
async def model_of(openai: RunningOpenAI, **settings: Any) -> AsyncIterator[OpenAIModel]:
    model = OpenAIModel(openai.settings(**settings))
    try:
        yield model
    finally:
        await model.close()
