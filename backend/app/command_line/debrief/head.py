"""The top of a debrief: what it is, how far it can be trusted, and what a reader must know before reading on."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from app.command_line.debrief.layout import Json, marked, quotes
from app.command_line.debrief.material import Material
from app.command_line.debrief.words import level, moment, said
from app.services.export.wording import clock, count, sentence


def header(of: Material) -> Group:
    interview, transcript, analysis = of.interview, of.transcript, of.analysis
    about = [interview["candidate"]["name"]] if interview["candidate"] else []
    about += [interview["position"]] if interview["position"] else []
    about += [clock(transcript["duration"]), count(len(transcript["utterances"]), "utterance")]
    lines: list[RenderableType] = [
        said(interview["title"], "bold"),
        said(" · ".join(about)),
        Text(_coverage(analysis["coverage"])),
        said(f"Transcript: {_engine(transcript['engine'])}", "dim"),
        said(f"Analysis: {_engine(analysis['engine'])}", "dim"),
    ]
    if confirmation := analysis["suggestion"]["confirmation"]:
        lines.append(said(f"Confirmed by {confirmation['by_name']}, {moment(confirmation['at'])}", "green"))
    return Group(*lines)


def _engine(engine: Json) -> str:
    return str(engine["label"] or engine["name"])


def _coverage(coverage: Json) -> str:
    parts = [
        count(coverage["claims"], "claim"),
        f"{coverage['verified']} verified",
        f"{coverage['rejected']} rejected",
    ]
    if coverage["repaired"]:
        parts.append(f"{coverage['repaired']} mended")
    if coverage["refused_wording"]:
        parts.append(f"{coverage['refused_wording']} refused for their wording")
    return ", ".join(parts)


def notices(of: Material) -> Iterator[RenderableType]:
    """In the order of their weight."""
    analysis = of.analysis
    if dismissal := analysis["draft_dismissed"]:
        yield _notice("Draft dismissed", _dismissal(dismissal), "red")
    for reason in analysis["reasons"]:
        yield _notice("Not assessed", reason)
    for reason in analysis["withheld"]:
        yield _notice("Withheld", reason)
    if analysis["outdated"]:
        changed = " and the ".join(analysis["outdated"])
        yield _notice("Outdated", f"The {changed} changed since; analyse again to take that in.")
    for warning in (*of.transcript["warnings"], *analysis["warnings"]):
        yield _notice("Note", warning)
    yield from _speakers(analysis)
    yield from _left_out(of)


def _notice(name: str, text: str, style: str = "yellow") -> Text:
    return Text.assemble((f"{name}: ", f"bold {style}"), said(sentence(text)))


def _dismissal(dismissal: Json) -> str:
    return (
        f"{dismissal['by_name']} took it out on {moment(dismissal['at'])}: {sentence(dismissal['reason'])} "
        "Nothing of it counts, so it is not shown here."
    )


def _speakers(analysis: Json) -> Iterator[Text]:
    check = analysis["speaker_check"]
    if check is None or check["verdict"] == "confirmed" or analysis["withheld"]:
        return
    known = "seem to be swapped" if check["verdict"] == "swapped" else "are not known for sure"
    yield _notice("Speakers", " ".join((f"Their roles {known}.", *check["reasons"])))


def _left_out(of: Material) -> Iterator[RenderableType]:
    left_out = of.analysis["left_out"]
    if left_out["sentences"]:
        topics = f" ({', '.join(left_out['protected'])})" if left_out["protected"] else ""
        yield _notice("Kept from the model", count(left_out["sentences"], "sentence") + topics)
    if left_out["instructions"]:
        yield _notice("Words to the software", "They changed nothing; look at them")
        yield marked(Text(" "), quotes(left_out["instructions"], of.said_by))


def suggestion(of: Material) -> Text | None:
    """One line, with whose word it is. None when there is nothing to suggest."""
    shown = of.analysis["suggestion"]
    confirmation = shown["confirmation"]
    text = Text.assemble(("Suggestion: ", "bold"))
    if confirmation is not None:
        text.append_text(level(confirmation["level"], none="No decision"))
        text.append_text(said(f", the word of {confirmation['by_name']}, {moment(confirmation['at'])}."))
        if shown["state"] == "changed" and shown["original"] != confirmation["level"]:
            text.append_text(
                Text.assemble(" The draft said: ", level(shown["original"], none="nothing"), ".")
            )
        if confirmation["reason"]:
            text.append_text(said(f" {sentence(confirmation['reason'])}"))
        return text
    if of.is_dismissed:
        return None
    if shown["unstable"]:
        return text.append(
            "none. Asked again, the software said otherwise, so its level is not shown.", "dim"
        )
    if shown["level"] is None and not shown["reasons"]:
        return None
    text.append_text(level(shown["level"], none="none"))
    if shown["level"] is not None:
        text.append(" (draft, to be confirmed by a person)", "yellow")
    text.append_text(said(f". {' '.join(shown['reasons'])}", "dim"))
    return text
