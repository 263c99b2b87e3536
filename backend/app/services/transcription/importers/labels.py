"""Labels of speakers: finding `Name: …` at the start of a line, and what a label tells about a person.

One line can never tell a speaker from a figure of speech (`The thing is: …`), a whole file can: a label is taken
for a speaker only when it comes back, or when labelling the lines is the habit of the file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from app.models.transcript import SpeakerRole
from app.services.transcription.importers.cues import Cue, Declared

UNNAMED: Final = "Unnamed speaker"
"""Label of what nobody is named for. It may be several people, so it never gets a name or a role."""

_MARKS: Final = re.compile(r"(?:>{1,3}[ \t]*+|[-–—•][ \t]*+(?=[^\W\d])|[*•][ \t]++)(?=\S)")
_BOLD: Final = re.compile(r"(\*\*|__)([^*_\n:：]{1,80}+)(?:([:：])\1|\1[ \t]?([:：]))")
_COLON: Final = re.compile(r"([^\s:：\[\]][^:：\[\]\n]{0,79}?)[ \t]{0,3}([:：])")
_BRACKET: Final = re.compile(r"\[[ \t]{0,3}([^\[\]\n:：]{1,80}?)[ \t]{0,3}\][ \t]{0,3}[:：]?(?=\s|$)")
_ALONE_IN_PARENS: Final = re.compile(r"\(([^()\n:：]{1,80})\)")
_PARENS: Final = re.compile(r"\s*\([^()]{0,60}\)")


def word_set(words: str) -> frozenset[str]:
    """The words of a text, for lists that read better as prose."""
    return frozenset(words.split())


_NEVER: Final = word_set("""
    note notes nb ps warning example tip important summary date time title subject topic re agenda attendees
    participants location duration http https ftp mailto transcript recording music applause laughter laughs laugh
    laughing sighs sighing chuckles chuckling coughs coughing
    inaudible crosstalk silence pause noise unintelligible step part chapter section url link language kind
""")
_ONLY_AS_HABIT: Final = word_set("question answer response q a yes no okay ok well")
_PARTICLES: Final = word_set("""
    de da do dos das del della di du la le van von der den ter ten bin ibn al el y e i zu af av
    she her he him they them the and
""")
_GENERIC: Final = re.compile(
    r"(?:speaker|spk|spkr|participant|person|guest|user|unknown|unidentified|unnamed|voice|channel|caller|host|me|you"
    r"|sprecher(?:in)?|teilnehmer(?:in)?|locuteur|hablante|orador|falante|interlocutor)"
    r"(?:[ _#-]{0,2}(?:speaker|user|participant|person|[0-9]{1,4})|[ _#-]{1,2}[a-z])?"
    r"|[a-z]|[qas][0-9]{1,3}|[0-9]{1,4}"
)
_ROLES: Final[dict[str, SpeakerRole]] = {
    **dict.fromkeys(
        word_set("""
            interviewer interviewers recruiter hiring-manager hr interviewerin personaler personalerin recruteur
            recruteuse intervieweur intervieweuse entrevistador entrevistadora intervistatore
        """),
        SpeakerRole.INTERVIEWER,
    ),
    **dict.fromkeys(
        word_set("""
            candidate interviewee applicant entrevistado entrevistada candidato candidata candidat bewerber
            bewerberin kandidat kandidatin
        """),
        SpeakerRole.CANDIDATE,
    ),
    **dict.fromkeys(word_set("observer shadow note-taker notetaker"), SpeakerRole.OBSERVER),
}
_ROLE_SUFFIX: Final = re.compile(r"(.{1,80}?)\s*(?:\(([^()]{1,30})\)|\s[-–—|/]\s?([^-–—|/]{1,30}))")
LABELLED: Final = 0.95


def key(label: str) -> str:
    """What makes two labels the same speaker."""
    return " ".join(label.split()).casefold()


def is_generic(label: str) -> bool:
    """A label that is nobody's name: `Speaker 2`, `A`, `Guest`."""
    return _GENERIC.fullmatch(key(label)) is not None


def role_word(text: str) -> SpeakerRole | None:
    """The role that a word such as `Interviewer` or `Applicant 2` stands for."""
    word = re.sub(r"[ _#-]?[0-9]{1,2}$", "", key(text)).replace(" ", "-")
    return _ROLES.get(word)


def describe(label: str) -> Declared:
    """What a label alone tells: a name, a role, both (`Daniel (Candidate)`) or neither."""
    label = " ".join(label.split())
    role, name = role_word(label), None
    if role is None:
        name = None if is_generic(label) else label
        suffix = _ROLE_SUFFIX.fullmatch(label)
        if suffix is not None:
            role = role_word(suffix[2] or suffix[3])
            if role is not None:
                name = None if is_generic(suffix[1]) else suffix[1]
    if role is None:
        return Declared(label=label, name=name)
    return Declared(label, name, role, LABELLED, f"labelled “{label}” in the file")


