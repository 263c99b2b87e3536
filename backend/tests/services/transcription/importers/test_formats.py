"""Transcripts as other products export them. What is asserted is what a reader of the transcript would notice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.models.transcript import EngineKind, SpeakerRole, TranscriptDraft
from app.services.transcription.importers import parse_transcript

SCRIPT = Path(__file__).parents[5] / "samples" / "script.json"


def read(text: str | bytes, filename: str | None = None) -> TranscriptDraft:
    return parse_transcript(text.encode() if isinstance(text, str) else text, filename=filename)


def said(draft: TranscriptDraft) -> list[tuple[str, str]]:
    labels = {s.id: s.label for s in draft.speakers}
    return [(labels[u.speaker], u.text) for u in draft.utterances]


ZOOM = """WEBVTT

1
00:00:01.250 --> 00:00:04.000
Sarah Lind: What did you build last year?

2
00:00:04.500 --> 00:00:09.000
Daniel Reyes: A billing system for
four million customers.

3
00:00:12.000 --> 00:00:14.000
Sarah Lind: How did you measure it?
"""
TEAMS = """WEBVTT

b1c2/12-0
00:00:01.250 --> 00:00:04.000
<v Sarah Lind>What did you build last year?</v>

b1c2/13-0
00:00:04.500 --> 00:00:09.000
<v Daniel Reyes>A billing system for
four million customers.</v>

b1c2/14-0
00:00:12.000 --> 00:00:14.000
<v Sarah Lind>How did you measure it?</v>
"""
SRT = """1
00:00:01,250 --> 00:00:04,000
Sarah Lind: What did you build last year?

2
00:00:04,500 --> 00:00:09,000
Daniel Reyes: A billing system for
four million customers.

