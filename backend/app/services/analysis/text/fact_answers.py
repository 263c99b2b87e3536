"""Practical facts in the answers to questions about them, in English.

An answer stands at the beginning of a clause, after words that fill (`Well, I'd say it's …`) or that say whose it is
(`I have to give …`). Figures anywhere else in it are about something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from typing import Final

from app.models.analysis import FactKind
from app.services.analysis.text.fact_rules import (
    EXPECTING,
    MAY_START,
    NOT_BEFORE,
    NOT_THE_JOB,
    OF_THE_SUM,
    OTHER_MONEY,
    Told,
    cleaned,
    is_of_another,
    not_before,
)
from app.services.analysis.text.figures import (
    ABOUT,
    BARE_SUM,
    DATE,
    DAY,
    DURATION,
    LOWER_PLACE,
    MONEY,
    NOW,
    NUMBER,
    PLACE,
)
from app.services.analysis.text.words import STOP_WORDS

_SHORT: Final = 6
"""Words of an answer that may be nothing but a place, or a span of time."""
_NO_PLACE: Final = STOP_WORDS | {"hello", "remote", "remotely", "yeah", "hm", "hmm", "um", "uh"}


def _rule(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_FILLING: Final = (
    r"(?:(?:well|so|oh|ah|um|uh|er|erm|hmm?|yeah|yes|yep|no(?! notice)|sure|okay|ok|sorry|wait|actually|or rather|"
    r"rather|i meant?|make (?:that|it)|currently|officially|technically|contractually|legally|formally|on paper|"
    r"at the moment|right now|now|these days|usually|normally|realistically|ideally|really|honestly|basically|"
    r"to be (?:honest|fair)|just|only|still|i think|i guess|i believe|i suppose|i'd say|i would say|let's say|say|"
    r"let me (?:see|think)|for me|mine(?:'s| is)?|that(?:'s| is|'d be| would be|'ll be)|"
    r"it(?:'?s| is|'d be| would be|'ll be| will be))\b[\s,]*)*+"
)
_CLAUSE: Final = r"(?:^[^\w€$£¥₹]*|[,;:—–]\s*|\b(?:but|and|so|because|then|though|although)\s+)"
_BEGINS: Final = rf"{_CLAUSE}{_FILLING}"

_NOTICE: Final = _rule(
    rf"{_BEGINS}(?:(?:i have to|i've got to|i have|i've got|i've|i'd have to|i'd have|i'd need to|i'd need|i need to|"
    r"i need|i must|i(?:'m| am|'d be) on|give(?: them)?|they(?:'d)? (?:want|need|ask for|require|expect)|"
    r"(?:(?:my|the) )?contract says|a (?:standard|contractual|statutory)|the (?:usual|standard|normal|statutory))\s+)*+"
    rf"(?P<fact>{DURATION}|{NOW}|no notice(?: period)?\b|none\b)"
    r"(?!\s+(?:ago|later|earlier|off|left|long|into|until|till|since|to (?:do|finish|go|build|get|learn)|"
    r"of (?!notice)|holidays?|vacation|leave|projects?|contracts?|sprints?|trial|probation)\b)"
)
_NONE_OF_IT: Final = _rule(
    r"\bi (?:don't|do not) have (?:one|any)\b|\bi haven't (?:got )?(?:one|any)\b|"
    r"^\W*(?:no\W+)?there(?:'s none| is none| isn't(?: one| any)?\W*(?:,|$))"
)
_NO_SUCH_NOTICE: Final = _rule(
    r"\bthere(?:'s no| is no|'s not an?| isn't an?| isn't any| is not an?) notice\b"
)
_PERHAPS: Final = (
    r"(?:(?:more like|probably|maybe|perhaps|hopefully|likely|around|about|roughly|sometime|thinking(?: of)?|"
    r"hoping for)\s+)*"
)
_START: Final = _rule(
    rf"(?:{_BEGINS}|\bi\s*(?:{MAY_START})\s+|\b(?:i (?:could|can|might) (?:do|manage|make)|"
    rf"it(?:'d| would|'ll| will) be|(?:that|this) would be|i'd say|i was)\s+){_PERHAPS}"
    rf"(?P<fact>{DATE}|{DAY}){NOT_THE_JOB}"
)
_START_SHORT: Final = _rule(
    rf"{_BEGINS}(?:(?:probably|maybe|perhaps|hopefully|likely)\s+(?=in\b))?"
    rf"(?:i(?:'d)? need\s+)?(?P<fact>{DATE}|{DAY}|{DURATION}){NOT_THE_JOB}"
)
_PASSING: Final = (
    r"(?!\s+(?:next|tomorrow|today|tonight|this (?:week|month)|until|till|on (?:mon|tues|wednes|thurs|fri)|"
    r"for (?:a|the|two)|team|department|group|squad|division|unit)\b)"
)
"""Where somebody is for a few days is not where they live."""
_LIVING: Final = (
    r"(?:(?:i'm|i am|we're|we live|i live|living|based|located|over|down|up|out|just|right|somewhere|still|also)\s+)*"
    r"(?:in|near|outside|around|close to|not far from|out of)"
)
_IN_LOWER: Final = _rule(rf"{_BEGINS}(?:i'?m|i am|we're|i live)\s+(?:\w+\s+)?in\s+(?P<fact>{LOWER_PLACE})")
_CALLING: Final = r"(?:(?:i'm|i am)\s+)?(?:calling|joining|working|dialling|talking)\s+from"
_IN_A_PLACE: Final = _rule(rf"{_BEGINS}(?:{_LIVING}|{_CALLING})\s+(?P<fact>(?>{PLACE})){_PASSING}")
_PLACE_TOLD: Final = _rule(
    rf"{_BEGINS}(?=i'm|i am|i live|we live){_LIVING}\s+(?P<fact>(?>{PLACE}))"
    r"(?=\s*(?:$|[,.;!?—–]|(?:so|and|but|which|now|at the moment|right now|already|anyway|since|because)\b))|"
    rf"^\W*{_FILLING}{_LIVING}\s+(?P<only>(?>{PLACE}))(?:,\W*\w+){{0,2}}\W*$"
)
_ONLY_A_PLACE: Final = _rule(rf"^\W*{_FILLING}(?:(?:near|outside|from|home is)\s+)?(?P<fact>(?>{PLACE}))")
_SUM: Final = _rule(
    rf"(?:{_BEGINS}|{EXPECTING}{OF_THE_SUM}|\b(?:i'd say|i would say|i'd need|i'd take)\s+)"
    rf"(?P<fact>(?P<money>{MONEY})|{BARE_SUM})"
)
_LARGE: Final = _rule(r"\d\d|\b(?:eleven|twelve|hundred|\w+(?:teen|ty))\b")
"""A number up to ten by itself is no sum: those count other things."""
_PAST: Final = _rule(
    r"\b(?:been|worked|lived|since|ago|used to|for the (?:last|past)|previous|holidays?|vacation|"
    r"was(?! (?:thinking|hoping))|were|had|took|did)\b"
)
_NOW_STARTING: Final = _rule(rf"\b(?:start|join|begin|available)\b.*\b{NOW}")
_EARNING_NOW: Final = _rule(
    r"\b(?:current(?:ly)?|earn(?:ing)?|what i(?:'m| am) on|i(?:'m| am) (?:on|at)|"
    r"i(?:'m| am)? (?:make|making|get|getting|paid)|paid|previous|last (?:job|year)|used to|was on|now|at the moment|"
    r"adverts?|advertis\w+|posting|listed|average|market|glassdoor)\b"
)
_CLAUSE_ENDS: Final = _rule(r",(?!\d)|[;—–]|\b(?:but|so|and(?= i\b| i'))\b")
_FIGURE_FIRST: Final = _rule(rf"^\W*{_FILLING}{ABOUT}{NUMBER}")
_LEAVING: Final = frozenset({FactKind.NOTICE_PERIOD, FactKind.START_DATE})


def answered(text: str, missing: Set[FactKind], asked: Set[FactKind]) -> Iterator[Told]:
    """What the sentence states as an answer.

    `missing` are the kinds of facts to look for; `asked` are all that the question asked for.
    """
    is_short = len(text.split()) <= _SHORT
    if FactKind.NOTICE_PERIOD in missing and not _NOW_STARTING.search(text):
        yield from _first(FactKind.NOTICE_PERIOD, _NOTICE, text)
    has_none = FactKind.NOTICE_PERIOD in missing and _NONE_OF_IT.search(text)
    if has_none or (asked & _LEAVING and _NO_SUCH_NOTICE.search(text)):
        yield Told(FactKind.NOTICE_PERIOD, "no notice period")
    if FactKind.START_DATE in missing:
        if match := NOT_BEFORE.search(text):
            yield Told(FactKind.START_DATE, not_before(match))
        else:
            # In a longer sentence a duration may be that of a holiday; asked for both, it is the notice.
            rule = _START_SHORT if is_short and FactKind.NOTICE_PERIOD not in asked else _START
            yield from _first(FactKind.START_DATE, rule, text)
    if FactKind.LOCATION in missing:
        yield from _place(text, is_short=is_short)
    if FactKind.SALARY_EXPECTATION in missing and not OTHER_MONEY.search(text):
        for match in _SUM.finditer(text):
            if _is_wished(match):
                yield Told(FactKind.SALARY_EXPECTATION, cleaned(match["fact"]))
                break


def begins_with_figure(text: str) -> bool:
    """Whether the text may put another figure for the last one, of whatever (`Actually, three.`)."""
    return _FIGURE_FIRST.search(text) is not None


def place_in(text: str) -> Iterator[Told]:
    """Where the candidate is, when only the talk is of places (`I'm in Leeds`, `Just outside York, yes`)."""
    match = _PLACE_TOLD.search(text)
    if match and not is_of_another(text, match.start()):
        yield Told(FactKind.LOCATION, cleaned(match["fact"] or match["only"]))


def _place(text: str, *, is_short: bool) -> Iterator[Told]:
    if found := list(_first(FactKind.LOCATION, _IN_A_PLACE, text)):
        yield from found
        return
    match = _IN_LOWER.search(text) if text == text.lower() else None
    if match is None and is_short:
        match = _ONLY_A_PLACE.search(text)
        if match and _is_only_a_beginning(match):
            return
    if match:
        yield Told(FactKind.LOCATION, cleaned(match["fact"]))


def _is_only_a_beginning(match: re.Match[str]) -> bool:
    """A sentence begins with a capital letter, whatever its first word is."""
    return match["fact"].split()[0].lower().strip(",.") in _NO_PLACE


def _first(kind: FactKind, rule: re.Pattern[str], text: str) -> Iterator[Told]:
    for match in rule.finditer(text):
        if not _PAST.search(_clause(match)) and not is_of_another(text, match.start("fact")):
            yield Told(kind, cleaned(match["fact"]))
            return


def _is_wished(match: re.Match[str]) -> bool:
    if not match["money"] and not _LARGE.search(match["fact"]):
        return False
    return not _EARNING_NOW.search(_clause(match)) and not is_of_another(match.string, match.start("fact"))


def _clause(match: re.Match[str]) -> str:
    """The part of the sentence, between its commas, that the fact stands in."""
    text = match.string
    begins = [m.end() for m in _CLAUSE_ENDS.finditer(text, 0, match.start("fact"))]
    end = _CLAUSE_ENDS.search(text, match.end("fact"))
    return text[begins[-1] if begins else 0 : end.start() if end else len(text)]
