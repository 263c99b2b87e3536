"""Questions and their answers, by rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from app.models.analysis import QuestionAnswer
from app.services.analysis.text.turns import Sentence, Turn, evidence, sentences_of

_LOOKED_AT: Final = 2
"""A question is asked at the end of a turn: in its last sentences."""
_LONG_TURN: Final = 60
"""Words from which a question must be the very last sentence: in a long answer, questions are rhetorical."""
_SHORTEST_ANSWER: Final = 2

_LEAD_IN: Final = re.compile(
    r"^(?:(?:and|so|well|okay|ok|great|perfect|right|now|then|but|yes|yeah|sure|thanks|to start|first|finally|"
    r"next|also|maybe|please|alright|good)\b[\s,]*)+",
    re.IGNORECASE,
)
_QUESTION: Final = re.compile(
    r"^(?:what|how|why|whose|whom)\b(?!\s+(?:a|an)\b)"
    # These four open as many clauses (`when the deadline is close`) as questions: a verb has to follow.
    r"|^(?:when|where|who|which(?:\s+\w+){0,2})\s+"
    r"(?:is|are|was|were|do|does|did|will|would|can|could|should|have|has|had)\b"
    r"|^(?:could|can|would|will|do|does|did|are|is|was|were|have|has|had|should|may|might)\s+"
    r"(?:you|we|i|it|they|there|that|this|he|she|your|the|anyone|anything|any)\b",
    re.IGNORECASE,
)
_REQUEST: Final = re.compile(
    r"^(?:tell (?:me|us)|describe|walk (?:me|us)|talk (?:me|us)|explain|give (?:me|us)|share|name (?:a|one|some)|"
    r"introduce yourself|take (?:me|us) through|let'?s talk about|"
    r"i(?:'d| would) (?:like|love) to (?:hear|know|understand)|help me understand|imagine|suppose)\b",
    re.IGNORECASE,
)
_MARKS: Final = ("?", "？", "؟")


def question_answers(turns: Sequence[Turn], *, english: bool) -> tuple[QuestionAnswer, ...]:
    """Each turn that ends in a question, paired with the next turn of somebody else."""
    pairs: list[QuestionAnswer] = []
    for asking, answering in pairwise(turns):
        asked = _question_of(asking, english=english)
        if asked is not None and answering.words >= _SHORTEST_ANSWER:
            pairs.append(
                QuestionAnswer(
                    id=f"q{len(pairs) + 1}",
                    asker=asking.speaker,
                    answerer=answering.speaker,
                    question=asked.evidence(),
                    answer=tuple(evidence(u) for u in answering.utterances),
                )
            )
    return tuple(pairs)


def is_question(text: str, *, english: bool) -> bool:
    """Whether a sentence asks for something. Without English rules, only a question mark tells."""
    if text.rstrip("\"'”’)] ").endswith(_MARKS):
        return True
    if not english:
        return False
    core = _LEAD_IN.sub("", text.strip())
    if _REQUEST.match(core):
        return True
    # A full stop is the transcriber's word that it is none; unpunctuated text leaves it to the words.
    return not text.rstrip().endswith((".", "!", "…")) and bool(_QUESTION.match(core))


def _question_of(turn: Turn, *, english: bool) -> Sentence | None:
    sentences = list(sentences_of(turn.utterances))
    looked_at = 1 if turn.words > _LONG_TURN else _LOOKED_AT
    for sentence in reversed(sentences[-looked_at:]):
        if is_question(sentence.text, english=english):
            return sentence
    return None
