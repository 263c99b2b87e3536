"""Who speaks, for whoever is to say who is who: what is believed and why, words to listen to, and whom it may be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.models.interview import Interview, Participant
from app.models.transcript import Speaker, SpeakerRole, Transcript, Utterance
from app.services.analysis.text.counting import count_words
from app.services.speakers.deciding import THRESHOLD
from app.services.speakers.identifying import Known, Opinion, opinions
from app.services.speakers.listed import is_said, words_of

_SAMPLES: Final = 3
_SAMPLE_WORDS: Final = 8
"""From which a voice can be told by listening."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A participant whom this speaker may be."""

    name: str
    role: SpeakerRole
    reason: str


@dataclass(frozen=True, slots=True)
class SpeakerView:
    speaker: Speaker
    words: int
    share: float
    samples: tuple[Utterance, ...]
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class SpeakersView:
    transcript: Transcript
    needs_speakers: bool
    reasons: tuple[str, ...]
    speakers: tuple[SpeakerView, ...]


def speakers_view(interview: Interview, transcript: Transcript, known: Known) -> SpeakersView:
    """Pure, and as much work as naming the speakers."""
    words = Counter[str]()
    for utterance in transcript.utterances:
        words[utterance.speaker] += count_words(utterance.text)
    everything = words.total()
    fresh = transcript.model_copy(update={"speakers": tuple(map(_as_it_came, transcript.speakers))})
    told = opinions(fresh, known)
    suggestions = {o.speaker.id: tuple(_suggestions(o, told, known.people)) for o in told}
    return SpeakersView(
        transcript=transcript,
        needs_speakers=interview.needs_speakers,
        reasons=interview.speaker_reasons,
        speakers=tuple(
            SpeakerView(
                speaker=speaker,
                words=words[speaker.id],
                share=round(words[speaker.id] / everything, 4) if everything else 0.0,
                samples=_samples([u for u in transcript.utterances if u.speaker == speaker.id]),
                suggestions=suggestions.get(speaker.id, ()),
            )
            for speaker in transcript.speakers
        ),
    )


def _as_it_came(speaker: Speaker) -> Speaker:
    """Without what was concluded before, which proves nothing; what a person or the label says stays."""
    if is_said(speaker):
        return speaker
    on_label = set(words_of(speaker.name or "")) <= set(words_of(speaker.label))
    return Speaker(id=speaker.id, label=speaker.label, name=speaker.name if on_label else None)


def _samples(said: Sequence[Utterance]) -> tuple[Utterance, ...]:
    """The first of some length; of somebody who never says much, the longest, in the order of the talk."""
    long = [u for u in said if count_words(u.text) >= _SAMPLE_WORDS][:_SAMPLES]
    if len(long) == _SAMPLES:
        return tuple(long)
    longest = sorted(said, key=lambda u: -count_words(u.text))[:_SAMPLES]
    return tuple(sorted(longest, key=lambda u: u.start))


def _suggestions(
    opinion: Opinion, told: Sequence[Opinion], people: Sequence[Participant]
) -> Iterator[Suggestion]:
    """The likeliest first; nobody whom another speaker surely is, and none where a person has said who it is."""
    speaker = opinion.speaker
    if speaker.is_by_person and speaker.name:
        return
    if opinion.person is not None:
        reason = opinion.name_reason or "named in the transcript"
        yield Suggestion(opinion.person.name, opinion.person.role, reason)
    taken = {o.person for o in told if o is not opinion and o.person and o.verdict.confidence >= THRESHOLD}
    others = [p for p in people if p != opinion.person and p not in taken]
    likeliest = opinion.verdict.likeliest
    for person in sorted(others, key=lambda p: p.role is not likeliest):
        if person.role is likeliest or opinion.verdict.role is SpeakerRole.UNKNOWN:
            yield Suggestion(person.name, person.role, _listed_as(person))


def _listed_as(person: Participant) -> str:
    if person.role is SpeakerRole.UNKNOWN:
        return "on the list of participants"
    return f"on the list of participants as {person.role}"
