"""What practical fact an English question asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from app.models.analysis import FactKind
from app.services.analysis.text.figures import BARE_SUM, DATE, DAY, DURATION, MONEY, PLACE, straightened
from app.services.analysis.text.questions import is_question

_HEADING: Final = 4
"""Words of a sentence that may be no more than the heading of the next one (`And money. What are you after?`)."""


def _rule(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_LEAD_IN: Final = r"^\W*(?:(?:and|so|okay|ok|right|now|then|what about|how about|your|the)\b\W*)*+"
"""Before a question of one word (`And notice?`)."""

_NOTICE: Final = _rule(
    r"(?<!our )(?<!their )(?<!his )(?<!her )(?<!to your )\bnotice period\b(?!\s+(?:for|of|with|from) (?!you\b))|"
    r"(?<!to )\byour (?:\w+ )?notice\b|"
    r"\b(?:how much|how long(?: of)? an?|what(?:'s| is| are)?(?: your)?) notice\b|"
    r"\bhow (?:much|long) (?:do|would) you (?:have|need) to give\b|\bnotice (?:are|do|would) you\b|"
    r"\byou(?:'re| are) on\b[^?.]{0,30}\bnotice\b|\b(?:is there|do you have|have you got) (?:an?|any) notice\b|"
    rf"{_LEAD_IN}notice(?:[\s-]wise)?\W*$|"
    r"\b(?:how soon|how quickly|when) (?:can|could) you (?:leave|get away|get out)\b"
)
_BE_THERE: Final = (
    r"(?:start|join|begin|get (?:going|started)|be (?:here|with us|available|on board)|"
    r"come (?:over|on board|aboard)|available)\b"
)
_NO_TASK: Final = (
    r"(?!\s+(?:to\b|for (?:an?|the|another)\b|the (?!job|role|position)|an?\b|with (?!us\b)|by\b|"
    r"(?!working\b)\w+ing\b))"
)
_START: Final = _rule(
    r"\b(?:when|how soon|how quickly|how early|what date|from when)\b[^?.]{0,30}?"
    rf"\b(?:can|could|would|will|are|might) you\b[^?.]{{0,30}}?\b{_BE_THERE}{_NO_TASK}|"
    rf"\byou(?:'d|'ll| would| will| could| can) (?:be able to )?{_BE_THERE}(?:\s+\w+){{0,3}}?\s+(?:when\b|{DATE}|{DAY})|"
    rf"\b(?:could|can|would|will) you (?:be able to )?{_BE_THERE}(?:\s+\w+){{0,3}}?\s+(?:{DATE}|{DAY})|"
    rf"\bstart(?:ing)? date\b|\byour availability\b|{_LEAD_IN}availability\W*$|\bearliest (?:date )?you (?:can|could)\b"
)
_LOCATION: Final = _rule(
    r"\bwhere(?:abouts)?\b[^?.]{0,20}?\b(?:are|do|would) you\b[^?.]{0,20}?\b(?:based|live(?! in)|living|located|"
    r"(?:calling|joining|working|coming|commuting|travell?ing|dialling)(?: us| in)? from)\b|"
    r"\bwhere(?:abouts)?(?:\s+\w+){0,3} are you(?: now| at the moment| these days| today| currently)?\s*(?:[?,.]|$)|"
    r"\b(?:which|what) (?:city|town|country|area|part)\b[^?.]{0,25}\byou (?:in|based|live|living)\b|"
    r"\b(?:what is|what's) your (?:current )?location\s*(?:[?,.]|$|(?:at|right|now)\b)|"
    r"\bwhere(?:'s| is) home\b|\bwhere do you call home\b|\bfrom where you (?:are|live)\b|"
    rf"{_LEAD_IN}location\W*$"
)
_MONEY: Final = (
    r"\b(?:salar(?:y|ies)|money|pay|compensation|package|base|remuneration|rate|wages?|income)\b"
    r"(?!\s+(?:manag|limit|class|system|image|roll|rise))"
)
_WISHING: Final = (
    r"(?:\b(?:are|were|would|do|had) you\b[^?.]{0,25}?\b(?:expect\w*|look\w*|hop(?:e|ing)|after|want\w*|like|need|"
    r"aim\w*|think\w*|ask\w*|have in mind)\b|\bin mind\b|\bwould it take\b|\byour (?:expectations?|number|figure)\b)"
)
_SALARY: Final = _rule(
    r"\b(?:salary|pay|compensation|financial|money|package) (?:expectations?|requirements?|wish(?:es)?)\b|"
    r"\b(?:would|do) you (?:like|want|expect|need|hope) to (?:be paid|earn|be on)\b|"
    r"\b(?:number|figure|range|amount)\b[^?.]{0,20}\bin mind\b|"
    r"\bwhat (?:kind|sort) of (?:money|salary|figure|pay)\b|\bwhat rate do you\b|"
    r"\b(?:expected|desired|target) (?:salary|pay|compensation|income|rate)\b|"
    rf"{_MONEY}[^?]*{_WISHING}|{_WISHING}[^?]*{_MONEY}|"
    r"\bhow much (?:would|are|were|do) you\b[^?.]{0,20}?\b(?:like|want|expect\w*|look\w*|hop(?:e|ing)|need)\b|"
    r"\bwhat (?:number|range|figure|package|amount|sum) (?:do|would|are|were|did|had) you\b|"
    rf"\byour (?:hourly|daily|day) rate\b|{_LEAD_IN}(?:salary|money|pay|compensation)(?:[\s-]wise)?\W*$"
)
_NOTICE_THEN: Final = _rule(r"\b(?:did (?!you say)|was (?!.*\bagain\b)|were|you left)\b")
_EARNING_NOW: Final = _rule(
    r"\b(?:current(?:ly)?|present(?:ly)?|at the moment|right now|last|previous)\b(?! (?:looking|expect|thinking))|"
    r"\bexpect(?:ed)? to (?:see|find|save|spend|reach|hit|get)\b"
)
ASKED: Final = {
    FactKind.NOTICE_PERIOD: _NOTICE,
    FactKind.START_DATE: _START,
    FactKind.LOCATION: _LOCATION,
    FactKind.SALARY_EXPECTATION: _SALARY,
}
_NOT_THAT: Final = {FactKind.NOTICE_PERIOD: _NOTICE_THEN, FactKind.SALARY_EXPECTATION: _EARNING_NOW}
"""The same words about the past, or about what is paid now."""
_PLACE_RAISED: Final = _rule(
    r"\b(?:offices?|commut\w+|on[\s-]?site|remote(?:ly)?|from home|where you (?:are|live)|how far|relocat\w+|"
    r"you(?:'re| are) (?:\w+ )?(?:up|down|over|out|around here|based|local)|"
    rf"(?:you(?:'re| are)|are you)(?: (?:still|currently|now|based|living)){{0,2}} in {PLACE})\b"
)
_ORIGIN: Final = _rule(
    r"\boriginally\b|\bwhere are you (?:really |actually )?from\b|\bnationality\b|\bborn\b|\bgr[eo]w up\b|"
    r"\bwhere(?:'s| is) (?:that|your|the)(?: \w+)? from\b|\byour (?:accent|background|roots)\b"
)
_LONGEST_CLARIFYING: Final = 5
_CLARIFYING: Final = _rule(
    rf"{DURATION}|{DATE}|{MONEY}|{BARE_SUM}|\b(?:sure|right|correct|really|certain|pardon)\b"
)
"""In a short question that only asks whether it was heard right (`Four weeks?`)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the other side's turn asks for."""

    anything: bool = False
    kinds: frozenset[FactKind] = frozenset()
    about_place: bool = False
    """Whether the turn speaks of where the candidate or the work is."""
    about_origin: bool = False
    """Where somebody comes from is not where they live, and not to be asked."""
    clarifies: bool = False
    """Whether its questions may all be about the last answer."""


def asked_in(sentences: Sequence[str]) -> Asked:
    """`sentences` are those of one turn, in order."""
    readable = [straightened(s) for s in sentences]
    questions = list(_questions(readable))
    return Asked(
        anything=bool(questions),
        kinds=frozenset(kind for question in questions for kind in _kinds(question)),
        about_place=any(_PLACE_RAISED.search(s) for s in readable),
        about_origin=any(_ORIGIN.search(s) for s in readable),
        clarifies=all(_is_clarifying(q) for q in questions),
    )


def _questions(sentences: Sequence[str]) -> Iterator[str]:
    for before, sentence in pairwise(["", *sentences]):
        if is_question(sentence, english=True):
            yield sentence
            if before and len(before.split()) <= _HEADING:
                yield f"{before} {sentence}"


def _kinds(question: str) -> Iterable[FactKind]:
    for kind, rule in ASKED.items():
        other = _NOT_THAT.get(kind)
        if rule.search(question) and not (other and other.search(question)):
            yield kind


def _is_clarifying(question: str) -> bool:
    return len(question.split()) <= _LONGEST_CLARIFYING and _CLARIFYING.search(question) is not None
