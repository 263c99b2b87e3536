"""A talk of a few words, and the practical facts in it."""

from __future__ import annotations

from app.models.analysis import FactKind
from app.models.transcript import Speaker, SpeakerRole, Utterance
from app.services.analysis.facts import practical_facts

NOTICE, START, PLACE, SALARY = (
    FactKind.NOTICE_PERIOD,
    FactKind.START_DATE,
    FactKind.LOCATION,
    FactKind.SALARY_EXPECTATION,
)
SPEAKERS = (
    Speaker(id="I", label="Interviewer", role=SpeakerRole.INTERVIEWER),
    Speaker(id="C", label="Candidate", role=SpeakerRole.CANDIDATE),
    Speaker(id="X", label="Speaker 3"),
)
Facts = list[tuple[FactKind, str]]


def facts_in(*said: tuple[str, str], english: bool = True) -> Facts:
    utterances = [
        Utterance(id=f"u{n}", speaker=speaker, start=n, end=n + 1, text=text)
        for n, (speaker, text) in enumerate(said)
    ]
    found = practical_facts(utterances, SPEAKERS, english=english)
    by_id = {u.id: u for u in utterances}
    for fact in found:
        assert fact.evidence
        for evidence in fact.evidence:
            assert evidence.quote in by_id[evidence.utterance_id].text
            assert by_id[evidence.utterance_id].speaker == "C"
    return [(fact.kind, fact.text) for fact in found]
