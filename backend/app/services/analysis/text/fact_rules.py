"""Sentences that say by themselves that they state a practical fact, in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.models.analysis import FactKind
from app.services.analysis.text.figures import DATE, DURATION, LOWER_PLACE, MONEY, PLACE


def _rule(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_NOTICE_IS: Final = _rule(
    r"\b(?:my\s+(?:\w+\s+){0,2}?notice(?:\s+period)?|the notice period (?:I have|I've got|in my contract))\s*"
    rf"(?:is|'s|would be|will be)\s+(?:\w+\s+){{0,3}}?(?P<fact>{DURATION})"
)
_NOT_TO_OTHERS: Final = r"(?!(?:landlord|landlady|tenants?|customers?|clients?|team|people|him|her)\b)"
_WITH_NOTICE: Final = _rule(
    r"\b(?:I(?:'m on|'ve got|'d need|'d have|'ll need|'ll have| am on| have| need| must| would need| would have)|"
    rf"it's|it is)\b(?:\s+{_NOT_TO_OTHERS}\w+){{0,5}}?\s+(?P<fact>{DURATION})(?:\s+of)?\s+notice\b"
    r"(?!\s+to\s+(?!my\b)|\s+from\b)"
)
_HAVE_NOTICE: Final = _rule(
    rf"\bI(?:'ve(?: got)?| have)\s+an?\s+(?:\w+\s+)?notice(?: period)?\s+of\s+(?P<fact>{DURATION})"
)
_NO_NOTICE: Final = _rule(
    r"\bI\b[^.;]{0,20}?\b(?:(?:have|'ve(?: got)?|with) (?P<fact>no notice(?: period)?)|"
    r"(?:don't|do not) have (?:a|any) notice)"
)
MAY_START: Final = (
    r"(?:can|could|will|'ll|might|would be able to|'d be able to|'m able to|am able to)\s+"
    r"(?:\w+ly\s+|also\s+|already\s+)?(?:start|begin|join)|"
    r"(?:'m|am|'d be|would be|'ll be|will be|could be|can be)\s+(?:\w+ly\s+|also\s+)?"
    r"(?:available|free to start|ready to start|ready to join)|"
    r"(?:can|could|will|'ll|would|'d)\s+(?:probably\s+|already\s+)?be (?:with you|here|on board)"
)
_STARTING: Final = (
    r"(?:\s+(?:working|work|the job|here|with you|you|your team|as early as|as soon as|already|from|on|in|at|by|"
    r"as of|around|some ?time|again))*?\s+"
)
NOT_THE_JOB: Final = (
    r"(?!\s+(?:with\s+(?!you)|by\s|for\s+(?:an?|the|another)\s+(?:\w+\s+)?(?:round|interview|call|chat|meeting)|"
    r"writing|building|using|coding|looking))"
)
_START_IS: Final = _rule(rf"\bI\s*(?:{MAY_START}){_STARTING}(?P<fact>{DATE}){NOT_THE_JOB}")
_EARLIEST: Final = _rule(
    r"\b(?:my\s+(?:earliest\s+)?(?:possible\s+)?(?:start(?:ing)? date|availability)|"
    r"(?:my |the )?earliest (?:I (?:can|could)(?: start| join| begin)?|start|date))"
    rf"\s+(?:(?:is|would be|'s|will be)\s+)?(?:\w+\s+)?(?P<fact>{DATE})"
)
NOT_BEFORE: Final = _rule(
    rf"(?:n't|\bnot|\bno)\b[^.;]{{0,30}}?\b(?:before|earlier than|until|till)\s+(?P<fact>{DATE})"
)
_LIVING: Final = (
    r"\b(?:we live\s+|I(?:(?:'m| am|'ve been| have been)\s+(?:currently\s+|now\s+|actually\s+|also\s+)?"
    r"(?:based|located|living|residing|settled)\s+|"
    r"\s+(?:currently\s+|now\s+|still\s+|actually\s+)?live\s+))"
    r"(?:(?:right|just|over|up|down|out|here|not far|somewhere)\s+)*"
    r"(?:out of|in|near|at|around|outside|close to|from)\s+"
)
_LIVES: Final = _rule(rf"{_LIVING}(?P<fact>{PLACE})")
_LIVES_LOWER: Final = _rule(rf"{_LIVING}(?P<fact>{LOWER_PLACE})")
_HOME: Final = _rule(rf"\bmy (?:home|current location)\s*(?:is|'s)\s+(?:in |near )?(?P<fact>{PLACE})")
_RELOCATING: Final = _rule(
    r"\bI(?:'m|'d be| am| would be)?\s+(?P<fact>(?:\w+\s+){0,2}?"
    r"(?:willing to|open to|happy to|ready to|prepared to|able to|unable to|"
    rf"can't|cannot|can|could|won't|rather not)\s+relocat(?:e|ing)\b(?:\s+to\s+{PLACE})?)"
    r"(?!\s+(?:the|our|my|an?|services?|data|workloads?|it|them|this|that|everything)\b)"
)
OF_THE_SUM: Final = (
    r"(?:\s+(?:to|get|earn|make|at|for|of|about|a|an|the|salary|package|base|figure|number|total|compensation|in|be|that|"
    r"is|it|range|with|my|next|role|position|gross|pay|annual|yearly|least|say|are|would|lies|starts|between|around|"
    r"somewhere|something|anything|from))*?\s+"
)
EXPECTING: Final = (
    r"\b(?:I(?:'m| am|'d be| would be)\s+(?:(?:currently|still|probably|really|also)\s+)?(?:looking (?:at|for)|"
    r"hoping for|aiming (?:at|for)|asking for|after|happy with|thinking(?: of| about)?)|"
    r"I was (?:thinking|hoping)(?: of| about| for)?|"
    r"I(?:'d| would)?\s+(?:probably\s+|really\s+|ideally\s+)?(?:expect|want|like|ask for|hope for)|"
    r"my (?:salary |pay |financial )?(?:expectations?|range|target|minimum)|"
    r"my (?:desired|target|expected) (?:salary|pay|income|rate))"
)
_FOR_A_THING: Final = (
    r"(?!\s+in (?:the|my|our) (?!first|beginning|end))"
    r"(?!\s+for (?:an?|the|my|some) "
    r"(?!job|role|position|month|year|week|day|start|full|senior|junior|four|five))"
)
_EXPECTS: Final = _rule(rf"{EXPECTING}{OF_THE_SUM}(?P<fact>{MONEY}){_FOR_A_THING}")

_SAYS: Final[tuple[tuple[FactKind, re.Pattern[str], str], ...]] = (
    (FactKind.NOTICE_PERIOD, _NOTICE_IS, "{}"),
    (FactKind.NOTICE_PERIOD, _WITH_NOTICE, "{}"),
    (FactKind.NOTICE_PERIOD, _HAVE_NOTICE, "{}"),
    (FactKind.NOTICE_PERIOD, _NO_NOTICE, "no notice period"),
    (FactKind.START_DATE, _START_IS, "{}"),
    (FactKind.START_DATE, _EARLIEST, "{}"),
    (FactKind.LOCATION, _LIVES, "{}"),
    (FactKind.LOCATION, _HOME, "{}"),
    (FactKind.SALARY_EXPECTATION, _EXPECTS, "{}"),
)

# ----- what only sounds like it -----

_OF_ANOTHER: Final = _rule(
    r"\b(?:plans?|idea|deal|offer) (?:was|were)\b|\bif i (?:were|was|had|lived|moved|got)\b|"
    r"\b(?:imagine|suppose|supposing|pretend|hypothetical\w*)\b|"
    r"\b(?:used to|back then|in those days|when i (?:was|worked|lived|started|joined))\b|"
    r"\b(?:last|previous|old|former|first|other) (?:job|company|employer|place|role|position|contract|firm|time)\b|"
    r"\b(?:he|she|they|who|manager|boss|colleague|friend|wife|husband|partner|brother|sister|recruiter|agent|agency|somebody|someone|"
    r"customers?|clients?|people|candidates?|applicants?)(?:\s+(?:\w+\s+){0,2}?(?:said|says|say|told|tells|asked|wrote|"
    r"goes|went|was like)\b|\s*:)"
)
"""Before a statement: it is about what is not, about the past, or in the mouth of somebody else."""
_SAID_BEHIND: Final = _rule(
    r",\s*(?:or so\s+)?(?:he|she|they|(?:my|the|our) \w+|somebody|someone)\s+(?:said|says|told|wrote|claimed|thought)\b"
)
"""Behind it (`…, she told me`)."""
_BREAK: Final = _rule(r"[;—–]|\b(?:but|now|nowadays|whereas)\b")
"""After it, a new statement begins that stands for itself."""
_NEGATED: Final = _rule(r"\b(?:not|never|no longer)\b|n't\b")
OTHER_MONEY: Final = _rule(
    r"\b(?:costs?(?! of living)|budgets?|bills?|revenue|savings?|saved?|traffic|requests|users|customers|invoices?|"
    r"funding|turnover|transactions?|records|rows|events)\b"
)

_NAMED: Final = {
    FactKind.NOTICE_PERIOD: _rule(r"\bnotice\b"),
    FactKind.START_DATE: _rule(r"\bstart(?:ing)?(?: date)?\b"),
    FactKind.LOCATION: _rule(r"\bwhere i(?:'m| am)? (?:live|living|based)\b|\bmy location\b"),
    FactKind.SALARY_EXPECTATION: _rule(r"\b(?:salary|pay|compensation|money|my expectations?)\b"),
}
_OPEN_END: Final = r"(?:[\s,]+(?!not\b)\w+){0,3}\s*(?:\.{2,}|…|[,—–-])?\s*$"
_LEFT_OPEN: Final = {
    FactKind.NOTICE_PERIOD: _rule(rf"\bmy (?:current )?notice(?: period)?(?:'s)?{_OPEN_END}"),
    FactKind.START_DATE: _rule(rf"\bI\s*(?:{MAY_START}){_OPEN_END}"),
    FactKind.LOCATION: _rule(rf"\bI(?:(?:'m| am) (?:\w+ )?(?:based|living|located)| live){_OPEN_END}"),
    FactKind.SALARY_EXPECTATION: _rule(rf"{EXPECTING}{_OPEN_END}"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as a sentence tells it."""

    kind: FactKind
    text: str
    moving: bool = False
    """Whether the candidate would move, which is a fact about place beside the place itself."""


