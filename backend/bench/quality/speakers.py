"""`python -m bench.quality.speakers`: how many speakers of the labelled interviews get their role.

Labels are taken away, so that only what is said can tell; once with the list of participants and the template, once
with nothing. Panels are the interviews of two with the interviewer's turns dealt to two or three voices.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import typer
from rich.console import Console
from rich.table import Table

from app.models.transcript import Speaker, SpeakerRole, TranscriptDraft, Utterance
from app.services.speakers.identifying import Known, identify
from bench.quality.interview import LabelledInterview, load, names


class Given(StrEnum):
    NOTHING = "words alone"
    LIST = "with participants and template"


class Told(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Talk:
    """A transcript without labels, and who is who in truth."""

    name: str
    transcript: TranscriptDraft
    truth: Mapping[str, SpeakerRole]
    known: Known


def talks(interview: LabelledInterview, given: Given) -> Iterator[Talk]:
    """The interview, and where it is a talk of two, the same as panels of three and four."""
    request = interview.request()
    known = Known(people=request.people, template=request.template) if given is Given.LIST else Known()
    truth = {key: person.role for key, person in interview.gold.speakers.items()}
    yield _talk(interview, interview.utterances, truth, known, interview.name)
    asking = [key for key, role in truth.items() if role is SpeakerRole.INTERVIEWER]
    if len(asking) > 1:
        return
    for voices in (2, 3):
        said = tuple(_dealt(interview.utterances, asking[0], voices))
        panel = {u.speaker: truth[u.speaker[0]] for u in said}
        yield _talk(interview, said, panel, known, f"{interview.name}, panel of {voices + 1}")


def told(talk: Talk) -> Counter[Told]:
    found = Counter[Told]()
    for speaker in identify(talk.transcript, talk.known).speakers:
        if speaker.role is SpeakerRole.UNKNOWN:
            found[Told.UNKNOWN] += 1
        else:
            found[Told.RIGHT if speaker.role is talk.truth[speaker.id] else Told.WRONG] += 1
    return found


def _dealt(utterances: tuple[Utterance, ...], asking: str, voices: int) -> Iterator[Utterance]:
    """Twelve utterances of the interviewer for one voice, then twelve for the next, and so on."""
    count = 0
    for utterance in utterances:
        if utterance.speaker == asking:
            yield utterance.model_copy(update={"speaker": f"{asking}{count // 12 % voices}"})
            count += 1
        else:
            yield utterance


def _talk(
    interview: LabelledInterview,
    said: tuple[Utterance, ...],
    truth: Mapping[str, SpeakerRole],
    known: Known,
    name: str,
) -> Talk:
    ids = dict.fromkeys(u.speaker for u in said)
    speakers = tuple(Speaker(id=key, label=f"Speaker {n}") for n, key in enumerate(ids, start=1))
    whole = interview.request().transcript
    assert isinstance(whole, TranscriptDraft)
    transcript = whole.model_copy(update={"speakers": speakers, "utterances": said})
    return Talk(name.replace("_", " "), transcript, truth, known)


def main() -> None:
    """Print the table; fail when anybody got a wrong role."""
    table = Table("right / wrong / unknown", *Given)
    totals = {given: Counter[Told]() for given in Given}
    for interview in map(load, names()):
        for pair in zip(*(talks(interview, given) for given in Given), strict=True):
            counts = [told(talk) for talk in pair]
            table.add_row(pair[0].name, *map(_shown, counts))
            for given, count in zip(Given, counts, strict=True):
                totals[given].update(count)
    table.add_section()
    table.add_row("all", *map(_shown, totals.values()))
    Console().print(table)
    if any(count[Told.WRONG] for count in totals.values()):
        raise typer.Exit(1)


def _shown(count: Counter[Told]) -> str:
    return " / ".join(str(count[figure]) for figure in Told)


if __name__ == "__main__":
    typer.run(main)
