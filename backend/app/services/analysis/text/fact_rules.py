"""The phrases in which practical facts are asked for and told, in English."""

from __future__ import annotations

import re
from typing import Final

from app.models.analysis import FactKind
from app.services.analysis.text.figures import (
    BARE_SUM,
    DATE,
    DURATION,
    LOWER_PLACE,
    MONEY,
    NOW,
    PLACE,
)


def _rule(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


# ----- what is asked for -----

ASKED: Final = {
    FactKind.NOTICE_PERIOD: _rule(
        r"\bnotice period|\b(?:your|how much|how long(?: of)? an?|what(?:'s| is| are)?(?: the| your)?) notice\b|"
        r"\bhow (?:soon|quickly) (?:can|could) you leave\b"
    ),
    FactKind.START_DATE: _rule(
        r"\b(?:when|how soon|how quickly|how early|what date)\b[^?.]{0,30}?\b(?:can|could|would|will|are|might) you\b"
        r"[^?.]{0,30}?\b(?:start|join|available|begin)\b|\b(?:start(?:ing)? date|your availability)\b"
    ),
    FactKind.LOCATION: _rule(
        r"\bwhere\b[^?.]{0,20}?\b(?:are|do|would) you\b[^?.]{0,20}?\b(?:based|live|living|located|calling from|"
        r"joining from|working from)\b|\b(?:what is|what's) your (?:current )?location\b|\bwhere is home\b"
    ),
    FactKind.SALARY_EXPECTATION: _rule(
        r"\bsalar(?:y|ies)\b|\bcompensation\b|\bpay expectations?\b|\b(?:hourly|daily|day) rate\b|"
        r"\bfinancial expectations?\b|\bhow much (?:do|would|are) you\b[^?.]{0,20}?"
        r"\b(?:earn|make|expect|want|looking)\b|"
        r"\bwhat (?:number|range|figure|package|amount) (?:do|would|are) you\b"
    ),
}

# ----- what says by itself what it is about -----

_NOTICE_IS: Final = _rule(
    r"\b(?:my\s+(?:\w+\s+){0,2}?notice(?:\s+period)?|the notice period (?:I have|I've got|in my contract))\s*"
    rf"(?:is|'s|would be|will be)\s+(?:\w+\s+){{0,3}}?(?P<fact>{DURATION})"
)
_WITH_NOTICE: Final = _rule(
    r"\b(?:I(?:'m on|'ve got|'d need|'d have|'ll need|'ll have| am on| have| need| must| would need| would have)|"
    rf"it's|it is)\b(?:\s+\w+){{0,5}}?\s+(?P<fact>{DURATION})(?:\s+of)?\s+notice\b(?!\s+to\s+(?!my\b))"
)
_HAVE_NOTICE: Final = _rule(
    rf"\bI(?:'ve(?: got)?| have)\s+an?\s+(?:\w+\s+)?notice(?: period)?\s+of\s+(?P<fact>{DURATION})"
)
_NO_NOTICE: Final = _rule(
    r"\bI\b[^.;]{0,20}?\b(?:(?:have|'ve(?: got)?|with) (?P<fact>no notice(?: period)?)|"
    r"(?:don't|do not) have (?:a|any) notice)"
)
_MAY_START: Final = (
    r"(?:can|could|will|'ll|might|would be able to|'d be able to|'m able to|am able to)\s+"
    r"(?:\w+ly\s+|also\s+|already\s+)?(?:start|begin|join)|"
    r"(?:'m|am|'d be|would be|'ll be|will be|could be|can be)\s+(?:\w+ly\s+|also\s+)?"
    r"(?:available|free to start|ready to start|ready to join)"
)
_STARTING: Final = (
    r"(?:\s+(?:working|work|the job|here|with you|you|your team|as early as|as soon as|already|from|on|in|at|by|"
    r"as of|around|some ?time|again))*?\s+"
)
_NOT_THE_JOB: Final = r"(?!\s+(?:with\s+(?!you)|by\s|writing|building|using|coding|looking))"
_START_IS: Final = _rule(rf"\bI\s*(?:{_MAY_START}){_STARTING}(?P<fact>{DATE}){_NOT_THE_JOB}")
_EARLIEST: Final = _rule(
    r"\b(?:my\s+(?:earliest\s+)?(?:possible\s+)?(?:start(?:ing)? date|availability)|"
    r"(?:my |the )?earliest (?:I (?:can|could)(?: start| join| begin)?|start|date))"
    rf"\s+(?:(?:is|would be|'s|will be)\s+)?(?:\w+\s+)?(?P<fact>{DATE})"
)
NOT_BEFORE: Final = _rule(
    rf"(?:n't|\bnot|\bno)\b[^.;]{{0,30}}?\b(?:before|earlier than|until|till)\s+(?P<fact>{DATE})"
)
_LIVING: Final = (
    r"\bI(?:(?:'m| am|'ve been| have been)\s+(?:currently\s+|now\s+|actually\s+|also\s+)?"
    r"(?:based|located|living|residing|settled)\s+|"
    r"\s+(?:currently\s+|now\s+|still\s+|actually\s+)?live\s+)(?:right\s+|just\s+)?(?:out of|in|near|at|around|outside|"
    r"close to)\s+"
)
_LIVES: Final = _rule(rf"{_LIVING}(?P<fact>{PLACE})")
LIVES_LOWER: Final = _rule(rf"{_LIVING}(?P<fact>{LOWER_PLACE})")
_HOME: Final = _rule(rf"\bmy (?:home|current location)\s*(?:is|'s)\s+(?:in |near )?(?P<fact>{PLACE})")
RELOCATING: Final = _rule(
    r"\bI(?:'m|'d be| am| would be)?\s+(?P<fact>(?:\w+\s+){0,2}?"
    r"(?:willing to|open to|happy to|ready to|prepared to|able to|unable to|"
    rf"can't|cannot|can|could|won't|rather not)\s+relocat(?:e|ing)\b(?:\s+to\s+{PLACE})?)"
    r"(?!\s+(?:the|our|my|an?|services?|data|workloads?|it|them|this|that|everything)\b)"
)
_OF_THE_SUM: Final = (
    r"(?:\s+(?:to|get|earn|make|at|for|of|about|a|an|the|salary|package|base|figure|number|total|compensation|in|be|that|"
    r"is|it|range|with|my|next|role|position|gross|pay|annual|yearly|least|say|are|would|lies|starts|between|around|"
    r"somewhere|something|anything|from))*?\s+"
)
_EXPECTS: Final = _rule(
    r"\b(?:I(?:'m| am|'d be| would be)\s+(?:currently\s+|still\s+)?(?:looking (?:at|for)|hoping for|aiming (?:at|for)|"
    r"asking for|after|happy with|thinking(?: of| about)?)|I was (?:thinking|hoping)(?: of| about| for)?|"
    r"I(?:'d| would)?\s+(?:expect|want|like|ask for|hope for)|"
    r"my (?:salary |pay |financial )?(?:expectations?|range|target|minimum)|"
    r"my (?:desired|target|expected) (?:salary|pay|income|rate))"
    rf"{_OF_THE_SUM}(?P<fact>{MONEY})"
)

SAYS: Final[tuple[tuple[FactKind, re.Pattern[str], str], ...]] = (
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

# ----- what is an answer -----

ANY_DURATION: Final = _rule(rf"(?P<fact>{DURATION}|{NOW}|no notice(?: period)?\b|\bnone\b)")
NOW_STARTING: Final = _rule(rf"\b(?:start|join|begin|available)\b.*\b{NOW}")
ANY_DATE: Final = _rule(rf"(?P<fact>{DATE}){_NOT_THE_JOB}")
DATE_OR_DURATION: Final = _rule(rf"(?P<fact>{DATE}|{DURATION}){_NOT_THE_JOB}")
ANY_SUM: Final = _rule(rf"(?P<fact>{MONEY}|{BARE_SUM})")
IN_A_PLACE: Final = _rule(
    rf"\b(?:in|near|outside|around|(?:calling|joining|working|dialling|talking) from)\s+(?P<fact>{PLACE})"
)
ONLY_A_PLACE: Final = _rule(
    rf"^(?:(?:currently|right now|just|actually|near|outside|from)\s+)*(?P<fact>{PLACE})"
)
PAST: Final = _rule(
    r"\b(?:been|worked|lived|since|ago|used to|for the (?:last|past)|previous|holidays?|vacation|was|were|had)\b"
)
EARNING_NOW: Final = _rule(
    r"\b(?:current(?:ly)?|earn(?:ing)?|i(?:'m| am)? (?:make|making|get|getting|paid)|paid|previous|last (?:job|year)|"
    r"used to)\b"
)
OTHER_MONEY: Final = _rule(
    r"\b(?:costs?(?! of living)|budgets?|bills?|revenue|savings?|saved?|traffic|requests|users|customers|invoices?|"
    r"funding|turnover|transactions?|records|rows|events)\b"
)
