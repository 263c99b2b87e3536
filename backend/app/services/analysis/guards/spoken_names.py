"""Names as people say them: of themselves, and of whom they speak to. All patterns are over the plain form of a text."""

from __future__ import annotations

import re
from typing import Final

from app.services.analysis.guards.name_words import is_ordinary
from app.services.analysis.guards.speaker_cues import plain

_NAME_IS: Final = r"my name(?:'s| is)|i am called|mein name ist|ich heisse|je m'appelle|me llamo|mi nombre es"
SELF: Final = re.compile(
    rf"\b(?:(?P<sure>{_NAME_IS})|i'm|i am|ich bin|je suis|soy|moi c'est)\s+(?P<name>[^\W\d_][\w'-]*)"
)
_HELLO: Final = (
    r"(?:hi|hello|hey|hiya|welcome|good (?:morning|afternoon|evening)|thanks|thank you(?: (?:so|very) much)?|cheers|"
    r"bye|goodbye|nice to meet you|hallo|guten (?:morgen|tag|abend)|danke(?: schon)?|vielen dank|tschuss|"
    r"auf wiedersehen|bonjour|bonsoir|merci|au revoir|hola|buenos dias|buenas tardes|gracias|adios)"
)
GREETING: Final = re.compile(
    rf"\b{_HELLO},?\s+(?:there,?\s+|again,?\s+|(?:mr|ms|mrs|dr|herr|frau|madame|monsieur|senor|senora)\.?\s+)?"
    rf"(?P<name>[^\W\d_][\w'-]*)|^(?P<first>[^\W\d_][\w'-]*),?\s+(?:hi|hello|welcome|come in|thank you|thanks)\b"
)


def first_part(name: str) -> str:
    """`Jean` of `Jean-Luc`, `Sarah` of `Sarah's`."""
    return re.split(r"['-]", name)[0]


def written(word: str, text: str) -> str | None:
    """The name as the text has it, with a capital; None where an ordinary word is only that."""
    found = [w for w in re.findall(r"[^\W\d_]+", text) if plain(w) == word]
    name = next((w for w in found if w[:1].isupper()), None)
    return name if name is not None or is_ordinary(word) else word.capitalize()
