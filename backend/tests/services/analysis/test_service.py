"""The guards around every analyzer, and the whole baseline on long and strange transcripts."""

from __future__ import annotations

import asyncio
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.analysis import AnalysisDraft, Outcome
from app.models.transcript import Engine, EngineKind, Speaker, TranscriptDraft, Utterance
from app.services.analysis.base import AnalysisInput
from app.services.analysis.evidence import normalized
from app.services.analysis.providers.baseline.analyzer import BaselineAnalyzer, analyze
from app.services.analysis.service import AnalysisService, insufficient_reasons

ENGINE = Engine(name="import:json", version="1", kind=EngineKind.IMPORTED)


def transcript(
    *said: tuple[str, str], language: str | None = "en", confidence: float | None = None
) -> TranscriptDraft:
    return TranscriptDraft(
        engine=ENGINE,
        language=language,
        speakers=tuple(Speaker(id=s, label=s) for s in dict.fromkeys(speaker for speaker, _ in said)),
        utterances=tuple(
            Utterance(id=f"u{n}", speaker=s, start=n, end=n + 1, text=text, confidence=confidence)
            for n, (s, text) in enumerate(said)
        ),
    )


@pytest.fixture
def service() -> AnalysisService:
    return AnalysisService(BaselineAnalyzer())


class TestAnalyse:
    async def test_the_sample_gets_a_labelled_and_fully_verified_debrief(
        self, service: AnalysisService, sample: TranscriptDraft
    ) -> None:
        result = await service.analyse(AnalysisInput(transcript=sample))
        assert result.outcome is Outcome.COMPLETE
        assert result.engine.kind is EngineKind.OFFLINE_BASELINE
        assert "no language model" in result.engine.label
        assert len(result.question_answers) == 12
        assert result.coverage.verified == result.coverage.claims > 40
        assert result.coverage.rejected == 0

    async def test_says_when_only_question_marks_could_be_used(self, service: AnalysisService) -> None:
        said = transcript(("a", "Was hast du gebaut? " * 20), ("b", "Ein System " * 20), language="de")
        result = await service.analyse(AnalysisInput(transcript=said))
        assert result.key_phrases == ()
        assert "question marks" in result.warnings[0]

    async def test_the_server_never_loads_the_rules(
        self, service: AnalysisService, sample: TranscriptDraft
    ) -> None:
        before = set(sys.modules)
        await service.analyse(AnalysisInput(transcript=sample))
        assert not [m for m in set(sys.modules) - before if ".baseline." in m]

    async def test_hours_of_talk_never_block_the_event_loop(self, service: AnalysisService) -> None:
        said = [
            ("a" if n % 2 else "b", "What did the team measure before they moved the service? " * 3)
            for n in range(900)
        ]
        running = asyncio.create_task(service.analyse(AnalysisInput(transcript=transcript(*said))))
        beats = 0
        while not running.done():
            await asyncio.sleep(0.01)
            beats += 1
        assert (await running).outcome is Outcome.COMPLETE
        assert beats > 5


class TestInsufficientData:
    @pytest.mark.parametrize(
        ("said", "reason"),
        [
            (transcript(), "no words"),
            (transcript(("a", "Hello there."), ("b", "Hello.")), "only 3 words"),
            (transcript(("a", "word " * 100)), "Only one speaker"),
            (transcript(("a", "word " * 50), ("b", "word " * 50), confidence=0.1), "too unsure"),
        ],
    )
    async def test_claims_nothing_and_says_why(
        self, service: AnalysisService, said: TranscriptDraft, reason: str
    ) -> None:
        result = await service.analyse(AnalysisInput(transcript=said))
        assert result.outcome is Outcome.INSUFFICIENT_DATA
        assert any(reason in r for r in result.reasons)
        assert (result.question_answers, result.related, result.key_phrases) == ((), (), ())

    def test_words_without_spaces_between_them_count(self) -> None:
        said = transcript(
            ("a", "テストについてはどうお考えですか。" * 3), ("b", "支払いの統合テストを最初に書きます。" * 3)
        )
        assert insufficient_reasons(AnalysisInput(transcript=said)) == ()

    def test_an_ordinary_talk_has_no_reason(self, sample: TranscriptDraft) -> None:
        assert insufficient_reasons(AnalysisInput(transcript=sample)) == ()


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.text(max_size=80)), max_size=12),
    st.sampled_from(["en", "de", None]),
)
def test_whatever_was_said_every_quote_is_in_its_utterance(
    said: list[tuple[str, str]], language: str | None
) -> None:
    request = AnalysisInput(transcript=transcript(*said, language=language))
    texts = {u.id: normalized(u.text) for u in request.transcript.utterances}
    for evidence in quotes(analyze(request)):
        assert normalized(evidence[1]) in texts[evidence[0]]


def quotes(result: AnalysisDraft) -> list[tuple[str, str]]:
    found = [e for p in result.question_answers for e in (p.question, *p.answer)]
    found += [e for p in result.key_phrases for e in p.evidence]
    return [(e.utterance_id, e.quote) for e in found]
