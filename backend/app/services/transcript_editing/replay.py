"""The log of changes, read as people mean it: which are in force, and the transcript that they make.

Changes are taken back from the newest on. Taking back an `Undo` brings its change back, until something else is
changed: then what was taken back is gone for good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.models.edit import TranscriptEdit, Undo
from app.models.transcript import Transcript
from app.services.transcript_editing.errors import NothingToRedo, NothingToUndo, NotInForce
from app.services.transcript_editing.operations import apply


@dataclass(slots=True)
class _Course:
    """Where a log has come to: what is in force, and what was taken back with the revision that did it."""

    done: list[TranscriptEdit] = field(default_factory=list)
    undone: list[tuple[TranscriptEdit, int]] = field(default_factory=list)

    def take(self, edit: TranscriptEdit) -> None:
        if not isinstance(edit.operation, Undo):
            self.done.append(edit)
            self.undone.clear()
        elif self.done and self.done[-1].revision == edit.operation.revision:
            self.undone.append((self.done.pop(), edit.revision))
        elif self.undone and self.undone[-1][1] == edit.operation.revision:
            self.done.append(self.undone.pop()[0])
        else:
            raise NotInForce(
                "Only the newest change in force can be taken back.", revision=edit.operation.revision
            )


def replay(original: Transcript, edits: Sequence[TranscriptEdit]) -> Transcript:
    """The transcript that the newest of `edits` made; the original when there is none.

    `edits` are all changes since the original, oldest first. Raises `NotInForce` for an `Undo` out of turn.
    """
    if not edits:
        return original
    transcript = original
    for edit in in_force(edits):
        transcript = apply(transcript, edit.operation)
    return made_by(transcript, edits[-1])


def in_force(edits: Sequence[TranscriptEdit]) -> Sequence[TranscriptEdit]:
    """Those that were not taken back, oldest first."""
    return _course(edits).done


def made_by(transcript: Transcript, edit: TranscriptEdit) -> Transcript:
    """The revision that a change made, with everything that follows from the change."""
    return transcript.model_copy(
        update={
            "id": edit.id,
            "revision": edit.revision,
            "base": edit.base,
            "epoch": edit.epoch,
            "created_at": edit.created_at,
        }
    )


def undo_of(edits: Sequence[TranscriptEdit]) -> Undo:
    """What takes back the newest change in force. Raises `NothingToUndo`."""
    done = _course(edits).done
    if not done:
        raise NothingToUndo("No change is in force.")
    return Undo(revision=done[-1].revision)


def redo_of(edits: Sequence[TranscriptEdit]) -> Undo:
    """What brings back the change that was taken back last. Raises `NothingToRedo`."""
    undone = _course(edits).undone
    if not undone:
        raise NothingToRedo("No change was taken back, or something else was changed since.")
    return Undo(revision=undone[-1][1])


def _course(edits: Sequence[TranscriptEdit]) -> _Course:
    course = _Course()
    for edit in edits:
        course.take(edit)
    return course
