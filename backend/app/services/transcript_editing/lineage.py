"""Which of the machine's utterances an utterance came of, through all that was split and joined since."""

from __future__ import annotations

from app.models.edit import JoinUtterances, SplitUtterance
from app.models.transcript import Utterance
from app.services.transcript_editing.errors import UtteranceUnknown
from app.services.transcript_editing.replay import in_force
from app.services.transcript_editing.revisions import History


def original_of(history: History, utterance_id: str) -> tuple[Utterance, ...]:
    """In the order of speaking. Raises `UtteranceUnknown`."""
    came_of = {utterance.id: {utterance.id} for utterance in history.original.utterances}
    for edit in in_force(history.edits):
        operation = edit.operation
        if isinstance(operation, SplitUtterance):
            came_of[operation.new_id] = set(came_of[operation.utterance_id])
        elif isinstance(operation, JoinUtterances):
            whole = {name for part in operation.utterance_ids for name in came_of.pop(part)}
            came_of[operation.utterance_ids[0]] = whole
    if utterance_id not in came_of:
        raise UtteranceUnknown(utterance_id)
    return tuple(u for u in history.original.utterances if u.id in came_of[utterance_id])
