"""What one interview can have."""

from typing import Final

MAX_UTTERANCES: Final = 50_000
MAX_SPEAKERS: Final = 200
