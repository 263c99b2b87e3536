"""JSON: our own export, a script with a map of speakers, Whisper's segments, a bare list, vendors' utterances."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, NoReturn

from app.models.transcript import SpeakerRole, Word
from app.services.transcription.importers.clock import MAX_SECONDS, seconds
from app.services.transcription.importers.cues import Cue, Declared, Parsed
from app.services.transcription.importers.errors import TranscriptUnreadable
from app.services.transcription.importers.labels import describe, role_word

OWN_FORMAT: Final = "debrief-transcript"
"""Value of `format` in our own export, in which everything means what it says."""
_LISTS: Final = ("utterances", "segments", "cues", "monologues", "entries", "transcript", "results")
_TEXT: Final = ("text", "transcript", "content", "sentence")
_START: Final = ("start", "start_time", "startTime", "begin", "from", "timestamp")
_END: Final = ("end", "end_time", "endTime", "to")
_SPEAKER: Final = ("speaker", "speaker_name", "speakerName", "speaker_label", "speaker_id", "speakerId")
_WORD: Final = ("punctuated_word", "word", "text")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_SHAPE: Final = (
    'Give an object with "utterances" (or "segments"), each with "speaker", "start", "end" and "text"; '
    "times in seconds."
)


def parse_json(text: str) -> Parsed:
    """Raises `TranscriptUnreadable` with the line of broken JSON, or the number of the item that is not usable."""
    document = _load(text)
    root = document if isinstance(document, dict) else {}
    items = _items(document, depth=0)
    is_own = root.get("format") == OWN_FORMAT
    declared = _declared(root.get("speakers"), _declare_exactly if is_own else _declare)
    cues: list[Cue] = []
    bad_words = 0
    for number, item in enumerate(items, start=1):
        cue, words_lost = _cue(item, number)
        bad_words += words_lost
        cues.append(cue)
    warnings = []
    if bad_words:
        warnings.append(f"The word times of {bad_words} utterance(s) were not usable and were left out.")
    duration = _number(root.get("duration")) or 0.0
    if not is_own and _in_milliseconds(cues):
        cues, duration = [_thousandth(cue) for cue in cues], duration / 1000
        warnings.append("The times look like milliseconds and were read as such.")
    _refuse_absurd_times(cues)
    for cue in cues:
        if cue.speaker is not None and cue.speaker not in declared:
            declared[cue.speaker] = describe(_readable(cue.speaker))
    return Parsed(
        cues,
        warnings,
        declared,
        language=_language(root.get("language")),
        duration=duration if duration <= MAX_SECONDS else 0.0,
        place_name="item",
    )


def _load(text: str) -> Any:
    def refuse(name: str) -> NoReturn:
        raise TranscriptUnreadable(f"{name} is not a number that JSON allows.")

    try:
        return json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise TranscriptUnreadable(f"The JSON is broken: {error.msg}.", line=error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise TranscriptUnreadable("The JSON holds a number or a nesting that is far too large.") from error


def _items(document: Any, *, depth: int) -> list[Any]:
    if isinstance(document, list):
        return document
    if isinstance(document, dict) and depth < 3:
        for name in _LISTS:
            if isinstance(document.get(name), (list, dict)):
                return _items(document[name], depth=depth + 1)
    raise TranscriptUnreadable(f"This JSON is not a transcript that can be read. {_SHAPE}")


def _cue(item: Any, number: int) -> tuple[Cue, bool]:
    if not isinstance(item, dict):
        raise TranscriptUnreadable(f"Item {number} is not an object. {_SHAPE}", item=number)
    words, words_lost = _words(item.get("words"))
    text = _first(item, _TEXT)
    if text is None and words:
        text = " ".join(word.text for word in words)
    if not isinstance(text, str):
        raise TranscriptUnreadable(f"Item {number} has no text. {_SHAPE}", item=number)
    channel = item.get("channel")
    cue = Cue(
        _clean(text, number),
        number,
        speaker=_speaker(_first(item, _SPEAKER), number),
        start=_time(_first(item, _START), number),
        end=_time(_first(item, _END), number),
        words=words,
        confidence=_share(item.get("confidence")),
        channel=channel
        if isinstance(channel, int) and not isinstance(channel, bool) and 0 <= channel < 64
        else None,
        language=_language(item.get("language")),
    )
    return cue, words_lost


def _first(item: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((item[name] for name in names if item.get(name) is not None), None)


def _clean(text: str, number: int) -> str:
    """`number` is that of the item, or 0 for what is said about a speaker."""
    if "\x00" in text:
        where = f"Item {number}" if number else "The list of speakers"
        raise TranscriptUnreadable(f"{where} holds a NUL character; remove it.", item=number or None)
    return " ".join(_SURROGATE.sub("�", text).split())


def _speaker(value: Any, number: int) -> str | None:
    if isinstance(value, dict):
        value = _first(value, ("id", "key", "name", "label"))
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    if isinstance(value, int) and not -(10**9) < value < 10**9:
        raise TranscriptUnreadable("The number of a speaker is far too large.", item=number or None)
    name = _clean(str(value), number)
    if len(name) > 160:
        where = f"in item {number}" if number else "in the list of speakers"
        raise TranscriptUnreadable(f"A name {where} is longer than 160 characters.", item=number or None)
    return name or None


def _readable(speaker: str) -> str:
    return f"Speaker {speaker}" if speaker.isascii() and speaker.isdigit() else speaker


def _number(value: Any) -> float | None:
    """A finite number that is not negative. Numbers in quotes count; True does not."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value) if not isinstance(value, str) or len(value) <= 32 else math.nan
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _time(value: Any, number: int) -> float | None:
    if isinstance(value, list) and value:
        value = value[0]
    if value is None:
        return None
    time = _number(value)
    if time is None and isinstance(value, str) and len(value) <= 32:
        time = seconds(value)
    if time is None:
        raise TranscriptUnreadable(
            f"Item {number} has a time that is no number of seconds. {_SHAPE}", item=number
        )
    return time


