"""The findings of all parts as one debrief. Only what was verified comes in; nothing is written anew."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from app.models.analysis import (
    Asked,
    Claim,
    Evidence,
    Intent,
    PracticalFact,
    QuestionAnswer,
    QuestionCoverage,
    RedFlag,
    Severity,
    StatementSentiment,
    Topic,
)
from app.models.template import TemplateVersion
from app.models.transcript import Utterance
from app.services.analysis.llm.claims import Checked, Kind
from app.services.analysis.llm.labels import Labels
from app.services.analysis.llm.sheet import Sheet
from app.services.analysis.llm.spread import spread
from app.services.analysis.llm.wire import (
    FoundEvidence,
    FoundFact,
    FoundFlag,
    FoundQuestion,
    FoundSentiment,
)

T = TypeVar("T", Topic, Intent)

MOST_POINTS: Final = 12
MOST_STRENGTHS: Final = 8
MOST_FLAGS: Final = 8
MOST_TOPICS: Final = 12
MOST_INTENTS: Final = 16
MOST_SENTIMENTS: Final = 20
_PLACES: Final = 5
_SAME: Final = 0.6
"""Share of common words from which two claims say the same."""
_SEVERITY: Final = [Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW]
_WORD: Final = re.compile(r"\w+")


class Merged:
    """The verified claims of an interview, each list in the order in which it is shown."""

    def __init__(
        self,
        claims: Iterable[Checked],
        sheet: Sheet,
        template: TemplateVersion | None,
        utterances: Sequence[Utterance],
    ) -> None:
        self._sheet = sheet
        self._labels = Labels.of(template)
        self._template = template
        self._speakers = {u.id: u.speaker for u in utterances}
        self._order = {u.id: number for number, u in enumerate(utterances)}
        self._by_kind: dict[Kind, list[Checked]] = defaultdict(list)
        for claim in claims:
            if claim.stands:
                self._by_kind[claim.found.kind].append(claim)
        for listed in self._by_kind.values():
            listed.sort(key=lambda claim: self._order[claim.verified[0].utterance_id])

    @property
    def summary(self) -> tuple[Claim, ...]:
        return tuple(spread(self._claims(Kind.SUMMARY, "p"), MOST_POINTS))

    @property
    def strengths(self) -> tuple[Claim, ...]:
        return tuple(_best(self._claims(Kind.STRENGTH, "s"), MOST_STRENGTHS))

    @property
    def red_flags(self) -> tuple[RedFlag, ...]:
        """The gravest first."""
        flags: list[RedFlag] = []
        for claim in self._distinct(Kind.RED_FLAG):
            source = claim.found.source
            assert isinstance(source, FoundFlag)  # noqa: S101 - of this kind only
            flags.append(
                RedFlag(
                    id=f"f{len(flags) + 1}",
                    text=self._text(claim),
                    evidence=claim.verified,
                    type=source.type,
                    severity=source.severity,
                )
            )
        return tuple(sorted(flags, key=lambda flag: _SEVERITY.index(flag.severity))[:MOST_FLAGS])

    @property
    def facts(self) -> tuple[PracticalFact, ...]:
        facts: dict[tuple[str, str], PracticalFact] = {}
        for claim in self._by_kind[Kind.FACT]:
            source = claim.found.source
            assert isinstance(source, FoundFact)  # noqa: S101 - of this kind only
            text = self._text(claim)
            key = (source.kind.value, text.casefold())
            if key not in facts:
                facts[key] = PracticalFact(
                    id=f"d{len(facts) + 1}", text=text, evidence=claim.verified, kind=source.kind
                )
        return tuple(facts.values())

    @property
    def topics(self) -> tuple[Topic, ...]:
        return self._named(Kind.TOPIC, Topic, MOST_TOPICS)

    @property
    def intents(self) -> tuple[Intent, ...]:
        return self._named(Kind.INTENT, Intent, MOST_INTENTS)

    @property
    def sentiments(self) -> tuple[StatementSentiment, ...]:
        found = []
        for claim in self._by_kind[Kind.SENTIMENT]:
            source = claim.found.source
            assert isinstance(source, FoundSentiment)  # noqa: S101 - of this kind only
            found.append(
                StatementSentiment(
                    polarity=source.polarity, topic=self._text(claim), evidence=claim.verified[0]
                )
            )
        return tuple(spread(found, MOST_SENTIMENTS))

    @property
    def question_answers(self) -> tuple[QuestionAnswer, ...]:
        pairs: dict[tuple[str, str], QuestionAnswer] = {}
        for claim in self._by_kind[Kind.QUESTION]:
            source, question = claim.found.source, claim.evidence[0]
            assert isinstance(source, FoundQuestion) and question is not None  # noqa: S101 - it stands
            key = (question.utterance_id, question.quote)
            if key in pairs:
                continue
            answer = self._of_one_speaker(tuple(e for e in claim.evidence[1:] if e is not None))
            pairs[key] = QuestionAnswer(
                id=f"q{len(pairs) + 1}",
                asker=self._speakers[question.utterance_id],
                answerer=self._speakers[answer[0].utterance_id] if answer else None,
                question=question,
                answer=answer,
                template_question_id=self._labels.question(source.template_question),
            )
        return tuple(pairs.values())

    def coverage_of(self, pairs: Sequence[QuestionAnswer]) -> tuple[QuestionCoverage, ...]:
        """Which of the template's questions were asked, by these pairs."""
        rows = []
        for question in self._template.questions if self._template else ():
            ids = tuple(pair.id for pair in pairs if pair.template_question_id == question.id)
            rows.append(
                QuestionCoverage(
                    question_id=question.id,
                    question=question.text,
                    required=question.required,
                    state=Asked.ASKED if ids else Asked.NOT_ASKED,
                    question_answer_ids=ids,
                )
            )
        return tuple(rows)

    @property
    def evidence(self) -> dict[str, list[Evidence]]:
        """The candidate's statements for each criterion, by its id."""
        found: dict[str, list[Evidence]] = defaultdict(list)
        for claim in self._by_kind[Kind.EVIDENCE]:
            source = claim.found.source
            assert isinstance(source, FoundEvidence)  # noqa: S101 - of this kind only
            criterion = self._labels.criterion(source.criterion)
            if criterion is not None:
                found[criterion] += claim.verified
        return found

    def _of_one_speaker(self, answer: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        """An answer is one person's; what others throw in is left out."""
        speakers = [self._speakers[e.utterance_id] for e in answer]
        return tuple(e for e, s in zip(answer, speakers, strict=True) if s == speakers[0])

    def _claims(self, kind: Kind, letter: str) -> list[Claim]:
        return [
            Claim(id=f"{letter}{n}", text=self._text(claim), evidence=claim.verified)
            for n, claim in enumerate(self._distinct(kind), start=1)
        ]

    def _distinct(self, kind: Kind) -> list[Checked]:
        """Of claims that say the same, or rest on the same words alone, the first."""
        kept: list[Checked] = []
        for claim in self._by_kind[kind]:
            if not any(_say_the_same(claim, other) for other in kept):
                kept.append(claim)
        return kept

    def _named(self, kind: Kind, model: type[T], most: int) -> tuple[T, ...]:
        """One for each name, with its places; those that came up most often."""
        names: dict[str, str] = {}
        places: dict[str, list[Evidence]] = defaultdict(list)
        for claim in self._by_kind[kind]:
            name = self._text(claim)
            key = name.casefold()
            names.setdefault(key, name)
            places[key] += [e for e in claim.verified if e not in places[key]]
        often = sorted(names, key=lambda key: -len(places[key]))[:most]
        shown = [key for key in names if key in often]
        return tuple(model(name=names[key], evidence=tuple(places[key][:_PLACES])) for key in shown)

    def _text(self, claim: Checked) -> str:
        return self._sheet.pseudonyms.reveal(claim.found.text.strip())


def _say_the_same(one: Checked, other: Checked) -> bool:
    if set(one.verified) == set(other.verified):
        return True
    words = {word.casefold() for word in _WORD.findall(one.found.text)}
    others = {word.casefold() for word in _WORD.findall(other.found.text)}
    together = words | others
    return bool(together) and len(words & others) / len(together) >= _SAME


def _best(claims: Sequence[Claim], most: int) -> list[Claim]:
    """Those with most evidence, in the order of the talk."""
    kept = sorted(claims, key=lambda claim: -len(claim.evidence))[:most]
    return [claim for claim in claims if claim in kept]
