"""Failures of vendors in our terms, and long answers that their SDKs never see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from app.core.errors import ProviderRejected, ProviderUnavailable
from app.core.vendor_http import (
    AnswersAside,
    answers_taken_aside,
    error_code,
    refusal,
    retry_after,
    unreachable,
)
from tests.fixtures.server import serving


class KeyRefused(ProviderRejected):
    code = "test_key_refused"


def refused(
    status: int, body: object = None, headers: dict[str, str] | None = None
) -> ProviderUnavailable | ProviderRejected:
    return refusal("Acme", "the text", status=status, body=body, headers=headers, key_refused=KeyRefused)


class TestRefusal:
    @pytest.mark.parametrize("status", [401, 402, 403])
    def test_of_the_key(self, status: int) -> None:
        error = refused(status)
        assert isinstance(error, KeyRefused)
        assert str(status) in error.detail

    @pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 503, 504])
    def test_that_may_pass(self, status: int) -> None:
        assert isinstance(refused(status), ProviderUnavailable)

    @pytest.mark.parametrize("status", [0, 400, 404, 413, 422])
    def test_that_will_not(self, status: int) -> None:
        error = refused(status)
        assert isinstance(error, ProviderRejected)
        assert not isinstance(error, KeyRefused)

    def test_tells_the_code_and_never_the_text(self) -> None:
        error = refused(400, {"err_code": "BAD_TEXT", "err_msg": "you sent: Ada Okafor"})
        assert error.detail == "Acme refused the text (400, BAD_TEXT)."

    @pytest.mark.parametrize(
        "body",
        [None, "plain text", [], {"err_code": 7}, {"err_code": "two words"}, {"category": "X" * 60}, {}],
    )
    def test_what_does_not_look_like_a_code_is_none(self, body: object) -> None:
        assert error_code(body) is None
        assert refused(400, body).detail == "Acme refused the text (400)."


class TestRetryAfter:
    def seconds(self, value: str) -> float | None:
        error = refused(503, headers={"Retry-After": value})
        assert isinstance(error, ProviderUnavailable)
        return error.retry_after

    def test_in_seconds(self) -> None:
        assert self.seconds("17") == 17

    def test_as_a_date(self) -> None:
        later = self.seconds(format_datetime(datetime.now(UTC) + timedelta(minutes=10)))
        assert later is not None
        assert 500 < later <= 600
        assert self.seconds(format_datetime(datetime.now(UTC) - timedelta(minutes=1))) == 0

    def test_never_longer_than_an_hour(self) -> None:
        assert self.seconds("999999") == 3600
        assert self.seconds(format_datetime(datetime.now(UTC) + timedelta(days=2))) == 3600

    def test_a_caller_may_know_a_longer_bound(self) -> None:
        later = format_datetime(datetime.now(UTC) + timedelta(days=2))
        assert [retry_after({"Retry-After": text}, longest=86_400) for text in ("7200", "999999", later)] == [
            7200,
            86_400,
            86_400,
        ]

    @given(st.text(max_size=30))
    def test_nonsense_does_no_harm(self, value: str) -> None:
        seconds = self.seconds(value)
        assert seconds is None or seconds >= 0


class TestUnreachable:
    def test_tells_a_timeout_from_a_broken_connection(self) -> None:
        assert unreachable("Acme", httpx.ReadTimeout("x")).detail == "Acme did not answer in time."
        broken = unreachable("Acme", httpx.ConnectError("http://user:secret@host refused"))
        assert broken.detail == "Acme could not be reached (ConnectError)."


class TestAnswersAside:
    async def test_the_body_is_kept_and_something_short_is_shown(self) -> None:
        async def answer(request: Request) -> PlainTextResponse:
            return PlainTextResponse("a long answer", status_code=int(request.path_params["status"]))

        app = Starlette(routes=[Route("/{status}", answer)])
        transport = AnswersAside(httpx.AsyncHTTPTransport())
        async with serving(app) as url, httpx.AsyncClient(transport=transport) as client:
            with answers_taken_aside() as answers:
                shown = await client.get(f"{url}/200")
                failed = await client.get(f"{url}/503")
            ordinary = await client.get(f"{url}/200")
        assert answers == [b"a long answer"]
        assert shown.json() == {"request_id": "aside"}
        assert (failed.status_code, failed.text) == (503, "a long answer")
        assert ordinary.text == "a long answer"
