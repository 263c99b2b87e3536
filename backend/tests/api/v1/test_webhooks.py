"""Deepgram's calls: which ones are believed, and what becomes of each, whenever it comes."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import pytest
from pydantic import SecretStr

from app.api.v1 import webhooks
from app.core.config import DeepgramDelivery, Settings
from app.core.container import Container, open_container
from app.models.base import new_id, utc_now
from app.models.interview import Failure, Interview, Recording, Status, TranscriptionJob
from app.repositories.base import Expect
from app.services.callbacks import unpack
from app.services.storage.service import delivery_key
from tests.fixtures.loopback import UNUSED_TLS
from tests.fixtures.server import RunningServer, SettingsFactory, running

PAYLOADS = Path(__file__).resolve().parents[2] / "contracts" / "deepgram"
WEBHOOK_SECRET = "5e9d1c2b7a6f4e3d8c9b0a1f2e3d4c5b6a7f8e9d0c1b2a3f4e5d6c7b8a9f0e1d"


def payload(name: str, secret: str | None) -> bytes:
    """A documented body with the job's secret in it."""
    body: dict[str, Any] = json.loads((PAYLOADS / name).read_text())
    if secret is None:
        body["metadata"]["extra"].pop("callback_secret", None)
    elif "metadata" in body:
        body["metadata"].setdefault("extra", {})["callback_secret"] = secret
    return json.dumps(body).encode()


@dataclass
class Waiting:
    """An interview whose recording was submitted, and the vendor's way back to it."""

    container: Container
    organisation_id: str
    id: str
    job: TranscriptionJob

    @property
    def address(self) -> str:
        return self.container.callbacks.address(self.id, self.job).url

    @property
    def secret(self) -> str:
        return self.container.callbacks.address(self.id, self.job).secret

    @property
    def answer(self) -> bytes:
        return payload("callback-success.json", self.secret)

    async def now(self) -> Interview:
        found = await self.container.repositories.jobs.get(self.id)
        assert found is not None
        return found

    async def becomes(self, **changes: Any) -> None:
        assert await self.container.repositories.jobs.compare_and_set(self.id, Expect(), changes)

    async def kept(self) -> bytes | None:
        key = delivery_key(self.organisation_id, self.id, self.job.id)
        if await self.container.store.head(key) is None:
            return None
        return unpack(await self.container.store.get_bytes(key))

    async def deliver(self, body: bytes | None = None, *, to: str | None = None) -> httpx.Response:
        async with httpx.AsyncClient(trust_env=False, verify=UNUSED_TLS) as vendor:
            return await vendor.post(
                to or self.address,
                content=self.answer if body is None else body,
                headers={"Content-Type": "application/json"},
            )


@pytest.fixture
def settings(settings_with: SettingsFactory) -> Settings:
    return settings_with(
        deepgram={
            "deepgram_api_key": SecretStr("key-of-the-tests"),
            "deepgram_webhook_secret": SecretStr(WEBHOOK_SECRET),
            "deepgram_delivery": DeepgramDelivery.CALLBACK,
        },
        worker={"worker_in_process": False},
    )


@pytest.fixture
async def container(server: RunningServer) -> AsyncIterator[Container]:
    async with open_container(server.settings) as opened:
        yield opened


async def begin(server: RunningServer, container: Container) -> Waiting:
    created = (await server.client("ada").post("/interviews", json={"title": "Submitted"})).json()
    interview = await container.repositories.jobs.get(created["id"])
    assert interview is not None
    recording = Recording(
        key=f"orgs/{interview.organisation_id}/interviews/{interview.id}/recordings/x",
        upload_id=None,
        filename="x.wav",
        content_type="audio/wav",
        size=1,
        etag="x",
        container="wav",
        duration=1.0,
        channels=1,
        sample_rate=16000,
        has_video=False,
        uploaded_at=utc_now(),
    )
    job = TranscriptionJob(id=new_id(), recording_key=recording.key, created_at=utc_now(), request_id="r1")
    waiting = Waiting(container, interview.organisation_id, interview.id, job)
    await waiting.becomes(
        recording=recording,
        transcription=job,
        status=Status.AWAITING,
        epoch=3,
        due_at=utc_now() + timedelta(minutes=15),
    )
    return waiting


@pytest.fixture
async def waiting(server: RunningServer, container: Container) -> Waiting:
    return await begin(server, container)


def outcome(response: httpx.Response) -> str:
    assert response.status_code == 200, response.text
    return str(response.json()["status"])


