"""When an engine does not work the next one makes the debrief, for every way in which the first can fail."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.fixtures.debriefing import Office, office
from tests.fixtures.deepgram import RunningDeepgram
from tests.fixtures.openai import RunningOpenAI
from tests.fixtures.server import SettingsFactory

pytestmark = pytest.mark.usefixtures("short_waits")

ALWAYS = 1000
READING = "full_reading"


@dataclass(frozen=True)
class Trouble:
    """How OpenAI is made to fail, and what the debrief says of it."""

    name: str
    code: str
    says: str
    requests: int | None = None
    """How many it was asked before it was given up; None where that says nothing."""
    switches: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    analysis: dict[str, Any] = field(default_factory=dict)
    may_pass: bool = False


TROUBLES = (
    Trouble(
        "no answer in time",
        "provider_unavailable",
        "did not answer in time",
        switches={"hang": ALWAYS},
        settings={"openai_timeout_seconds": 0.1},
        may_pass=True,
    ),
    Trouble("connection refused", "provider_unavailable", "could not be reached", may_pass=True),
    Trouble(
        "connection broken off",
        "provider_unavailable",
        "could not be reached",
        switches={"drop_answer": ALWAYS},
        may_pass=True,
    ),
    Trouble(
        "too many requests",
        "provider_unavailable",
        "rate_limit_exceeded",
        # Three tries of the request, in each of two attempts of the step.
        requests=6,
        switches={"fail_with": [429] * ALWAYS},
        may_pass=True,
    ),
    Trouble(
        "server error",
        "provider_unavailable",
        "503",
        requests=6,
        switches={"fail_with": [503] * ALWAYS},
        may_pass=True,
    ),
    Trouble(
        "a page instead of an answer",
        "provider_unavailable",
        "OPENAI_BASE_URL",
        switches={"plain_text": ALWAYS},
        may_pass=True,
    ),
    Trouble(
        "no credit left",
        "model_quota_exhausted",
        "no credit left",
        requests=1,
        switches={"fail_with": ["insufficient_quota"] * ALWAYS},
    ),
    Trouble("refused key", "model_key_refused", "OPENAI_API_KEY", requests=1, switches={"fail_with": [401]}),
    Trouble(
        "unknown model",
        "model_not_found",
        "gpt-99",
        requests=1,
        settings={"openai_model": "gpt-99"},
    ),
    Trouble("everything refused", "model_unusable", "would not read", switches={"refuse": ALWAYS}),
    Trouble("everything filtered", "model_unusable", "would not read", switches={"content_filter": ALWAYS}),
    Trouble(
        "broken JSON, twice", "model_unusable", "in the form", requests=2, switches={"invalid_json": ALWAYS}
    ),
    Trouble(
        "another form, twice", "model_unusable", "in the form", requests=2, switches={"wrong_schema": ALWAYS}
    ),
    Trouble("everything cut", "model_unusable", "would not read", switches={"truncate": ALWAYS}),
    Trouble(
        "more than the model takes", "model_unusable", "would not read", switches={"context_tokens": 100}
    ),
    Trouble(
        "the interview's budget",
        "analysis_budget_spent",
        "budget for one interview",
        requests=0,
        analysis={"analysis_interview_tokens": 1000},
    ),
    Trouble(
        "the interview's budget in money",
        "analysis_budget_spent",
        "budget for one interview",
        requests=0,
        analysis={"analysis_interview_usd": 0.0001},
    ),
    Trouble(
        "the day's budget",
        "analysis_budget_spent",
        "budget for today",
        requests=0,
        analysis={"analysis_day_tokens": 1000},
    ),
)


@pytest.fixture(params=TROUBLES, ids=lambda trouble: trouble.name.replace(" ", "-"))
def trouble(request: pytest.FixtureRequest) -> Trouble:
    found: Trouble = request.param
    return found


@contextmanager
def made_trouble(openai: RunningOpenAI, trouble: Trouble) -> Iterator[dict[str, dict[str, Any]]]:
    """Groups of settings under which OpenAI fails in this way."""
    for name, value in trouble.switches.items():
        setattr(openai.switches, name, list(value) if isinstance(value, list) else value)
    settings = dict(trouble.settings)
    with socket.socket() as nobody:
        if trouble.name == "connection refused":
            nobody.bind(("127.0.0.1", 0))  # and does not listen
            settings["openai_base_url"] = f"http://127.0.0.1:{nobody.getsockname()[1]}/v1"
        yield {"openai": settings, "analysis": trouble.analysis}


async def outcome(desk: Office, interview: str) -> dict[str, Any]:
    await desk.done(interview)
    return await desk.debrief(interview)


class TestBaseline:
    async def test_it_takes_over_and_the_debrief_says_why(
        self, settings_with: SettingsFactory, diligent_openai: RunningOpenAI, trouble: Trouble
    ) -> None:
        with made_trouble(diligent_openai, trouble) as groups:
            async with office(settings_with, diligent_openai, **groups) as desk:
                interview = await desk.begin()
                debrief = await outcome(desk, interview)
                shown = await desk.done(interview)
        assert debrief["engine"]["kind"] == "offline_baseline"
        assert debrief["question_answers"]
        [failed] = debrief["provenance"]["failed"]
        assert (failed["engine"], failed["code"]) == ("openai", trouble.code)
        assert trouble.says in failed["detail"]
        assert debrief["warnings"][0] == f"Made by baseline, because openai did not work: {failed['detail']}"
        assert diligent_openai.key not in str(debrief)
        if trouble.requests is not None:
            assert len(diligent_openai.requests) == trouble.requests
        # What may pass is tried once more before the next engine takes over; what cannot is given up at once.
        outcomes = [(r["step"], r["outcome"]) for r in shown["history"] if r["step"] == "analysing"]
        retried = [("analysing", "retry")] if trouble.may_pass else []
        assert outcomes == [*retried, ("analysing", "committed")]

    @pytest.mark.parametrize(
        "trouble",
        [t for t in TROUBLES if t.name in ("no credit left", "everything cut")],
        indirect=True,
        ids=lambda trouble: trouble.name.replace(" ", "-"),
    )
    async def test_on_each_database(
        self, each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI, trouble: Trouble
    ) -> None:
        with made_trouble(diligent_openai, trouble) as groups:
            async with office(each_settings_with, diligent_openai, **groups) as desk:
                interview = await desk.debriefed()
                stored = await desk.analysis(interview)
        assert [(f.engine, f.code) for f in stored.provenance.failed] == [("openai", trouble.code)]
        assert stored.engine.name == "baseline"
        assert stored.warnings

    async def test_a_failure_that_passes_is_not_seen(
        self, settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        diligent_openai.switches.fail_with = [503, 429, 500, 503]
        async with office(settings_with, diligent_openai) as desk:
            debrief = await desk.debrief(await desk.debriefed())
        assert debrief["engine"]["name"] == "openai"
        assert (debrief["provenance"]["failed"], debrief["warnings"]) == ([], [])


class TestDeepgram:
    @pytest.mark.parametrize(
        "trouble",
        [t for t in TROUBLES if t.name in ("server error", "everything refused", "the day's budget")],
        indirect=True,
        ids=lambda trouble: trouble.name.replace(" ", "-"),
    )
    async def test_it_takes_over_before_the_baseline(
        self,
        settings_with: SettingsFactory,
        diligent_openai: RunningOpenAI,
        deepgram: RunningDeepgram,
        trouble: Trouble,
    ) -> None:
        with made_trouble(diligent_openai, trouble) as groups:
            async with office(settings_with, diligent_openai, deepgram, **groups) as desk:
                debrief = await outcome(desk, await desk.begin())
        assert debrief["engine"]["name"] == "deepgram-intelligence"
        assert [(f["engine"], f["code"]) for f in debrief["provenance"]["failed"]] == [
            ("openai", trouble.code)
        ]
        assert debrief["warnings"][0].startswith("Made by deepgram-intelligence, because openai did not work")
        assert debrief["topics"]
        assert [call["purpose"] for call in debrief["provenance"]["calls"]] == ["read"]
        assert [request.path for request in deepgram.requests] == ["/v1/read"]

    @pytest.mark.parametrize("status", [401, 503])
    async def test_when_it_is_down_too_the_baseline_names_both(
        self,
        each_settings_with: SettingsFactory,
        diligent_openai: RunningOpenAI,
        deepgram: RunningDeepgram,
        status: int,
    ) -> None:
        diligent_openai.switches.fail_with = ["insufficient_quota"] * ALWAYS
        deepgram.switches.fail_with = [status] * ALWAYS
        async with office(each_settings_with, diligent_openai, deepgram) as desk:
            debrief = await desk.debrief(await desk.debriefed())
        assert debrief["engine"]["kind"] == "offline_baseline"
        assert [f["engine"] for f in debrief["provenance"]["failed"]] == ["openai", "deepgram-intelligence"]
        assert len(debrief["warnings"]) >= 2
        assert deepgram.key not in str(debrief)

    async def test_the_next_debrief_is_by_the_wanted_engine_again(
        self, each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI, deepgram: RunningDeepgram
    ) -> None:
        diligent_openai.switches.fail_with = ["insufficient_quota"]
        async with office(each_settings_with, diligent_openai, deepgram) as desk:
            interview = await desk.debriefed()
            assert (await desk.debrief(interview))["engine"]["name"] == "deepgram-intelligence"
            await desk.again(interview)
            newest = await desk.debrief(interview)
        assert newest["engine"]["name"] == "openai"
        assert (newest["provenance"]["failed"], newest["warnings"]) == ([], [])

    async def test_a_language_that_it_does_not_read_goes_to_the_baseline(
        self, settings_with: SettingsFactory, diligent_openai: RunningOpenAI, deepgram: RunningDeepgram
    ) -> None:
        diligent_openai.switches.fail_with = ["insufficient_quota"]
        german = (
            '{"language": "de", "speakers": {"I": {"name": "Sarah", "role": "interviewer"}, '
            '"C": {"name": "Daniel", "role": "candidate"}}, "utterances": ['
            + ",".join(
                f'{{"speaker": "{"IC"[n % 2]}", "start": {n * 9}, "end": {n * 9 + 8}, '
                f'"text": "Das ist der Satz mit der Nummer {n}, und er handelt von Tests."}}'
                for n in range(12)
            )
            + "]}"
        )
        async with office(settings_with, diligent_openai, deepgram) as desk:
            debrief = await desk.debrief(await desk.debriefed(german.encode(), language="de"))
        assert debrief["engine"]["kind"] == "offline_baseline"
        assert "English only" in debrief["provenance"]["failed"][1]["detail"]
        assert deepgram.requests == []
