"""No claim without evidence: every quote is looked up in the utterance that it names, said by whom it claims.

This runs on the result of every analyzer, the rule-based one included, so that what is stored never depends on
an analyzer being right about its own quotes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from app.models.analysis import (
    AnalysisDraft,
    Coverage,
    Evidence,
    KeyPhrase,
    QuestionAnswer,
    RelatedPassages,
)
from app.models.transcript import Utterance


def normalized(text: str) -> str:
    """Text for comparison: one Unicode form, one kind of white space; case and punctuation stay."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


class _Ledger:
    """Looks quotes up and counts what stood and what fell."""

    def __init__(self, utterances: Iterable[Utterance]) -> None:
        self._said = {u.id: (u.speaker, normalized(u.text)) for u in utterances}
        self.verified = 0
        self.rejected = 0

    def holds(self, evidence: Evidence, *, by: str | None = None) -> bool:
        """Whether the quote is in its utterance and, with `by`, in the words of that speaker."""
        quote = normalized(evidence.quote)
        speaker, text = self._said.get(evidence.utterance_id, (None, ""))
        found = bool(quote) and quote in text and by in {None, speaker}
        if found:
            self.verified += 1
        else:
            self.rejected += 1
        return found

    def keep(self, evidence: Iterable[Evidence], *, by: str | None = None) -> tuple[Evidence, ...]:
        return tuple(e for e in evidence if self.holds(e, by=by))


def verify(draft: AnalysisDraft, utterances: Iterable[Utterance]) -> AnalysisDraft:
    """The draft without the claims whose quote is not in the named utterance, and with its coverage."""
    ledger = _Ledger(utterances)
    answers = tuple(_answers(draft.question_answers, ledger))
    related = tuple(_related(row, ledger) for row in draft.related)
    phrases = tuple(_phrases(draft.key_phrases, ledger))
    coverage = Coverage(
        claims=ledger.verified + ledger.rejected, verified=ledger.verified, rejected=ledger.rejected
    )
    return draft.model_copy(
        update={
            "question_answers": answers,
            "related": related,
            "key_phrases": phrases,
            "coverage": coverage,
        }
    )


def _answers(pairs: Iterable[QuestionAnswer], ledger: _Ledger) -> Iterable[QuestionAnswer]:
    for pair in pairs:
        asked = ledger.holds(pair.question, by=pair.asker)
        answer = ledger.keep(pair.answer, by=pair.answerer)
        if asked:
            yield pair.model_copy(update={"answer": answer})


def _related(row: RelatedPassages, ledger: _Ledger) -> RelatedPassages:
    kept = tuple(p for p in row.passages if ledger.holds(p.evidence))
    return row.model_copy(update={"passages": kept})


def _phrases(phrases: Iterable[KeyPhrase], ledger: _Ledger) -> Iterable[KeyPhrase]:
    for phrase in phrases:
        kept = ledger.keep(phrase.evidence)
        if kept:
            yield phrase.model_copy(update={"evidence": kept})
