"""What a model is shown of a transcript, and the way back from its quotes."""

from __future__ import annotations

from app.models.transcript import SpeakerRole
from app.services.analysis.base import AnalysisInput
from app.services.analysis.llm.sheet import CUT, Sheet
from tests.services.analysis.llm.conftest import PEOPLE, dialogue

LONG = "We moved one service after another to the new cluster. " * 60


def sheet(*said: tuple[str, str]) -> Sheet:
    return Sheet.of(AnalysisInput(dialogue(*said), people=PEOPLE))


class TestLines:
    def test_are_numbered_and_say_who_speaks_by_role(self) -> None:
        shown = sheet(("I", "How was it?"), ("C", "It went well."))
        assert [(line.number, line.who, line.role) for line in shown.lines] == [
            (1, "interviewer", SpeakerRole.INTERVIEWER),
            (2, "candidate", SpeakerRole.CANDIDATE),
        ]

    def test_a_long_utterance_becomes_several_of_whole_sentences(self) -> None:
        lines = sheet(("C", LONG)).lines
        assert len(lines) > 2
        assert all(line.text.strip().endswith(".") for line in lines)
        assert "".join(line.text for line in lines) == LONG

    def test_a_long_utterance_without_any_punctuation_is_cut_between_words(self) -> None:
        words = "word " * 900
        lines = sheet(("C", words)).lines
        assert len(lines) > 3
        assert {word for line in lines for word in line.text.split()} == {"word"}

    def test_empty_utterances_have_no_line(self) -> None:
        assert len(sheet(("C", "  "), ("C", "Yes.")).lines) == 1


class TestLocate:
    def test_gives_back_the_words_of_the_transcript_with_their_names(self) -> None:
        shown = sheet(("C", "My name is Daniel and I built the queue."))
        assert "Daniel" not in shown.lines[0].text
        quoted = shown.lines[0].text
        evidence = shown.locate(1, quoted)
        assert evidence is not None
        assert evidence.quote == "My name is Daniel and I built the queue."
        assert evidence.utterance_id == "u0"

    def test_finds_places_in_the_later_lines_of_a_long_utterance(self) -> None:
        shown = sheet(("C", LONG + "Then Daniel stopped."))
        last = shown.lines[-1]
        evidence = shown.locate(last.number, "stopped.")
        assert evidence is not None
        assert evidence.quote == "stopped."

    def test_refuses_other_lines_other_words_and_cuts(self) -> None:
        shown = sheet(("C", "I built the queue."), ("C", "It held."))
        assert shown.locate(2, "I built the queue.") is None
        assert shown.locate(99, "It held.") is None
        assert shown.locate(1, CUT) is None
        assert shown.locate(1, f"I built {CUT}") is None
