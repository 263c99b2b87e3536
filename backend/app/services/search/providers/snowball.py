"""The stemmers of the Snowball project."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any, Final

_ALGORITHMS: Final = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian",
    "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


def snowball_stemmer(language: str) -> Any | None:
    """The stemmer of a language (ISO 639); None when there is none, or the library is not installed."""
    name = _ALGORITHMS.get(language)
    if name is None or find_spec("snowballstemmer") is None:
        return None
    # Imported here: its tables of all languages are loaded at once, and not everybody searches.
    import snowballstemmer  # noqa: PLC0415

    return snowballstemmer.stemmer(name) if name in snowballstemmer.algorithms() else None
