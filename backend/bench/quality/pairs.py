"""Question-answer pairs and template questions against their labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.models.analysis import AnalysisDraft, Asked, QuestionAnswer
from bench.quality.figures import Figure, Share
from bench.quality.gold import Gold, Pair
from bench.quality.interview import LabelledInterview

Matches = dict[int, Pair]
"""By position in the draft's pairs."""


def pair_shares(interview: LabelledInterview, gold: Gold, draft: AnalysisDraft) -> dict[Figure, Share]:
    matched = match_pairs(interview, gold.pairs, draft.question_answers)
    wanted = [p for p in gold.pairs if not p.minor]
    found = {p.question for p in matched.values()}
    shares = {
        Figure.QA_PRECISION: Share(len(matched), len(draft.question_answers)),
        Figure.QA_RECALL: Share.counted(p.question in found for p in wanted),
    }
    states = list(_template_states(gold, draft, matched))
    shares[Figure.TEMPLATE_RIGHT] = Share(states.count(True), len(states))
    shares[Figure.TEMPLATE_WRONG] = Share(states.count(False), len(states))
    if draft.related:
        shares[Figure.RELATED_FOUND] = Share.counted(_related(interview, gold, draft))
    return shares


def match_pairs(
    interview: LabelledInterview, gold: Sequence[Pair], drafted: Sequence[QuestionAnswer]
) -> Matches:
    """Each labelled pair at most once, those with the very question first.

    A question in the line next to the labelled one matches as well when the same person says it: where a question
    begins is a matter of taste. The answers must share a line, when both have any.
    """
    matched: Matches = {}
    for near in (False, True):
        taken = {p.question for p in matched.values()}
        for position, pair in enumerate(drafted):
            if position in matched:
                continue
            for label in gold:
                if label.question not in taken and _same(interview, label, pair, near=near):
                    matched[position] = label
                    taken.add(label.question)
                    break
    return matched


def _same(interview: LabelledInterview, label: Pair, pair: QuestionAnswer, *, near: bool) -> bool:
    asked = pair.question.utterance_id
    if asked != label.question and not (near and asked in _neighbours(interview, label.question)):
        return False
    labelled, given = interview.ids(label.answer), {e.utterance_id for e in pair.answer}
    return not labelled or bool(labelled & given)


def _neighbours(interview: LabelledInterview, utterance_id: str) -> set[str]:
    """The lines before and after, of the same speaker."""
    order = interview.utterances
    at = next(n for n, u in enumerate(order) if u.id == utterance_id)
    return {u.id for u in order[max(0, at - 1) : at + 2] if u.speaker == order[at].speaker}


def _template_states(gold: Gold, draft: AnalysisDraft, matched: Matches) -> Iterator[bool | None]:
    """For each template question: placed right, placed wrong, or None: the engine does not say."""
    ids = {pair.id: n for n, pair in enumerate(draft.question_answers)}
    rows = {row.question_id: row for row in draft.template_coverage}
    for question in gold.template.questions:
        row = rows.get(question.id)
        own = {n for n, p in enumerate(draft.question_answers) if p.template_question_id == question.id}
        named = own | {ids[i] for i in (row.question_answer_ids if row else ()) if i in ids}
        if named or (row is not None and row.state is Asked.ASKED):
            yield any(n in matched and matched[n].template == question.id for n in named)
        elif row is not None and row.state is Asked.NOT_ASKED:
            yield question.id in gold.template.not_asked
        else:
            yield None


def _related(interview: LabelledInterview, gold: Gold, draft: AnalysisDraft) -> Iterator[bool]:
    passages = {r.question_id: {p.evidence.utterance_id for p in r.passages} for r in draft.related}
    for question in gold.template.questions:
        if question.id not in gold.template.not_asked:
            places = {
                i
                for p in gold.pairs
                if p.template == question.id
                for i in interview.ids((p.question, *p.answer))
            }
            yield bool(places & passages.get(question.id, set()))
