"""What was talked about: questions with their answers, the template's questions, subjects, and who spoke how much."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from app.command_line.debrief.assessment import claims
from app.command_line.debrief.layout import Json, bullet, columns, marked, place, quotes, section
from app.command_line.debrief.material import Material
from app.command_line.debrief.words import (
    ASKED,
    ASKED_STYLES,
    FACTS,
    NOTES,
    POLARITY_STYLES,
    named,
    said,
)
from app.services.export.wording import capitalised, clock, count, sentence

_PHRASES_SHOWN = 8
_PASSAGES_SHOWN = 2


def summary(of: Material) -> Group | None:
    if of.analysis["summary"]:
        return claims("Summary", of.analysis["summary"], of, names=True)
    by_vendor = of.analysis["vendor_summary"]
    if not by_vendor:
        return None
    return section("Summary", said(by_vendor), Text("By the vendor, without evidence: not checked.", "dim"))


def facts(of: Material) -> Group | None:
    return claims("Practical facts", of.analysis["facts"], of, kinds=FACTS)


def interviewing(of: Material) -> Group | None:
    """About the interviewer's side."""
    return claims("Notes on the interviewing", of.analysis["interviewing"], of, kinds=NOTES, names=True)


def questions(of: Material) -> Group | None:
    pairs = of.analysis["question_answers"]
    if not pairs:
        return None
    template = {row["question_id"]: row["question"] for row in of.analysis["template_coverage"]}
    table = columns("time", "who", "words")
    for number, pair in enumerate(pairs):
        if number:
            table.add_row("", "", "")
        _add_pair(table, pair, of, template.get(pair["template_question_id"]))
    return section(f"Questions and answers ({len(pairs)})", table)


def _add_pair(table: Table, pair: Json, of: Material, asks: str | None) -> None:
    question, answer, dismissal = pair["question"], pair["answer"], of.dismissed.get(pair["id"])
    words: list[RenderableType] = [said(question["quote"], "strike dim" if dismissal else "bold")]
    if asks is not None:
        words.append(said(f"Template: {asks}", "dim"))
    if dismissal:
        words.append(said(f"Dismissed by {dismissal['by_name']}: {sentence(dismissal['reason'])}", "red"))
    table.add_row(place(question), said(of.names.get(pair["asker"], "")), Group(*words))
    if dismissal:
        return
    if not answer:
        table.add_row("", "", Text("(no answer found)", style="dim"))
        return
    table.add_row(
        place(answer[0]),
        said(of.names.get(pair["answerer"] or "", "")),
        said(" ".join(evidence["quote"] for evidence in answer)),
    )


def coverage(of: Material) -> Group | None:
    """The template's questions, and whether they came up."""
    rows = of.analysis["template_coverage"]
    if not rows:
        return None
    if all(row["state"] == "unknown" for row in rows):
        # Eleven times "cannot tell" would tell no more.
        questions = count(len(rows), "question")
        return section(
            "Template", Text(f"This engine cannot tell which of the {questions} were asked.", "dim")
        )
    start = {pair["id"]: pair["question"]["start"] for pair in of.analysis["question_answers"]}
    table = columns("state", "time", "question of the template")
    for row in rows:
        times = [clock(start[pair]) for pair in row["question_answer_ids"] if pair in start]
        question = said(row["question"])
        if row["required"]:
            question.append(" (required)", "dim")
        state = row["state"]
        table.add_row(
            said(named(ASKED, state), ASKED_STYLES.get(state, "")),
            Text(" ".join(times), "dim cyan"),
            question,
        )
    asked = sum(row["state"] == "asked" for row in rows)
    return section(f"Template: {asked} of {len(rows)} questions asked", table)


def subjects(of: Material) -> Group | None:
    """Topics, and what utterances do (ask, object, offer …), each with its places."""
    parts: list[RenderableType] = []
    for name, rows in (("Topics", of.analysis["topics"]), ("Acts", of.analysis["intents"])):
        if rows:
            shown = [
                f"{row['name']} ({', '.join(clock(e['start']) for e in row['evidence'])})" for row in rows
            ]
            parts.append(marked(Text(f"{name}:", style="dim"), said(", ".join(shown))))
    return section("Subjects", *parts) if parts else None


def sentiments(of: Material) -> Group | None:
    """Only where the organisation wants them: otherwise the API does not give them."""
    rows = of.analysis.get("sentiments")
    if not rows:
        return None
    lines = []
    for row in rows:
        polarity = row["polarity"]
        name = said(capitalised(polarity), POLARITY_STYLES.get(polarity, ""))
        about = said(f" about {row['topic']}" if row["topic"] else "")
        lines.append(bullet(Text.assemble(name, about), quotes([row["evidence"]])))
    return section("Sentiment of statements, from their words alone", *lines)


def talk_time(of: Material) -> Group | None:
    rows = of.analysis["talk_time"]
    if not rows:
        return None
    roles = {s["id"]: s["role"] for s in of.transcript["speakers"]}
    table = columns("who", "share", "time", "turns", "questions", "longest")
    for row in rows:
        role = roles.get(row["speaker"], "unknown")
        name = of.names.get(row["speaker"], row["speaker"])
        table.add_row(
            said(f"{name} ({role})" if role != "unknown" else name),
            f"{row['share']:.0%}",
            clock(row["seconds"]),
            str(row["turns"]),
            str(row["questions"]),
            f"{row['longest_monologue']:.0f} s",
        )
    return section("Talk time", table)


def related(of: Material) -> Group | None:
    """Of the baseline: what may belong to the template's questions."""
    rows = [row for row in of.analysis["related"] if row["passages"]]
    if not rows:
        return None
    parts = []
    for row in rows:
        passages = [passage["evidence"] for passage in row["passages"][:_PASSAGES_SHOWN]]
        parts.append(bullet(said(row["question"]), quotes(passages)))
    return section("Possibly related to the template, for you to confirm", *parts)


def phrases(of: Material) -> Group | None:
    rows = of.analysis["key_phrases"]
    if not rows:
        return None
    words = ", ".join(f"{row['phrase']} ({row['count']})" for row in rows[:_PHRASES_SHOWN])
    return section("Key phrases", said(words))
