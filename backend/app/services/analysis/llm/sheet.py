"""The transcript as a model sees it: numbered lines, names replaced, protected topics and instructions left out.

Every line knows where its characters came from, so that a quote of the model becomes a quote of what was really said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.models.analysis import Evidence
from app.models.transcript import Speaker, SpeakerRole, Utterance
from app.services.analysis.base import AnalysisInput
from app.services.analysis.guards.instructions import find_instructions
from app.services.analysis.guards.protected import Protected, find_protected
from app.services.analysis.guards.pseudonyms import Pseudonyms
from app.services.analysis.quoting import find_quote
from app.services.analysis.redaction import Redacted, Replacement, Span

CUT: Final = "[left out]"
_LONGEST_LINE: Final = 1200
"""Characters; a longer utterance becomes several lines, so that a quote has a place of its own."""
_UNKNOWN: Final = "speaker"
_SENTENCE_END: Final = re.compile(r"(?<=[.?!…])\s+|(?<=[。？！؟])\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """`start` and `end` are positions in the redacted text of the utterance."""

    number: int
    utterance: Utterance
    who: str
    role: SpeakerRole
    redacted: Redacted
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.redacted.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Sheet:
    lines: tuple[Line, ...]
    pseudonyms: Pseudonyms
    protected: Protected
    instructions: tuple[Span, ...]
    _by_number: dict[int, Line] = field(default_factory=dict)

    @classmethod
    def of(cls, request: AnalysisInput) -> Sheet:
        """Pure and synchronous; some hundred milliseconds of work for a long interview."""
        utterances = request.transcript.utterances
        roles = {s.id: s.role for s in request.transcript.speakers}
        pseudonyms = Pseudonyms.of(request)
        protected = find_protected(utterances, roles, language=request.transcript.language)
        instructions = find_instructions(utterances)
        cuts = _cuts(protected, instructions)
        tags = _tags(request.transcript.speakers)
        redacted = [
            (u, Redacted(u.text, [*cuts.get(u.id, ()), *pseudonyms.replacements(u.text)])) for u in utterances
        ]
        lines = tuple(_lines(redacted, roles, tags))
        return cls(lines, pseudonyms, protected, instructions, {line.number: line for line in lines})

    def line(self, number: int) -> Line | None:
        return self._by_number.get(number)

    def locate(self, number: int, words: str) -> Evidence | None:
        """The place of a quote, in the words of the transcript itself; None when the line does not have it."""
        line = self._by_number.get(number)
        if line is None or CUT.strip("[]") in words:
            return None
        found = find_quote(line.text, words)
        if found is None or CUT in line.text[found[0] : found[1]]:
            return None
        start, end = line.redacted.source_range(line.start + found[0], line.start + found[1])
        utterance = line.utterance
        return Evidence(
            utterance_id=utterance.id,
            quote=utterance.text[start:end],
            start=utterance.start,
            end=utterance.end,
        )

    def hidden(self, evidence: Evidence) -> str:
        """A verified quote as it may leave: names replaced."""
        return self.pseudonyms.hide(evidence.quote)


def _cuts(protected: Protected, instructions: Sequence[Span]) -> dict[str, list[Replacement]]:
    cuts: dict[str, list[Replacement]] = {}
    for span in (*(cut.span for cut in protected.cuts), *instructions):
        cuts.setdefault(span.utterance_id, []).append(Replacement(span.start, span.end, CUT))
    return cuts


def _tags(speakers: Sequence[Speaker]) -> dict[str, str]:
    """What a speaker is called in the document: by role, numbered where several have it."""
    frequency = Counter(speaker.role for speaker in speakers)
    counted: Counter[SpeakerRole] = Counter()
    tags = {}
    for speaker in speakers:
        counted[speaker.role] += 1
        name = _UNKNOWN if speaker.role is SpeakerRole.UNKNOWN else speaker.role.value
        tags[speaker.id] = f"{name} {counted[speaker.role]}" if frequency[speaker.role] > 1 else name
    return tags


def _lines(
    redacted: Sequence[tuple[Utterance, Redacted]],
    roles: Mapping[str, SpeakerRole],
    tags: Mapping[str, str],
) -> Iterator[Line]:
    number = 0
    for utterance, text in redacted:
        for start, end in _pieces(text.text):
            number += 1
            yield Line(
                number=number,
                utterance=utterance,
                who=tags.get(utterance.speaker, _UNKNOWN),
                role=roles.get(utterance.speaker, SpeakerRole.UNKNOWN),
                redacted=text,
                start=start,
                end=end,
            )


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """The whole text, or stretches of whole sentences, or, where there are none, of whole words."""
    if not text.strip():
        return
    start = 0
    while len(text) - start > _LONGEST_LINE:
        window = text[start : start + _LONGEST_LINE]
        ends = [match.end() for match in _SENTENCE_END.finditer(window)]
        space = window.rfind(" ") + 1
        length = ends[-1] if ends else space or _LONGEST_LINE
        yield start, start + length
        start += length
    if text[start:].strip():
        yield start, len(text)
