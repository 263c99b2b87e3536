"""Deepgram's findings in a debrief: asked for through the real SDK, moved to our utterances, in their own words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.core.errors import ProviderRejected, ProviderUnavailable
from app.models.analysis import AnalysisDraft, Evidence, Outcome
from app.models.provenance import CallOutcome, CallPurpose
from app.models.transcript import (
    Engine,
    EngineKind,
    Finding,
    Intelligence,
    Polarity,
    Sentiment,
    TranscriptDraft,
    Utterance,
)
from app.services.analysis.errors import ContextOverflow, ModelKeyRefused, ModelUnusable
from tests.fixtures.deepgram import running_deepgram
from tests.services.analysis.deepgram.conftest import NAMES, Bench


def found_in(draft: AnalysisDraft) -> Iterator[Evidence]:
    for named in (*draft.topics, *draft.intents):
        yield from named.evidence
    yield from (statement.evidence for statement in draft.sentiments or ())


class TestWhatIsFound:
    async def test_topics_with_their_places(self, bench: Bench, sample: TranscriptDraft) -> None:
        draft = await bench.analyze(sample)
        topics = {topic.name: [e.utterance_id for e in topic.evidence] for topic in draft.topics}
        assert topics["Kafka"] == ["t05s1"]
        assert topics["Redis"] == ["t09s0"]
        assert len(topics) == 12
        assert max(len(places) for places in topics.values()) <= 5

    async def test_intents_with_their_places(self, bench: Bench, sample: TranscriptDraft) -> None:
        draft = await bench.analyze(sample)
        [asking] = draft.intents
        assert asking.name == "Ask question"
        assert len(asking.evidence) == 5
        assert all(e.quote.endswith("?") for e in asking.evidence)

    async def test_statements_that_are_not_neutral_in_the_order_of_the_talk(
        self, bench: Bench, sample: TranscriptDraft
    ) -> None:
        draft = await bench.analyze(sample)
        assert draft.sentiments is not None
        found = [(s.evidence.utterance_id, s.polarity) for s in draft.sentiments]
        assert ("t13s0", Polarity.NEGATIVE) in found
        assert ("t25s0", Polarity.POSITIVE) in found
        assert Polarity.NEUTRAL not in {polarity for _, polarity in found}
        assert found == sorted(found, key=lambda f: f[0])
        assert next(s.topic for s in draft.sentiments if s.evidence.utterance_id == "t05s1") == "Kafka"

    async def test_a_summary_without_evidence_goes_by_the_vendors_name(
        self, bench: Bench, sample: TranscriptDraft
    ) -> None:
        draft = await bench.analyze(sample)
        assert draft.vendor_summary is not None
        assert "billing" in draft.vendor_summary
        assert draft.summary == ()

    async def test_every_quote_is_verbatim(self, bench: Bench, sample: TranscriptDraft) -> None:
        said = {u.id: u for u in sample.utterances}
        evidence = list(found_in(await bench.analyze(sample)))
        assert len(evidence) > 20
        for quote in evidence:
            utterance = said[quote.utterance_id]
            assert quote.quote in utterance.text
            assert (quote.start, quote.end) == (utterance.start, utterance.end)

    async def test_the_rest_is_the_baselines(self, bench: Bench, sample: TranscriptDraft) -> None:
        draft = await bench.analyze(sample)
        assert draft.outcome is Outcome.COMPLETE
        assert len(draft.question_answers) == 12
        assert draft.talk_time
        assert (draft.strengths, draft.red_flags, draft.suggestion) == ((), (), None)

    async def test_the_older_nesting_is_read_as_well(self, bench: Bench, sample: TranscriptDraft) -> None:
        flat = await bench.analyze(sample)
        bench.vendor.switches.nested_intelligence = True
        bench.book.pages.clear()
        nested = await bench.analyze(sample)
        assert (nested.topics, nested.intents) == (flat.topics, flat.intents)


class TestWhoSaysSo:
    async def test_the_engine_is_named_with_an_honest_label(
        self, bench: Bench, sample: TranscriptDraft
    ) -> None:
        engine = (await bench.analyze(sample)).engine
        assert (engine.name, engine.kind) == ("deepgram-intelligence", EngineKind.VENDOR)
        assert engine.model
        assert "Deepgram" in engine.label
        assert "the rest by rules" in engine.label

    async def test_each_request_is_recorded(self, bench: Bench, sample: TranscriptDraft) -> None:
        provenance = (await bench.analyze(sample)).provenance
        [call] = provenance.calls
        [request] = bench.vendor.requests
        assert (call.purpose, call.outcome) == (CallPurpose.READ, CallOutcome.COMPLETE)
        assert call.request_id == request.request_id
        assert call.input_tokens == provenance.input_tokens == 4 * len(bench.sent[0].split())
        assert provenance.output_tokens == call.output_tokens > 0
        assert provenance.cost_usd is None
        assert list(bench.book.pages) == [call.input_hash]
        assert provenance.parameters == {
            "language": "en",
            "summarize": True,
            "topics": True,
            "intents": True,
            "sentiment": True,
        }

    async def test_requests_are_tagged_for_the_usage_report(
        self, bench: Bench, sample: TranscriptDraft
    ) -> None:
        await bench.analyze(sample)
        assert bench.vendor.requests[0].all("tag") == ["debrief"]


class TestWhatLeaves:
    async def test_no_name_is_in_any_request(self, bench: Bench, sample: TranscriptDraft) -> None:
        await bench.analyze(sample, most_tokens=300)
        assert len(bench.sent) > 1
        for text in bench.sent:
            assert not any(name.lower() in text.lower() for name in NAMES)
        assert "[PERSON_1]" in bench.sent[0]

    async def test_and_every_quote_has_the_names_again(self, bench: Bench, sample: TranscriptDraft) -> None:
        draft = await bench.analyze(sample)
        assert draft.sentiments is not None
        quotes = [e.quote for e in found_in(draft)]
        assert not any("[PERSON" in quote for quote in quotes)

    async def test_and_the_summary_too(self, bench: Bench) -> None:
        """A text of up to fifty words is its own summary."""
        said = talk("Good morning Daniel, I am Sarah.", "Good morning Sarah.")
        draft = await bench.analyze(said)
        assert draft.vendor_summary == "Good morning Daniel, I am Sarah. Good morning Sarah."
        assert "Daniel" not in bench.sent[0]

    async def test_sentiment_that_nobody_wants_is_not_asked_for(
        self, bench: Bench, sample: TranscriptDraft
    ) -> None:
        draft = await bench.analyze(sample, sentiment=False)
        assert draft.sentiments is None
        assert draft.topics
        assert all("sentiment" not in dict(request.query) for request in bench.vendor.requests)
        assert "sentiment" not in draft.provenance.parameters

    @pytest.mark.parametrize("language", ["de", "fr-FR", "multi"])
    async def test_other_languages_stay_here(self, bench: Bench, language: str) -> None:
        said = talk("Was haben Sie gebaut?", "Ein System.", language=language)
        with pytest.raises(ProviderRejected, match="English only"):
            await bench.analyze(said)
        assert bench.vendor.requests == []

    async def test_a_transcript_without_words_is_not_sent(self, bench: Bench) -> None:
        draft = await bench.analyze(talk("  ", ""))
        assert (draft.topics, draft.sentiments, draft.vendor_summary) == ((), (), None)
        assert bench.vendor.requests == []


class TestLongTalks:
    async def test_is_read_in_parts_that_end_between_utterances(
        self, bench: Bench, sample: TranscriptDraft
    ) -> None:
        whole = await bench.analyze(sample)
        parts = await bench.analyze(sample, most_tokens=300)
        [first, *rest] = bench.sent
        assert "\n".join(rest) == first
        assert all(len(text) <= 1200 for text in rest)
        assert {t.name for t in parts.topics} <= {t.name for t in whole.topics} | {"Job interview"}
        assert parts.sentiments == tuple(
            s.model_copy(update={"topic": p.topic})
            for s, p in zip(whole.sentiments or (), parts.sentiments or (), strict=True)
        )
        assert len(parts.provenance.calls) == len(rest)

    async def test_topics_of_all_parts_meet_under_their_name(self, bench: Bench) -> None:
        said = talk(*(f"We moved part {n} to Kafka." for n in range(8)))
        draft = await bench.analyze(said, most_tokens=12)
        assert len(bench.sent) > 2
        [kafka] = [t for t in draft.topics if t.name == "Kafka"]
        assert [e.utterance_id for e in kafka.evidence] == ["u0", "u1", "u2", "u3", "u4"]

    async def test_a_part_that_is_too_long_after_all_is_halved(
        self, bench: Bench, sample: TranscriptDraft
    ) -> None:
        bench.vendor.switches.largest_text = 400
        draft = await bench.analyze(sample)
        outcomes = [call.outcome for call in draft.provenance.calls]
        assert outcomes[0] is CallOutcome.OVERFLOW
        assert outcomes.count(CallOutcome.COMPLETE) > 2
        assert {t.name for t in draft.topics} >= {"Kafka", "Redis"}

    async def test_one_endless_utterance_is_more_than_can_be_read(self, bench: Bench) -> None:
        bench.vendor.switches.largest_text = 100
        with pytest.raises(ContextOverflow, match="longer than Deepgram takes"):
            await bench.analyze(talk("word " * 400))

    async def test_an_estimate_that_fits_makes_one_request(
        self, bench: Bench, sample: TranscriptDraft
    ) -> None:
        await bench.analyze(sample)
        assert len(bench.sent) == 1


class TestPlaces:
    @pytest.mark.parametrize("shift", [-3, 2, 40, 100_000])
    async def test_the_text_has_the_last_word_over_the_numbers(
        self, bench: Bench, sample: TranscriptDraft, shift: int
    ) -> None:
        right = await bench.analyze(sample)
        bench.book.pages.clear()
        bench.vendor.switches.word_shift = shift
        shifted = await bench.analyze(sample)
        assert list(found_in(shifted)) == list(found_in(right))


class TestFailures:
    @pytest.mark.parametrize(
        ("status", "error", "text"),
        [
            (401, ModelKeyRefused, "the key is not valid"),
            (402, ModelKeyRefused, "no credit"),
            (403, ModelKeyRefused, "may not do this"),
            (400, ProviderRejected, "refused the text"),
            (413, ProviderRejected, "refused the text"),
            (429, ProviderUnavailable, "cannot take the text now"),
            (500, ProviderUnavailable, "cannot take the text now"),
            (504, ProviderUnavailable, "cannot take the text now"),
        ],
    )
    async def test_are_told_in_our_terms_after_one_request(
        self, bench: Bench, sample: TranscriptDraft, status: int, error: type[Exception], text: str
    ) -> None:
        bench.vendor.switches.fail_with = [status]
        with pytest.raises(error, match=text) as raised:
            await bench.analyze(sample)
        assert len(bench.vendor.requests) == 1
        assert "On demand" not in str(raised.value)
        assert raised.value.__cause__ is None
        assert bench.book.pages == {}

    async def test_the_vendor_says_when_to_come_back(self, bench: Bench, sample: TranscriptDraft) -> None:
        bench.vendor.switches.fail_with = [429]
        bench.vendor.switches.retry_after = 17
        with pytest.raises(ProviderUnavailable) as raised:
            await bench.analyze(sample)
        assert raised.value.retry_after == 17

    async def test_a_wrong_key(self, bench: Bench, sample: TranscriptDraft) -> None:
        with pytest.raises(ModelKeyRefused):
            await bench.analyze(sample, reader=bench.reader(key="wrong"))

    async def test_no_answer_in_time(self, bench: Bench, sample: TranscriptDraft) -> None:
        bench.vendor.switches.hang = 1
        with pytest.raises(ProviderUnavailable, match="in time"):
            await bench.analyze(sample, reader=bench.reader(timeout=0.2))

    async def test_a_connection_that_breaks_off(self, bench: Bench, sample: TranscriptDraft) -> None:
        bench.vendor.switches.drop_answer = 1
        with pytest.raises(ProviderUnavailable, match="could not be reached"):
            await bench.analyze(sample)

    async def test_nobody_there(self, bench: Bench, sample: TranscriptDraft) -> None:
        async with running_deepgram() as gone:
            url = gone.url
        with pytest.raises(ProviderUnavailable, match="could not be reached"):
            await bench.analyze(sample, reader=bench.reader(url=url))

    @pytest.mark.parametrize("switch", ["cut_results", "empty_results"])
    async def test_an_answer_that_cannot_be_read_is_not_kept(
        self, bench: Bench, sample: TranscriptDraft, switch: str
    ) -> None:
        setattr(bench.vendor.switches, switch, 1)
        with pytest.raises(ModelUnusable):
            await bench.analyze(sample)
        assert bench.book.pages == {}


class TestKeptAnswers:
    async def test_a_repeated_attempt_asks_nothing_twice(self, bench: Bench, sample: TranscriptDraft) -> None:
        first = await bench.analyze(sample)
        again = await bench.analyze(sample)
        assert len(bench.vendor.requests) == 1
        assert (again.topics, again.sentiments) == (first.topics, first.sentiments)
        [call] = again.provenance.calls
        assert call == first.provenance.calls[0].model_copy(update={"seconds": 0.0})

    async def test_after_a_failure_only_the_rest_is_asked(
        self, bench: Bench, sample: TranscriptDraft
    ) -> None:
        await bench.analyze(sample, most_tokens=300)
        parts = len(bench.sent)
        kept = dict(bench.book.pages)
        bench.book.pages = dict(list(kept.items())[:2])
        await bench.analyze(sample, most_tokens=300)
        assert len(bench.sent) == parts + parts - 2
        assert bench.book.pages.keys() == kept.keys()

    async def test_another_question_is_another_answer(self, bench: Bench, sample: TranscriptDraft) -> None:
        await bench.analyze(sample)
        await bench.analyze(sample, sentiment=False)
        assert len(bench.book.pages) == len(bench.vendor.requests) == 2

    async def test_a_spoiled_page_is_asked_anew(self, bench: Bench, sample: TranscriptDraft) -> None:
        await bench.analyze(sample)
        bench.book.pages = dict.fromkeys(bench.book.pages, b'{"results": 7}')
        draft = await bench.analyze(sample)
        assert draft.topics
        assert len(bench.vendor.requests) == 2


class TestWhatCameWithTheTranscript:
    @pytest.fixture
    def brought(self, sample: TranscriptDraft) -> TranscriptDraft:
        engine = Engine(name="deepgram-intelligence", version="1", kind=EngineKind.VENDOR, model="m-1")
        intelligence = Intelligence(
            engine=engine,
            summary="They talk about billing.",
            topics=(
                Finding(name="Small talk", confidence=0.2, utterance_ids=("t00s0",)),
                Finding(name="Kafka", confidence=0.9, utterance_ids=("t05s1", "gone")),
                Finding(name="Nowhere", confidence=0.9, utterance_ids=("gone",)),
            ),
            intents=(
                Finding(name="Ask", confidence=0.8, utterance_ids=tuple(u.id for u in sample.utterances)),
            ),
            sentiments=(
                Sentiment(utterance_id="t13s0", polarity=Polarity.NEGATIVE, score=-0.6),
                Sentiment(utterance_id="t05s1", polarity=Polarity.POSITIVE, score=0.5),
                Sentiment(utterance_id="t05s0", polarity=Polarity.NEUTRAL, score=0.1),
            ),
        )
        return sample.model_copy(update={"intelligence": intelligence})

    async def test_is_used_and_nothing_is_sent(self, bench: Bench, brought: TranscriptDraft) -> None:
        draft = await bench.analyze(brought)
        assert bench.vendor.requests == []
        assert [t.name for t in draft.topics] == ["Kafka", "Small talk"]
        assert draft.topics[0].evidence[0].quote.startswith("We used Kafka")
        assert len(draft.intents[0].evidence) == 5
        assert draft.vendor_summary == "They talk about billing."
        assert draft.sentiments is not None
        assert [(s.polarity, s.topic) for s in draft.sentiments] == [
            (Polarity.POSITIVE, "Kafka"),
            (Polarity.NEGATIVE, None),
        ]

    async def test_says_where_it_comes_from(self, bench: Bench, brought: TranscriptDraft) -> None:
        draft = await bench.analyze(brought)
        assert draft.engine.model == "m-1"
        assert "found at the transcription" in draft.engine.label
        assert draft.provenance.calls == ()

    async def test_sentiment_that_nobody_wants_is_left_out(
        self, bench: Bench, brought: TranscriptDraft
    ) -> None:
        assert (await bench.analyze(brought, sentiment=False)).sentiments is None


def talk(*texts: str, language: str = "en") -> TranscriptDraft:
    return TranscriptDraft(
        engine=Engine(name="import:json", version="1", kind=EngineKind.IMPORTED),
        language=language,
        utterances=tuple(
            Utterance(id=f"u{n}", speaker="ab"[n % 2], start=n, end=n + 1, text=text)
            for n, text in enumerate(texts)
        ),
    )
