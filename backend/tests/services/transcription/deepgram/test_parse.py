"""Deepgram's answers, documented and damaged, as transcripts."""

from __future__ import annotations

import copy
import json
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.transcript import EngineKind, Polarity
from app.services.transcription.base import AnswerUnreadable, VendorFailed
from app.services.transcription.providers.deepgram.parse import parse_result
from app.services.transcription.providers.deepgram.secret import is_result, split_secret

PAYLOADS = Path(__file__).resolve().parents[3] / "contracts" / "deepgram"


def document(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text())
    return loaded


def parse(answer: dict[str, Any]) -> Any:
    return parse_result(json.dumps(answer).encode())


class TestUtterances:
    def test_words_speakers_and_times_are_those_of_the_answer(self) -> None:
        answer = document("callback-success")
        draft = parse(answer)
        heard = answer["results"]["utterances"]
        assert [u.text for u in draft.utterances] == [u["transcript"] for u in heard]
        assert [w.text for u in draft.utterances for w in u.words] == [
            w["punctuated_word"] for u in heard for w in u["words"]
        ]
        assert [s.label for s in draft.speakers] == ["Speaker 1", "Speaker 2"]
        assert {u.speaker for u in draft.utterances} == {"s0", "s1"}
        assert draft.utterances[0].start == 0.48
        assert draft.duration == 68.83
        assert (draft.engine.name, draft.engine.kind, draft.engine.model) == (
            "deepgram",
            EngineKind.VENDOR,
            "nova-3",
        )
        assert draft.engine.version == "2025-07-31.0"
        assert draft.diarization is not None

    def test_a_channel_is_a_speaker_where_nobody_told_them_apart(self) -> None:
        draft = parse(document("callback-multichannel"))
        assert len(draft.speakers) == 2
        assert all(f"s{u.channel}" == u.speaker for u in draft.utterances)
        assert draft.diarization is None

    def test_speakers_of_two_channels_are_different_people(self) -> None:
        answer = document("callback-multichannel")
        for utterance in answer["results"]["utterances"]:
            utterance["speaker"] = 0
        assert len(parse(answer).speakers) == 2

    def test_without_utterances_the_words_are_cut_at_speakers_and_pauses(self) -> None:
        answer = document("callback-success")
        whole = parse(answer)
        del answer["results"]["utterances"]
        cut = parse(answer)
        assert [w.text for u in cut.utterances for w in u.words] == [
            w.text for u in whole.utterances for w in u.words
        ]
        assert len(cut.speakers) == 2

    def test_silence_is_an_empty_transcript_that_says_so(self) -> None:
        draft = parse(document("callback-empty-speech"))
        assert draft.utterances == ()
        assert draft.warnings == ("No speech was found in the recording.",)
        assert draft.intelligence is None

    def test_the_detected_language_and_the_vendors_warnings_are_told(self) -> None:
        draft = parse(document("callback-non-english-warnings"))
        assert draft.language == "es"
        assert "Deepgram: Topics is only supported for English." in draft.warnings
        assert draft.intelligence is None

    def test_times_that_run_backwards_are_put_in_order_without_losing_words(self) -> None:
        words = [
            {"word": "one", "start": 2.0, "end": 1.0},
            {"word": "two", "start": -5, "end": 3.0},
            {"word": "three"},
        ]
        draft = parse({"results": {"channels": [], "utterances": [{"words": words, "start": -1}]}})
        [utterance] = draft.utterances
        assert [w.text for w in utterance.words] == ["one", "two", "three"]
        times = [t for w in utterance.words for t in (w.start, w.end)]
        assert all(w.start <= w.end for w in utterance.words)
        assert min(times) >= 0
        assert [w.start for w in utterance.words] == sorted(w.start for w in utterance.words)

    @pytest.mark.parametrize("text", ["مرحبا بك", "你好，世界", "👩🏽\u200d💻 yes", "a\u0000b"])
    def test_any_script_survives(self, text: str) -> None:
        utterance = {"transcript": text, "words": [{"word": text, "start": 0, "end": 1}]}
        draft = parse({"results": {"channels": [], "utterances": [utterance]}})
        assert draft.utterances[0].words[0].text == text
        assert draft.utterances[0].text == text.strip()


