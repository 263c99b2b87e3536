"""Why a change cannot be made. Each says it before anything was written."""

from __future__ import annotations

from app.core.errors import Conflict, InvalidInput


class UtteranceUnknown(InvalidInput):
    code = "utterance_unknown"

    def __init__(self, utterance_id: str) -> None:
        super().__init__(f"The transcript has no utterance {utterance_id}.", utterance_id=utterance_id)


class SpeakerUnknown(InvalidInput):
    code = "speaker_unknown"

    def __init__(self, speaker: str) -> None:
        super().__init__(f"The transcript has no speaker {speaker}.", speaker=speaker)


class TextEmpty(InvalidInput):
    """Words that were never said are no reason to lose the moment: joining or reassigning keeps it."""

    code = "text_empty"


class TextInvalid(InvalidInput):
    code = "text_invalid"


class TooMuchText(InvalidInput):
    code = "too_much_text"


class CutInvalid(InvalidInput):
    """Before the first word, behind the last one, or inside what a reader sees as one character."""

    code = "cut_invalid"


class NotNeighbours(Conflict):
    code = "not_neighbours"


class SpeakersDiffer(Conflict):
    code = "speakers_differ"


class SpeakersTheSame(InvalidInput):
    code = "speakers_the_same"


class IdTaken(Conflict):
    code = "id_taken"


class NotInForce(Conflict):
    """Only the newest change in force can be taken back, or what took it back."""

    code = "not_in_force"


class NothingToUndo(Conflict):
    code = "nothing_to_undo"


class NothingToRedo(Conflict):
    code = "nothing_to_redo"