class TestAccepted:
    async def test_the_answer_is_kept_and_a_worker_may_read_it(self, waiting: Waiting) -> None:
        assert outcome(await waiting.deliver()) == "accepted"
        interview = await waiting.now()
        assert interview.status is Status.INGESTING
        assert interview.due_at <= utc_now()
        assert interview.epoch == 4
        kept = await waiting.kept()
        assert kept is not None
        assert json.loads(kept)["results"] == json.loads(waiting.answer)["results"]

    async def test_no_secret_is_kept(self, waiting: Waiting, server: RunningServer) -> None:
        await waiting.deliver()
        kept = await waiting.kept()
        assert kept is not None
        signature = waiting.address.rsplit(".", 1)[-1]
        secrets = [waiting.secret, WEBHOOK_SECRET, signature, "key-of-the-tests"]
        everything = [kept, (await waiting.now()).model_dump_json().encode()]
        files = [path for path in server.settings.server.data_dir.rglob("*") if path.is_file()]
        everything += [path.read_bytes() for path in files]
        found = [s for s in secrets for text in everything if s.encode() in text]
        assert not found

    @pytest.mark.parametrize(
        "name",
        ["callback-empty-speech.json", "callback-multichannel.json", "callback-non-english-warnings.json"],
    )
    async def test_every_documented_result_is_taken(self, waiting: Waiting, name: str) -> None:
        assert outcome(await waiting.deliver(payload(name, waiting.secret))) == "accepted"

    async def test_a_report_of_failure_is_taken_although_it_has_no_place_for_the_secret(
        self, waiting: Waiting
    ) -> None:
        assert outcome(await waiting.deliver((PAYLOADS / "callback-error.json").read_bytes())) == "accepted"
        assert (await waiting.now()).status is Status.INGESTING


class TestOrder:
    async def test_the_second_delivery_changes_nothing(self, waiting: Waiting) -> None:
        await waiting.deliver()
        before = await waiting.now()
        assert outcome(await waiting.deliver()) == "duplicate"
        assert await waiting.now() == before

    async def test_of_many_at_once_one_counts(self, waiting: Waiting) -> None:
        answers = await asyncio.gather(*(waiting.deliver() for _ in range(20)))
        counted = Counter(outcome(answer) for answer in answers)
        assert counted == {"accepted": 1, "duplicate": 19}
        assert (await waiting.now()).epoch == 4

    async def test_it_may_come_before_the_submission_is_written(self, waiting: Waiting) -> None:
        await waiting.becomes(status=Status.SUBMITTING, transcription=waiting.job, lease_owner="worker")
        assert outcome(await waiting.deliver()) == "accepted"
        late_commit = await waiting.container.repositories.jobs.compare_and_set(
            waiting.id, Expect(statuses=(Status.SUBMITTING,), epoch=3), {"status": Status.AWAITING}
        )
        assert late_commit is None

    async def test_the_answer_to_an_earlier_generation_is_as_good_as_any(self, waiting: Waiting) -> None:
        again = waiting.job.model_copy(update={"generation": 2, "request_id": "r2"})
        await waiting.becomes(transcription=again)
        assert outcome(await waiting.deliver()) == "accepted"

    async def test_it_is_taken_although_the_waiting_was_given_up(self, waiting: Waiting) -> None:
        failure = Failure(
            step=Status.AWAITING, code="transcription_overdue", message="-", attempts=1, failed_at=utc_now()
        )
        await waiting.becomes(status=Status.FAILED, failure=failure)
        assert outcome(await waiting.deliver()) == "accepted"
        assert (await waiting.now()).failure is None

    async def test_it_takes_over_from_the_engine_that_stands_in(self, waiting: Waiting) -> None:
        given_up = waiting.job.model_copy(update={"given_up": "Deepgram did not answer."})
        await waiting.becomes(status=Status.TRANSCRIBING, transcription=given_up)
        assert outcome(await waiting.deliver()) == "accepted"

    @pytest.mark.parametrize("status", [Status.ANALYSING, Status.DONE, Status.INGESTING, Status.PREPARING])
    async def test_it_is_left_alone_when_the_interview_has_moved_on(
        self, waiting: Waiting, status: Status
    ) -> None:
        await waiting.becomes(status=status)
        before = await waiting.now()
        assert outcome(await waiting.deliver()) == "ignored"
        assert await waiting.now() == before
        assert await waiting.kept() is None

    async def test_it_is_left_alone_when_another_recording_was_submitted_since(
        self, waiting: Waiting
    ) -> None:
        await waiting.becomes(transcription=waiting.job.model_copy(update={"id": new_id()}))
        assert outcome(await waiting.deliver()) == "ignored"
        assert await waiting.kept() is None

    async def test_it_is_left_alone_when_the_recording_was_replaced_and_not_submitted_yet(
        self, waiting: Waiting
    ) -> None:
        recording = (await waiting.now()).recording
        assert recording is not None
        replaced = recording.model_copy(update={"key": f"{recording.key}2"})
        await waiting.becomes(status=Status.SUBMITTING, recording=replaced)
        assert outcome(await waiting.deliver()) == "ignored"

    async def test_nothing_of_a_deleted_interview_comes_back(
        self, waiting: Waiting, api: httpx.AsyncClient
    ) -> None:
        assert (await api.delete(f"/interviews/{waiting.id}")).status_code == 200
        assert outcome(await waiting.deliver()) == "ignored"
        assert await waiting.kept() is None

    async def test_one_of_two_hundred_interviews_gets_each_of_two_hundred_answers(
        self, server: RunningServer, container: Container
    ) -> None:
        all_of_them = [await begin(server, container) for _ in range(200)]
        limit = asyncio.Semaphore(50)

        async def deliver(waiting: Waiting) -> str:
            async with limit:
                return outcome(await waiting.deliver())

        outcomes = await asyncio.gather(*(deliver(waiting) for waiting in all_of_them))
        assert Counter(outcomes) == {"accepted": 200}
        keys = set()
        for waiting in all_of_them:
            interview = await waiting.now()
            assert interview.status is Status.INGESTING
            assert interview.transcription is not None
            keys.add(interview.transcription.delivery_key)
            assert await waiting.kept() is not None
        assert len(keys) == 200


