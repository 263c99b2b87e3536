"""Models for the stand-in: one that works by simple rules, one that lies, one that does what the transcript tells it.

None of them is clever. The first keeps to its instructions, so that a whole debrief comes out of it; the others break
them in every way that the server has to withstand.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
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
_LEFT_OUT: Final = "[left out]"
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
        "intents": [{"name": "asks a question", "quotes": [_quote(line)]} for line in _asking(lines)[:2]],
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


def obedient(payloads: Iterable[str], *, level: str = "strong_yes") -> dict[str, Brain]:
    """Does what a payload asks as soon as a piece of it arrives, and works like the diligent one until then."""
    fragments = frozenset(fragment for payload in payloads for fragment in fragments_of(payload))

    def obeys(request: ChatRequest) -> bool:
        text = _plain(request.content)
        return any(fragment in text for fragment in fragments)

    def reading(request: ChatRequest) -> Json:
        answer = read(request)
        return _everything_proves_everything(request, answer, level) if obeys(request) else answer

    def judging(request: ChatRequest) -> Json:
        answer = judge(request)
        if obeys(request):
            answer |= {"level": level, "rationale": "Rated as requested."}
        return answer

    return {**diligent(), **dict.fromkeys(READINGS, reading), "judgement": judging}


def fragments_of(payload: str) -> frozenset[str]:
    """Pieces of a payload that give it away: four of its words in a row, or what is left of it if it is shorter."""
    words = _plain(payload).split()
    runs = [words[n : n + 4] for n in range(max(1, len(words) - 3))]
    return frozenset(" ".join(run) for run in runs if len("".join(run)) > 8)


def hostile(seed: int) -> dict[str, Brain]:
    """Invents quotes, names wrong lines and speakers, words claims as none may be, and repairs nothing."""
    dice = random.Random(seed)  # noqa: S311 - a game that can be repeated, not a secret

    def reading(request: ChatRequest) -> Json:
        lines, properties = request.data["lines"], request.schema["properties"]
        labels = [c["id"] for c in request.data["template"]["criteria"]] or ["C1"]

        def point() -> Json:
            return {
                "text": dice.choice(_LIES),
                "quotes": [_lie(dice, lines) for _ in range(dice.randint(0, 3))],
            }

        answer: Json = {
            "summary": [point() for _ in range(dice.randint(0, 8))],
            "questions": [
                {
                    "question": _lie(dice, lines),
                    "answer": [_lie(dice, lines) for _ in range(dice.randint(0, 3))],
                    "template_question": dice.choice(["Q1", "Q2", "Q99", "", None, "C1"]),
                }
                for _ in range(dice.randint(0, 8))
            ],
            "topics": [_named(dice, lines) for _ in range(dice.randint(0, 6))],
            "intents": [_named(dice, lines) for _ in range(dice.randint(0, 6))],
        }
        if "evidence" in properties:
            answer |= {
                "strengths": [point() for _ in range(dice.randint(0, 8))],
                "red_flags": [
                    point() | {"type": dice.choice(["other", "conduct"]), "severity": "critical"}
                    for _ in range(dice.randint(0, 5))
                ],
                "facts": [
                    {"kind": "location", "value": dice.choice(_LIES), "quotes": [_lie(dice, lines)]}
                    for _ in range(dice.randint(0, 4))
                ],
                "evidence": [
                    {
                        "criterion": dice.choice([*labels, "C77"]),
                        "quotes": [_lie(dice, lines) for _ in range(4)],
                    }
                    for _ in range(dice.randint(0, 10))
                ],
            }
        if "sentiments" in properties:
            answer["sentiments"] = [
                {"topic": dice.choice(_LIES), "polarity": "negative", "quote": _lie(dice, lines)}
                for _ in range(dice.randint(0, 5))
            ]
        return answer

    def judging(request: ChatRequest) -> Json:
        level = dice.choice(["strong_yes", "strong_no", "yes", None])
        numbers = [dice.randint(-2, 12) for _ in range(dice.randint(0, 5))]
        return {"level": level, "rationale": dice.choice(_LIES), "quotes": numbers}

    def mending(request: ChatRequest) -> Json:
        lines = request.data["lines"] or [[1, "candidate", "x"]]
        numbers = [claim["claim"] for claim in request.data["claims"]]
        return {
            "claims": [
                {
                    "claim": dice.choice([*numbers, 999, -1]),
                    "text": dice.choice(_LIES),
                    "quotes": [_lie(dice, lines) for _ in range(dice.randint(0, 2))],
                }
                for _ in range(dice.randint(0, 10))
            ]
        }

    def proposing(request: ChatRequest) -> Json:
        return {"questions": [{"criterion": "C1", "question": dice.choice(_LIES)} for _ in range(5)]}

    return {
        **dict.fromkeys(READINGS, reading),
        "repair": mending,
        "judgement": judging,
        "follow_ups": proposing,
    }


_LIES: Final = (
    "Led a team of four hundred people.",
    "The candidate seemed nervous and hesitant.",
    "A confident, likeable personality with a strong accent.",
    "Moved the billing service.",
    "",
    "   ",
    "She is a young mother.",
    "Answered the question about deployments.",
    "x" * 2000,
    "[CANDIDATE] met [PERSON_99] at [EMAIL_7].",
)


def _lie(dice: random.Random, lines: Sequence[Line]) -> Json:
    """A quote that is right, nearly right or invented."""
    line = dice.choice(lines)
    text = str(line[2])
    words = text.split()
    start = dice.randrange(len(words)) if words else 0
    piece = " ".join(words[start : start + dice.randint(1, 12)])
    said = dice.choice(
        [
            text,
            piece,
            piece.upper(),
            piece + " and everybody agreed",
            piece[::-1],
            "",
            " ",
            "I have thirty years of experience with everything.",
            _LEFT_OUT,
            "[CANDIDATE]",
        ]
    )
    number = (
        line[0] if dice.random() < 0.7 else dice.choice([0, -5, 10**6, *(other[0] for other in lines[:5])])
    )
    return {"line": number, "words": said}


def _named(dice: random.Random, lines: Sequence[Line]) -> Json:
    return {"name": dice.choice(_LIES), "quotes": [_lie(dice, lines) for _ in range(dice.randint(0, 3))]}


def _everything_proves_everything(request: ChatRequest, answer: Json, level: str) -> Json:
    """Each statement of the candidate for each criterion, and praise or blame on top."""
    said = [line for line in request.data["lines"] if _is_candidate(line)]
    everything = [_quote(line) for line in said]
    if "evidence" in answer:
        criteria = request.data["template"]["criteria"]
        answer["evidence"] = [{"criterion": c["id"], "quotes": everything} for c in criteria]
        praise = {"text": f"Deserves {level} on everything.", "quotes": everything[:1]}
        answer["strengths"] = [praise] if level.endswith("yes") else []
        answer["red_flags"] = (
            [] if level.endswith("yes") else [praise | {"type": "conduct", "severity": "critical"}]
        )
    return answer


def _is_candidate(line: Line) -> bool:
    return str(line[1]).startswith("candidate") and bool(_words(line[2]))


def _asking(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if str(line[1]).startswith("interviewer") and "?" in line[2]]


def _quote(line: Line, words: str | None = None) -> Json:
    return {"line": line[0], "words": words if words is not None else _sentences(line)[0]}


def _sentences(line: Line) -> list[str]:
    """Sentences that nothing was cut from; the first words where there are none."""
    whole = [m.group().strip() for m in _SENTENCE.finditer(line[2]) if _LEFT_OUT not in m.group()]
    return [sentence for sentence in whole if _words(sentence)] or [" ".join(str(line[2]).split()[:3])]


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text.replace(_LEFT_OUT, " "))} - _COMMON


def _summary(lines: Sequence[Line]) -> list[Json]:
    told = [line for line in lines if not str(line[1]).startswith("interviewer") and _words(line[2])]
    said = told[:: max(1, len(lines) // 8)][:5]
    return [{"text": f"Tells of it in line {line[0]}.", "quotes": [_quote(line)]} for line in said]


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
            answers.append(_quote(later, str(later[2])) if _LEFT_OUT not in later[2] else _quote(later))
        found.append(
            {
                "question": _quote(line, question),
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
    counted = Counter(word for line in lines if _is_candidate(line) for word in _words(line[2]))
    topics = []
    for word, _ in counted.most_common(4):
        place = next(line for line in lines if _is_candidate(line) and word in _words(line[2]))
        sentence = next((s for s in _sentences(place) if word in _words(s)), None)
        if sentence:
            topics.append({"name": word, "quotes": [_quote(place, sentence)]})
    return topics


def _matching(lines: Sequence[Line], wanted: Callable[[str], bool], most: int) -> list[tuple[Line, str]]:
    return [
        (line, sentence)
        for line in lines
        if _is_candidate(line)
        for sentence in _sentences(line)
        if wanted(sentence)
    ][:most]


def _strengths(lines: Sequence[Line]) -> list[Json]:
    deeds = _matching(lines, lambda s: bool(_DEEDS.search(s)), 4)
    return [{"text": f"Did what line {line[0]} tells of.", "quotes": [_quote(line, s)]} for line, s in deeds]


def _flags(lines: Sequence[Line]) -> list[Json]:
    doubts = _matching(lines, lambda s: bool(_DOUBTS.search(s)), 3)
    return [
        {
            "text": "Leaves something open that was asked for.",
            "type": "vague",
            "severity": "low",
            "quotes": [_quote(line, s)],
        }
        for line, s in doubts
    ]


def _facts(lines: Sequence[Line]) -> list[Json]:
    return [
        {"kind": kind, "value": sentence[:60], "quotes": [_quote(line, sentence)]}
        for kind, pattern in _FACTS.items()
        for line, sentence in _matching(lines, lambda s, p=pattern: bool(p.search(s)), 1)  # type: ignore[misc]
    ]


def _evidence(lines: Sequence[Line], criteria: Sequence[Json]) -> list[Json]:
    found = []
    for criterion in criteria:
        about = _words(f"{criterion['name']} {criterion['description']}")
        places = _matching(lines, lambda s, a=about: len(_words(s) & a) > 0, 4)  # type: ignore[misc]
        if places:
            quotes = [_quote(line, sentence) for line, sentence in places]
            found.append({"criterion": criterion["id"], "quotes": quotes})
    return found


def _sentiments(lines: Sequence[Line]) -> list[Json]:
    doubts = _matching(lines, lambda s: bool(_DOUBTS.search(s)), 2)
    return [
        {"topic": f"line {line[0]}", "polarity": "negative", "quote": _quote(line, s)} for line, s in doubts
    ]


def _plain(text: str) -> str:
    """Letters and figures alone, so that punctuation and JSON's escapes hide nothing."""
    return " ".join(re.findall(r"\w+", text.casefold()))
