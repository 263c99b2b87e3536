"""No claim without evidence: every quote is looked up in the utterance that it names, said by whom it claims.

This runs on the result of every analyzer, the rule-based one included, so that what is stored never depends on
an analyzer being right about its own quotes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

from app.models.analysis import (
    AnalysisDraft,
    Claim,
    CriterionAssessment,
    Evidence,
    Intent,
    KeyPhrase,
    QuestionAnswer,
    QuestionCoverage,
    RelatedPassages,
    Topic,
)
from app.models.transcript import Speaker, SpeakerRole, Utterance
from app.services.analysis.guards.wording import refused_wording
from app.services.analysis.quoting import normalized
from app.services.analysis.text.counting import count_words

C = TypeVar("C", bound=Claim)
T = TypeVar("T", Topic, Intent, KeyPhrase)

UNPROVEN: Final = "What was quoted for it is not in the transcript."
_FEWEST_WORDS: Final = 3


def says_something(quote: str) -> bool:
    """Whether a quote is long enough to prove anything: a word or two can be found in any transcript."""
    return count_words(quote) >= _FEWEST_WORDS


class _Ledger:
    """Looks quotes up and counts what stood and what fell."""

    def __init__(self, utterances: Iterable[Utterance], roles: Mapping[str, SpeakerRole]) -> None:
        self._said = {u.id: (u.speaker, normalized(u.text)) for u in utterances}
        self._roles = roles
        self.verified = 0
        self.rejected = 0
        self.refused_wording = 0

    def holds(self, evidence: Evidence, *, by: str | None = None, role: SpeakerRole | None = None) -> bool:
        """Whether the quote is in its utterance and was said by that speaker, or by one of that role."""
        quote = normalized(evidence.quote)
        speaker, text = self._said.get(evidence.utterance_id, (None, ""))
        found = bool(quote) and quote in text and by in {None, speaker}
        if role is not None:
            found = found and self._roles.get(speaker or "") is role
        if found:
            self.verified += 1
        else:
            self.rejected += 1
        return found

    def keep(
        self, evidence: Iterable[Evidence], *, by: str | None = None, role: SpeakerRole | None = None
    ) -> tuple[Evidence, ...]:
        return tuple(e for e in evidence if self.holds(e, by=by, role=role))

    def claims(
        self, claims: Iterable[C], role: SpeakerRole | None = None, *, worded: bool = False
    ) -> tuple[C, ...]:
        """Those that have evidence left and, unless that is known, are worded as a debrief may be."""
        kept = []
        for claim in claims:
            if not worded and self.refuses(claim.text, claim.evidence):
                continue
            evidence = self.keep(claim.evidence, role=role)
            if evidence:
                kept.append(claim.model_copy(update={"evidence": evidence}))
        return tuple(kept)

    def refuses(self, text: str, evidence: Sequence[Evidence]) -> bool:
        """Whether it is worded as no debrief may be; `evidence` is what it rests on."""
        said = [self._said.get(e.utterance_id, ("", ""))[1] for e in evidence]
        if not refused_wording(text, said):
            return False
        self.rejected += max(1, len(evidence))
        self.refused_wording += max(1, len(evidence))
        return True

    def named(self, found: Iterable[T]) -> tuple[T, ...]:
        kept = []
        for one in found:
            name = one.phrase if isinstance(one, KeyPhrase) else one.name
            # The baseline's phrases are the candidate's own words and no statement about anybody.
            if not isinstance(one, KeyPhrase) and self.refuses(name, one.evidence):
                continue
            evidence = self.keep(one.evidence)
            if evidence:
                kept.append(one.model_copy(update={"evidence": evidence}))
        return tuple(kept)


def verify(
    draft: AnalysisDraft, utterances: Iterable[Utterance], speakers: Iterable[Speaker] = ()
) -> AnalysisDraft:
    """The draft without the claims whose quote is not in the named utterance, and with its coverage.

    What the analyzer dropped itself is in the draft's coverage already and stays counted.
    """
    ledger = _Ledger(utterances, {s.id: s.role for s in speakers})
    candidate = SpeakerRole.CANDIDATE
    answers = tuple(_answers(draft.question_answers, ledger))
    kept = {
        "question_answers": answers,
        "template_coverage": _coverage(draft.template_coverage, answers),
        "summary": ledger.claims(draft.summary),
        "topics": ledger.named(draft.topics),
        "intents": ledger.named(draft.intents),
        "sentiments": _sentiments(draft, ledger),
        "strengths": ledger.claims(draft.strengths, candidate),
        "red_flags": ledger.claims(draft.red_flags, candidate),
        "criteria": tuple(_criterion(c, ledger) for c in draft.criteria),
        "facts": ledger.claims(draft.facts, candidate),
        # Worded by this program, not by a model: they have to name the protected topics.
        "interviewing": ledger.claims(draft.interviewing, worded=True),
        "related": tuple(_related(row, ledger) for row in draft.related),
        "key_phrases": ledger.named(draft.key_phrases),
    }
    rejected = ledger.rejected + draft.coverage.rejected
    coverage = draft.coverage.model_copy(
        update={
            "claims": ledger.verified + rejected,
            "verified": ledger.verified,
            "rejected": rejected,
            "refused_wording": draft.coverage.refused_wording + ledger.refused_wording,
        }
    )
    return draft.model_copy(update={**kept, "coverage": coverage})


def _answers(pairs: Iterable[QuestionAnswer], ledger: _Ledger) -> Iterable[QuestionAnswer]:
    for pair in pairs:
        asked = ledger.holds(pair.question, by=pair.asker)
        answer = ledger.keep(pair.answer, by=pair.answerer)
        if asked:
            yield pair.model_copy(update={"answer": answer})


def _coverage(
    rows: Iterable[QuestionCoverage], answers: Iterable[QuestionAnswer]
) -> tuple[QuestionCoverage, ...]:
    """Without the pairs that fell."""
    standing = {pair.id for pair in answers}
    return tuple(
        row.model_copy(
            update={"question_answer_ids": tuple(i for i in row.question_answer_ids if i in standing)}
        )
        for row in rows
    )


def _criterion(criterion: CriterionAssessment, ledger: _Ledger) -> CriterionAssessment:
    """No level without evidence by the candidate."""
    evidence = ledger.keep(criterion.evidence, role=SpeakerRole.CANDIDATE)
    worded = bool(criterion.rationale) and ledger.refuses(criterion.rationale, criterion.evidence)
    if criterion.level is None:
        rationale = "" if worded else criterion.rationale
        return criterion.model_copy(update={"evidence": evidence, "rationale": rationale})
    if evidence and not worded:
        return criterion.model_copy(update={"evidence": evidence})
    reason = criterion.reason or UNPROVEN
    return criterion.model_copy(
        update={"evidence": evidence, "level": None, "rationale": "", "reason": reason}
    )


def _sentiments(draft: AnalysisDraft, ledger: _Ledger) -> object:
    if draft.sentiments is None:
        return None
    return tuple(
        s
        for s in draft.sentiments
        if not (s.topic and ledger.refuses(s.topic, (s.evidence,))) and ledger.holds(s.evidence)
    )


def _related(row: RelatedPassages, ledger: _Ledger) -> RelatedPassages:
    kept = tuple(p for p in row.passages if ledger.holds(p.evidence))
    return row.model_copy(update={"passages": kept})
