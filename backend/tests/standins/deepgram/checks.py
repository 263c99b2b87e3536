"""What a request must be before Deepgram works on it: the specification, and rules that only the documentation has."""

from __future__ import annotations

import json
from typing import Final

from tests.standins.deepgram.intelligence import is_english
from tests.standins.deepgram.journal import Query
from tests.standins.deepgram.refusals import Refused
from tests.standins.deepgram.specification import specification
from tests.standins.deepgram.switches import Switches

LISTEN: Final = "/v1/listen"
_MOST_TERMS: Final = 100
_LONGEST_EXTRA: Final = 2048
_LONGEST_TAG: Final = 128
_SHORTEST_UTTERANCE_END: Final = 1000


class Checks:
    def __init__(self, switches: Switches, violations: list[str]) -> None:
        self._switches = switches
        self._violations = violations

    def query(self, path: str, pairs: list[tuple[str, str]]) -> None:
        """Raises `Refused` (400), as for every other method here, unless the stand-in is lenient."""
        asked = Query(pairs)
        found = specification().of_query(pairs, path) + _common(asked)
        if path == LISTEN and asked.on("summarize") and not is_english(asked.first("language", "en")):
            found.append("Summarization v2 not supported for non-English languages")
        self._refuse("INVALID_QUERY_PARAMETER", found)

    def live_query(self, pairs: list[tuple[str, str]]) -> None:
        asked = Query(pairs)
        found = specification().of_live_query(pairs) + _common(asked)
        if not asked.first("model"):
            found.append("model is missing")
        if asked.first("encoding") == "linear16" and not asked.first("sample_rate").isdigit():
            found.append("sample_rate is missing: raw sound has no header")
        if asked.all("utterance_end_ms"):
            silence = asked.first("utterance_end_ms")
            if not silence.isdigit() or int(silence) < _SHORTEST_UTTERANCE_END:
                found.append(f"utterance_end_ms is less than {_SHORTEST_UTTERANCE_END}")
            if not asked.on("interim_results"):
                found.append("utterance_end_ms needs interim_results")
        self._refuse("INVALID_QUERY_PARAMETER", found)

    def json_body(self, schema: str, body: bytes) -> dict[str, str]:
        try:
            parsed = json.loads(body)
        except ValueError:
            self._violations.append("the body is not JSON")
            raise Refused(400, "INVALID_JSON", "Invalid JSON submitted.", "Json deserialize error") from None
        if problems := specification().of_body(schema, parsed):
            self._violations += problems
            # Nothing can be done without an address or a text, however lenient one is.
            raise Refused(400, "INVALID_JSON", "Invalid JSON submitted.", "; ".join(problems))
        return dict(parsed)

    def sound(self, size: int, head: bytes) -> None:
        if not size:
            self._violations.append("the body is empty")
            raise Refused(400, "Bad Request", "Bad Request: failed to process audio: empty body")
        if head.lstrip().startswith((b'{"url"', b"{'url'")):
            self._violations.append("an address was sent without Content-Type: application/json")
            raise Refused(
                400, "Bad Request", "Bad Request: failed to process audio: corrupt or unsupported data"
            )

    def live_frame(self, problem: str) -> None:
        self._violations.append(problem)

    def _refuse(self, code: str, found: list[str]) -> None:
        self._violations += found
        if found and not self._switches.lenient:
            raise Refused(400, code, "; ".join(found))


def _common(asked: Query) -> list[str]:
    found = []
    terms = asked.all("keyterm")
    if len(terms) > _MOST_TERMS or any("," in term for term in terms):
        found.append(f"keyterm takes up to {_MOST_TERMS} terms without commas")
    if terms and not asked.first("model").startswith("nova-3"):
        found.append("keyterm is for Nova-3 only")
    if asked.all("keywords") and asked.first("model").startswith("nova-3"):
        found.append("keywords is not for Nova-3")
    if any(len(pair) > _LONGEST_EXTRA or ":" not in pair for pair in asked.all("extra")):
        found.append(f"extra takes pairs key:value of up to {_LONGEST_EXTRA} characters")
    if any(len(tag) > _LONGEST_TAG for tag in asked.all("tag")):
        found.append(f"tag takes up to {_LONGEST_TAG} characters")
    if asked.all("language_hint") and asked.first("language") != "multi":
        found.append("language_hint is for language=multi only")
    return found
