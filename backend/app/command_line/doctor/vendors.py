"""Deepgram and OpenAI: is the key good, and is what is asked for still there."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import httpx

from app.command_line.doctor.addresses import shown
from app.command_line.doctor.asking import ask
from app.command_line.doctor.finding import Examined, Finding, Notes, Subject
from app.core.config import DeepgramDelivery, OpenAISettings, Settings
from app.services.analysis.providers.openai.catalog import is_openai, retirement_of
from app.services.transcription.delivery import callback_obstacle

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
    if not settings.is_configured:
        notes.skipped(
            "Neither a key nor a server of one's own is set: OpenAI's engine is not used.",
            "Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server with the same interface.",
        )
        return notes.findings
    key, base = settings.openai_api_key, settings.openai_base_url
    name = "OpenAI" if is_openai(base) else f"The model's server at {shown(base)}"
    headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}
    answer = await ask(examined, "GET", f"{base}/models", headers=headers)
    if answer is None:
        notes.failed(
            f"{shown(base)} does not answer.",
            "Check OPENAI_BASE_URL, the form of the key and the way out of here.",
        )
    elif answer.status_code == 401:
        what = f"{name} does not accept the key." if key else f"{name} asks for a key."
        notes.failed(what, "Set OPENAI_API_KEY to a good one.")
    elif answer.status_code == 403:
        notes.warning(
            f"{name} does not let this key list models: whether it may use {settings.openai_model} is not known.",
            "Give the key the right to read models, or see whether the next debrief names the model.",
        )
    elif answer.is_server_error or answer.status_code == 429:
        notes.warning(f"{name} answered {answer.status_code}.", "Try again later.")
    else:
        _models(_listed(answer), settings, name, notes)
    return notes.findings


def _listed(answer: httpx.Response) -> dict[str, dict[str, Any]] | None:
    """What is said of each model, by its id; None when the answer is no list of models."""
    try:
        listed = answer.json()["data"]
        return {str(model["id"]): dict(model) for model in listed} if answer.is_success else None
    except (ValueError, TypeError, KeyError):
        return None


def _models(
    models: dict[str, dict[str, Any]] | None, settings: OpenAISettings, name: str, notes: Notes
) -> None:
    wanted = settings.openai_model
    if models is None:
        notes.failed(
            f"{name} does not speak the interface of OpenAI.",
            "Set OPENAI_BASE_URL to where it begins; mostly that ends with /v1.",
        )
        return
    # Ollama lists the tag that goes without saying.
    found = models.get(wanted, models.get(f"{wanted}:latest"))
    if found is None:
        notes.failed(
            f"The model {wanted} is not among the {len(models)} that are offered.",
            "Set OPENAI_MODEL to one that is there, and that this key may use.",
        )
    elif settings.openai_api_key:
        notes.ok(f"{name} accepts the key and has the model {wanted}.")
    else:
        notes.ok(f"{name} asks for no key and has the model {wanted}.")
    note_retirement(notes, settings, found or {}, today=datetime.now(UTC).date())


def note_retirement(notes: Notes, settings: OpenAISettings, model: dict[str, Any], *, today: date) -> None:
    """`model` is what the service says of it; that may hold a day, or else an announcement may be known here."""
    name = settings.openai_model
    known = retirement_of(name) if is_openai(settings.openai_base_url) else None
    end, successor = (known.day, known.successor) if known else (None, None)
    told = model.get("shutdown_date")
    if isinstance(told, str):
        with suppress(ValueError):
            end = date.fromisoformat(told[:10])
    if end is None:
        return
    fix = f"Set OPENAI_MODEL={successor}." if successor else "Choose another model in OPENAI_MODEL."
    if today >= end:
        notes.failed(f"The model {name} was retired on {end}.", fix)
    elif end - today <= _NOTICE:
        notes.warning(f"The model {name} will be retired on {end}.", fix)