class TestIntelligence:
    @pytest.mark.parametrize("name", ["callback-success", "callback-success-nested-intelligence"])
    def test_findings_point_at_the_utterances_that_they_are_from(self, name: str) -> None:
        answer = document(name)
        draft = parse(answer)
        found = draft.intelligence
        assert found is not None
        texts = {u.id: u.text for u in draft.utterances}
        said = {t.name: " ".join(texts[i] for i in t.utterance_ids) for t in found.topics}
        assert "first cutover failed" in said["Database migration"]
        assert "ninety thousand euros" in said["Salary expectations"]
        assert "my name is Jordan Ellis" in " ".join(
            texts[i] for f in found.intents if f.name == "Introduce oneself" for i in f.utterance_ids
        )
        assert found.summary == answer["results"]["summary"]["short"]

    def test_sentiment_is_that_of_each_utterance(self) -> None:
        answer = document("callback-success")
        draft = parse(answer)
        assert draft.intelligence is not None
        heard = answer["results"]["utterances"]
        assert [s.polarity.value for s in draft.intelligence.sentiments] == [u["sentiment"] for u in heard]
        assert draft.intelligence.average_sentiment == pytest.approx(0.134, abs=0.001)

    def test_where_utterances_have_none_the_segments_tell(self) -> None:
        answer = document("callback-success")
        with_both = parse(answer).intelligence
        for utterance in answer["results"]["utterances"]:
            del utterance["sentiment"], utterance["sentiment_score"]
        from_segments = parse(answer).intelligence
        assert with_both is not None
        assert from_segments is not None
        assert len(from_segments.sentiments) == len(with_both.sentiments)
        assert any(s.polarity is Polarity.NEGATIVE for s in from_segments.sentiments)


class TestFailures:
    def test_the_vendors_reason_is_told_and_whether_it_may_pass(self) -> None:
        with pytest.raises(VendorFailed) as caught:
            parse(document("callback-error"))
        assert "REMOTE_CONTENT_ERROR" in caught.value.detail
        assert "403 Forbidden" in caught.value.detail
        assert caught.value.may_pass

    def test_the_newer_form_of_an_error_is_known_too(self) -> None:
        with pytest.raises(VendorFailed, match="INVALID_JSON") as caught:
            parse(document("error-modern"))
        assert not caught.value.may_pass

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"null",
            b"[]",
            b"\xff\xfe",
            b'{"results": 5}',
            b'{"results": {"channels": {}}}',
            b'{"results": {"channels": [], "utterances": ["x"]}}',
            b'{"results": {"channels": [], "utterances": [{"start": NaN}]}}',
            b"[" * 100_000,
        ],
    )
    def test_what_is_no_answer_is_refused(self, body: bytes) -> None:
        with pytest.raises(AnswerUnreadable):
            parse_result(body)


class TestSecret:
    def test_it_is_taken_out_and_nothing_else_changes(self) -> None:
        answer = document("callback-success")
        secret, kept = split_secret(json.dumps(answer, indent=2).encode(), "callback_secret")
        assert secret == "test-secret-not-real"
        del answer["metadata"]["extra"]["callback_secret"]
        assert json.loads(kept) == answer

    @pytest.mark.parametrize("body", [b"{}", b'{"metadata": 5}', b'{"metadata": {"extra": []}}'])
    def test_there_may_be_none(self, body: bytes) -> None:
        assert split_secret(body, "callback_secret") == (None, body)

    def test_an_answer_that_says_it_twice_is_refused(self) -> None:
        extra = '"metadata": {"extra": {"callback_secret": "s3cret"}}'
        with pytest.raises(AnswerUnreadable):
            split_secret(f'{{{extra}, "x": "s3cret"}}'.encode(), "callback_secret")

    def test_a_result_is_told_from_an_error(self) -> None:
        assert is_result((PAYLOADS / "callback-empty-speech.json").read_bytes())
        assert not is_result((PAYLOADS / "callback-error.json").read_bytes())


def long_answer(megabytes: float) -> bytes:
    """An interview of many hours."""
    answer = document("callback-success")
    results = answer["results"]
    utterances, words = results["utterances"], results["channels"][0]["alternatives"][0]["words"]
    times = int(megabytes * 1e6 / len(json.dumps([utterances, words]))) + 1
    results["utterances"] = [u | {"start": u["start"] + 70 * n} for n in range(times) for u in utterances]
    results["channels"][0]["alternatives"][0]["words"] = words * times
    return json.dumps(answer).encode()


