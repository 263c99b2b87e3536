"""The stand-in for Deepgram answers as documented, and says where a caller does not ask as specified."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from typing import Any

import httpx
import pytest
from deepgram.core.api_error import ApiError
from deepgram.errors import BadRequestError
from deepgram.types.listen_v1response import ListenV1Response

from tests.fixtures.deepgram import RunningDeepgram, running_deepgram
from tests.fixtures.server import SAMPLES
from tests.standins.callers import called_back, client_of
from tests.standins.deepgram.__main__ import parse
from tests.standins.deepgram.journal import Query
from tests.standins.deepgram.specification import specification
from tests.standins.deepgram.speech import script
from tests.standins.deepgram.switches import Switches
from tests.standins.options import switches_of

EVERYTHING: dict[str, Any] = {
    "model": "nova-3",
    "diarize_model": "latest",
    "smart_format": True,
    "punctuate": True,
    "paragraphs": True,
    "utterances": True,
    "summarize": "v2",
    "topics": True,
    "intents": True,
    "sentiment": True,
    "mip_opt_out": True,
    "keyterm": ["Kafka", "token bucket"],
    "tag": ["interviews", "env:test"],
    "extra": ["job:1", "secret:a", "secret:b:c"],
}
SAMPLE = (SAMPLES / "interview-30s.wav").read_bytes()


async def transcribed(deepgram: RunningDeepgram, sound: bytes = SAMPLE, **parameters: Any) -> dict[str, Any]:
    """The answer as it was sent, once the SDK has read it, and found to be as the specification wants it."""
    answer = await deepgram.http().post("/v1/listen", params=parameters, content=sound)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    assert specification().of_body("ListenV1Response", body) == []
    ListenV1Response.model_validate(body)
    return body


class TestTranscripts:
    async def test_a_sample_is_known_by_its_bytes(self, deepgram: RunningDeepgram) -> None:
        whole = (SAMPLES / "interview.webm").read_bytes()
        answer = await client_of(deepgram).listen.v1.media.transcribe_file(request=whole, **EVERYTHING)
        assert isinstance(answer, ListenV1Response)
        assert answer.metadata.sha256 == hashlib.sha256(whole).hexdigest()
        assert answer.metadata.duration == script()["duration"]
        utterances = answer.results.utterances or []
        assert [u.transcript for u in utterances] == [said["text"] for said in script()["utterances"]]
        assert [u.speaker for u in utterances] == [int(s["speaker"] == "C") for s in script()["utterances"]]
        assert deepgram.violations == []

    async def test_everything_asked_for_is_in_the_answer_in_its_documented_place(
        self, deepgram: RunningDeepgram
    ) -> None:
        body = await transcribed(deepgram, SAMPLE, **{k: _texts(v) for k, v in EVERYTHING.items()})
        metadata, results = body["metadata"], body["results"]
        assert metadata["duration"] == 30.0
        assert metadata["tags"] == ["interviews", "env:test"]
        assert metadata["extra"] == {"job": "1", "secret": "b:c"}, "the last one of a name counts"
        assert {"summary_info", "topics_info", "intents_info", "sentiment_info"} <= metadata.keys()
        [channel] = results["channels"]
        [alternative] = channel["alternatives"]
        words = alternative["words"]
        assert [w["punctuated_word"] for w in words] == alternative["transcript"].split()
        assert all(w["start"] < w["end"] <= 30.0 for w in words)
        assert {"speaker", "speaker_confidence", "sentiment", "sentiment_score"} <= words[0].keys()
        assert alternative["paragraphs"]["transcript"].startswith("\nSpeaker 0: Good morning Daniel")
        assert results["summary"]["result"] == "success"
        for name, label in (("topics", "topic"), ("intents", "intent")):
            for segment in results[name]["segments"]:
                said = words[segment["start_word"] : segment["end_word"] + 1]
                assert " ".join(w["punctuated_word"] for w in said) == segment["text"]
                assert all(0 < found["confidence_score"] <= 1 and found[label] for found in segment[name])
        assert len(results["sentiments"]["segments"]) == len(results["utterances"])

    async def test_what_was_not_asked_for_is_not_there(self, deepgram: RunningDeepgram) -> None:
        body = await transcribed(deepgram, model="nova-3")
        assert set(body["results"]) == {"channels"}
        [alternative] = body["results"]["channels"][0]["alternatives"]
        assert set(alternative) == {"transcript", "confidence", "words"}
        assert set(alternative["words"][0]) == {"word", "start", "end", "confidence"}
        assert alternative["transcript"].startswith("good morning daniel thanks for")

    async def test_unknown_sound_gets_the_same_interview_every_time_as_long_as_the_sound(
        self, deepgram: RunningDeepgram
    ) -> None:
        cut = SAMPLE[: 44 + 4 * 32_000]
        first, second, tiny = [
            await transcribed(deepgram, sound, model="nova-3", utterances="true")
            for sound in (cut, cut, b"x")
        ]
        assert first["metadata"]["duration"] == pytest.approx(4.0, abs=0.01)
        assert first["results"] == second["results"]
        assert first["results"]["utterances"][-1]["end"] <= 4.0
        assert tiny["results"]["utterances"]

    async def test_each_channel_of_a_stereo_recording_is_one_person(self, deepgram: RunningDeepgram) -> None:
        sound = (SAMPLES / "interview-stereo.m4a").read_bytes()
        body = await transcribed(deepgram, sound, model="nova-3", multichannel="true", utterances="true")
        assert body["metadata"]["channels"] == len(body["results"]["channels"]) == 2
        said = [(u["channel"], u["start"]) for u in body["results"]["utterances"]]
        assert [channel for channel, _ in said] == [int(u["speaker"] == "C") for u in script()["utterances"]]
        assert "speaker" not in body["results"]["utterances"][0]

    async def test_a_detected_language_that_is_not_english_gives_warnings_instead(
        self, deepgram: RunningDeepgram
    ) -> None:
        deepgram.switches.detected_language = "es"
        wanted = dict.fromkeys(("topics", "intents", "sentiment"), "true") | {"summarize": "v2"}
        body = await transcribed(deepgram, SAMPLE, model="nova-3", detect_language="true", **wanted)
        assert body["results"]["channels"][0]["detected_language"] == "es"
        assert {w["parameter"] for w in body["metadata"]["warnings"]} == set(wanted)
        assert not {"summary", "topics", "intents", "sentiments"} & body["results"].keys()

    async def test_older_versions_nested_topics_and_intents(self, deepgram: RunningDeepgram) -> None:
        deepgram.switches.nested_intelligence = True
        body = await transcribed(deepgram, model="nova-3", topics="true", intents="true")
        assert body["results"]["topics"]["results"]["topics"]["segments"]
        assert body["results"]["intents"]["results"]["intents"]["segments"]

    async def test_an_answer_can_be_made_as_large_as_that_of_a_long_interview(
        self, deepgram: RunningDeepgram
    ) -> None:
        deepgram.switches.words = 20_000
        sent = await client_of(deepgram).listen.v1.media.with_raw_response.transcribe_file(
            request=b"sound", **EVERYTHING
        )
        assert int(sent.headers["content-length"]) > 6_000_000

    async def test_silence_has_the_form_of_a_transcript_without_words(
        self, deepgram: RunningDeepgram
    ) -> None:
        deepgram.switches.silent_results = 1
        body = await transcribed(deepgram, model="nova-3", utterances="true", topics="true")
        assert body["results"]["utterances"] == []
        [alternative] = body["results"]["channels"][0]["alternatives"]
        assert (alternative["transcript"], alternative["words"], alternative["confidence"]) == ("", [], 0.0)
        assert "topics" not in body["results"]


class TestOtherEndpoints:
    async def test_a_text_is_read_in_the_documented_form(self, deepgram: RunningDeepgram) -> None:
        text = "We moved billing to Kafka. Did it work? " + "It was a long story. " * 12
        answer = await client_of(deepgram).read.v1.text.analyze(
            request={"text": text}, language="en", summarize="v2", topics=True, intents=True, sentiment=True
        )
        assert answer.metadata.metadata and answer.metadata.metadata.language == "en"
        assert answer.results.topics and answer.results.topics.segments
        assert [t.topic for t in answer.results.topics.segments[0].topics or []] == ["billing", "Kafka"]
        body = answer.model_dump(mode="json", exclude_none=True)
        assert "Kafka" in body["results"]["summary"]["results"]["summary"]["text"]
        assert specification().of_body("ReadV1Response", body) == []
        assert deepgram.violations == []

    async def test_a_text_that_is_too_long_is_refused_by_its_code(self, deepgram: RunningDeepgram) -> None:
        deepgram.switches.largest_text = 10
        with pytest.raises(ApiError) as refused:
            await client_of(deepgram).read.v1.text.analyze(request={"text": "word " * 9}, topics=True)
        assert refused.value.status_code == 400
        assert refused.value.body["err_code"] == "TOKEN_LIMIT_EXCEEDED"
        assert deepgram.violations == []

    async def test_a_key_can_be_checked_by_listing_projects(self, deepgram: RunningDeepgram) -> None:
        listed = await client_of(deepgram).manage.v1.projects.list()
        assert [project.name for project in listed.projects or []] == ["stand-in"]
        with pytest.raises(ApiError) as refused:
            await client_of(deepgram, key="wrong").manage.v1.projects.list()
        assert refused.value.status_code == 401


class TestWrongRequests:
    @pytest.mark.parametrize(
        ("parameters", "named"),
        [
            ({"smart_formatting": "true"}, "unknown parameter smart_formatting"),
            ({"smart_format": "yes"}, "smart_format"),
            ({"diarize_model": "v7"}, "diarize_model"),
            ({"callback_method": "PATCH"}, "callback_method"),
            ({"utt_split": "soon"}, "utt_split"),
            ({"encoding": "mp3"}, "encoding"),
            ({"keyterm": "a, b"}, "keyterm"),
            ({"keyterm": "Kafka", "model": "nova-2"}, "keyterm is for Nova-3"),
            ({"extra": "no-colon"}, "extra"),
            ({"extra": "long:" + "x" * 2048}, "extra"),
            ({"tag": "x" * 129}, "tag"),
            ({"language": "de", "summarize": "v2"}, "not supported for non-English"),
            ({"language_hint": "de"}, "language_hint"),
        ],
    )
    async def test_a_parameter_against_the_specification_is_refused_and_written_down(
        self, deepgram: RunningDeepgram, parameters: dict[str, str], named: str
    ) -> None:
        with pytest.raises(BadRequestError) as refused:
            await client_of(deepgram).listen.v1.media.transcribe_file(
                request=SAMPLE,
                request_options={"additional_query_parameters": {"model": "nova-3"} | parameters},
            )
        assert refused.value.body["err_code"] == "INVALID_QUERY_PARAMETER"
        assert [named in violation for violation in deepgram.violations] == [True]

    async def test_what_is_documented_and_not_specified_is_no_violation(
        self, deepgram: RunningDeepgram
    ) -> None:
        await transcribed(
            deepgram, model="nova-3", language="multi", language_hint=["de", "en"], redact=["pci", "name"]
        )
        assert deepgram.violations == []

    async def test_a_lenient_one_only_writes_it_down(self, deepgram: RunningDeepgram) -> None:
        deepgram.switches.lenient = True
        await transcribed(deepgram, model="nova-3", unknown="1")
        assert deepgram.violations == ["unknown parameter unknown"]

    @pytest.mark.parametrize(
        ("content", "kind", "code"),
        [
            (b"{}", "application/json", "INVALID_JSON"),
            (b"not json", "application/json", "INVALID_JSON"),
            (b'{"url": "no address"}', "application/json", "INVALID_JSON"),
            (b'{"url": "https://example.com/a.wav"}', "text/plain", "Bad Request"),
            (b"", "audio/wav", "Bad Request"),
        ],
    )
    async def test_a_body_that_is_neither_sound_nor_an_address_is_refused(
        self, deepgram: RunningDeepgram, content: bytes, kind: str, code: str
    ) -> None:
        answer = await deepgram.http().post(
            "/v1/listen?model=nova-3", content=content, headers={"Content-Type": kind}
        )
        assert answer.status_code == 400
        assert specification().of_body("ErrorResponse", answer.json()) == []
        assert code in (answer.json().get("category"), answer.json().get("err_code"))
        assert len(deepgram.violations) == 1

    async def test_media_beyond_the_limit_is_refused(self, deepgram: RunningDeepgram) -> None:
        deepgram.switches.largest_media = 1000
        with pytest.raises(ApiError) as refused:
            await client_of(deepgram).listen.v1.media.transcribe_file(request=bytes(1001), model="nova-3")
        assert refused.value.status_code == 413


class TestAddresses:
    async def test_the_media_are_fetched_from_the_address(self, deepgram: RunningDeepgram) -> None:
        async with called_back() as site:
            site.media = SAMPLE
            answer = await client_of(deepgram).listen.v1.media.transcribe_url(
                url=site.media_url, model="nova-3"
            )
        assert isinstance(answer, ListenV1Response)
        assert answer.metadata.sha256 == hashlib.sha256(SAMPLE).hexdigest()
        [request] = deepgram.requests
        assert (request.size, request.json) == (len(SAMPLE), {"url": site.media_url})

    @pytest.mark.parametrize("path", ["missing", "unreachable"])
    async def test_an_address_that_does_not_work_is_the_callers_error(
        self, deepgram: RunningDeepgram, path: str
    ) -> None:
        address = "http://127.0.0.1:1/a.wav" if path == "unreachable" else f"{deepgram.url}/missing"
        with pytest.raises(BadRequestError) as refused:
            await client_of(deepgram).listen.v1.media.transcribe_url(url=address, model="nova-3")
        assert refused.value.body["err_code"] == "REMOTE_CONTENT_ERROR"
        assert ("404 Not Found" in refused.value.body["err_msg"]) == (path == "missing")


class TestFailures:
    @pytest.mark.parametrize("status", [401, 402, 403, 429, 500, 503, 504])
    async def test_the_next_requests_fail_with_a_status(self, deepgram: RunningDeepgram, status: int) -> None:
        deepgram.switches.fail_with, deepgram.switches.retry_after = [status], 7
        media = client_of(deepgram).listen.v1.media
        with pytest.raises(ApiError) as failed:
            await media.transcribe_file(request=b"sound", model="nova-3")
        assert failed.value.status_code == status
        assert (failed.value.headers or {})["retry-after"] == "7"
        assert specification().of_body("ErrorResponse", failed.value.body) == []
        await media.transcribe_file(request=b"sound", model="nova-3")
        assert [request.status for request in deepgram.requests] == [status, 200]

    async def test_it_may_never_answer(self, deepgram: RunningDeepgram) -> None:
        deepgram.switches.hang = 1
        with pytest.raises(httpx.ReadTimeout):
            await client_of(deepgram, timeout=0.1).listen.v1.media.transcribe_file(
                request=b"x", model="nova-3"
            )

    @pytest.mark.parametrize("switch", ["cut_results", "empty_results"])
    async def test_a_body_may_arrive_cut_or_empty(self, deepgram: RunningDeepgram, switch: str) -> None:
        setattr(deepgram.switches, switch, 1)
        answer = await deepgram.http().post("/v1/listen?model=nova-3", content=b"sound")
        assert answer.status_code == 200
        with pytest.raises(ValueError, match=r"Expecting|Unterminated|delimiter"):
            json.loads(answer.content)

    @pytest.mark.parametrize(
        ("switch", "expected"), [("without_secret", None), ("wrong_secret", {"secret": "not-a"})]
    )
    async def test_extra_may_be_missing_or_wrong(
        self, deepgram: RunningDeepgram, switch: str, expected: dict[str, str] | None
    ) -> None:
        setattr(deepgram.switches, switch, 1)
        for extra in (expected, {"secret": "a"}):
            body = await transcribed(deepgram, model="nova-3", extra="secret:a")
            assert body["metadata"].get("extra") == extra

    async def test_a_transcription_takes_as_long_as_it_is_told_to_and_others_go_on(
        self, deepgram: RunningDeepgram
    ) -> None:
        deepgram.switches.delay = 0.1
        began = time.monotonic()
        await asyncio.gather(*(transcribed(deepgram, b"x", model="nova-3") for _ in range(3)))
        assert time.monotonic() - began >= 0.1
        assert (deepgram.deepgram.most_under_way, deepgram.deepgram.under_way) == (3, 0)


class TestControls:
    async def test_switches_are_set_and_the_journal_is_read_over_http(self) -> None:
        async with running_deepgram() as deepgram:
            http = deepgram.http()
            changed = await http.post("/standin/switches", json={"fail_with": [503], "lose_callbacks": 2})
            assert (changed.json()["fail_with"], deepgram.switches.lose_callbacks) == ([503], 2)
            assert (await http.post("/standin/switches", json={"_key": 1})).status_code == 404
            with pytest.raises(ApiError):
                await client_of(deepgram).listen.v1.media.transcribe_file(request=b"x", model="nova-3")
            journal = (await http.get("/standin/journal")).json()
        assert [(r["method"], r["path"], r["status"]) for r in journal["requests"]] == [
            ("POST", "/v1/listen", 503)
        ]
        assert "authorization" not in journal["requests"][0]["headers"], "the key stays out of the journal"

    def test_every_switch_is_an_option_of_the_command(self) -> None:
        switches = switches_of(
            Switches,
            parse(
                ["--no-any-callback-port", "--fail-with", "429", "503", "--live-drops", "60", "--words", "9"]
            ),
        )
        assert switches.any_callback_port is False
        assert (switches.fail_with, switches.live_drops, switches.words) == ([429, 503], [60.0], 9)
        assert switches_of(Switches, parse([])).retry_interval == 5.0

    def test_repeated_parameters_are_kept_apart(self) -> None:
        query = Query([("tag", "a"), ("tag", "b"), ("topics", "false")])
        assert (query.all("tag"), query.first("tag"), query.on("topics"), query.on("tag")) == (
            ["a", "b"],
            "a",
            False,
            True,
        )


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [str(v).lower() if isinstance(v, bool) else str(v) for v in values]
