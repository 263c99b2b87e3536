"""An invented interview with its labels, checked: what a label points at is there."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from app.models.analysis import AnalysisOptions
from app.models.interview import Participant
from app.models.template import Criterion, Level, TemplateQuestion, TemplateVersion
from app.models.transcript import Engine, EngineKind, Speaker, SpeakerRole, TranscriptDraft, Utterance
from app.services.analysis.base import AnalysisInput
from bench.quality.gold import (
    AGAINST,
    FOR,
    Fact,
    FlagPoint,
    Gold,
    InterviewerNote,
    KeyPoint,
    MustNot,
    Places,
    TopicLabel,
    Trap,
)
from bench.quality.script import BadScript, utterances_of

FOLDER: Final = Path(__file__).parent / "interviews"
_SCRIPT: Final = Engine(name="script", version="1", kind=EngineKind.IMPORTED, label="An invented interview.")
_WRITTEN: Final = datetime(2026, 1, 1, tzinfo=UTC)


class BadInterview(Exception):
    """Script and labels do not fit together. The message has one line for each problem."""

    def __init__(self, name: str, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{name}:\n" + "\n".join(f"  - {p}" for p in self.problems))


@dataclass(frozen=True)
class LabelledInterview:
    name: str
    utterances: tuple[Utterance, ...]
    gold: Gold

    @property
    def minutes(self) -> float:
        return self.utterances[-1].end / 60

    @property
    def words(self) -> int:
        return sum(len(u.text.split()) for u in self.utterances)

    def utterance(self, utterance_id: str) -> Utterance | None:
        return next((u for u in self.utterances if u.id == utterance_id), None)

    def role(self, utterance_id: str) -> SpeakerRole | None:
        """Of who says it, in truth."""
        found = self.utterance(utterance_id)
        return self.gold.speakers[found.speaker].role if found else None

    def ids(self, places: Places) -> frozenset[str]:
        """The utterances that places name, ranges expanded."""
        return frozenset(i for place in places for i in self._expanded(place))

    def _expanded(self, place: str) -> Iterator[str]:
        first, _, last = place.partition("-")
        order = [u.id for u in self.utterances]
        begin = order.index(first)
        end = order.index(last) if last else begin
        if end < begin:
            raise ValueError(place)
        speaker = self.utterances[begin].speaker
        yield from (u.id for u in self.utterances[begin : end + 1] if u.speaker == speaker)

    def request(self) -> AnalysisInput:
        """What an analyzer gets: never a label."""
        gold = self.gold
        return AnalysisInput(
            transcript=TranscriptDraft(
                engine=_SCRIPT,
                language=gold.language,
                duration=self.utterances[-1].end,
                speakers=tuple(
                    Speaker(
                        id=key, label=f"Speaker {key}", name=p.name, role=p.shown_role, role_confidence=0.95
                    )
                    for key, p in gold.speakers.items()
                ),
                utterances=self.utterances,
            ),
            template=TemplateVersion(
                version=1,
                name=gold.template.name,
                questions=tuple(TemplateQuestion(**q.model_dump()) for q in gold.template.questions),
                criteria=tuple(Criterion(**c.model_dump()) for c in gold.template.criteria),
                created_at=_WRITTEN,
            ),
            people=tuple(
                Participant(name=p.name, email=p.email, role=p.shown_role) for p in gold.speakers.values()
            ),
            options=AnalysisOptions(),
        )


def load(name: str, folder: Path = FOLDER) -> LabelledInterview:
    """One interview by name. Raises `BadInterview` with everything that is wrong."""
    try:
        utterances = utterances_of((folder / f"{name}.txt").read_text(encoding="utf-8"))
        gold = Gold.model_validate(tomllib.loads((folder / f"{name}.gold.toml").read_text(encoding="utf-8")))
    except (BadScript, tomllib.TOMLDecodeError, OSError) as error:
        raise BadInterview(name, [str(error)]) from error
    except ValidationError as error:
        raise BadInterview(
            name, (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        ) from error
    interview = LabelledInterview(name, utterances, gold)
    if problems := _problems(interview):
        raise BadInterview(name, problems)
    return interview


def names(folder: Path = FOLDER) -> list[str]:
    """All interviews of the folder, in order."""
    return sorted(path.stem for path in folder.glob("*.txt"))


def _problems(interview: LabelledInterview) -> list[str]:
    if people := list(_people(interview)):
        return people
    problems = [*_bad_places(interview)]
    if not problems:
        problems = [*_who_says_it(interview), *_quotes(interview), *_both(interview)]
    return [*problems, *_template(interview)]


def _people(interview: LabelledInterview) -> Iterator[str]:
    speaking = {u.speaker for u in interview.utterances}
    for key in sorted(speaking ^ set(interview.gold.speakers)):
        yield f"speaker {key} is only in one of script and labels"
    roles = [p.role for p in interview.gold.speakers.values()]
    if roles.count(SpeakerRole.CANDIDATE) != 1 or SpeakerRole.INTERVIEWER not in roles:
        yield "there must be one candidate and at least one interviewer"


def _bad_places(interview: LabelledInterview) -> Iterator[str]:
    for where, places in all_places(interview.gold):
        for place in places:
            try:
                interview.ids((place,))
            except ValueError:
                yield f"{where}: there is no {place}"


def all_places(gold: Gold) -> Iterator[tuple[str, Places]]:
    """Every place that the labels name, with the label it belongs to."""
    for n, pair in enumerate(gold.pairs, start=1):
        yield f"pair {n}", (pair.question, *pair.answer)
    for criterion in gold.criteria:
        yield f"criterion {criterion.id}", criterion.evidence
    kinds: tuple[tuple[str, tuple[KeyPoint | Fact | TopicLabel | InterviewerNote | Trap, ...]], ...] = (
        ("strength", gold.strengths),
        ("red flag", gold.red_flags),
        ("fact", gold.facts),
        ("topic", gold.topics),
        ("note", gold.notes),
        ("trap", gold.traps),
    )
    for kind, labels in kinds:
        yield from ((f"{kind} {n}", label.utterances) for n, label in enumerate(labels, start=1))


def _template(interview: LabelledInterview) -> Iterator[str]:
    template = interview.gold.template
    questions = [q.id for q in template.questions]
    criteria = [c.id for c in template.criteria]
    for ids in (questions, criteria):
        yield from (f"{i} is in the template twice" for i in sorted({i for i in ids if ids.count(i) > 1}))
    asked = {p.template for p in interview.gold.pairs if p.template is not None}
    not_asked = set(template.not_asked)
    yield from (f"{i} is no question of the template" for i in sorted((asked | not_asked) - set(questions)))
    yield from (f"{i} is asked and not asked" for i in sorted(asked & not_asked))
    yield from (f"{i} is neither asked nor not asked" for i in questions if i not in asked | not_asked)
    if sorted(c.id for c in interview.gold.criteria) != sorted(criteria):
        yield "the labelled criteria are not those of the template"


def _who_says_it(interview: LabelledInterview) -> Iterator[str]:
    gold = interview.gold
    for n, pair in enumerate(gold.pairs, start=1):
        asking = interview.utterance(pair.question)
        if "-" in pair.question or asking is None:
            yield f"pair {n}: the question is one utterance"
        elif any(
            u.speaker == asking.speaker for u in interview.utterances if u.id in interview.ids(pair.answer)
        ):
            yield f"pair {n}: somebody answers their own question"
    questions = [p.question for p in gold.pairs]
    yield from (f"{q} asks in two pairs" for q in sorted({q for q in questions if questions.count(q) > 1}))
    said_by_candidate = [
        *((f"criterion {c.id}", c.evidence) for c in gold.criteria),
        *((f"strength {s.text!r}", s.utterances) for s in gold.strengths),
        *((f"red flag {f.text!r}", f.utterances) for f in gold.red_flags),
        *((f"fact {f.kind}", f.utterances) for f in gold.facts),
    ]
    for where, places in said_by_candidate:
        for i in sorted(interview.ids(places)):
            if interview.role(i) is not SpeakerRole.CANDIDATE:
                yield f"{where}: {i} is not said by the candidate"


def _quotes(interview: LabelledInterview) -> Iterator[str]:
    for n, trap in enumerate(interview.gold.traps, start=1):
        said = [u.text for u in interview.utterances if u.id in interview.ids(trap.utterances)]
        if trap.quote is not None and not any(trap.quote in text for text in said):
            yield f"trap {n}: the quote is not in {trap.utterances[0]}"
    for fact in interview.gold.facts:
        said = [u.text.lower() for u in interview.utterances if u.id in interview.ids(fact.utterances)]
        if not any(wording.lower() in text for wording in fact.says for text in said):
            yield f"fact {fact.kind}: none of its wordings is said there"


def _both(interview: LabelledInterview) -> Iterator[str]:
    """Whole lines that are evidence for a claim and a trap for the same claim: nobody could get that right.

    Where nobody is to be assessed, the labels of the assessment only tell what it would have been.
    """
    gold = interview.gold
    if not gold.expected.assessed:
        return
    for n, trap in enumerate(gold.traps, start=1):
        if trap.quote is not None:
            continue
        points: list[KeyPoint | FlagPoint] = []
        levels: set[Level] = set()
        if MustNot.COUNT_FOR in trap.must_not:
            points += gold.strengths
            levels |= FOR
        if MustNot.COUNT_AGAINST in trap.must_not:
            points += gold.red_flags
            levels |= AGAINST
        places = [p.utterances for p in points] + [
            c.evidence for c in gold.criteria if c.levels and levels >= set(c.levels)
        ]
        lines = interview.ids(trap.utterances) & {i for p in places for i in interview.ids(p)}
        yield from (f"trap {n}: {i} is evidence as well" for i in sorted(lines))
