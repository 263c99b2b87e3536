"""Deepgram and OpenAI: is the key good, and is what is asked for still there."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from app.command_line.doctor.addresses import shown
from app.command_line.doctor.asking import ask
from app.command_line.doctor.finding import Examined, Finding, Notes, Subject
from app.core.config import DeepgramDelivery, Settings
from app.services.transcription.delivery import callback_obstacle

_RETIRING: Final = {"gpt-4o-mini": (date(2027, 1, 14), "gpt-6-luna")}
"""Announced ends and what is to take their place; the service itself may tell a date."""
_NOTICE: Final = timedelta(days=90)


async def check_deepgram(examined: Examined) -> list[Finding]:
    notes = Notes(Subject.DEEPGRAM)
    settings = examined.settings.deepgram
    if settings.deepgram_api_key is None:
        notes.skipped("No key is set: recordings are transcribed on this machine.", "Set DEEPGRAM_API_KEY.")
        return notes.findings
    headers = {"Authorization": f"Token {settings.deepgram_api_key.get_secret_value()}"}
    answer = await ask(examined, "GET", f"{settings.deepgram_base_url}/v1/projects", headers=headers)
    if answer is None:
        notes.failed(
            f"{shown(settings.deepgram_base_url)} does not answer.",
            "Check DEEPGRAM_BASE_URL, the form of the key and the way out of here.",
        )
    elif answer.status_code == 401:
        notes.failed("Deepgram does not accept the key.", "Make a new one in Deepgram's console.")
    elif answer.status_code == 403:
        notes.ok("Deepgram knows the key; it may not list projects, which is not needed.")
    elif answer.is_error:
        notes.warning(f"Deepgram answered {answer.status_code}.", "Try again later; see status.deepgram.com.")
    else:
        notes.ok("Deepgram accepts the key.")
    if not settings.deepgram_model.startswith("nova-3"):
        notes.warning(
            f"The model {settings.deepgram_model} takes no key terms: names are heard less well.",
            "Set DEEPGRAM_MODEL=nova-3.",
        )
    _delivery(examined.settings, notes)
    return notes.findings


def _delivery(settings: Settings, notes: Notes) -> None:
    deepgram, obstacle = settings.deepgram, callback_obstacle(settings.server.public_url)
    if deepgram.deepgram_delivery is DeepgramDelivery.WAIT:
        notes.ok("Workers wait for transcripts (DEEPGRAM_DELIVERY=wait).")
    elif deepgram.deepgram_webhook_secret is None:
        notes.warning(
            "Workers wait for transcripts, since DEEPGRAM_WEBHOOK_SECRET is not set.",
            "Make one with `openssl rand -hex 32`, or say that this is wanted: DEEPGRAM_DELIVERY=wait.",
        )
    elif obstacle is None:
        notes.ok("Deepgram will call PUBLIC_URL with its transcripts.")
    elif deepgram.deepgram_delivery is DeepgramDelivery.CALLBACK:
        notes.warning(
            f"Callbacks are forced, but Deepgram itself could not call here. {obstacle}",
            "Set DEEPGRAM_DELIVERY=auto, unless a stand-in plays Deepgram.",
        )
    else:
        notes.warning(
            f"Workers wait for transcripts. {obstacle}",
            "Give PUBLIC_URL a public name on port 443 (a tunnel or a proxy will do), or set DEEPGRAM_DELIVERY=wait.",
        )


async def check_openai(examined: Examined) -> list[Finding]:
    notes = Notes(Subject.OPENAI)
    settings = examined.settings.openai
    if settings.openai_api_key is None:
        notes.skipped("No key is set: debriefs are made by the offline baseline.", "Set OPENAI_API_KEY.")
        return notes.findings
    model = settings.openai_model
    headers = {"Authorization": f"Bearer {settings.openai_api_key.get_secret_value()}"}
    base = settings.openai_base_url.rstrip("/")
    answer = await ask(examined, "GET", f"{base}/models/{model}", headers=headers)
    if answer is None:
        notes.failed(
            f"{shown(base)} does not answer.",
            "Check OPENAI_BASE_URL, the form of the key and the way out of here.",
        )
    elif answer.status_code in (401, 403):
        notes.failed(
            "OpenAI does not accept the key.", "Make a new one, and see that its project has the model."
        )
    elif answer.status_code == 404:
        notes.failed(
            f"There is no model {model} for this key.", "Set OPENAI_MODEL to one that the key may use."
        )
    elif answer.is_error:
        notes.warning(f"OpenAI answered {answer.status_code}.", "Try again later; see status.openai.com.")
    else:
        notes.ok(f"OpenAI accepts the key and has the model {model}.")
    body = answer.json() if answer is not None and answer.is_success else {}
    _retirement(model, body if isinstance(body, dict) else {}, notes)
    return notes.findings


def _retirement(model: str, body: dict[str, Any], notes: Notes) -> None:
    end, successor = _RETIRING.get(model, (None, None))
    told = body.get("shutdown_date")
    if isinstance(told, str):
        with suppress(ValueError):
            end = date.fromisoformat(told[:10])
    if end is None:
        return
    fix = f"Set OPENAI_MODEL={successor}." if successor else "Choose another model in OPENAI_MODEL."
    today = datetime.now(UTC).date()
    if today >= end:
        notes.failed(f"The model {model} was retired on {end}.", fix)
    elif end - today <= _NOTICE:
        notes.warning(f"The model {model} will be retired on {end}.", fix)
