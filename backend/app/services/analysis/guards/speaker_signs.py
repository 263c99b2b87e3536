"""What in a talk tells an interviewer from a candidate: phrases, questions, and the template's questions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.models.template import TemplateVersion
from app.services.analysis.guards.candidate_phrases import CANDIDATE_CUES
from app.services.analysis.guards.interviewer_phrases import INTERVIEWER_CUES, QUESTION_ABOUT_DEEDS
from app.services.analysis.guards.speaker_cues import Cue, plain
from app.services.analysis.text.questions import is_question, question_answers
from app.services.analysis.text.turns import Sentence, Turn
from app.services.analysis.text.words import content_stems

_CUES: Final = (*INTERVIEWER_CUES, *CANDIDATE_CUES)
_ANY_CUE: Final = re.compile("|".join(cue.pattern.pattern for cue in _CUES))
_QUOTED: Final = 7
"""Words of a quote in a reason; a longer phrase is quoted whole."""
_TEMPLATE_QUOTED: Final = 20
_ANSWER: Final = 10
"""Words from which a reply answers a question, and does more than acknowledge it."""
_SHARE: Final = 2.0
"""Points for whoever asks all the questions, and against whoever answers all."""
_ENOUGH: Final = 8
"""Questions from which their share has its full weight."""
_DEEDS: Final = 1.0
_ENOUGH_DEEDS: Final = 6
_TEMPLATE: Final = 1.0
_TEMPLATE_MOST: Final = 5
_OVERLAP: Final = 0.5
_SHARED_STEMS: Final = 2


@dataclass(frozen=True, slots=True)
class Sign:
    """`points` above zero speak for an interviewer, below for a candidate. `says` continues `Speaker 1 …`."""

    speaker: str
    kind: str
    points: float
    at: float
    """Seconds from the beginning."""
    says: str


def clock(seconds: float) -> str:
    """Minutes and seconds, the minutes going on past the hour."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes:02d}:{rest:02d}"


def phrase_signs(sentences: Iterable[Sentence]) -> Iterator[Sign]:
    """Each place of a cue, until a speaker has as many of its kind as count."""
    counted: Counter[tuple[str, str]] = Counter()
    for sentence in sentences:
        text = plain(sentence.text)
        if not _ANY_CUE.search(text):
            continue
        for cue in _CUES:
            key = (sentence.utterance.speaker, cue.kind)
            if counted[key] < cue.most and (found := cue.pattern.search(text)):
                counted[key] += 1
                quote = _words_at(sentence.text, text, found.start(), found.end())
                yield _of_cue(cue, sentence, quote)


def _of_cue(cue: Cue, sentence: Sentence, quote: str) -> Sign:
    whose = "an interviewer" if cue.points > 0 else "a candidate"
    at = sentence.utterance.start
    says = f"says “{quote}” at {clock(at)}, as {whose} does"
    return Sign(sentence.utterance.speaker, cue.kind, cue.points, at, says)


def _words_at(text: str, folded: str, start: int, end: int) -> str:
    """The words of the source at a stretch of its plain form, and some after them."""
    first = len(folded[:start].split())
    if start and not folded[start - 1].isspace():
        first -= 1
    words = text.split()
    last = min(max(first + len(folded[start:end].split()), first + _QUOTED), len(words))
    return " ".join(words[first:last]).strip(' ,.;:!?“”"') + (" …" if last < len(words) else "")


def question_signs(turns: Sequence[Turn], asked: Sequence[Sentence], *, english: bool) -> Iterator[Sign]:
    """Who asks, who answers, and who is asked for what they did."""
    answers = {turn.utterances[0].id: turn for turn in turns}
    pairs = [
        p
        for p in question_answers(turns, english=english)
        if p.answer and answers[p.answer[0].utterance_id].words >= _ANSWER
    ]
    asking = Counter(p.asker for p in pairs)
    answering = Counter(p.answerer for p in pairs)
    weight = _SHARE * min(1.0, len(pairs) / _ENOUGH)
    for speaker in {turn.speaker: None for turn in turns} if pairs else ():
        asks, does_answer = asking[speaker], answering[speaker]
        verb, count = ("asks", asks) if asks >= does_answer else ("answers", does_answer)
        at = next(
            (p.question.start for p in pairs if speaker == (p.asker if verb == "asks" else p.answerer)), 0.0
        )
        says = f"{verb} {count} of the {len(pairs)} questions that get an answer, the first at {clock(at)}"
        yield Sign(speaker, "share of questions", weight * (asks - does_answer) / len(pairs), at, says)
    yield from _deeds(asked)


def _deeds(asked: Sequence[Sentence]) -> Iterator[Sign]:
    found = [s for s in asked if QUESTION_ABOUT_DEEDS.search(plain(s.text))]
    counted = Counter(s.utterance.speaker for s in found)
    weight = 2 * _DEEDS * min(1.0, len(found) / _ENOUGH_DEEDS)
    for speaker, count in counted.items():
        at = next(s.utterance.start for s in found if s.utterance.speaker == speaker)
        says = (
            f"asks {count} of the {len(found)} questions about what the other did or would do, "
            f"the first at {clock(at)}"
        )
        yield Sign(speaker, "questions about deeds", weight * count / len(found), at, says)


def questions_among(sentences: Iterable[Sentence], *, english: bool) -> list[Sentence]:
    return [s for s in sentences if is_question(s.text, english=english)]


def template_signs(asked: Sequence[Sentence], template: TemplateVersion | None) -> Iterator[Sign]:
    """Who asks what the template has: for each of its questions, the nearest question of the talk."""
    if template is None:
        return
    candidates = [(s, frozenset(content_stems(s.text))) for s in asked]
    counted: Counter[str] = Counter()
    for question in template.questions:
        wanted = frozenset(content_stems(question.text))
        best = max(candidates, key=lambda c: len(c[1] & wanted), default=None)
        if best is None:
            continue
        shared = len(best[1] & wanted)
        speaker = best[0].utterance.speaker
        if shared < max(_SHARED_STEMS, _OVERLAP * len(wanted)) or counted[speaker] >= _TEMPLATE_MOST:
            continue
        counted[speaker] += 1
        at = best[0].utterance.start
        says = f"asks a question of the template at {clock(at)}: “{_shortened(question.text)}”"
        yield Sign(speaker, "the template's questions", _TEMPLATE, at, says)


def _shortened(text: str) -> str:
    words = text.split()
    return " ".join(words[:_TEMPLATE_QUOTED]) + (" …" if len(words) > _TEMPLATE_QUOTED else "")
