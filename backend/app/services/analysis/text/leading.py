"""English questions that suggest their answer, by their form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_LEAD_IN: Final = re.compile(
    r"^(?:(?:and|so|well|okay|ok|great|perfect|right|now|then|but|yes|yeah|sure|alright|good|i see|because|"
    r"obviously|of course)\b[\s,]*)+",
    re.IGNORECASE,
)
_APOSTROPHE: Final = "['’]"
_NEGATED: Final = (
    rf"(?:is|are|was|were|do|does|did|have|has|had|ca|could|would|should|wo|must)n{_APOSTROPHE}?t"
)
_POSITIVE: Final = r"(?:is|are|was|were|do|does|did|have|has|had|can|could|would|should|will|must)"
_PRONOUN: Final = r"(?:i|you|he|she|it|we|they|that|this|there)"
_TAG: Final = re.compile(
    rf"^(?P<statement>.*\S)(?:,\s*|\s+)(?:(?:{_NEGATED})\s+{_PRONOUN}|(?<=,\s){_POSITIVE}\s+{_PRONOUN}|"
    rf"(?<=,\s)(?:no|yes|yeah)|right|correct|is that (?:right|correct)|don{_APOSTROPHE}t you (?:think|agree)|"
    rf"would(?:n{_APOSTROPHE}?t)? you (?:agree|say))\s*(?P<mark>\??)[\"”’']*$",
    re.IGNORECASE,
)
_STATES: Final = re.compile(
    rf"^(?:i\b|you\b|your\b|it\b|that\b|this\b|these\b|those\b|there\b|we\b|they\b|he\b|she\b|the\b|a\b|an\b|our\b|"
    rf"most\b|nobody\b|everyone\b|everybody\b|one\b|(?:you|it|that|we|they){_APOSTROPHE})",
    re.IGNORECASE,
)
"""A tag turns a statement into a question; behind a question (`Is that the left or the right?`) it is none."""
_NEGATIVE_OPENING: Final = re.compile(
    rf"^(?:{_NEGATED})\s+(?:you|it|that|this|we|one|the|a|an|most|everyone|everybody)\b", re.IGNORECASE
)
_AGREE: Final = re.compile(
    r"^(?:would|do|surely)?\s*you(?:\s*(?:['’]d|['’]ll|would|will|must|surely))?\s+(?:not\s+)?agree\s+(?:that|with)\b",
    re.IGNORECASE,
)
_PRESUMED: Final = re.compile(
    r"^(?:i|we)(?:['’]d|['’]ll| would| will| can)?\s+(?:just\s+)?(?:assume|presume|take it|trust)\s+"
    r"(?:that\s+)?(?:you|your)\b",
    re.IGNORECASE,
)
_GUESSED: Final = re.compile(
    r"^(?:i|we)(?:['’]d| would)?\s+(?:guess|suppose|imagine|expect|believe|think)\s+(?:that\s+)?(?:you|your)\b.*\?",
    re.IGNORECASE,
)
_SURELY: Final = re.compile(r"^(?:surely|i['’]?m sure|i am sure)\b.*\b(?:you|your|it|that)\b", re.IGNORECASE)
_MUST: Final = re.compile(
    r"^you must\s+(?:have|be|like|love|enjoy|know|feel|find|agree)\b.*\?", re.IGNORECASE
)
_MINDING: Final = re.compile(
    r"^you\s+(?:don|wouldn|won|didn)['’]?t\s+(?:really\s+)?"
    r"(?:mind|object|have (?:a|any) (?:problem|issue|objection)s?)\b.*\?",
    re.IGNORECASE,
)
_LOGISTICS: Final = re.compile(
    r"\b(?:hear|see) (?:me|us|my|our|the (?:screen|slides?))\b|\b(?:audio|sound|video|camera|microphone|mic|muted?|"
    r"screen|slides?|link|zoom|teams|connection|internet|recording|record|office|building|reception|parking|lobby|"
    r"find us|found us|traffic|train|coffee|tea|water|invite|invitation|calendar|e-?mail|message|agenda|"
    r"job (?:description|ad|advert|posting)|applied|application form|pronounce[ds]?|called|first name|your name|"
    r"minutes|half an hour|an hour|time (?:left|today)|hard stop|notes|questions? (?:for|about) (?:me|us)|"
    r"any (?:more |other |further )?questions|nice|weather)\b",
    re.IGNORECASE,
)
"""What makes the talk possible, and small talk: agreement is all that is wanted there."""
_REFERS: Final = re.compile(
    r"\b(?:you (?:just )?(?:said|mentioned|told|wrote|described|were saying)|as you say|your (?:cv|résumé|resume|"
    r"profile|application|cover letter)|it says here|i (?:read|saw|understood)|if i understand|in other words)\b",
    re.IGNORECASE,
)
"""It makes sure of something that was said or written."""
_PERMISSION: Final = re.compile(
    r"\bmind (?:if|me|us|my)\b|\bif (?:i|we) (?:ask|record|take|start|begin|go)\b", re.IGNORECASE
)
_COURTESY: Final = re.compile(
    r"^(?:i|we)\s+(?:guess|suppose|think|assume|imagine|trust)\s+(?:that\s+)?you\s+(?:can|could|may|might)\s+"
    r"(?:start|begin|go|ask|tell|just)\b",
    re.IGNORECASE,
)
_JUDGES: Final = re.compile(
    r"\b(?:agree|mind|happy|comfortable|fine|okay|ok|(?:good|great) (?:with|at)|confident|willing|ready|flexible|"
    r"like|love|enjoy|prefer|best|better|important|easy|problem)\b",
    re.IGNORECASE,
)
"""Beyond what happened: how the candidate is or feels about something cannot have been said in the same words."""


_LONGEST: Final = 600
"""Characters: what is longer tells a story, or is unpunctuated talk with more than a question in it."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    may_check: bool
    """Whether it may only make sure of what the candidate has said."""


def suggests_its_answer(sentence: str) -> Suggestion | None:
    """None for an open question, for a statement, and for what only makes the talk possible."""
    core = _LEAD_IN.sub("", sentence.strip())
    if len(core) > _LONGEST:
        return None
    if any(rule.search(core) for rule in (_LOGISTICS, _REFERS, _PERMISSION, _COURTESY)):
        return None
    if _is_tagged(core):
        return Suggestion(may_check=not _JUDGES.search(core))
    forms = (_NEGATIVE_OPENING, _AGREE, _PRESUMED, _GUESSED, _SURELY, _MUST, _MINDING)
    return Suggestion(may_check=False) if any(form.match(core) for form in forms) else None


def _is_tagged(core: str) -> bool:
    tag = _TAG.match(core)
    if tag is None or len(tag["statement"].split()) < 2:
        return False
    if not _STATES.match(tag["statement"]):
        return False
    # Without its mark, only what is said of the other is a question: `that is right` agrees.
    return bool(tag["mark"]) or core.lower().startswith(("you", "your"))