def _words(value: Any) -> tuple[tuple[Word, ...], bool]:
    """The words with their times, or nothing and True when one of them is not usable."""
    if not isinstance(value, list) or not value:
        return (), False
    words: list[Word] = []
    for item in value:
        text = _first(item, _WORD) if isinstance(item, dict) else None
        start, end = (_number(_first(item, names)) for names in (_START, _END)) if text else (None, None)
        if (
            not isinstance(text, str)
            or "\x00" in text
            or start is None
            or end is None
            or end > MAX_SECONDS * 1000
        ):
            return (), True
        confidence = _share(_first(item, ("confidence", "probability", "score")))
        clean = " ".join(_SURROGATE.sub("�", text).split())
        if clean:
            words.append(Word(text=clean, start=start, end=max(start, end), confidence=confidence))
    return tuple(words), False


def _share(value: Any) -> float | None:
    number = _number(value) if not isinstance(value, str) else None
    return number if number is not None and number <= 1 else None


def _language(value: Any) -> str | None:
    return value if isinstance(value, str) and _LANGUAGE.fullmatch(value) else None


def _declared(speakers: Any, declare: Callable[[str, Any], Declared]) -> dict[str, Declared]:
    """The speakers as a map by key, or as a list of objects with an id (our own export)."""
    if isinstance(speakers, dict):
        pairs = list(speakers.items())
    elif isinstance(speakers, list):
        pairs = [(_first(s, ("id", "key", "label", "name")), s) for s in speakers if isinstance(s, dict)]
    else:
        return {}
    found: dict[str, Declared] = {}
    for raw, entry in pairs:
        speaker = _speaker(raw, 0)
        if speaker is not None:
            found[speaker] = declare(speaker, entry)
    return found


def _declare(speaker: str, entry: Any) -> Declared:
    if isinstance(entry, str):
        return describe(_speaker(entry, 0) or speaker)
    if not isinstance(entry, dict):
        return describe(_readable(speaker))
    name = _speaker(entry.get("name"), 0)
    label = _speaker(entry.get("label"), 0) or name or _readable(speaker)
    told = describe(name or label)
    word = entry.get("role")
    role = role_word(word[:40]) if isinstance(word, str) else None
    if role is None or role is SpeakerRole.UNKNOWN:
        return replace(told, label=label)
    given = _share(entry.get("role_confidence"))
    reason = entry.get("role_reason")
    return Declared(
        label,
        told.name,
        role,
        1.0 if given is None else given,
        _clean(reason[:300], 0) if isinstance(reason, str) and reason else "declared in the imported file",
    )


def _declare_exactly(speaker: str, entry: Any) -> Declared:
    if not isinstance(entry, dict):
        return _declare(speaker, entry)
    word, reason = entry.get("role"), entry.get("role_reason")
    return Declared(
        _speaker(entry.get("label"), 0) or speaker,
        _speaker(entry.get("name"), 0),
        SpeakerRole(word) if word in frozenset(SpeakerRole) else SpeakerRole.UNKNOWN,
        _share(entry.get("role_confidence")) or 0.0,
        _clean(reason[:300], 0) if isinstance(reason, str) and reason else None,
    )


def _in_milliseconds(cues: list[Cue]) -> bool:
    """Whole numbers, and so many of them that nobody would have spoken a word in twenty seconds."""
    times = [time for cue in cues for time in (cue.start, cue.end) if time is not None]
    if not times or any(time != int(time) for time in times):
        return False
    span = max(times) - min(times)
    return span > 300 and sum(len(cue.text.split()) for cue in cues) / span < 0.05


def _thousandth(cue: Cue) -> Cue:
    return replace(
        cue,
        start=None if cue.start is None else cue.start / 1000,
        end=None if cue.end is None else cue.end / 1000,
        words=tuple(w.model_copy(update={"start": w.start / 1000, "end": w.end / 1000}) for w in cue.words),
    )


def _refuse_absurd_times(cues: list[Cue]) -> None:
    for cue in cues:
        if max(cue.start or 0.0, cue.end or 0.0) > MAX_SECONDS:
            raise TranscriptUnreadable(
                f"Item {cue.place} is more than a hundred hours into the recording. {_SHAPE}", item=cue.place
            )
