"""No name, e-mail address or phone number of the people in the room leaves with a request, to whichever vendor."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

import pytest

from bench.quality.interview import load, names
from tests.fixtures.debriefing import BODY, SCRIPT, labelled, office, transcript_file
from tests.fixtures.deepgram import RunningDeepgram
from tests.fixtures.openai import RunningOpenAI
from tests.fixtures.server import SettingsFactory

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"\d[\d -]{5,}\d")
SPOKEN = ("gareth dot pryce", "pinetop dot example")
"""An address that is told in words in one of the interviews."""


def people_of(interview: str) -> list[str]:
    """Whole names and their words, of everybody who was in the room."""
    if interview == "sample":
        return ["Daniel", "Sarah"]
    whole = [person.name for person in load(interview).gold.speakers.values()]
    return [*whole, *(word for name in whole for word in name.split())]


def contacts_of(interview: str) -> set[str]:
    """E-mail addresses of participants, and all that are told in the talk, with the phone numbers."""
    if interview == "sample":
        return {BODY["candidate"]["email"], *(p["email"] for p in BODY["participants"])}
    found = load(interview)
    said = " ".join(u.text for u in found.utterances)
    contacts = {address.rstrip(".") for address in EMAIL.findall(said)}
    contacts |= {number for number in PHONE.findall(said) if len(_digits(number)) >= 7}
    contacts |= {person.email for person in found.gold.speakers.values() if person.email}
    return contacts | {spoken for spoken in SPOKEN if spoken in said}


def leaks(interview: str, left: Iterable[str]) -> Iterator[str]:
    """What of the people in the room is in a text that left."""
    known = re.compile(rf"\b(?:{'|'.join(map(re.escape, people_of(interview)))})(?:'s|s)?\b", re.IGNORECASE)
    contacts = contacts_of(interview)
    numbers = {_digits(c) for c in contacts if not re.search(r"[^\d -]", c)}
    for text in left:
        lowered, closed_up = text.casefold(), re.sub(r"[ -]", "", text)
        yield from (match.group() for match in known.finditer(text))
        yield from (contact for contact in contacts if contact.casefold() in lowered)
        yield from (number for number in numbers if number in closed_up)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def texts_of(value: object) -> Iterator[str]:
    """Every string in a request, those in JSON that is sent as a string among them."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from texts_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner)
    elif isinstance(value, str):
        yield value
        if value.startswith('{"'):
            yield from texts_of(json.loads(value))


@pytest.mark.slow
@pytest.mark.parametrize("interview", ["sample", *names()])
async def test_nobody_is_named_to_a_vendor(
    settings_with: SettingsFactory,
    diligent_openai: RunningOpenAI,
    deepgram: RunningDeepgram,
    interview: str,
) -> None:
    async with office(settings_with, diligent_openai, deepgram) as desk:
        if interview == "sample":
            made = await desk.begin(SCRIPT)
        else:
            made = await labelled(desk, load(interview))
        await desk.done(made)
        await desk.rule(analyst="deepgram")
        assert (await desk.again(made))["status"] == "done"
        by_openai, by_deepgram = await desk.analyses(made)
        kept = [
            (await desk.container.store.get_bytes(k)).decode()
            for k in desk.objects(made)
            if "/analyses/1/" in k
        ]
    assert (by_openai.engine.name, by_deepgram.engine.name) == ("openai", "deepgram-intelligence")

    to_openai = [request.text for request in diligent_openai.requests]
    to_openai += [text for request in diligent_openai.requests for text in texts_of(request.json)]
    to_deepgram = [text for request in deepgram.requests for text in texts_of(request.json)]
    to_deepgram += [value for request in deepgram.requests for _, value in request.query]
    assert len(to_openai) > 20
    assert sum(map(len, to_deepgram)) > 3000
    assert list(leaks(interview, to_openai)) == []
    assert list(leaks(interview, to_deepgram)) == []
    assert list(leaks(interview, kept)) == [], "what is kept of the answers holds no name either"
    # The check would see them: they are in what was imported.
    said = SCRIPT if interview == "sample" else transcript_file(load(interview))
    whole = {name for name in people_of(interview) if " " in name} or set(people_of(interview))
    assert whole <= set(leaks(interview, [said.decode()]))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("interview", "referee"),
    [
        ("account_executive", "b.krall@palletive.example.com"),
        ("backend_engineer", "sunil@varghese.example.org"),
        ("engineering_manager", "fergus.mackail@quarrystone.example.com"),
        ("ward_nurse", "gwen.pask@carrick.example.com"),
    ],
)
def test_the_check_knows_the_addresses_of_those_who_are_not_in_the_room(interview: str, referee: str) -> None:
    assert referee in contacts_of(interview)
    assert any(_digits(contact).startswith("5550") for contact in contacts_of(interview))