class TestTurns:
    def test_others_have_theirs_every_few_utterances(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """How long the longest wait for one is belongs to `bench/callbacks.py`."""
        turns: list[float] = []
        monkeypatch.setattr(time, "sleep", turns.append)
        parsed = parse_result(long_answer(1))
        assert len(parsed.utterances) > 200
        assert turns == [0] * (len(parsed.utterances) // 20)


# ----- properties -----

_SCORE = st.floats(-2, 2)
_TIME = st.floats(-10, 10_000)
_WORD = st.fixed_dictionaries(
    {"word": st.text(min_size=1, max_size=8)},
    optional={
        "start": _TIME,
        "end": _TIME,
        "confidence": _SCORE,
        "speaker": st.integers(0, 3),
        "punctuated_word": st.text(min_size=1, max_size=8),
        "language": st.sampled_from(["en", "es"]),
        "sentiment": st.just("positive"),
    },
)
_UTTERANCE = st.fixed_dictionaries(
    {"words": st.lists(_WORD, min_size=1, max_size=5)},
    optional={
        "start": _TIME,
        "end": _TIME,
        "channel": st.integers(0, 2),
        "speaker": st.integers(0, 3),
        "transcript": st.text(max_size=20),
        "sentiment_score": _SCORE,
    },
)
_SEGMENT = st.fixed_dictionaries(
    {},
    optional={
        "text": st.text(max_size=10),
        "start_word": st.integers(-5, 50),
        "end_word": st.integers(-5, 50),
        "topics": st.lists(st.fixed_dictionaries({"topic": st.text(max_size=5)}), max_size=2),
    },
)
_ANSWER = st.fixed_dictionaries(
    {
        "results": st.fixed_dictionaries(
            {"channels": st.just([{}]), "utterances": st.lists(_UTTERANCE, max_size=6)},
            optional={"topics": st.fixed_dictionaries({"segments": st.lists(_SEGMENT, max_size=4)})},
        )
    },
    optional={"metadata": st.fixed_dictionaries({}, optional={"duration": st.floats(0, 1e5)})},
)


@settings(max_examples=150)
@given(_ANSWER)
def test_no_word_is_lost_and_every_reference_holds(answer: dict[str, Any]) -> None:
    draft = parse(copy.deepcopy(answer))
    given_words = sorted(
        w.get("punctuated_word") or w["word"] for u in answer["results"]["utterances"] for w in u["words"]
    )
    assert sorted(w.text for u in draft.utterances for w in u.words) == given_words
    ids = [u.id for u in draft.utterances]
    assert len(set(ids)) == len(ids)
    assert {u.speaker for u in draft.utterances} == {s.id for s in draft.speakers}
    assert [u.start for u in draft.utterances] == sorted(u.start for u in draft.utterances)
    assert all(0 <= u.start <= u.end <= draft.duration for u in draft.utterances)
    for topic in draft.intelligence.topics if draft.intelligence else ():
        assert set(topic.utterance_ids) <= set(ids)


@settings(max_examples=150)
@given(st.data())
def test_damage_is_noticed_or_harmless_but_never_a_crash(data: st.DataObject) -> None:
    whole = (PAYLOADS / "callback-multichannel.json").read_bytes()
    cut = data.draw(st.integers(0, len(whole)))
    noise = data.draw(st.binary(max_size=5))
    at = data.draw(st.integers(0, cut))
    damaged = whole[:at] + noise + whole[at + len(noise) : cut]
    for read in (parse_result, lambda body: split_secret(body, "callback_secret")):
        with suppress(AnswerUnreadable, VendorFailed):
            read(damaged)


@settings(max_examples=100)
@given(st.text(min_size=8, max_size=40), st.dictionaries(st.text(max_size=5), st.text(max_size=5)))
def test_the_secret_never_stays(secret: str, extra: dict[str, str]) -> None:
    body = json.dumps({"metadata": {"extra": extra | {"callback_secret": secret}}, "results": {}})
    taken, kept = split_secret(body.encode(), "callback_secret")
    assert taken == secret
    assert json.loads(kept) == {"metadata": {"extra": extra}, "results": {}}