def said(text: str) -> Iterator[Told]:
    """What the sentence states by itself: one fact of each kind, and whether the candidate would move."""
    told: set[FactKind] = set()
    for kind, rule, form in _SAYS:
        match = rule.search(text)
        if kind in told or not match or (kind is FactKind.SALARY_EXPECTATION and OTHER_MONEY.search(text)):
            continue
        if (
            is_of_another(text, match.start())
            or _SAID_BEHIND.match(text, match.end())
            or (match["fact"] and _is_negated(match))
        ):
            continue
        told.add(kind)
        yield Told(kind, form.format(cleaned(match["fact"] or "")))
    if text == text.lower() and (match := _LIVES_LOWER.search(text)):
        yield Told(FactKind.LOCATION, cleaned(match["fact"]))
    if "start" in text.lower() and (match := NOT_BEFORE.search(text)):
        yield Told(FactKind.START_DATE, not_before(match))
    if (match := _RELOCATING.search(text)) and not is_of_another(text, match.start()):
        yield Told(FactKind.LOCATION, cleaned(match["fact"]), moving=True)


def named(text: str) -> frozenset[FactKind]:
    """The kinds of facts that the sentence calls by their names."""
    return frozenset(kind for kind, rule in _NAMED.items() if rule.search(text))


def left_open(text: str) -> frozenset[FactKind]:
    """The kinds of facts that a sentence without an end begins to state (`My notice period is`)."""
    return frozenset(kind for kind, rule in _LEFT_OPEN.items() if rule.search(text))


def is_of_another(text: str, end: int) -> bool:
    """Whether what comes before `end` makes the statement there one about another time, case or person."""
    breaks = [match.end() for match in _BREAK.finditer(text, 0, end)]
    return _OF_ANOTHER.search(text, breaks[-1] if breaks else 0, end) is not None


def not_before(match: re.Match[str]) -> str:
    return f"not before {cleaned(match['fact'])}"


def cleaned(fact: str) -> str:
    return " ".join(fact.split()).strip(" ,.;:").removesuffix("'s").rstrip("'")


def _is_negated(match: re.Match[str]) -> bool:
    # `no notice` is a fact by its own words.
    return _NEGATED.search(match.string, match.start(), match.start("fact")) is not None and not match[
        "fact"
    ].lower().startswith("no ")
