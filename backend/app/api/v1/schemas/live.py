"""Frames of a live recording. Sound goes in binary frames between them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.models.live import LiveEncoding


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class StartIn(_In):
    """The first frame.

    `resume_from` is null at the beginning. After a lost connection it is the first byte of the stream that the client
    still holds; `new_stream` begins another one instead, after a page was loaded again. `session_id`, from `ready`, may
    be given to make sure that it is the same recording. Of two channels, each has its own speakers.
    """

    type: Literal["start"]
    encoding: LiveEncoding
    sample_rate: Annotated[int, Field(ge=8_000, le=48_000)] = 16_000
    channels: Annotated[int, Field(ge=1, le=2)] = 1
    resume_from: Annotated[int | None, Field(ge=0)] = None
    new_stream: bool = False
    session_id: Annotated[str | None, Field(max_length=64)] = None


class PauseIn(_In):
    """No sound comes for a while, on purpose."""

    type: Literal["pause"]


class ResumeIn(_In):
    type: Literal["resume"]


class FinishIn(_In):
    """Nothing follows: store the recording and start the pipeline."""

    type: Literal["finish"]


ControlIn = Annotated[PauseIn | ResumeIn | FinishIn, Field(discriminator="type")]


class ReadyOut(BaseModel):
    """Go on with byte `received_bytes` of the stream. `reason` says why there is no live transcript."""

    type: Literal["ready"] = "ready"
    session_id: str
    received_bytes: int
    live_transcript: bool
    reason: str | None = None


class AckOut(BaseModel):
    """What lies before byte `received_bytes` is safe: a client need not hold it any longer."""

    type: Literal["ack"] = "ack"
    received_bytes: int


class FinishedOut(BaseModel):
    """`stored` is false while the object store is down: it is tried again, with nothing to do for the client."""

    type: Literal["finished"] = "finished"
    stored: bool
    status: str | None = None
