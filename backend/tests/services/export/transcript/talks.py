"""Transcripts to export: small ones by hand, and any that can be."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from app.models.transcript import Engine, EngineKind, Speaker, SpeakerRole, Transcript, Utterance, Word
from tests.fixtures.documents import NOON

ODD = (
    "a < b && c > d",
    "<i>not italic</i> <v Eve>not Eve</v> <c.red>",
    "x --> y, 00:00:01.000 --> 00:00:02.000 then",
    "AT&T &amp; R&D &lt;b&gt; &#65; &copy",
    "Sarah Lind: is how it began\r\nDaniel: and ended\rthere",
    "{\\an8} top <br/> <00:00:01.000>",
    "WEBVTT NOTE STYLE 42",
    "שלום עולם, איך הולך?",
    "مرحبا، كيف الحال؟ نعم",
    "我们把计费系统迁移到了事件驱动的架构，然后衡量了每个客户的变化，结果非常好，大家都很满意，于是继续推广到其他部门。"
    * 2,
    "👩‍👩‍👧‍👦 👍🏽 🇩🇪🇫🇷 e\u0301",
    "👩‍👩‍👧‍👦" * 30,
    "Donaudampfschifffahrtsgesellschaftskapitän" * 3,
)


def a_talk(*said: tuple[str, str, float, float], **fields: Any) -> Transcript:
    """Speaker, words, start and end, for each utterance."""
    ids = {name: f"s{place}" for place, name in enumerate(dict.fromkeys(one[0] for one in said))}
    utterances = tuple(
        Utterance(id=f"u{number:04d}", speaker=ids[name], start=start, end=end, text=text)
        for number, (name, text, start, end) in enumerate(said, start=1)
    )
    speakers = tuple(Speaker(id=id, label=name, name=name or None) for name, id in ids.items())
    return a_transcript(**{"speakers": speakers, "utterances": utterances, **fields})


def a_transcript(**fields: Any) -> Transcript:
    known = {
        "id": "t1",
        "organisation_id": "o1",
        "interview_id": "i1",
        "revision": 3,
        "epoch": 1,
        "engine": Engine(name="test", version="1", kind=EngineKind.IMPORTED, label="By hand."),
        "language": "en",
        "created_at": NOON,
    }
    return Transcript(**{**known, **fields})


_WORD = st.one_of(
    st.sampled_from([word for text in ODD for word in text.split()]),
    st.text(st.characters(exclude_categories=["Cs", "Cn"]), min_size=1, max_size=12),
)
_TEXT = st.lists(_WORD, min_size=0, max_size=40).map(" ".join)
NAMES = ("Sarah Lind", "Daniel Reyes", "José Ñandú", "李雷", "שרה לוי", "O'Neil")
_ANY_NAME = st.one_of(
    st.sampled_from(["", "<b>Eve</b>", "a: b", "--> x", "🦊", "[Bob]", "Q", "Note", "12:30", *NAMES]),
    st.text(st.characters(exclude_categories=["Cs", "Cn"]), max_size=200),
)


@st.composite
def talks(draw: st.DrawFn, *, plain_names: bool = False) -> Transcript:
    """Any transcript: people may talk at once, words may have times or none, a cue no length."""
    names = draw(
        st.lists(st.sampled_from(NAMES) if plain_names else _ANY_NAME, min_size=1, max_size=3, unique=True)
    )
    utterances = []
    at = 0.0
    for number in range(draw(st.integers(1, 8))):
        at = max(0.0, at + draw(st.sampled_from([0.0, 0.0, 0.4, 1.3, 8.0, -2.5])))
        length = draw(st.sampled_from([0.0, 0.001, 0.5, 3.0, 12.0, 61.0]))
        text = draw(_TEXT)
        words = draw(st.booleans()) and tuple(_spread(text.split(), at, length))
        utterances.append(
            Utterance(
                id=f"u{number:04d}",
                speaker=f"s{draw(st.integers(0, len(names) - 1))}",
                start=round(at, 3),
                end=round(at + length, 3),
                text=text,
                confidence=draw(st.sampled_from([None, 0.5])),
                language=draw(st.sampled_from([None, "en", "de-CH"])),
                words=words or (),
            )
        )
        at += draw(st.sampled_from([length, length, 0.0]))
    utterances.sort(key=lambda utterance: utterance.start)
    speakers = tuple(
        Speaker(
            id=f"s{place}",
            label=name or f"Speaker {place + 1}",
            name=draw(st.sampled_from([None, name or None])),
            role=draw(st.sampled_from(SpeakerRole)),
            role_confidence=draw(st.sampled_from([0.0, 0.8])),
            role_reason=draw(st.sampled_from([None, "asks 14 of 17 questions"])),
        )
        for place, name in enumerate(names)
    )
    return a_transcript(speakers=speakers, utterances=tuple(utterances))


def _spread(words: list[str], start: float, length: float) -> list[Word]:
    step = length / max(1, len(words))
    return [
        Word(
            text=word, start=round(start + i * step, 3), end=round(start + (i + 1) * step, 3), confidence=0.9
        )
        for i, word in enumerate(words)
    ]
