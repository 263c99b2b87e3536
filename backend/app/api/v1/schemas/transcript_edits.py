"""Changes to transcripts as the API takes and shows them. New ids and what a replacement comes to are the server's."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import Field, StringConstraints

from app.api.v1.schemas.common import In, Key, Out
from app.api.v1.schemas.transcripts import SpeakerOut, UtteranceOut
from app.models.base import new_id
from app.models.edit import (
    DescribeSpeaker,
    EditText,
    JoinUtterances,
    MergeSpeakers,
    Operation,
    Reassign,
    ReplaceText,
    SplitOffSpeaker,
    SplitUtterance,
    SwapSpeakers,
    TranscriptEdit,
    Undo,
)
from app.models.interview import Status
from app.models.transcript import SpeakerRole
from app.services.transcript_editing.finding import Found, Wanted
from app.services.transcript_edits import Edited

_LONGEST_TEXT: Final = 20_000
_WITHOUT_NUL: Final = r"^[^\u0000]*$"
"""No import takes a text with it, so no correction brings it in either."""
_SearchText = Annotated[str, StringConstraints(strip_whitespace=False, max_length=500, pattern=_WITHOUT_NUL)]
_Ids = Annotated[list[Key], Field(min_length=1, max_length=5000)]
_PersonName = Annotated[str, StringConstraints(max_length=200, pattern=_WITHOUT_NUL)]


class EditTextIn(In):
    kind: Literal["edit_text"]
    utterance_id: Key
    text: Annotated[str, StringConstraints(max_length=_LONGEST_TEXT, pattern=_WITHOUT_NUL)]

    def to_operation(self) -> Operation:
        return EditText(utterance_id=self.utterance_id, text=self.text)


class SplitUtteranceIn(In):
    kind: Literal["split_utterance"]
    utterance_id: Key
    at: int = Field(
        description="The second part begins with this character of the text, counted from 0 in code points"
    )
    speaker: Key | None = Field(default=None, description="Who said the second part; null: the same")

    def to_operation(self) -> Operation:
        return SplitUtterance(
            utterance_id=self.utterance_id, at=self.at, new_id=new_id(), speaker=self.speaker
        )


class JoinUtterancesIn(In):
    kind: Literal["join_utterances"]
    utterance_ids: _Ids = Field(description="Neighbours of one speaker, in their order")

    def to_operation(self) -> Operation:
        return JoinUtterances(utterance_ids=tuple(self.utterance_ids))


class WantedIn(In):
    find: _SearchText = Field(min_length=1)
    replace: _SearchText
    match_case: bool = False
    whole_words: bool = Field(default=False, description="Of no use in scripts without spaces between words")

    def to_wanted(self) -> Wanted:
        return Wanted(self.find, self.replace, match_case=self.match_case, whole_words=self.whole_words)


class ReplaceTextIn(WantedIn):
    kind: Literal["replace_text"]


class SpeakerChangeIn(In):
    """A change of who said what: the assessment rests on it."""

    analyse: bool = Field(
        default=False, description="Make the debrief anew at once, unless something else is under way"
    )


class DescribeSpeakerIn(SpeakerChangeIn):
    kind: Literal["describe_speaker"]
    speaker: Key
    name: _PersonName | None = Field(default=None, description="null leaves it; an empty one removes it")
    role: SpeakerRole | None = Field(default=None, description="null leaves it")

    def to_operation(self) -> Operation:
        return DescribeSpeaker(speaker=self.speaker, name=self.name, role=self.role)


class SwapSpeakersIn(SpeakerChangeIn):
    kind: Literal["swap_speakers"]
    first: Key
    second: Key

    def to_operation(self) -> Operation:
        return SwapSpeakers(first=self.first, second=self.second)


class MergeSpeakersIn(SpeakerChangeIn):
    kind: Literal["merge_speakers"]
    into: Key
    others: _Ids

    def to_operation(self) -> Operation:
        return MergeSpeakers(into=self.into, others=tuple(self.others))


class SplitOffSpeakerIn(SpeakerChangeIn):
    kind: Literal["split_off_speaker"]
    utterance_ids: _Ids
    name: _PersonName | None = None
    role: SpeakerRole = SpeakerRole.UNKNOWN

    def to_operation(self) -> Operation:
        return SplitOffSpeaker(
            utterance_ids=tuple(self.utterance_ids), new_speaker=new_id(), name=self.name, role=self.role
        )


class ReassignIn(SpeakerChangeIn):
    kind: Literal["reassign"]
    utterance_ids: _Ids
    speaker: Key

    def to_operation(self) -> Operation:
        return Reassign(utterance_ids=tuple(self.utterance_ids), speaker=self.speaker)


ChangeIn = Annotated[
    EditTextIn
    | ReplaceTextIn
    | SplitUtteranceIn
    | JoinUtterancesIn
    | DescribeSpeakerIn
    | SwapSpeakersIn
    | MergeSpeakersIn
    | SplitOffSpeakerIn
    | ReassignIn,
    Field(discriminator="kind"),
]


class ChangeOut(Out):
    """One change in the log."""

    revision: int = Field(description="The transcript that came of it")
    kind: str
    details: dict[str, Any] = Field(
        description="What the change was made with; of a replacement, how many utterances it changed"
    )
    by: str
    by_name: str
    at: datetime

    @classmethod
    def of(cls, edit: TranscriptEdit) -> ChangeOut:
        operation = edit.operation
        if isinstance(operation, ReplaceText):
            details: dict[str, Any] = {
                "find": operation.find,
                "replace": operation.replace,
                "utterances": len(operation.changes),
            }
        else:
            details = operation.model_dump(mode="json", exclude={"kind"})
        return cls(
            revision=edit.revision,
            kind="undo" if isinstance(operation, Undo) else operation.kind,
            details=details,
            by=edit.by,
            by_name=edit.by_name,
            at=edit.created_at,
        )


class EditedHead(Out):
    """The transcript after a change, without the utterances that are what they were."""

    revision: int = Field(description="The value of the ETag")
    base: int | None
    change: ChangeOut | None = Field(description="null: nothing had to be changed")
    status: Status = Field(description="Of the interview; `analysing` when a new debrief is on its way")
    outdated: list[str]
    speakers: list[SpeakerOut]
    removed: list[str] = Field(description="Ids of utterances that are gone")

    @classmethod
    def of(cls, edited: Edited) -> EditedHead:
        return cls(
            revision=edited.transcript.revision,
            base=edited.transcript.base,
            change=ChangeOut.of(edited.edit) if edited.edit else None,
            status=edited.interview.status,
            outdated=list(edited.interview.outdated),
            speakers=[SpeakerOut.model_validate(speaker) for speaker in edited.transcript.speakers],
            removed=list(edited.removed),
        )


class EditedOut(EditedHead):
    changed: list[UtteranceOut] = Field(
        description="New utterances and those that are not what they were, in the order of speaking"
    )


class ReplacementOut(Out):
    utterance_id: str
    before: str
    after: str
    count: int = Field(description="How often it was found in this utterance")


class PreviewOut(Out):
    revision: int = Field(description="Send it as If-Match to replace exactly this")
    found: int = Field(description="In all")
    changes: list[ReplacementOut]
    left_out: list[str] = Field(description="Utterances of which nothing would remain; they stay as they are")

    @classmethod
    def of(cls, revision: int, found: Found) -> PreviewOut:
        return cls(
            revision=revision,
            found=sum(change.count for change in found.changes),
            changes=[ReplacementOut.model_validate(change) for change in found.changes],
            left_out=list(found.left_out),
        )


class OriginalOut(Out):
    revision: int = Field(description="Of the transcript as it was made or imported")
    utterances: list[UtteranceOut] = Field(description="What the utterance was made of")
