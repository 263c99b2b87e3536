"""What people change in a transcript. The original stays; every change is a revision that can be made again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from app.models.base import Stored
from app.models.transcript import SpeakerRole


class EditText(Stored):
    """Other words for one utterance. The times of words that stay are kept, those of others follow from them."""

    kind: Literal["edit_text"] = "edit_text"
    utterance_id: str
    text: str


class ReplacedText(Stored):
    utterance_id: str
    text: str
    """The whole text after the replacement."""


class ReplaceText(Stored):
    """Find and replace: what it came to in each utterance, so that making it again needs no search."""

    kind: Literal["replace_text"] = "replace_text"
    find: str
    replace: str
    changes: tuple[ReplacedText, ...]


class SplitUtterance(Stored):
    """Cut before the character at `at` of its text; the second part gets `new_id`, and its speaker when one is given."""

    kind: Literal["split_utterance"] = "split_utterance"
    utterance_id: str
    at: int
    new_id: str
    speaker: str | None = None


class JoinUtterances(Stored):
    """Neighbours of one speaker, in their order, become the first of them."""

    kind: Literal["join_utterances"] = "join_utterances"
    utterance_ids: tuple[str, ...]


class DescribeSpeaker(Stored):
    """A name, a role, or both, that a person is sure of. None leaves as it is; an empty name removes it."""

    kind: Literal["describe_speaker"] = "describe_speaker"
    speaker: str
    name: str | None = None
    role: SpeakerRole | None = None


class SwapSpeakers(Stored):
    """Each said what the other was taken for."""

    kind: Literal["swap_speakers"] = "swap_speakers"
    first: str
    second: str


class MergeSpeakers(Stored):
    """`others` were `into` all along."""

    kind: Literal["merge_speakers"] = "merge_speakers"
    into: str
    others: tuple[str, ...]


class SplitOffSpeaker(Stored):
    """These utterances were somebody else, who is nobody of those listed."""

    kind: Literal["split_off_speaker"] = "split_off_speaker"
    utterance_ids: tuple[str, ...]
    new_speaker: str
    name: str | None = None
    role: SpeakerRole = SpeakerRole.UNKNOWN


class Reassign(Stored):
    """These utterances were said by another speaker of the list."""

    kind: Literal["reassign"] = "reassign"
    utterance_ids: tuple[str, ...]
    speaker: str


class Undo(Stored):
    """Takes back the change that made `revision`, the newest one that is in force."""

    kind: Literal["undo"] = "undo"
    revision: int


Operation = Annotated[
    EditText
    | ReplaceText
    | SplitUtterance
    | JoinUtterances
    | DescribeSpeaker
    | SwapSpeakers
    | MergeSpeakers
    | SplitOffSpeaker
    | Reassign
    | Undo,
    Field(discriminator="kind"),
]


class TranscriptEdit(Stored):
    """One change. `revision` is the transcript that came of it."""

    id: str
    organisation_id: str
    interview_id: str
    revision: int
    epoch: int
    """Fence of the writer, as of every result."""
    base: int
    """Revision of the machine's original, or of an imported transcript, that it goes back to."""
    operation: Operation
    by: str
    by_name: str
    created_at: datetime
