"""Models for the stand-in that break their instructions: one does what the transcript tells it, one lies throughout.

They do it in every way that the server has to withstand.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from typing import Final

from tests.standins.openai.analyst import Brain, ChatRequest
from tests.standins.openai.brains import (
    LEFT_OUT,
    READINGS,
    Line,
    diligent,
    is_candidate,
    judge,
    quote_of,
    read,
)
from tests.standins.openai.journal import Json


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
            LEFT_OUT,
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
    said = [line for line in request.data["lines"] if is_candidate(line)]
    everything = [quote_of(line) for line in said]
    if "evidence" in answer:
        criteria = request.data["template"]["criteria"]
        answer["evidence"] = [{"criterion": c["id"], "quotes": everything} for c in criteria]
        praise = {"text": f"Deserves {level} on everything.", "quotes": everything[:1]}
        answer["strengths"] = [praise] if level.endswith("yes") else []
        answer["red_flags"] = (
            [] if level.endswith("yes") else [praise | {"type": "conduct", "severity": "critical"}]
        )
    return answer


def _plain(text: str) -> str:
    """Letters and figures alone, so that punctuation and JSON's escapes hide nothing."""
    return " ".join(re.findall(r"\w+", text.casefold()))
