"""The debrief as a document: what a hiring manager reads before the meeting, from the outcome down to the provenance."""

from __future__ import annotations

from app.models.analysis import Analysis, Outcome, SpeakerVerdict
from app.models.template import Level
from app.models.transcript import EngineKind
from app.services.export.debrief_findings import (
    criteria,
    key_phrases,
    practical_facts,
    questions,
    red_flags,
    related_passages,
    statements,
    strengths,
    summary,
    topics_and_intents,
)
from app.services.export.debrief_people import dismissed_claims, scorecards
from app.services.export.debrief_process import follow_ups, interviewing, provenance
from app.services.export.document import Block, Bullets, Document, Notice, Properties, Tone
from app.services.export.facts import DebriefFacts
from app.services.export.standing import Standing, standing
from app.services.export.wording import (
    capitalised,
    clock,
    count,
    day,
    level_text,
    level_tone,
    moment,
    sentence,
)


def debrief_document(facts: DebriefFacts) -> Document:
    stands = standing(facts)
    draft = stands.draft
    sections: tuple[tuple[Block, ...], ...] = (
        (header(facts),),
        notices(facts, stands),
        suggestion(draft, stands),
        summary(facts, draft),
        criteria(facts, stands),
        strengths(facts, draft),
        red_flags(facts, draft),
        practical_facts(facts, draft),
        scorecards(facts, stands),
        questions(facts, draft),
        topics_and_intents(facts, draft),
        statements(facts, draft),
        key_phrases(facts, draft),
        related_passages(facts, draft),
        follow_ups(draft),
        interviewing(facts, draft),
        dismissed_claims(stands),
        provenance(facts),
    )
    return Document(
        kind="Interview debrief",
        title=facts.interview.title,
        subtitle=subtitle(facts),
        organisation=facts.organisation,
        created_at=facts.exported_at,
        blocks=tuple(block for section in sections for block in section),
        quote_language=facts.language,
    )


def subtitle(facts: DebriefFacts) -> str:
    interview = facts.interview
    parts = (interview.candidate.name if interview.candidate else None, interview.position)
    return " · ".join(part for part in parts if part)


def header(facts: DebriefFacts) -> Properties:
    interview, transcript = facts.interview, facts.transcript
    present = ", ".join(f"{p.name} ({p.role})" for p in interview.participants)
    recorded = interview.recording.uploaded_at if interview.recording else None
    dates = {"Scheduled": interview.scheduled_at, "Recorded": recorded, "Created": interview.created_at}
    label, at = next((label, at) for label, at in dates.items() if at is not None)
    rows = {
        "Candidate": interview.candidate.name if interview.candidate else "",
        "Position": interview.position or "",
        label: moment(at),
        "Also present": present,
        "Duration": clock(transcript.duration) if transcript and transcript.duration else "",
        "Language": facts.language or "",
        "Template": f"{facts.template.name}, version {facts.template.version}" if facts.template else "",
        "Debrief": f"Version {facts.analysis.revision} of {moment(facts.analysis.created_at)}",
    }
    return Properties(tuple((name, value) for name, value in rows.items() if value))


def notices(facts: DebriefFacts, stands: Standing) -> tuple[Block, ...]:
    analysis = facts.analysis
    found: list[Block] = [made_by(analysis)]
    if stands.draft_dismissal is not None:
        gone = stands.draft_dismissal
        found.append(
            Notice(
                "The draft was dismissed",
                f"{gone.by_name} dismissed it on {day(gone.at)}: {sentence(gone.reason)} Nothing of it is shown.",
                Tone.BAD,
            )
        )
    if analysis.outcome is Outcome.INSUFFICIENT_DATA:
        found.append(
            Notice("Not enough to go on: nobody was assessed", _sentences(analysis.reasons), Tone.CAUTION)
        )
    if analysis.withheld:
        found.append(Notice("The assessment was withheld", _sentences(analysis.withheld), Tone.CAUTION))
    check = analysis.speaker_check
    if check is not None and check.verdict is not SpeakerVerdict.CONFIRMED:
        title = {
            SpeakerVerdict.UNKNOWN: "It is not known who the candidate is",
            SpeakerVerdict.SWAPPED: "The speakers may be swapped",
        }[check.verdict]
        found.append(Notice(title, _sentences(check.reasons), Tone.CAUTION))
    if facts.outdated:
        changed = " and the ".join(facts.outdated)
        found.append(
            Notice(
                "This debrief is outdated",
                f"The {changed} changed after it was made. Run the analysis again before you rely on it.",
                Tone.CAUTION,
            )
        )
    if analysis.warnings:
        found.append(Notice("Please note", _sentences(analysis.warnings)))
    return tuple(found)


def made_by(analysis: Analysis) -> Notice:
    """The engine's honest label and how much of what it claimed could be verified."""
    baseline = analysis.engine.kind is EngineKind.OFFLINE_BASELINE
    engine = analysis.engine
    label = engine.label or f"Draft by {engine.name} {engine.version}. Check against the recording."
    return Notice(
        "An offline baseline, not an assessment" if baseline else "A draft by software, for people to check",
        " ".join(part for part in (sentence(label), coverage(analysis)) if part),
        Tone.CAUTION if baseline else Tone.PLAIN,
    )


def coverage(analysis: Analysis) -> str:
    """`23 claims, 23 verified, 2 rejected.`; empty for an engine that claims nothing."""
    numbers = analysis.coverage
    if not (numbers.claims or numbers.rejected):
        return ""
    return f"{count(numbers.claims, 'claim')}, {numbers.verified:,} verified, {numbers.rejected:,} rejected."


def suggestion(draft: Analysis, stands: Standing) -> tuple[Block, ...]:
    """The overall suggestion, with a person's word on it or without."""
    suggested = draft.suggestion
    if stands.confirmation is not None:
        return _decided(stands, suggested.reasons if suggested else ())
    if suggested is None:
        return ()
    title = f"Suggestion: {level_text(suggested.level, none='none')} (draft, not confirmed)"
    text = "It follows from the levels by a fixed rule and counts for nothing until a person confirms it."
    return (Notice(title, text, Tone.CAUTION), *_reasons(suggested.reasons))


def _decided(stands: Standing, reasons: tuple[str, ...]) -> tuple[Block, ...]:
    word = stands.confirmation
    assert word is not None  # noqa: S101 - the caller has looked
    changed = word.level is not word.original
    text = f"Confirmed by {word.by_name} on {day(word.at)}."
    if changed:
        text = (
            f"Decided by {word.by_name} on {day(word.at)}; the draft suggested {_lower(word.original)}. "
            f"{sentence(word.reason)}"
        )
    elif word.reason:
        text = f"{text} {sentence(word.reason)}"
    title = f"Suggestion: {level_text(word.level, none='none')}"
    return (Notice(title, text.strip(), level_tone(word.level)), *_reasons(reasons if not changed else ()))


def _reasons(reasons: tuple[str, ...]) -> tuple[Block, ...]:
    return (Bullets(tuple(capitalised(r) for r in reasons)),) if reasons else ()


def _lower(level: Level | None) -> str:
    return level_text(level, none="none").lower()


def _sentences(texts: tuple[str, ...]) -> str:
    return " ".join(sentence(text) for text in texts)
