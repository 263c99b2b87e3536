"""Notes on the interviewer's side of the talk: leading questions, and questions about protected topics.

For the recruiter alone. They never count for or against the candidate.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from app.models.analysis import InterviewingNote, NoteKind, ProtectedTopic
from app.models.transcript import Speaker, SpeakerRole, Utterance
from app.services.analysis.redaction import Span
from app.services.analysis.text.leading import suggests_its_answer
from app.services.analysis.text.questions import is_question
from app.services.analysis.text.turns import Sentence, sentence_spans, sentences_of
from app.services.analysis.text.words import content_stems

_LEADING: Final = "The question suggests its answer; an open one would have told more."
_PROTECTED: Final = "A question touches {topic}, which must play no part in the decision."
_TOPICS: Final = {
    ProtectedTopic.AGE: "age",
    ProtectedTopic.FAMILY: "family or private plans",
    ProtectedTopic.PREGNANCY: "pregnancy",
    ProtectedTopic.HEALTH: "health",
    ProtectedTopic.DISABILITY: "disability",
    ProtectedTopic.ORIGIN: "origin or nationality",
    ProtectedTopic.RELIGION: "religion",
    ProtectedTopic.ORIENTATION: "sexual orientation",
    ProtectedTopic.GENDER: "gender",
    ProtectedTopic.POLITICS: "political views",
    ProtectedTopic.UNION: "trade union membership",
    ProtectedTopic.FINANCES: "private finances",
}
_ADDRESSED: Final = re.compile(r"\b(?:you|your|yours)\b", re.IGNORECASE)
_CHECKED_SHARE: Final = 2 / 3
"""Of the words of a question that the candidate has used before: then it checks what was said."""


def leading_questions(
    utterances: Sequence[Utterance], speakers: Iterable[Speaker], *, english: bool
) -> tuple[InterviewingNote, ...]:
    """Questions of the interviewers that suggest their answer; none where the English rules do not apply.

    A question that only repeats what the candidate has said (`So you led the migration, right?`) makes sure of it, and
    is left out.
    """
    asking = _interviewers(speakers)
    found = _leading(utterances, asking) if english else ()
    return tuple(
        InterviewingNote(
            id=f"leading{number}",
            text=_LEADING,
            evidence=(sentence.evidence(),),
            kind=NoteKind.LEADING_QUESTION,
        )
        for number, sentence in enumerate(found, start=1)
    )


def protected_notes(
    cuts: Sequence[tuple[Span, ProtectedTopic]],
    utterances: Sequence[Utterance],
    speakers: Iterable[Speaker],
    *,
    english: bool = True,
) -> tuple[InterviewingNote, ...]:
    """A note for each cut stretch in which an interviewer asks, or speaks to the candidate, about a protected topic.

    What candidates tell by themselves, and what interviewers tell of themselves, is cut and gives no note. The evidence
    is the whole sentence that the stretch lies in.
    """
    by_id = {u.id: u for u in utterances}
    asking = _interviewers(speakers)
    noted: dict[tuple[str, str, ProtectedTopic], Sentence] = {}
    for span, topic in cuts:
        utterance = by_id.get(span.utterance_id)
        if utterance is None or utterance.speaker not in asking:
            continue
        for sentence in _touched(utterance, span):
            if is_question(sentence.text, english=english) or _ADDRESSED.search(sentence.text):
                noted.setdefault((utterance.id, sentence.text, topic), sentence)
    return tuple(
        InterviewingNote(
            id=f"protected{number}",
            text=_PROTECTED.format(topic=_TOPICS[topic]),
            evidence=(sentence.evidence(),),
            kind=NoteKind.PROTECTED_TOPIC,
            topic=topic,
        )
        for number, ((_, _, topic), sentence) in enumerate(noted.items(), start=1)
    )


def _interviewers(speakers: Iterable[Speaker]) -> frozenset[str]:
    return frozenset(s.id for s in speakers if s.role is SpeakerRole.INTERVIEWER)


def _leading(utterances: Sequence[Utterance], asking: frozenset[str]) -> Iterator[Sentence]:
    told: set[str] = set()
    for utterance in utterances:
        if utterance.speaker not in asking:
            told.update(content_stems(utterance.text))
            continue
        for sentence in sentences_of([utterance]):
            suggestion = suggests_its_answer(sentence.text)
            if suggestion is None or (suggestion.may_check and _repeats(sentence.text, told)):
                continue
            yield sentence


def _repeats(text: str, told: set[str]) -> bool:
    stems = set(content_stems(text))
    return bool(stems) and len(stems & told) >= _CHECKED_SHARE * len(stems)


def _touched(utterance: Utterance, span: Span) -> Iterator[Sentence]:
    for start, end in sentence_spans(utterance.text):
        if start < span.end and span.start < end:
            yield Sentence(utterance, utterance.text[start:end])
