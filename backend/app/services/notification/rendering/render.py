"""Renders facts with the templates beside it; one template says the same in plain text and in HTML."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.services.notification.rendering.facts import Facts, Form, Message, one_line

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES: Final = Path(__file__).parent / "templates"
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
"""Around what people wrote: a name that is read from the right does not turn the sentence."""


def render(facts: Facts) -> Message:
    name = facts.topic.value if facts.form is Form.TOPIC else facts.form.value
    plain, page = _environment(html=False), _environment(html=True)
    template = plain.get_template(f"topics/{name}")
    variables = {"facts": facts, "layout": "layout.txt"}
    subject = "".join(template.blocks["subject"](template.new_context(variables)))
    text = re.sub(r"\n{3,}", "\n\n", template.render(variables))
    html = page.get_template(f"topics/{name}").render(
        {"facts": facts, "layout": "layout.html", "subject": one_line(subject)}
    )
    return Message(subject=one_line(subject), text=text.strip() + "\n", html=html)


@lru_cache(maxsize=2)
def _environment(*, html: bool) -> Environment:
    # Imported here: a server that has nothing to tell starts without it.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415
    from markupsafe import Markup  # noqa: PLC0415

    def isolated(text: str) -> str:
        line = one_line(text)
        return Markup("<bdi>{}</bdi>").format(line) if html else f"{_ISOLATE}{line}{_END_ISOLATE}"

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=html,  # noqa: S701 - plain text is no markup
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Any] = {"isolated": isolated, "moment": _moment, "one_line": one_line}
    environment.filters.update(filters)
    return environment


def _moment(at: datetime) -> str:
    """`Tuesday, 3 March 2026, 14:05 CET`: words, so that no country misreads it."""
    return f"{at:%A}, {at.day} {at:%B %Y, %H:%M} {at:%Z}"
