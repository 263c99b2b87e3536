"""Names that are said: somebody introduces themselves, or is spoken to by name and answers.

A name that is on the list of participants is believed where it is said. Any other word has to be said as a name is
(`my name is …`, `I'm Helen, I lead …`) or by two people, because much else follows the same words.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from app.models.interview import Participant
from app.models.transcript import SpeakerRole
from app.services.analysis.guards.name_words import PARTICLES, TITLES, is_ordinary
from app.services.analysis.guards.phrases import word_set
from app.services.analysis.guards.speaker_cues import plain
from app.services.analysis.guards.speaker_signs import clock
from app.services.analysis.guards.spoken_names import GREETING, SELF, first_part, written
from app.services.analysis.text.turns import Turn, sentences_of
from app.services.speakers.evidence import Evidence, Kind, evidence

_TURNS_INTRODUCING: Final = 6
"""Of each speaker. Later, `I'm Tom` is a quotation more often than an introduction."""
_SENTENCES_READ: Final = 12
"""At both ends of a turn: nobody says hello in the middle of a speech."""
_PLACES_READ: Final = 5
"""In one sentence, each of which costs a look through it."""
_GREETINGS_MOST: Final = 4
"""By one speaker."""
_AS_HOST: Final = re.compile(
    r"^(?:\s+[^\W\d_][\w'-]*)?[,.;]?\s+(?:and\s+|et\s+|y\s+)?(?:i(?:'m| am)?|i'll be|i will be|je|soy)\s+"
    r"(?:(?:also|currently)\s+)?(?:the\s+|an?\s+|your\s+)?(?:lead|leading|run|manage|head|look after|work|started|"
    r"founded|recruit|recruiter|hiring|engineering|product|director|manager|founder|vp|cto|ceo|interviewing|joining|"
    r"dirige|gere|recrute|travaille|responsable|dirijo|lidero|trabajo)\b"
)
"""What follows the name in `I'm Helen, I look after …`, `I'm Conrad, I'm head of …`."""
_HANDS_OVER: Final = re.compile(
    r"\b(?:and this is|with me is|und das ist|et voici|et voila|y est[ea] es) "
    r"(?:(?:my|our) colleague |mein kollege |meine kollegin |m[ao]n? collegue |mi colega )?(?P<name>[^\W\d_][\w'-]*)"
)
"""Of somebody else, who says hello next."""
_NO_NAMES: Final = word_set("""
    everyone everybody everything anyone all team folks guys both again there here sir madam ma'am dear schon sehr
    zusammen alle allerseits dir ihnen euch leute tous toutes beaucoup bien a todos todas muchas mucho senior junior
    chief lead staff principal head director engineer manager founder recruiter muslim jew hindu sikh catholic
    protestant buddhist atheist christian mum dad mama papa goodness god
