"""The words for which a sentence of the debrief is refused.

A debrief speaks of what was said and done. What a person feels or is (emotion, personality, voice and accent, looks,
age, gender, origin, health) is none of its business, whether the sentence affirms or denies it. Words in quotation
marks are the candidate's own and are not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final

from app.services.analysis.guards import wording_languages as languages
from app.services.analysis.guards import wording_phrases as phrases
from app.services.analysis.guards import wording_words as words
from app.services.analysis.guards.folding import Folded
from app.services.analysis.guards.wording_grammar import Surroundings, Token, Whose, tokens_of
from app.services.analysis.quoting import find_quote

_QUOTED: Final = re.compile(
    r"„[^“”\"]*[“”\"]|“[^”“]*”|«[^»]*»|»[^«]*«|‹[^›]*›|「[^」]*」|『[^』]*』"
    r"|(?<!\w)\"(?=\S)[^\"]*(?<=\S)\"(?!\w)"
    # An apostrophe between letters or after a plural opens nothing.
    r"|(?<!\w)['‘‚](?=[^\s\d.,;:!?)'’])(?:[^'’‘]|['’](?=\w))*+['’‘](?!\w)"
)
_OF_PEOPLE: Final = words.whole_words(words.OF_PEOPLE, languages.OF_PEOPLE)
_OF_PEOPLE_OR_THINGS: Final = words.whole_words(words.OF_PEOPLE_OR_THINGS, languages.OF_PEOPLE_OR_THINGS)
_OF_THINGS_MOSTLY: Final = words.whole_words(words.OF_THINGS_MOSTLY)
_FEELING: Final = words.whole_words(words.FEELING)
_AFTER_THEIR_NOUN: Final = words.whole_words(languages.AFTER_THEIR_NOUN)
_REFUSED: Final = (phrases.REFUSED_PHRASES, languages.REFUSED_PHRASES)
_ALLOWED: Final = (phrases.ALLOWED_PHRASES, languages.ALLOWED_PHRASES)
_LOOKING: Final = re.compile(
    r"(?:over-?|self-|non-?|semi-|quasi-)|-(?:looking|sounding|seeming|natured|minded|hearted)"
)

Place = tuple[int, int]


def refused_wording(text: str, said: Iterable[str] | None = None) -> tuple[str, ...]:
    """The words or phrases about a person in `text`, in lower case as they stand there, each once; empty when it may
    be shown. Takes any text in any language; English is covered thoroughly, German, French and Spanish in the core.

    With `said`, what the text rests on, only quotation marks around words of that count as such: nobody may put a
    word of their own between them.
    """
    unquoted = _QUOTED.sub(partial(_blank, said=None if said is None else tuple(said)), text)
    folded = Folded.of(unquoted)
    found: dict[str, None] = {}
    for start, end in sorted(_places(folded)):
        first, last = folded.origin(start, end)
        found.setdefault(" ".join(unquoted[first:last].lower().split()))
    return tuple(found)


def _blank(quote: re.Match[str], said: tuple[str, ...] | None) -> str:
    text = quote.group()
    if said is not None and all(find_quote(words, text[1:-1]) is None for words in said):
        return text
    return " " * len(text)


def _places(folded: Folded) -> Iterator[Place]:
    allowed = [m.span() for pattern in _ALLOWED for m in pattern.finditer(folded.text)]
    taken = list(allowed)
    for pattern in _REFUSED:
        for match in pattern.finditer(folded.text):
            if match.end() > match.start() and not _within(match.span(), taken):
                taken.append(match.span())
                yield match.span()
    tokens = tokens_of(folded)
    for at, token in enumerate(tokens):
        place = token.start, token.end
        if not _within(place, taken) and _is_refused(tokens, at):
            yield place


def _within(place: Place, others: list[Place]) -> bool:
    return any(start <= place[0] and place[1] <= end for start, end in others)


def _is_refused(tokens: list[Token], at: int) -> bool:
    word = tokens[at].text
    around = Surroundings(tokens, at, _is_listed)
    if _FEELING.fullmatch(word):
        return around.of_verb() is Whose.CANDIDATE
    if _is_one(_OF_PEOPLE, word):
        return _whose(around, word) is not Whose.OTHERS
    if _is_one(_OF_PEOPLE_OR_THINGS, word):
        return _whose(around, word) not in {Whose.OTHERS, Whose.THING}
    if _is_one(_OF_THINGS_MOSTLY, word):
        return _whose(around, word) is Whose.CANDIDATE
    return False


def _whose(around: Surroundings, word: str) -> Whose:
    if word.endswith("ly") and word not in {"friendly", "unfriendly", "lively", "ugly", "elderly"}:
        return around.of_adverb()
    return around.of_adjective(after_noun=_AFTER_THEIR_NOUN.fullmatch(word) is not None)


def _is_listed(word: str) -> bool:
    return any(_is_one(entries, word) for entries in (_OF_PEOPLE, _OF_PEOPLE_OR_THINGS, _OF_THINGS_MOSTLY))


def _is_one(entries: re.Pattern[str], word: str) -> bool:
    """Also as a part of `over-confident` or `nervous-looking`; a `user-friendly` page is another word."""
    if entries.fullmatch(word):
        return True
    bare = _LOOKING.sub("", word)
    return bare != word and entries.fullmatch(bare) is not None
