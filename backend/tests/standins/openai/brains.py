"""A model for the stand-in that works by simple rules.

It is not clever, but it keeps to its instructions, so that a whole debrief comes out of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final

from tests.standins.openai.analyst import Brain, ChatRequest
from tests.standins.openai.journal import Json

READINGS: Final = ("reading", "sentiment_reading", "assessing_reading", "full_reading")
_WORD: Final = re.compile(r"[^\W\d_]{4,}")
_SENTENCE: Final = re.compile(r"[^.?!。？！]+[.?!。？！]*")
_COMMON: Final = frozenset(
    re.findall(
        r"\w+",
        "that this with have from they were what when about your would there been into them then than just like very "
        "some more over only also because could which their will tell does know really think",
    )
)
_DEEDS: Final = re.compile(
    r"\bI (?:built|led|wrote|moved|reduced|cut|designed|introduced|set up|fixed|trained)\b"
)
_DOUBTS: Final = re.compile(
    r"\b(?:I don't know|not sure|never|nobody measured|I did not|I do not)\b", re.IGNORECASE
)
_FACTS: Final = {
    "notice_period": re.compile(r"\bnotice\b|\b(?:weeks|months)['’]? notice\b", re.IGNORECASE),
    "location": re.compile(r"\bI(?:'m| am)? (?:live|based) in\b", re.IGNORECASE),
    "salary_expectation": re.compile(r"\b\d{2,3}(?:k|,000| thousand)\b", re.IGNORECASE),
}
LEFT_OUT: Final = "[left out]"
Line = Sequence[Any]


def diligent() -> dict[str, Brain]:
    """Brains for every request of an analysis that do what they are asked."""
    return {
        **dict.fromkeys(READINGS, read),
        "repair": mend,
        "judgement": judge,
        "follow_ups": propose,
    }


def read(request: ChatRequest) -> Json:
    data, properties = request.data, request.schema["properties"]
    lines = data["lines"]
    answer: Json = {
        "summary": _summary(lines),
        "questions": _questions(lines, data["template"]["questions"]),
        "topics": _topics(lines),
        "intents": [{"name": "asks a question", "quotes": [quote_of(line)]} for line in _asking(lines)[:2]],
    }
    if "evidence" in properties:
        answer |= {
            "strengths": _strengths(lines),
            "red_flags": _flags(lines),
            "facts": _facts(lines),
            "evidence": _evidence(lines, data["template"]["criteria"]),
        }
    if "sentiments" in properties:
        answer["sentiments"] = _sentiments(lines)
    return answer


def judge(request: ChatRequest) -> Json:
    """A level that follows from the quotes: concrete figures are best, doubts count against."""
    quotes = request.data["quotes"]
    words = " ".join(quote["words"] for quote in quotes)
    if _DOUBTS.search(words):
        level = "no"
    elif re.search(r"\d", words) and len(quotes) > 1:
        level = "strong_yes"
    else:
        level = "yes"
    return {
        "level": level,
        "rationale": f"{len(quotes)} statements bear on {request.data['criterion']['name']}.",
        "quotes": [quote["id"] for quote in quotes],
    }


def mend(request: ChatRequest) -> Json:
    """Takes the line that was named, whole; gives up where it is not there."""
    texts = {line[0]: line[2] for line in request.data["lines"]}
    mended = []
    for claim in request.data["claims"]:
        quotes = [{"line": line, "words": texts[line]} for line, _ in claim["quotes"] if line in texts]
        if quotes:
            mended.append({"claim": claim["claim"], "text": "What was said there.", "quotes": quotes})
    return {"claims": mended}


def propose(request: ChatRequest) -> Json:
    return {
        "questions": [
            {"criterion": c["id"], "question": f"Which situation shows your work on {c['name'].lower()}?"}
            for c in request.data["criteria"]
        ]
    }


def is_candidate(line: Line) -> bool:
    return str(line[1]).startswith("candidate") and bool(_words(line[2]))


def _asking(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if str(line[1]).startswith("interviewer") and "?" in line[2]]


def quote_of(line: Line, words: str | None = None) -> Json:
    return {"line": line[0], "words": words if words is not None else _sentences(line)[0]}


def _sentences(line: Line) -> list[str]:
    """Sentences that nothing was cut from; the first words where there are none."""
    whole = [m.group().strip() for m in _SENTENCE.finditer(line[2]) if LEFT_OUT not in m.group()]
    return [sentence for sentence in whole if _words(sentence)] or [" ".join(str(line[2]).split()[:3])]


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text.replace(LEFT_OUT, " "))} - _COMMON


def _summary(lines: Sequence[Line]) -> list[Json]:
    told = [line for line in lines if not str(line[1]).startswith("interviewer") and _words(line[2])]
    said = told[:: max(1, len(lines) // 8)][:5]
    return [{"text": f"Tells of it in line {line[0]}.", "quotes": [quote_of(line)]} for line in said]


def _questions(lines: Sequence[Line], template: Sequence[Json]) -> list[Json]:
    found = []
    for position, line in enumerate(lines):
        if line not in _asking([line]):
            continue
        question = next((s for s in reversed(_sentences(line)) if "?" in s), None)
        if question is None:
            continue
        answers = []
        for later in lines[position + 1 :]:
            if not str(later[1]).startswith("candidate"):
                break
            answers.append(quote_of(later, str(later[2])) if LEFT_OUT not in later[2] else quote_of(later))
        found.append(
            {
                "question": quote_of(line, question),
                "answer": answers[:3],
                "template_question": _closest(question, template),
            }
        )
    return found


def _closest(question: str, template: Sequence[Json]) -> str | None:
    ranked = sorted(
        (
            (len(_words(question) & _words(t["text"])) / (len(_words(t["text"])) or 1), t["id"])
            for t in template
        ),
        reverse=True,
    )
    return ranked[0][1] if ranked and ranked[0][0] >= 0.4 else None


def _topics(lines: Sequence[Line]) -> list[Json]:
    counted = Counter(word for line in lines if is_candidate(line) for word in _words(line[2]))
    topics = []
    for word, _ in counted.most_common(4):
        place = next(line for line in lines if is_candidate(line) and word in _words(line[2]))
        sentence = next((s for s in _sentences(place) if word in _words(s)), None)
        if sentence:
            topics.append({"name": word, "quotes": [quote_of(place, sentence)]})
    return topics


def _matching(lines: Sequence[Line], wanted: Callable[[str], bool], most: int) -> list[tuple[Line, str]]:
    return [
        (line, sentence)
        for line in lines
        if is_candidate(line)
        for sentence in _sentences(line)
        if wanted(sentence)
    ][:most]


def _strengths(lines: Sequence[Line]) -> list[Json]:
    deeds = _matching(lines, lambda s: bool(_DEEDS.search(s)), 4)
    return [
        {"text": f"Did what line {line[0]} tells of.", "quotes": [quote_of(line, s)]} for line, s in deeds
    ]


def _flags(lines: Sequence[Line]) -> list[Json]:
    doubts = _matching(lines, lambda s: bool(_DOUBTS.search(s)), 3)
    return [
        {
            "text": "Leaves something open that was asked for.",
            "type": "vague",
            "severity": "low",
            "quotes": [quote_of(line, s)],
        }
        for line, s in doubts
    ]


def _facts(lines: Sequence[Line]) -> list[Json]:
    return [
        {"kind": kind, "value": sentence[:60], "quotes": [quote_of(line, sentence)]}
        for kind, pattern in _FACTS.items()
        for line, sentence in _matching(lines, lambda s, p=pattern: bool(p.search(s)), 1)  # type: ignore[misc]
    ]


def _evidence(lines: Sequence[Line], criteria: Sequence[Json]) -> list[Json]:
    found = []
    for criterion in criteria:
        about = _words(f"{criterion['name']} {criterion['description']}")
        places = _matching(lines, lambda s, a=about: len(_words(s) & a) > 0, 4)  # type: ignore[misc]
        if places:
            quotes = [quote_of(line, sentence) for line, sentence in places]
            found.append({"criterion": criterion["id"], "quotes": quotes})
    return found


def _sentiments(lines: Sequence[Line]) -> list[Json]:
    doubts = _matching(lines, lambda s: bool(_DOUBTS.search(s)), 2)
    return [
        {"topic": f"line {line[0]}", "polarity": "negative", "quote": quote_of(line, s)} for line, s in doubts
    ]