3
00:00:12,000 --> 00:00:14,000
Sarah Lind: How did you measure it?
"""
PLAIN = """Sarah Lind: What did you build last year?
Daniel Reyes: A billing system for four million customers.
Sarah Lind: How did you measure it?
"""
SEGMENTS = json.dumps(
    {
        "segments": [
            {"speaker": "Sarah Lind", "start": 1.25, "end": 4.0, "text": " What did you build last year?"},
            {
                "speaker": "Daniel Reyes",
                "start": 4.5,
                "end": 9.0,
                "text": "A billing system for four million customers.",
            },
            {"speaker": "Sarah Lind", "start": 12, "end": 14, "text": "How did you measure it?"},
        ]
    }
)
SAME = [
    ("Sarah Lind", "What did you build last year?"),
    ("Daniel Reyes", "A billing system for four million customers."),
    ("Sarah Lind", "How did you measure it?"),
]


class TestOneConversationInEveryFormat:
    @pytest.mark.parametrize(
        "text", [ZOOM, TEAMS, SRT, PLAIN, SEGMENTS], ids=["Zoom", "Teams", "SRT", "plain", "JSON"]
    )
    def test_the_same_people_say_the_same_words(self, text: str) -> None:
        draft = read(text)
        assert said(draft) == SAME
        assert draft.engine.kind is EngineKind.IMPORTED

    @pytest.mark.parametrize("text", [ZOOM, TEAMS, SRT, SEGMENTS], ids=["Zoom", "Teams", "SRT", "JSON"])
    def test_the_times_are_those_of_the_file(self, text: str) -> None:
        assert [(u.start, u.end) for u in read(text).utterances] == [(1.25, 4.0), (4.5, 9.0), (12.0, 14.0)]

    @pytest.mark.parametrize("text", [ZOOM, TEAMS, SRT, PLAIN], ids=["Zoom", "Teams", "SRT", "plain"])
    @pytest.mark.parametrize("ends", ["\r\n", "\r"])
    def test_line_ends_do_not_matter(self, text: str, ends: str) -> None:
        assert said(read(text.replace("\n", ends))) == SAME

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
    def test_marks_of_byte_order_do_not_matter(self, encoding: str) -> None:
        assert said(read(ZOOM.encode(encoding))) == SAME

    def test_the_name_of_the_file_does_not_decide(self) -> None:
        assert said(read(ZOOM, filename="notes.json")) == SAME


class TestWebVtt:
    def test_notes_styles_and_marks_are_no_words(self) -> None:
        text = (
            "WEBVTT - made by hand\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE\nnot said\n\n"
            "00:01.000 --> 00:02.000 align:start\n<v.loud Ada><i>So &amp; so</i> <00:01.500>it goes</v>\n"
        )
        draft = read(text)
        assert said(draft) == [("Ada", "So & so it goes")]

    def test_two_voices_in_one_cue_are_two_utterances(self) -> None:
        draft = read("WEBVTT\n\n00:01.000 --> 00:04.000\n<v Ada>Ready?</v>\n<v Bob>Ready.</v>\n")
        assert said(draft) == [("Ada", "Ready?"), ("Bob", "Ready.")]

    def test_without_speakers_nobody_is_named(self) -> None:
        draft = read("WEBVTT\n\n00:01.000 --> 00:02.000\nHello.\n\n00:03.000 --> 00:04.000\nHi.\n")
        assert len(draft.speakers) == 1
        assert draft.speakers[0].name is None
        assert draft.speakers[0].role is SpeakerRole.UNKNOWN
        assert any("no speakers" in warning for warning in draft.warnings)

    def test_pieces_cut_for_display_become_one_utterance(self) -> None:
        cues = "".join(f"00:0{n}.000 --> 00:0{n}.900\n<v Ada>piece {n}\n\n" for n in range(1, 5))
        [utterance] = read("WEBVTT\n\n" + cues).utterances
        assert utterance.text == "piece 1 piece 2 piece 3 piece 4"
        assert (utterance.start, utterance.end) == (1.0, 4.9)


class TestTimesThatAreWrong:
    def test_overlapping_ones_are_kept_and_said(self) -> None:
        draft = read(
            "WEBVTT\n\n00:01.000 --> 00:05.000\n<v Ada>A long one.\n\n00:03.000 --> 00:04.000\n<v Bob>In between.\n"
        )
        assert [(u.start, u.end) for u in draft.utterances] == [(1.0, 5.0), (3.0, 4.0)]
        assert any("before an earlier one has ended" in warning for warning in draft.warnings)

    def test_reversed_ones_get_no_length_and_keep_their_words(self) -> None:
        draft = read("WEBVTT\n\n00:05.000 --> 00:02.000\n<v Ada>Backwards.\n")
        [utterance] = draft.utterances
        assert (utterance.text, utterance.start, utterance.end) == ("Backwards.", 5.0, 5.0)
        assert any("end before they start" in warning for warning in draft.warnings)

    def test_cues_out_of_order_are_sorted_and_said(self) -> None:
        draft = read(
            "WEBVTT\n\n00:05.000 --> 00:06.000\n<v Ada>Second.\n\n00:01.000 --> 00:02.000\n<v Bob>First.\n"
        )
        assert [u.text for u in draft.utterances] == ["First.", "Second."]
        assert any("go backwards" in warning for warning in draft.warnings)

    def test_none_at_all_are_estimated_and_said(self) -> None:
        draft = read(PLAIN)
        assert all(a.end <= b.start for a, b in zip(draft.utterances, draft.utterances[1:], strict=False))
        assert any("estimated at 150 words a minute" in warning for warning in draft.warnings)


class TestPlainText:
    @pytest.mark.parametrize(
        "text",
        [
            "[00:00:01] Sarah: Hello.\n[00:00:04] Daniel: Hi.\n",
            "Sarah (00:01): Hello.\nDaniel (00:04): Hi.\n",
            "Sarah  00:01\nHello.\n\nDaniel  00:04\nHi.\n",
            "**Sarah:** Hello.\n**Daniel:** Hi.\n",
        ],
    )
    def test_the_usual_ways_to_write_names_and_times(self, text: str) -> None:
        assert said(read(text)) == [("Sarah", "Hello."), ("Daniel", "Hi.")]

    def test_a_colon_in_a_sentence_makes_no_speaker(self) -> None:
        text = "Sarah: Tell me.\nDaniel: The thing is: it broke.\nThe reason: nobody looked.\nSarah: I see.\n"
        assert {label for label, _ in said(read(text))} == {"Sarah", "Daniel"}

    def test_roles_as_labels_are_roles(self) -> None:
        draft = read("Interviewer: Hello.\nCandidate: Hi.\nInterviewer: How are you?\n")
        assert {s.label: s.role for s in draft.speakers} == {
            "Interviewer": SpeakerRole.INTERVIEWER,
            "Candidate": SpeakerRole.CANDIDATE,
        }


class TestJson:
    def test_the_sample_script_keeps_its_speakers(self) -> None:
        script: dict[str, Any] = json.loads(SCRIPT.read_text())
        draft = read(SCRIPT.read_bytes())
        assert [u.text for u in draft.utterances] == [u["text"] for u in script["utterances"]]
        assert draft.duration == pytest.approx(script["duration"], abs=0.01)
        assert {s.name for s in draft.speakers} == {"Sarah", "Daniel"}
        assert {s.role for s in draft.speakers} == {SpeakerRole.INTERVIEWER, SpeakerRole.CANDIDATE}

    def test_words_keep_their_times(self) -> None:
        word = {"word": "Hello", "start": 0.5, "end": 0.9, "confidence": 0.8}
        item = {"speaker": 0, "start": 0.5, "end": 0.9, "text": "Hello", "words": [word]}
        [utterance] = read(json.dumps({"utterances": [item]})).utterances
        assert [(w.text, w.start, w.end, w.confidence) for w in utterance.words] == [("Hello", 0.5, 0.9, 0.8)]

    def test_milliseconds_are_recognised_and_said(self) -> None:
        items = [
            {"speaker": "A", "start": n * 60_000, "end": n * 60_000 + 5_000, "text": "Hello."}
            for n in range(40)
        ]
        draft = read(json.dumps(items))
        assert draft.utterances[1].start == 60.0
        assert any("milliseconds" in warning for warning in draft.warnings)