def without_marks(line: str) -> str:
    """Without the dash or arrow that subtitles put before a change of speaker."""
    marks = _MARKS.match(line)
    return line[marks.end() :] if marks else line


def looks_like_name(text: str) -> bool:
    """Written the way names are: few words, each with a capital (or in a script that has none), no punctuation."""
    text = _PARENS.sub("", text).strip()
    words = text.split()
    if not 0 < len(words) <= 6 or len(text) > 60 or re.search(r"[,;!?\"“”…<>{}=/\\*]|\.\s*$", text):
        return len(words) == 2 and text.endswith("Jr.")
    if is_generic(text) and len(text) > 1 and not text.isdigit():
        return True
    first = words[0][0]
    return (
        first.isalpha()
        and not first.islower()
        and all(w in _PARTICLES or not w[0].islower() for w in words[1:])
        and not (len(words) > 1 and words[-1] in _PARTICLES)
    )


def candidate(line: str) -> tuple[str, str] | None:
    """Label and rest of a line that may begin with one. Looks at the first hundred characters only."""
    line = without_marks(line)
    head = line[:120]
    bold = _BOLD.match(head)
    if bold is not None:
        return _label_and_rest(bold[2], line, bold)
    match = _ALONE_IN_PARENS.fullmatch(line) or _BRACKET.match(head)
    if match is None:
        match = _COLON.match(head)
        if match is None or not _ends_label(line, match):
            return None
    return _label_and_rest(match[1], line, match)


def _label_and_rest(label: str, line: str, match: re.Match[str]) -> tuple[str, str] | None:
    """None for brackets with nothing in them, such as the box of a task: `[ ] call back`."""
    label = label.strip()
    return (label, line[match.end() :].strip()) if label else None


def _ends_label(line: str, match: re.Match[str]) -> bool:
    """A colon before a space ends a label; one inside `10:30`, `https://` or `std::map` does not."""
    rest = line[match.end() :]
    if not rest or rest[0].isspace() or match[2] == "：":
        return True
    return rest[0].isalpha() and not match[1][-1].isdigit()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The labels of one file."""

    keys: frozenset[str]

    def split(self, line: str) -> tuple[str, str] | None:
        """The label that the line begins with and the rest, or None."""
        found = candidate(line) if self.keys else None
        return found if found is not None and key(found[0]) in self.keys else None


def learn(lines: Sequence[str], *, least_share: float) -> tuple[Vocabulary, list[str]]:
    """Which labels of these lines are speakers.

    `least_share` is the share of lines that must carry a label for labels to mean anything at all.
    """
    found = [label for line in lines if (split := candidate(line)) is not None and (label := split[0])]
    names = Counter(key(label) for label in found if looks_like_name(label))
    others = Counter(key(label) for label in found if not looks_like_name(label) and label[0].isalnum())
    total = max(1, len(lines))
    habit = sum(names.values()) / total >= 0.5
    strict = (sum(names.values()) + sum(others.values())) / total >= 0.8
    taken = {
        label
        for label, count in names.items()
        if (label not in _NEVER and label not in _ONLY_AS_HABIT and (count > 1 or habit))
        or (label in _ONLY_AS_HABIT and strict and count > 1)
    }
    taken |= {label for label, count in others.items() if strict and count > 1 and label not in _NEVER}
    if sum(names[label] + others[label] for label in taken) / total < least_share:
        return Vocabulary(frozenset()), []
    once = [label for label in taken if names[label] + others[label] == 1]
    warnings = []
    if once and len(lines) > 12:
        shown = next(label for label in found if key(label) in once)
        warnings.append(
            f"{len(once)} speaker(s) are named for a single line only, such as “{shown}”: check that they are people."
        )
    return Vocabulary(frozenset(taken)), warnings


def carry_names(cues: list[Cue]) -> tuple[list[Cue], list[str]]:
    """Give cues without a speaker to the speaker before them, if and only if that is the habit of the file.

    Some files name a speaker only when it changes. Such a file never repeats a name in two cues that follow each
    other; one that does names every cue, and there a cue without a name is really unknown.
    """
    named = [cue.speaker for cue in cues if cue.speaker is not None]
    unnamed = len(cues) - len(named)
    repeats = any(a.speaker is not None and a.speaker == b.speaker for a, b in pairwise(cues))
    if not unnamed or repeats or len(named) < 4 or unnamed * 4 < len(named):
        return cues, []
    carried: list[Cue] = []
    speaker: str | None = None
    for cue in cues:
        speaker = cue.speaker or speaker
        carried.append(cue if cue.speaker or speaker is None else replace(cue, speaker=speaker))
    return carried, [
        "The file names a speaker only where the speaker changes; what follows was given to the same speaker."
    ]