class TestRefused:
    async def refused(self, waiting: Waiting, answer: httpx.Response, status: int, code: str) -> None:
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert (await waiting.now()).status is Status.AWAITING
        assert await waiting.kept() is None

    @pytest.mark.parametrize("userinfo", ["", "debrief:wrong@", "other:{secret}@", "debrief:{secret}x@"])
    async def test_wrong_credentials(self, waiting: Waiting, userinfo: str) -> None:
        parts = urlsplit(waiting.address)
        host = parts.netloc.rsplit("@", 1)[-1]
        wrong = urlunsplit(parts._replace(netloc=userinfo.format(secret=WEBHOOK_SECRET) + host))
        await self.refused(waiting, await waiting.deliver(to=wrong), 401, "webhook_refused")

    async def test_an_address_made_for_another_interview(
        self, waiting: Waiting, server: RunningServer, container: Container
    ) -> None:
        other = await begin(server, container)
        foreign = other.address.replace(other.id, waiting.id)
        await self.refused(waiting, await waiting.deliver(to=foreign), 401, "webhook_refused")

    @pytest.mark.parametrize("change", ["{}x", "x{}", "{}.1", "{}%00", "{}%F0%9F%92%A9"])
    async def test_a_changed_address(self, waiting: Waiting, change: str) -> None:
        head, _, token = waiting.address.rpartition("/")
        changed = f"{head}/{change.format(token)}"
        await self.refused(waiting, await waiting.deliver(to=changed), 401, "webhook_refused")

    async def test_an_expired_address(self, waiting: Waiting) -> None:
        old = waiting.job.model_copy(update={"created_at": utc_now() - timedelta(days=3)})
        expired = waiting.container.callbacks.address(waiting.id, old).url
        await self.refused(waiting, await waiting.deliver(to=expired), 401, "webhook_refused")

    @pytest.mark.parametrize("secret", [None, "", "wrong"])
    async def test_a_result_without_the_secret_of_its_job(self, waiting: Waiting, secret: str | None) -> None:
        answer = await waiting.deliver(payload("callback-success.json", secret))
        await self.refused(waiting, answer, 401, "webhook_refused")

    @pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'"text"', b"\xff\xfe{}", b"{} {}"])
    async def test_what_is_no_answer(self, waiting: Waiting, body: bytes) -> None:
        await self.refused(waiting, await waiting.deliver(body), 422, "delivery_unreadable")

    async def test_half_an_answer_and_then_the_whole(self, waiting: Waiting) -> None:
        half = waiting.answer[: len(waiting.answer) // 2]
        await self.refused(waiting, await waiting.deliver(half), 422, "delivery_unreadable")
        assert outcome(await waiting.deliver()) == "accepted"

    async def test_too_large(self, waiting: Waiting, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(webhooks, "MAX_ANSWER_BYTES", 20_000)
        await self.refused(waiting, await waiting.deliver(), 413, "answer_too_large")

    async def test_everything_while_no_secret_is_set(self, settings_with: SettingsFactory) -> None:
        plain = settings_with(worker={"worker_in_process": False})
        async with running(plain) as server, httpx.AsyncClient(trust_env=False, verify=UNUSED_TLS) as vendor:
            address = f"{server.url}/api/v1/webhooks/deepgram/a.b.1.c"
            answer = await vendor.post(address, content=b"{}", auth=("debrief", ""))
        assert (answer.status_code, answer.json()["code"]) == (403, "webhook_disabled")
