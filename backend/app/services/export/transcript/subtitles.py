"""WebVTT with voices, and SRT. What people said is text: it never becomes a tag, an entity or a timing."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

from app.models.transcript import Transcript
from app.services.export.transcript.cues import Cue, cues_of
from app.services.export.transcript.names import JOINER, names_of

_TAG: Final = re.compile(r"<(?=[A-Za-z/0-9!])")
_POSITION: Final = re.compile(r"\{(?=\\)")
"""Many readers take `{\\an8}` for a position, in WebVTT too."""
_LABEL_SIGNS: Final = re.compile(r"[:：\[(*_]")
_NOT_IN_LABELS: Final = re.compile(r"[:：\[\]<>{}]|--+>?")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


def write_webvtt(transcript: Transcript) -> bytes:
    cues = cues_of(transcript, names_of(transcript.speakers), labelled=False)
    language = _LANGUAGE.fullmatch(transcript.language or "")
    head = f"WEBVTT\nLanguage: {language[0]}\n" if language else "WEBVTT\n"
    return "\n".join([head, *map(_webvtt_cue, cues)]).encode()


def write_srt(transcript: Transcript) -> bytes:
    """Players know no voices here: the name stands before the words, in every cue."""
    names = {id: _label(name) for id, name in names_of(transcript.speakers).items()}
    return "\n".join(_srt_cue(cue) for cue in cues_of(transcript, names, labelled=True)).encode()


def _webvtt_cue(cue: Cue) -> str:
    # Without a closing tag a voice goes on to the end of its cue.
    words = "\n".join(map(_escaped, cue.lines))
    timing = f"{_clock(cue.start, '.')} --> {_clock(cue.end, '.')}"
    return f"{cue.number}\n{timing}\n<v {_escaped(cue.speaker)}>{words}\n"


def _srt_cue(cue: Cue) -> str:
    first, *others = map(_harmless, cue.lines)
    words = "\n".join([f"{cue.speaker}: {first}", *map(_no_label, others)])
    return f"{cue.number}\n{_clock(cue.start, ',')} --> {_clock(cue.end, ',')}\n{words}\n"


def _clock(milliseconds: int, mark: str) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{mark}{rest:03d}"


def _escaped(text: str) -> str:
    return _POSITION.sub("&#123;", text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def _harmless(text: str) -> str:
    """SRT has no rule for markup, and some players show entities as they are: only what would be lost becomes one."""
    if unescape(text) != text:
        text = text.replace("&", "&amp;")
    return _POSITION.sub("&#123;", _TAG.sub("&lt;", text.replace("-->", "--&gt;")))


def _no_label(line: str) -> str:
    """A later line of a cue, which must not be read as the beginning of another speaker's words."""
    return f"{JOINER}{line}" if _LABEL_SIGNS.search(line[:120]) else line


def _label(name: str) -> str:
    plain = " ".join(_NOT_IN_LABELS.sub(" ", name).split())[:70].rstrip()
    return plain or "Speaker"
