"""Who spoke how much. Figures about the conversation, never about a person's manner of speaking."""

from __future__ import annotations

from collections.abc import Sequence

from app.models.analysis import TalkTime
from app.services.analysis.text.questions import is_question
from app.services.analysis.text.turns import Turn, sentences_of


def talk_time(turns: Sequence[Turn], *, english: bool) -> tuple[TalkTime, ...]:
    """One row for each speaker, who spoke most first."""
    by_speaker: dict[str, list[Turn]] = {}
    for turn in turns:
        by_speaker.setdefault(turn.speaker, []).append(turn)
    seconds = {s: sum(u.end - u.start for t in ts for u in t.utterances) for s, ts in by_speaker.items()}
    total = sum(seconds.values())
    rows = [
        TalkTime(
            speaker=speaker,
            seconds=round(seconds[speaker], 3),
            share=round(seconds[speaker] / total, 4) if total else 0.0,
            turns=len(theirs),
            words=sum(t.words for t in theirs),
            questions=sum(
                is_question(s.text, english=english) for t in theirs for s in sentences_of(t.utterances)
            ),
            longest_monologue=round(max(t.utterances[-1].end - t.utterances[0].start for t in theirs), 3),
        )
        for speaker, theirs in by_speaker.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.seconds, row.speaker)))
