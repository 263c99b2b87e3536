"""Answers of /v1/read: both documented forms, and what is no answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.analysis.errors import ModelUnusable
from app.services.analysis.providers.deepgram.payload import read_answer


class TestForms:
    def test_the_specified_nesting(self) -> None:
        answer = read_answer(
            b'{"metadata":{"metadata":{"request_id":"r","topics_info":{"model_uuid":"m","input_tokens":3}}},'
            b'"results":{"summary":{"results":{"summary":{"text":" Short. "}}},'
            b'"topics":{"results":{"topics":{"segments":[{"text":"a","start_word":1.0,"end_word":2.0,'
            b'"topics":[{"topic":"A","confidence_score":0.5}]}]}}}}}'
        )
        assert (answer.about.request_id, answer.about.models) == ("r", "m")
        assert answer.results.summary is not None
        assert answer.results.summary.told() == "Short."
        assert answer.results.topics is not None
        [segment] = answer.results.topics.listed()
        assert (segment.start_word, segment.end_word, segment.named[0].name) == (1, 2, "A")

    def test_the_documented_one(self) -> None:
        answer = read_answer(
            b'{"metadata":{"request_id":"r","summary_info":{"input_tokens":3}},'
            b'"results":{"summary":{"text":"Short."},"intents":{"segments":[{"intents":[{"intent":"I"}]}]}}}'
        )
        assert (answer.about.request_id, answer.about.models) == ("r", None)
        assert answer.results.summary is not None
        assert answer.results.summary.told() == "Short."
        assert answer.results.intents is not None
        assert answer.results.intents.listed()[0].named[0].name == "I"

    def test_nothing_found(self) -> None:
        answer = read_answer(b'{"metadata":{},"results":{"topics":{},"summary":{"results":{}}}}')
        assert answer.results.topics is not None
        assert answer.results.topics.listed() == []
        assert answer.results.summary is not None
        assert answer.results.summary.told() == ""


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b'{"results":null}', b'{"request_id":"r"}', b'{"results":{"topics":[1]}}', b"\xff"],
)
def test_what_is_no_answer_is_told_without_its_text(body: bytes) -> None:
    with pytest.raises(ModelUnusable, match="not in the form") as raised:
        read_answer(body)
    assert raised.value.__cause__ is None


@given(st.binary(max_size=60))
def test_no_bytes_do_any_harm(body: bytes) -> None:
    try:
        read_answer(body)
    except ModelUnusable as error:
        assert error.detail == "Deepgram's answer is not in the form that it documents."