""")
_PEOPLES: Final = re.compile(r".*(?:ish|ese|ian|ean|can|ench|erman|utch|wiss|zech|reek|ist)")
"""`I'm Danish`, `I'm Italian`: no names, although some names end like that."""


@dataclass(frozen=True, slots=True)
class Naming:
    """`speaker` is called `name`, by themselves or by somebody who turned to them."""

    speaker: str
    name: str
    person: Participant | None
    points: float
    is_own: bool
    at: float
    by: str

    @property
    def key(self) -> str:
        return plain(self.person.name) if self.person else plain(self.name)


_OWN_KNOWN: Final = 3.0
_OWN: Final = 2.0
_TURNED_TO: Final = 1.0


class SpokenNames:
    """All that is said about names in one talk."""

    def __init__(self, turns: Sequence[Turn], people: Sequence[Participant]) -> None:
        self._turns = turns
        self._speakers = list(dict.fromkeys(turn.speaker for turn in turns))
        self._by_word = _by_word(people)
        greetings = list(self._greetings())
        greeted: defaultdict[str, set[str]] = defaultdict(set)
        for naming in greetings:
            greeted[naming.key].add(naming.by)
        self.namings = [*self._introductions(greeted), *greetings]

    def evidence(self) -> Iterator[Evidence]:
        """For roles: only of names whose role somebody gave."""
        for naming in self.namings:
            role = naming.person.role if naming.person else SpeakerRole.UNKNOWN
            if role is SpeakerRole.UNKNOWN or naming.person is None:
                continue
            known = f"{naming.name} at {clock(naming.at)}, and {naming.name} is known as the {role}"
            if naming.is_own:
                yield evidence(naming.speaker, Kind.INTRODUCED, role, f"introduces themselves as {known}")
                continue
            # In a panel the one who speaks next need not be the one who was greeted.
            times = 1.0 if len(self._speakers) == 2 else 0.4
            yield evidence(naming.speaker, Kind.GREETED, role, f"is spoken to as {known}", times=times)
            if role is SpeakerRole.CANDIDATE:
                yield evidence(naming.by, Kind.GREETS, SpeakerRole.INTERVIEWER, f"speaks to {known}")

    def _introductions(self, greeted: Mapping[str, set[str]]) -> Iterator[Naming]:
        """Everybody's first introduction of themselves."""
        begun: Counter[str] = Counter()
        done: set[str] = set()
        for turn in self._turns:
            begun[turn.speaker] += 1
            if turn.speaker in done or begun[turn.speaker] > _TURNS_INTRODUCING:
                continue
            for text, at in _read(turn):
                if naming := self._own_name(turn.speaker, text, at, greeted):
                    done.add(turn.speaker)
                    yield naming
                    break

    def _own_name(self, speaker: str, text: str, at: float, greeted: Mapping[str, set[str]]) -> Naming | None:
        folded = plain(text)
        for match in islice(SELF.finditer(folded), _PLACES_READ):
            word = first_part(match["name"])
            person, name = self._by_word.get(word), written(word, text)
            if name is None:
                continue
            if person is not None:
                return Naming(speaker, name, person, _OWN_KNOWN, True, at, speaker)
            by_others = bool(greeted[word] - {speaker}) if word in greeted else False
            as_names_are = match["sure"] or by_others or _AS_HOST.match(folded[match.end() :])
            if as_names_are and _looks_like_name(name, text):
                return Naming(speaker, _with_surname(name, text), None, _OWN, True, at, speaker)
        return None

    def _greetings(self) -> Iterator[Naming]:
        """Whoever speaks next is the one who was turned to; nobody greets themselves."""
        counted: Counter[str] = Counter()
        for at_turn, turn in enumerate(self._turns):
            following = self._turns[at_turn + 1].speaker if at_turn + 1 < len(self._turns) else None
            if following is None and len(self._speakers) == 2:
                following = next(s for s in self._speakers if s != turn.speaker)
            if following is None:
                continue
            sentences = list(_read(turn))
            # Of several people, only the one who was spoken to last is likely to answer.
            for text, at in sentences if len(self._speakers) == 2 else sentences[-1:]:
                if counted[turn.speaker] >= _GREETINGS_MOST:
                    break
                if naming := self._turned_to(turn.speaker, following, text, at):
                    counted[turn.speaker] += 1
                    yield naming

    def _turned_to(self, speaker: str, following: str, text: str, at: float) -> Naming | None:
        folded = plain(text)
        match = _HANDS_OVER.search(folded) or GREETING.search(folded)
        if match is None:
            return None
        word = first_part(match["name"] or match["first"])
        person, name = self._by_word.get(word), written(word, text)
        if name is None or (person is None and not _looks_like_name(name, text)):
            return None
        return Naming(following, name, person, _TURNED_TO, False, at, speaker)


def names_of(namings: Sequence[Naming], speakers: int) -> dict[str, Naming]:
    """The name of each speaker who has one beyond doubt: nobody else has it, and they have no other."""
    points: defaultdict[tuple[str, str], float] = defaultdict(float)
    best: dict[tuple[str, str], Naming] = {}
    for naming in namings:
        place = (naming.speaker, naming.key)
        points[place] += naming.points
        if place not in best or naming.points > best[place].points:
            best[place] = naming
    named: dict[str, Naming] = {}
    for (speaker, key), reached in points.items():
        naming = best[speaker, key]
        enough = _TURNED_TO if speakers == 2 and naming.person else _OWN
        rivals = [p for (s, k), p in points.items() if (s == speaker) != (k == key)]
        if reached >= enough and all(reached >= rival + 1.0 for rival in rivals):
            named[speaker] = naming
    return named


def _read(turn: Turn) -> Iterator[tuple[str, float]]:
    """Sentences at the beginning and the end of a turn, with when their utterance began."""
    sentences = [(s.text, s.utterance.start) for s in sentences_of(turn.utterances)]
    if len(sentences) <= 2 * _SENTENCES_READ:
        yield from sentences
    else:
        yield from sentences[:_SENTENCES_READ]
        yield from sentences[-_SENTENCES_READ:]


def _by_word(people: Sequence[Participant]) -> dict[str, Participant]:
    """By each word of a name, or of the local part of an address, that is one person's only."""
    of_word: defaultdict[str, set[Participant]] = defaultdict(set)
    for person in people:
        local = (person.email or "").partition("@")[0]
        for word in set(re.findall(r"[^\W\d_]{2,}", f"{plain(person.name)} {plain(local)}")):
            if word not in PARTICLES | TITLES:
                of_word[word].add(person)
    return {word: next(iter(those)) for word, those in of_word.items() if len(those) == 1}


def _looks_like_name(name: str, text: str) -> bool:
    """Written like one, in a text that has capitals, and no word that often stands in that place."""
    word = plain(name)
    return (
        name in text
        and name[:1].isupper()
        and not name[1:].isupper()
        and not is_ordinary(word)
        and word not in _NO_NAMES
        and not _PEOPLES.fullmatch(word)
    )


def _with_surname(name: str, text: str) -> str:
    """`Deirdre Fallon` where both are said."""
    found = re.search(rf"\b{re.escape(name)}\s+(?P<rest>[^\W\d_][^\W\d_'-]+)", text)
    rest = found["rest"] if found else ""
    return f"{name} {rest}" if rest[:1].isupper() and plain(rest) not in _NO_NAMES else name
