"""A transcript goes out as a file and comes in again: the same people say the same words at the same times."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import docx
import pytest
from hypothesis import given, settings

from app.models.transcript import Transcript, TranscriptDraft
from app.services.export.transcript.names import JOINER, names_of, one_line, spoken
from app.services.export.transcript.render import TranscriptFacts, TranscriptFormat, render_transcript
from app.services.transcription.importers import TranscriptEmpty, parse_transcript
from tests.services.export.transcript.talks import NAMES, ODD, a_talk, talks


def file_of(format: TranscriptFormat, transcript: Transcript) -> bytes:
    at = datetime(2026, 3, 14, tzinfo=UTC)
    return render_transcript(format, TranscriptFacts(transcript, "Round <2>\nWEBVTT", "Example", at))


def there_and_back(format: TranscriptFormat, transcript: Transcript) -> TranscriptDraft | None:
    """None for a transcript without words, which no import takes."""
    try:
        return parse_transcript(file_of(format, transcript), filename="t")
    except TranscriptEmpty:
        said = "".join(text for _, text in spoken(transcript))
        assert not any(map(str.isalnum, said))
        return None


def words_by_name(transcript: Transcript) -> dict[str, list[str]]:
    """What each person says, in order, under the name that a file gives them."""
    names, found = names_of(transcript.speakers), dict[str, list[str]]()
    for utterance, text in spoken(transcript):
        found.setdefault(names[utterance.speaker], []).extend(text.split())
    return found


def words_of_draft(draft: TranscriptDraft) -> dict[str, list[str]]:
    names, found = {s.id: s.label for s in draft.speakers}, dict[str, list[str]]()
    for utterance in draft.utterances:
        found.setdefault(names[utterance.speaker], []).extend(utterance.text.split())
    return found


def turns(transcript: Transcript | TranscriptDraft) -> list[tuple[str, str, float, float]]:
    names = {s.id: s.label for s in transcript.speakers}
    return [(names[u.speaker], u.text, u.start, u.end) for u in transcript.utterances]


ORDERLY = a_talk(
    ("Sarah Lind", "What did you build last year?", 1.25, 4.0),
    ("Daniel Reyes", "A billing system, for four million customers.", 4.5, 9.0),
    ("Sarah Lind", "How did you measure it?", 12.0, 14.007),
    ("Daniel Reyes", "By the number of complaints.", 16.1, 18.0),
)


@pytest.mark.parametrize("format", [TranscriptFormat.VTT, TranscriptFormat.SRT])
def test_subtitles_keep_turns_and_their_times_to_the_millisecond(format: TranscriptFormat) -> None:
    draft = there_and_back(format, ORDERLY)
    assert draft is not None
    assert turns(draft) == turns(ORDERLY)
    assert draft.warnings == ()


def test_plain_text_keeps_turns_and_the_second_in_which_they_begin() -> None:
    draft = there_and_back(TranscriptFormat.TXT, ORDERLY)
    assert draft is not None
    assert [turn[:2] for turn in turns(draft)] == [turn[:2] for turn in turns(ORDERLY)]
    assert [turn[2] for turn in turns(draft)] == [1, 4, 12, 16]
    assert draft.language == "en"


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize("format", [TranscriptFormat.TXT, TranscriptFormat.SRT, TranscriptFormat.VTT])
def test_what_looks_like_markup_or_is_in_any_script_stays_what_was_said(
    format: TranscriptFormat, text: str
) -> None:
    talk = a_talk(
        ("Sarah Lind", "What did you build?", 0, 2),
        ("Daniel Reyes", text, 2, 40),
        ("Sarah Lind", "And then?", 40, 41),
        ("Daniel Reyes", text, 41, 41),
    )
    draft = there_and_back(format, talk)
    assert draft is not None
    assert words_of_draft(draft) == words_by_name(talk)


@pytest.mark.parametrize("format", [TranscriptFormat.TXT, TranscriptFormat.VTT])
@settings(max_examples=40)
@given(talk=talks())
def test_any_talk_keeps_its_words_with_whoever_said_them(format: TranscriptFormat, talk: Transcript) -> None:
    draft = there_and_back(format, talk)
    if draft is not None:
        assert unspaced(words_of_draft(draft)) == unspaced(words_by_name(talk))


@settings(max_examples=40)
@given(talk=talks(plain_names=True))
def test_srt_does_so_where_names_look_like_names(talk: Transcript) -> None:
    draft = there_and_back(TranscriptFormat.SRT, talk)
    if draft is not None:
        assert unspaced(words_of_draft(draft)) == unspaced(words_by_name(talk))


@settings(max_examples=40)
@given(talk=talks())
def test_srt_loses_no_word_whatever_the_names(talk: Transcript) -> None:
    draft = there_and_back(TranscriptFormat.SRT, talk)
    if draft is not None:
        kept = "".join("".join(u.text.split()) for u in draft.utterances)
        assert all(word in kept for words in words_by_name(talk).values() for word in words if len(word) < 20)


def unspaced(said: dict[str, list[str]]) -> dict[str, str]:
    """Where somebody talks into a word that is longer than a line, its pieces come back apart. Names count as one in
    any case, and with any space."""
    joined: dict[str, str] = {}
    for name, words in said.items():
        key = " ".join(name.split()).casefold()
        joined[key] = joined.get(key, "") + "".join(words)
    return joined


@settings(max_examples=40)
@given(talk=talks())
def test_json_loses_nothing(talk: Transcript) -> None:
    draft = there_and_back(TranscriptFormat.JSON, talk)
    if draft is None:
        return
    kept = [u for u in talk.utterances if u.text.split()]
    assert len(draft.utterances) == len(kept)
    speakers = {s.id: s for s in talk.speakers}
    found = {s.id: s for s in draft.speakers}
    for before, after in zip(kept, draft.utterances, strict=True):
        left_out = {"id", "speaker", "text", "words"}
        assert after.model_dump(exclude=left_out) == before.model_dump(exclude=left_out)
        assert after.text.split() == before.text.replace("\x00", "\ufffd").split()
        assert [(w.start, w.end, w.confidence) for w in after.words] == [
            (w.start, w.end, w.confidence) for w in before.words if w.text.split()
        ]
        then, now = speakers[before.speaker], found[after.speaker]
        assert (now.role, now.role_confidence, now.role_reason) == (
            then.role,
            then.role_confidence,
            then.role_reason,
        )


def test_json_keeps_names_roles_and_word_times() -> None:
    talk = a_talk(("Guest", "Hello there.", 0, 1))
    draft = there_and_back(TranscriptFormat.JSON, talk)
    assert draft is not None
    assert draft.speakers[0].name == "Guest"
    assert (draft.language, draft.duration) == ("en", 1.0)


def test_two_of_one_name_stay_two() -> None:
    talk = a_talk(
        ("Kim", "One.", 0, 1), ("KIM", "Two.", 2, 3), ("Kim", "Three.", 4, 5), ("KIM", "Four.", 6, 7)
    )
    for format in (TranscriptFormat.TXT, TranscriptFormat.SRT, TranscriptFormat.VTT):
        draft = there_and_back(format, talk)
        assert draft is not None
        assert words_of_draft(draft) == {"Kim": ["One.", "Three."], "KIM (2)": ["Two.", "Four."]}


def test_word_opens_with_every_turn() -> None:
    talk = a_talk(*((NAMES[i % 2], text, i * 50.0, i * 50.0 + 40) for i, text in enumerate(ODD)))
    document = docx.Document(BytesIO(file_of(TranscriptFormat.DOCX, talk)))
    paragraphs = [" ".join(p.text.split()) for p in document.paragraphs]
    names = names_of(talk.speakers)
    for utterance, text in spoken(talk):
        at = int(utterance.start)
        assert f"00:{at // 60:02d}:{at % 60:02d} {names[utterance.speaker]} {text}" in paragraphs
    assert any("Sarah Lind (unknown)" in cell.text for table in document.tables for cell in table._cells)


def test_nothing_of_ours_is_left_in_the_words() -> None:
    talk = a_talk((NAMES[3], ODD[9] * 4, 0, 90), (NAMES[0], one_line(ODD[4]), 90, 99))
    for format in (TranscriptFormat.SRT, TranscriptFormat.VTT):
        draft = there_and_back(format, talk)
        assert draft is not None
        assert JOINER not in "".join(u.text for u in draft.utterances)
