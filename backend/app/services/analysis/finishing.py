"""What every analysis has by code, whatever the engine, and the last check before it is stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.models.analysis import AnalysisDraft, Evidence, SpeakerCheck, SpeakerVerdict
from app.models.transcript import EngineKind, Utterance
from app.services.analysis.base import AnalysisInput
from app.services.analysis.evidence import verify
from app.services.analysis.guards.instructions import find_instructions
from app.services.analysis.guards.protected import find_protected
from app.services.analysis.guards.speakers import check_speakers
from app.services.analysis.interviewing import leading_questions, protected_notes
from app.services.analysis.suggestion import suggest
from app.services.analysis.talk_time import talk_time
from app.services.analysis.text.turns import evidence, is_english, turns_of

_WITHHELD: Final = {
    SpeakerVerdict.UNKNOWN: "Nobody is assessed, because it is not known who the candidate and the interviewer are.",
    SpeakerVerdict.SWAPPED: "Nobody is assessed, because interviewer and candidate seem to be swapped.",
}


def with_figures(draft: AnalysisDraft, request: AnalysisInput) -> AnalysisDraft:
    """Who spoke how much: counted, not judged, so it is there whatever the engine."""
    transcript = request.transcript
    english = is_english(transcript.language)
    figures = talk_time(turns_of(transcript.utterances), english=english)
    return draft.model_copy(update={"talk_time": figures})


def finished(draft: AnalysisDraft, request: AnalysisInput) -> AnalysisDraft:
    """The draft with these parts, verified. Synchronous; some hundred milliseconds of work for a long interview."""
    transcript = request.transcript
    roles = {s.id: s.role for s in transcript.speakers}
    check = check_speakers(request)
    protected = find_protected(transcript.utterances, roles, language=transcript.language)
    questions = [(cut.span, cut.topic) for cut in protected.questions]
    said, speakers = transcript.utterances, transcript.speakers
    english = is_english(transcript.language)
    notes = [
        *protected_notes(questions, said, speakers, english=english),
        *leading_questions(said, speakers, english=english),
    ]
    notes.sort(key=lambda note: note.evidence[0].start)
    numbered = tuple(note.model_copy(update={"id": f"n{n}"}) for n, note in enumerate(notes, start=1))
    draft = with_figures(draft, request).model_copy(
        update={
            "speaker_check": check,
            "withheld": (*draft.withheld, *_withheld(draft, check)),
            "interviewing": numbered,
            # Shown to people whatever the engine: it is an attempt, also where nobody could have obeyed.
            "left_out": draft.left_out.model_copy(update={"instructions": _attempts(said)}),
            "sentiments": draft.sentiments if request.options.sentiment else None,
        }
    )
    verified = verify(draft, transcript.utterances, transcript.speakers)
    return _rated(verified, request)


def _attempts(utterances: Sequence[Utterance]) -> tuple[Evidence, ...]:
    """What addresses the software instead of the people in the room."""
    by_id = {utterance.id: utterance for utterance in utterances}
    spans = find_instructions(utterances)
    return tuple(evidence(by_id[s.utterance_id], by_id[s.utterance_id].text[s.start : s.end]) for s in spans)


def _withheld(draft: AnalysisDraft, check: SpeakerCheck) -> list[str]:
    """The baseline never assesses anybody; its label says so."""
    if draft.engine.kind is EngineKind.OFFLINE_BASELINE or check.verdict is SpeakerVerdict.CONFIRMED:
        return []
    return [" ".join((_WITHHELD[check.verdict], *check.reasons))]


def _rated(draft: AnalysisDraft, request: AnalysisInput) -> AnalysisDraft:
    """Levels only where they are wanted and the roles are sure; then what they add up to."""
    sure = draft.speaker_check is not None and draft.speaker_check.verdict is SpeakerVerdict.CONFIRMED
    if not sure:
        return draft.model_copy(update={"strengths": (), "red_flags": (), "criteria": (), "suggestion": None})
    if not request.options.levels:
        bare = tuple(
            c.model_copy(update={"level": None, "rationale": "", "reason": None}) for c in draft.criteria
        )
        return draft.model_copy(update={"criteria": bare, "suggestion": None})
    if not draft.criteria or request.template is None:
        return draft
    suggestion = suggest(draft.criteria, draft.red_flags, request.template)
    return draft.model_copy(update={"suggestion": suggestion})
