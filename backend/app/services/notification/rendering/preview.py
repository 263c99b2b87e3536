"""Messages about an interview that never was, so that people can see what would leave before anything does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from app.models.notification import Topic
from app.services.notification.rendering.facts import Entry, Facts, Form, Message
from app.services.notification.rendering.links import Links
from app.services.notification.rendering.render import render

_TITLE: Final = "Backend engineer, first round"
_CANDIDATE: Final = "Daniel Example"
_AT: Final = datetime(2026, 3, 3, 14, 5, tzinfo=UTC)


def preview(topic: Topic | None, *, organisation: str, links: Links, content: bool) -> Message:
    """Of one topic, or of the daily summary (None); with or without what an organisation may let leave."""
    if topic is None:
        return render(_digest(organisation, links, content=content))
    is_failure = topic is Topic.INTERVIEW_FAILED
    is_request = topic in (Topic.SCORECARD_REQUESTED, Topic.SCORECARD_OVERDUE)
    of_interview = topic is not Topic.ENDPOINT_DISABLED
    shown = content and of_interview
    facts = Facts(
        topic=topic,
        organisation=organisation,
        link=links.interview("01examplexamplexamplexample") if of_interview else links.endpoints,
        settings_link=links.preferences,
        title=_TITLE if shown else None,
        candidate=_CANDIDATE if shown else None,
        position="Backend engineer" if shown else None,
        code="recording_silent" if is_failure else None,
        reason="The recording has no audible sound." if is_failure and content else None,
        due_at=_AT + timedelta(days=2) if is_request else None,
        by="Sarah Example" if topic in (Topic.MENTION, Topic.SCORECARD_REQUESTED) else None,
    )
    return render(facts)


def _digest(organisation: str, links: Links, *, content: bool) -> Facts:
    topics = (Topic.DEBRIEF_READY, Topic.SCORECARD_REQUESTED, Topic.MENTION)
    return Facts(
        topic=Topic.DEBRIEF_READY,
        form=Form.DIGEST,
        organisation=organisation,
        link=links.inbox,
        settings_link=links.preferences,
        entries=tuple(
            Entry(
                topic=topic,
                link=links.interview("01examplexamplexamplexample"),
                at=_AT - timedelta(hours=3 - hour),
                title=_TITLE if content else None,
            )
            for hour, topic in enumerate(topics)
        ),
    )
